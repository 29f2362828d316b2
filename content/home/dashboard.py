"""A staff member's own day: what waits for me, what I drafted, the department's week, where I usually go."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone

from content.approvals.models import Run, RunState
from content.approvals.queries import Waiting, now_with, pending_for, with_stages
from content.approvals.staffing import Staffing
from content.home.navigation import Item
from content.home.week import Week, week_of
from content.organization.models import RoleDescriptionPage
from content.procedures.models import Reading
from content.procedures.readings import open_readings_of
from content.releases.models import NewsroomPage, ReleasePage
from content.tenders.models import TenderProcess, TenderStatus
from search.readers import Reader

WAITING_SHOWN = 5
PAPERS_SHOWN = 6
TENDERS_SHOWN = 5
READINGS_SHOWN = 5
URGENT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of mine and where it stands; `badge` is a style of `.badge`."""

    title: str
    url: str
    state: str
    badge: str
    detail: str
    at: datetime.datetime


class Dashboard:
    """Everything on the staff start page; each part is asked for once, when the template comes to it."""

    def __init__(self, user, reader: Reader):
        self.user = user
        self.reader = reader
        self.today = timezone.localdate()

    @property
    def greeting(self) -> str:
        """«早上好», by the clock in Shanghai."""
        hour = timezone.localtime().hour
        return (
            "夜深了"
            if hour < 5
            else "早上好"
            if hour < 11
            else "中午好"
            if hour < 13
            else "下午好"
            if hour < 18
            else "晚上好"
        )

    @property
    def weekday(self) -> str:
        return f"星期{'一二三四五六日'[self.today.weekday()]}"

    @cached_property
    def staffing(self) -> Staffing:
        return Staffing()

    @cached_property
    def waiting(self) -> list[Waiting]:
        """All that waits for my signature, oldest first."""
        return pending_for(self.user, self.staffing)

    @property
    def waiting_shown(self) -> list[Waiting]:
        return self.waiting[:WAITING_SHOWN]

    @cached_property
    def week(self) -> Week:
        return week_of(self.user, self.reader, on=self.today, waiting=self.waiting)

    @cached_property
    def papers(self) -> list[Paper]:
        """My releases and whatever else I submitted, last touched first."""
        latest: dict[tuple[int, str], Run] = {}
        for run in with_stages(
            Run.objects.filter(drafter=self.user).exclude(state=RunState.CANCELLED).order_by("started_at")
        )[:200]:
            latest[(run.content_type_id, run.object_id)] = run
        pages = ReleasePage.objects.filter(owner=self.user).annotate(hour=Min("_revisions__approved_go_live_at"))
        pages = pages.order_by("-latest_revision_created_at", "-pk")
        content_type = ContentType.objects.get_for_model(ReleasePage)
        papers = [
            self._page(page, latest.pop((content_type.pk, str(page.pk)), None), content_type)
            for page in pages[: PAPERS_SHOWN * 2]
        ]
        papers += [self._run(run) for run in latest.values()]
        return sorted(papers, key=lambda paper: paper.at, reverse=True)[:PAPERS_SHOWN]

    def _run(self, run: Run) -> Paper:
        url = reverse("approvals:path", args=[run.content_type_id, run.object_id])
        badge, detail = {
            RunState.RUNNING: ("badge--warn", now_with(run, self.staffing)),
            RunState.APPROVED: ("badge--ok", ""),
            RunState.REFUSED: ("badge--danger", "请按退回意见修改后再提交"),
        }.get(RunState(run.state), ("badge--muted", ""))
        return Paper(run.title, url, run.get_state_display(), badge, detail, run.finished_at or run.started_at)

    def _page(self, page: ReleasePage, run: Run | None, content_type: ContentType) -> Paper:
        at = page.latest_revision_created_at or page.last_published_at or timezone.now()
        if run and run.state in (RunState.RUNNING, RunState.REFUSED):
            paper = self._run(run)
            if run.state == RunState.RUNNING:
                return paper
            edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
            return Paper(paper.title, edit, paper.state, paper.badge, paper.detail, max(at, paper.at))
        if page.hour:
            when = timezone.localtime(page.hour)
            path = reverse("approvals:path", args=[content_type.pk, page.pk])
            detail = f"{when.month}月{when.day}日 {when:%H:%M} 自动发布"
            return Paper(page.draft_title, path, "待发布", "badge--info", detail, at)
        if page.live and not page.has_unpublished_changes:
            return Paper(page.title, page.url, "已发布", "badge--ok", "", page.last_published_at or at)
        detail = "有改动还没提交签批" if page.live else "还没提交签批"
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        return Paper(page.draft_title, edit, "草稿", "badge--muted", detail, at)

    @cached_property
    def write_url(self) -> str:
        """Where I start a release; empty for those who do not write."""
        newsroom = NewsroomPage.objects.first() if self.user.has_perm("wagtailadmin.access_admin") else None
        if newsroom is None or not newsroom.permissions_for_user(self.user).can_add_subpage():
            return ""
        return reverse("wagtailadmin_pages:add", args=["releases", "releasepage", newsroom.pk])

    @cached_property
    def sees_tenders(self) -> bool:
        return self.user.has_perm("tenders.view_tenderprocess")

    @cached_property
    def tenders(self) -> list[TenderProcess]:
        """The newest open tenders."""
        open_ones = TenderProcess.objects.filter(status=TenderStatus.ACTIVE).exclude(tender_end__lt=timezone.now())
        return list(
            open_ones.select_related("division__parent__parent").order_by("-published_at", "-pk")[:TENDERS_SHOWN]
        )

    @cached_property
    def readings(self) -> list[Reading]:
        """Procedures I still have to read and confirm, the most urgent first."""
        return list(open_readings_of(self.user)[:READINGS_SHOWN])

    @property
    def urgent_before(self) -> datetime.datetime:
        """Deadlines before this are shown as urgent."""
        return timezone.now() + datetime.timedelta(days=URGENT_DAYS)

    @cached_property
    def shortcuts(self) -> list[tuple[Item, str]]:
        """Where my posts usually take me, each with one line of what is there."""
        found: list[tuple[Item, str]] = []
        post_ids = [int(token.split(":")[1]) for token in self.reader.tokens if token.startswith("post:")]
        if self.write_url:
            found.append((Item("写新闻稿或软文", self.write_url, "pen"), "写好先看签批路径，再提交"))
        if self.user.has_perm("tenders.add_tenderprocess"):
            url = reverse("importing:list")
            found.append((Item("导入招标信息", url, "import"), "表格或开放采购数据文件"))
        roles = RoleDescriptionPage.objects.live().filter(post__in=post_ids).select_related("post__unit")
        found += [(Item(str(role.post), role.url, "role"), "我的岗位说明书") for role in roles]
        found.append((Item("组织图", reverse("organization:chart"), "organization"), "谁任什么岗位，向谁汇报"))
        return found
