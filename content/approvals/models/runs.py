"""What happens: a run of a route, the assignments of its nodes, and the decisions taken."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from content.approvals.models.routes import Route, Vacancy
from content.organization.models import Post

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from content.approvals.models.log import LogEntry


class RunState(models.TextChoices):
    RUNNING = "running", "签批中"
    APPROVED = "approved", "已签准"
    REFUSED = "refused", "已退回"
    CANCELLED = "cancelled", "已撤回"
    VOIDED = "voided", "已作废"


class Run(models.Model):
    """One subject on its way through a route. `definition` is the frozen route, `digest` the content being signed."""

    # Empty where the definition came from data of another room (a procedure's steps).
    route = models.ForeignKey(
        Route, verbose_name="路线", null=True, blank=True, on_delete=models.PROTECT, related_name="runs"
    )
    definition = models.JSONField("冻结的路线", help_text="见 definitions；另含 authors：不得签批的起草人。")
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=64)
    subject = GenericForeignKey("content_type", "object_id")
    title = models.CharField("标题", max_length=255)
    digest = models.CharField("内容摘要值", max_length=64, db_index=True)
    revision_id = models.BigIntegerField("修订", null=True, blank=True)
    drafter = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="起草人", on_delete=models.PROTECT, related_name="sign_off_runs"
    )
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.RUNNING)
    note = models.TextField("结束说明", blank=True)
    round = models.PositiveSmallIntegerField("第几次提交", default=1)
    # Plain number, not a foreign key: Wagtail deletes task states with their page, the record of signing stays.
    task_state_id = models.BigIntegerField(null=True, blank=True, unique=True)
    started_at = models.DateTimeField("提交时间", auto_now_add=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    urged_at = models.DateTimeField("最近催办", null=True, blank=True)

    assignments: "RelatedManager[Assignment]"
    log: "RelatedManager[LogEntry]"

    class Meta:
        verbose_name = "签批记录"
        verbose_name_plural = "签批记录"
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "state"]),
            models.Index(fields=["drafter", "state", "started_at"], name="runs_under_way_of_a_drafter"),
            models.Index(fields=["drafter", "finished_at"], name="runs_finished_of_a_drafter"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=models.Q(state="running"),
                name="one_running_run_per_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_state_display()}）"

    @property
    def is_running(self) -> bool:
        return self.state == RunState.RUNNING

    @property
    def authors(self) -> frozenset[int]:
        """Ids of the people whose own work this is: they do not sign it. Empty if the route allows own work."""
        return frozenset(self.definition.get("authors", []))

    @property
    def route_name(self) -> str:
        return self.definition.get("name") or (self.route.name if self.route else "")

    @property
    def followed(self) -> str:
        """«按 2026-03-01 版“新闻稿签批”»: which edition of the rule this run follows."""
        edition = self.definition.get("edition", "")
        name = f"“{self.route_name}”" if self.route_name else "路线"
        return f"按 {edition} 版{name}" if edition else f"按提交时的{name}"


class RunAuthor(models.Model):
    """Somebody whose own work a run is about, as a row to ask the database for (`Run.authors` has the same ids)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="author_rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "参与起草的人"
        constraints = [models.UniqueConstraint(fields=["run", "user"], name="one_row_per_author_of_a_run")]

    def __str__(self) -> str:
        return str(self.user)


class AssignmentState(models.TextChoices):
    WAITING = "waiting", "未到"
    PENDING = "pending", "待签"
    HELD = "held", "等回复"
    SIGNED = "signed", "已签"
    COVERED = "covered", "不必重签"
    REFUSED = "refused", "退回"
    SKIPPED = "skipped", "跳过"
    CLOSED = "closed", "不再需要"
    HANDED_ON = "handed_on", "已转办"
    REMOVED = "removed", "已减签"
    SUPERSEDED = "superseded", "须重签"


# Still to be done by somebody.
OPEN_STATES = (AssignmentState.WAITING, AssignmentState.PENDING, AssignmentState.HELD)
# As good as a signature.
MET_STATES = (AssignmentState.SIGNED, AssignmentState.COVERED)


