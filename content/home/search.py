"""What of this app can be found."""

from content.home.models import HomePage
from search.registry import exclude

exclude(HomePage, "首页汇集别处的内容，自己没有可查的正文。")
