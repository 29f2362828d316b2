"""What happens: a run of a route, the assignments of its nodes, and the decisions taken."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from content.approvals.models.routes import Route
from content.organization.models import Post

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class RunState(models.TextChoices):
    RUNNING = "running", "签批中"
    APPROVED = "approved", "已签准"
    REFUSED = "refused", "已退回"
    CANCELLED = "cancelled", "已撤回"
    VOIDED = "voided", "已作废"


class Run(models.Model):
    """One subject on its way through a route. `definition` is the frozen route, `digest` the content being signed."""

    route = models.ForeignKey(Route, verbose_name="路线", on_delete=models.PROTECT, related_name="runs")
    definition = models.JSONField("冻结的路线", help_text="见 paths.freeze；另含 authors：不得签批的起草人。")
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

    assignments: "RelatedManager[Assignment]"

    class Meta:
        verbose_name = "签批记录"
        verbose_name_plural = "签批记录"
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "state"])]
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


class AssignmentState(models.TextChoices):
    WAITING = "waiting", "未到"
    PENDING = "pending", "待签"
    SIGNED = "signed", "已签"
    REFUSED = "refused", "退回"
    SKIPPED = "skipped", "跳过"
    CLOSED = "closed", "不再需要"


class Assignment(models.Model):
    """One post's part in one node of a run. Who may sign is asked of the post each time, so staffing changes count."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="assignments")
    node_index = models.PositiveSmallIntegerField("环节次序")
    node_title = models.CharField("环节", max_length=60)
    named_post = models.ForeignKey(
        Post, verbose_name="路线所列岗位", on_delete=models.PROTECT, related_name="assignments",
        help_text="实际由谁签，每次按任职情况现算（空缺、本人起草时由上级签）。",
    )  # fmt: skip
    state = models.CharField("状态", max_length=10, choices=AssignmentState, default=AssignmentState.WAITING)
    reason = models.TextField("为什么", blank=True)
    due_at = models.DateTimeField("期限", null=True, blank=True)
    opened_at = models.DateTimeField("到手时间", null=True, blank=True)

    class Meta:
        verbose_name = "签批任务"
        verbose_name_plural = "签批任务"
        ordering = ["run_id", "node_index", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "node_index", "named_post"], name="one_assignment_per_post_and_node")
        ]
        indexes = [models.Index(fields=["state", "named_post"])]

    def __str__(self) -> str:
        return f"{self.node_title} · {self.named_post}"

    @property
    def is_overdue(self) -> bool:
        return self.state == AssignmentState.PENDING and self.due_at is not None and self.due_at < timezone.now()


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
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "签批意见"
        verbose_name_plural = "签批意见"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.get_verdict_display()}"
