"""The frame of every page: what this reader may go to, and what waits there.

Everything is computed when the template first prints it, so a fragment or a file costs nothing, and an anonymous
reader never costs a query.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from content.approvals.queries import pending_count
from content.handovers.rights import manages, unread_and_concerned
from content.organization.models import Post
from search.readers import reader_for

# The sections set up under the start page keep these addresses; renaming one leaves a redirect behind (Wagtail).
NEWSROOM_URL = "/newsroom/"
ROLES_URL = "/roles/"
PROCEDURES_URL = "/procedures/"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a menu. `current` is the value of aria-current: «page», «true» (inside this section) or empty."""

    label: str
    url: str
    icon: str
    count: str = ""
    current: str = ""


def count_label(number: int) -> str:
    """«3», «99+», or nothing for zero."""
    return "" if not number else str(number) if number < 100 else "99+"


class Shell:
    """What header and footer of one request show. Each property is asked at most once."""

    newsroom_url = NEWSROOM_URL

    def __init__(self, request):
        self.request = request
        self.user: Any = getattr(request, "user", None)
        self.signed_in = bool(self.user and self.user.is_authenticated)
        self.path = request.path

    @cached_property
    def reader(self):
        return reader_for(self.user)

    @cached_property
    def login_url(self) -> str:
        """The login page, coming back to where the reader was."""
        if self.path in {reverse("login"), reverse("logout")}:
            return reverse("login")
        return f"{reverse('login')}?{urlencode({'next': self.request.get_full_path()})}"

    @property
    def inbox_url(self) -> str:
        return reverse("notifications:inbox")

    @property
    def search_url(self) -> str:
        return reverse("search:results")

    @property
    def feed_url(self) -> str:
        return reverse("releases:feed")

    @cached_property
    def post_ids(self) -> list[int]:
        """Posts this reader holds, acts for or substitutes today (already known from the reading rule)."""
        return [int(token.split(":")[1]) for token in self.reader.tokens if token.startswith("post:")]

    @cached_property
    def is_staff(self) -> bool:
        return "staff" in self.reader.tokens

    @cached_property
    def waiting(self) -> int:
        """How many papers wait for this reader's signature."""
        dashboard = getattr(self.request, "dashboard", None)
        if dashboard is not None:  # the start page has them already
            return len(dashboard.waiting)
        return pending_count(self.user) if self.post_ids else 0

    @cached_property
    def _own(self) -> tuple[int, bool]:
        """(unread messages, is a handover sheet the reader's concern): every page asks for both, in one query."""
        return unread_and_concerned(self.user, self.post_ids) if self.signed_in else (0, False)

    @property
    def unread(self) -> int:
        """How many messages are unread."""
        return self._own[0]

    @property
    def unread_label(self) -> str:
        return count_label(self.unread)

    @property
    def initial(self) -> str:
        """The character in the round badge: the family name of a Chinese name."""
        return str(self.user)[:1].upper()

    @cached_property
    def posts_line(self) -> str:
        """«市场部 市场专员、…», or what an account without a post should do."""
        posts = Post.objects.filter(pk__in=self.post_ids).select_related("unit") if self.post_ids else ()
        nothing = "系统管理" if self.user.is_superuser else "尚未任职，请联系系统管理员"
        return "、".join(str(post) for post in posts) or nothing

    @cached_property
    def items(self) -> list[Item]:
        """The main navigation, named by what people come to do."""
        if not self.signed_in:
            return [self._item("首页", "/", "home"), self._item("新闻中心", NEWSROOM_URL, "news")]
        items = [self._item("首页", "/", "home")]
        if self.is_staff:
            items.append(self._item("待我办理", reverse("approvals:inbox"), "sign", count_label(self.waiting)))
        items.append(self._item("新闻中心", NEWSROOM_URL, "news"))
        if self.user.has_perm("tenders.view_tenderprocess"):
            items.append(self._item("找招标", reverse("tenders:list"), "tender"))
        if self.is_staff:
            items.append(self._item("制度流程", PROCEDURES_URL, "procedure"))
            items.append(self._item("办事", reverse("cases:list"), "send"))
            items.append(self._item("组织图", reverse("organization:chart"), "organization"))
            items.append(self._item("岗位说明书", ROLES_URL, "role"))
        if self.user.has_perm("tenders.add_tenderprocess"):
            items.append(self._item("导入", reverse("importing:list"), "import"))
        return items

    @cached_property
    def account_items(self) -> list[Item]:
        """The menu behind the reader's name."""
        items = [self._item("我的消息", self.inbox_url, "bell"), self._item("我的订阅", reverse("alerts:list"), "star")]
        if self._own[1] or manages(self.user):
            items.append(self._item("交接单", reverse("handovers:list"), "undo"))
        if self.user.has_perm("wagtailadmin.access_admin"):
            items.append(self._item("编辑后台", reverse("wagtailadmin_home"), "desk"))
        items.append(self._item("修改密码", reverse("password_change"), "key"))
        return items

    def _item(self, label: str, url: str, icon: str, count: str = "") -> Item:
        if self.path == url:
            current = "page"
        elif url != "/" and self.path.startswith(url):
            current = "true"
        else:
            current = ""
        return Item(label, url, icon, count, current)