class AssignmentKind(models.TextChoices):
    ROUTE = "route", "路线所列"
    TRANSFERRED = "transferred", "转办"
    DELEGATED = "delegated", "委派"
    BEFORE = "before", "前加签"
    AFTER = "after", "后加签"


# Those whose signature the rule of the node counts; the others hang on one of them (`origin`).
COUNTED_KINDS = (AssignmentKind.ROUTE, AssignmentKind.TRANSFERRED)


class Assignment(models.Model):
    """One post's part in one node of a run. Who may sign is asked of the post each time, so staffing changes count."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="assignments")
    node_index = models.PositiveSmallIntegerField("环节次序")
    node_title = models.CharField("环节", max_length=60)
    attempt = models.PositiveSmallIntegerField("第几轮", default=1, help_text="退回到本环节重签时加一。")
    kind = models.CharField("由来", max_length=12, choices=AssignmentKind, default=AssignmentKind.ROUTE)
    origin = models.ForeignKey(
        "self", verbose_name="来自", null=True, blank=True, on_delete=models.CASCADE, related_name="offspring"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="交办人", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    note = models.TextField("交办说明", blank=True)
    named_post = models.ForeignKey(
        Post, verbose_name="路线所列岗位", on_delete=models.PROTECT, related_name="assignments",
        help_text="实际由谁签，每次按任职情况现算（空缺、本人起草时由上级签）。",
    )  # fmt: skip
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="本人", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", help_text="只在须由起草人本人确认时填写。",
    )  # fmt: skip
    veto = models.BooleanField("必须签准", default=False)
    own_allowed = models.BooleanField("起草人可签", default=False)
    vacancy = models.CharField("岗位空缺时", max_length=8, choices=Vacancy, default=Vacancy.SUPERIOR)
    fallback = models.ForeignKey(
        Post, verbose_name="空缺时的指定岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=AssignmentState, default=AssignmentState.WAITING)
    reason = models.TextField("为什么", blank=True)
    covered_by = models.ForeignKey(
        "Decision", verbose_name="以哪次签名为准", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField("期限", null=True, blank=True)
    opened_at = models.DateTimeField("到手时间", null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="正在处理", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    reminded_at = models.DateTimeField("已提醒", null=True, blank=True)
    escalated_at = models.DateTimeField("已上报", null=True, blank=True)
    escalated_to = models.ForeignKey(
        Post, verbose_name="上报岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    offspring: "RelatedManager[Assignment]"

    class Meta:
        verbose_name = "签批任务"
        verbose_name_plural = "签批任务"
        ordering = ["run_id", "node_index", "attempt", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "node_index", "attempt", "named_post"], name="one_assignment_per_post_node_and_attempt"
            )
        ]
        indexes = [
            models.Index(fields=["state", "named_post"]),
            models.Index(
                fields=["named_post", "opened_at"], condition=models.Q(state="pending"), name="waiting_for_a_post"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node_title} · {self.named_post}"

    @property
    def is_overdue(self) -> bool:
        return self.state == AssignmentState.PENDING and self.due_at is not None and self.due_at < timezone.now()

    @property
    def is_counted(self) -> bool:
        return self.kind in COUNTED_KINDS


class Verdict(models.TextChoices):
    SIGN = "sign", "签准"
    REFUSE = "refuse", "签否（退回）"


class Decision(models.Model):
    """A signature or refusal: who, for which post and in what capacity, on which content. Never changed or deleted."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="decision")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="签批人", on_delete=models.PROTECT, related_name="decisions"
    )
    post = models.ForeignKey(Post, verbose_name="以何岗位", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField("身份", max_length=12)
    verdict = models.CharField("意见", max_length=8, choices=Verdict)
    comment = models.TextField("批注", blank=True)
    digest = models.CharField("所签内容摘要值", max_length=64)
    reauthenticated = models.BooleanField("已核对密码", default=False)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "签批意见"
        verbose_name_plural = "签批意见"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["user", "at"], name="decisions_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user} {self.get_verdict_display()}"
