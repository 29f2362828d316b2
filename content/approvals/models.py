"""Sign-off engine: Route → Node → Assignment → Decision; the definition is frozen in each Run.

Wagtail's own workflow has no joint sign-off, no condition and no frozen definition, so this small engine does the
signing and one bridge task (bridge.py) lets Wagtail's workflow wait for it (docs/decisions/0003).
"""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, Task

from content.organization.models import Post


class Rule(models.TextChoices):
    ALL = "all", "会签（所列岗位都要签）"
    ANY = "any", "或签（所列岗位任一人签即可）"


class Route(ClusterableModel):
    """A route papers take. Editing it changes runs started later; a run keeps the definition it started with."""

    name = models.CharField("名称", max_length=80, unique=True)
    code = models.SlugField("代号", max_length=30, unique=True)
    description = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "签批路线"
        verbose_name_plural = "签批路线"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Node(Orderable):
    """One step of a route: which posts sign, by which rule, under which condition."""

    route = ParentalKey(Route, on_delete=models.CASCADE, related_name="nodes")
    title = models.CharField("环节", max_length=60)
    posts = ParentalManyToManyField(Post, verbose_name="签批岗位", related_name="+")
    rule = models.CharField("规则", max_length=5, choices=Rule, default=Rule.ALL)
    condition = models.CharField(
        "条件", max_length=60, blank=True, help_text="留空为每次都签；选了条件，条件不成立时本环节跳过并写明原因。"
    )
    days = models.PositiveSmallIntegerField("时限（天）", null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "环节"
        verbose_name_plural = "环节"

    def __str__(self) -> str:
        return self.title


class RunState(models.TextChoices):
    RUNNING = "running", "签批中"
    APPROVED = "approved", "已签准"
    REFUSED = "refused", "已退回"
    CANCELLED = "cancelled", "已撤回"


class Run(models.Model):
    """One subject on its way through a route. `definition` is the frozen route, `digest` the content being signed."""

    route = models.ForeignKey(Route, verbose_name="路线", on_delete=models.PROTECT, related_name="runs")
    definition = models.JSONField("冻结的路线")
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=64)
    subject = GenericForeignKey("content_type", "object_id")
    title = models.CharField("标题", max_length=255)
    digest = models.CharField("内容摘要值", max_length=64)
    revision_id = models.BigIntegerField("修订", null=True, blank=True)
    drafter = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="起草人", on_delete=models.PROTECT, related_name="sign_off_runs"
    )
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.RUNNING)
    round = models.PositiveSmallIntegerField("第几次提交", default=1)
    # Plain number, not a foreign key: Wagtail deletes task states with their page, the record of signing stays.
    task_state_id = models.BigIntegerField(null=True, blank=True, unique=True)
    started_at = models.DateTimeField("提交时间", auto_now_add=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

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
    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.PROTECT, related_name="assignments")
    named_post = models.ForeignKey(
        Post, verbose_name="路线所列岗位", on_delete=models.PROTECT, related_name="+",
        help_text="与岗位不同时，原因写在说明里（空缺、本人起草等）。",
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
        indexes = [models.Index(fields=["post", "state"])]

    def __str__(self) -> str:
        return f"{self.node_title} · {self.post}"


class Verdict(models.TextChoices):
    SIGN = "sign", "签准"
    REFUSE = "refuse", "签否（退回）"


class Decision(models.Model):
    """A signature or refusal: who, in what capacity, on which content. Never changed, never deleted."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="decision")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="签批人", on_delete=models.PROTECT, related_name="decisions"
    )
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


class RouteTask(Task):
    """The one bridge between Wagtail's workflow and the engine: waits until a Run of the route is decided."""

    route = models.ForeignKey(Route, verbose_name="签批路线", on_delete=models.PROTECT, related_name="tasks")

    admin_form_fields = [*Task.admin_form_fields, "route"]

    class Meta:
        verbose_name = "签批路线任务"
        verbose_name_plural = "签批路线任务"
