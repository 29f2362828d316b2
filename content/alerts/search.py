"""Saved searches are found in «我的订阅», not among the content."""

from content.alerts.models import SavedSearch
from search.registry import exclude

exclude(SavedSearch, "保存的检索是个人的设置，在「我的订阅」里看，不是内容。")
