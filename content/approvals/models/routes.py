"""The definition a site manager edits: a route and its nodes."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from content.organization.models import Post

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Rule(models.TextChoices):
    ALL = "all", "会签（所列岗位都要签）"
    ANY = "any", "或签（所列岗位任一人签即可）"
    COUNT = "count", "票签（签准达到票数即可）"


class OwnWork(models.TextChoices):
    SUPERIOR = "superior", "改由上级签批"
    SKIP = "skip", "跳过，不必再签"
    SIGN = "sign", "本人照签"


class Vacancy(models.TextChoices):
    SUPERIOR = "superior", "由上级签批"
    FALLBACK = "fallback", "由指定岗位签批"
    STOP = "stop", "停下来等任职"


class Repeat(models.TextChoices):
    EACH = "each", "每个环节都签"
    ONCE = "once", "签过一次即可"


class Resubmission(models.TextChoices):
    AGAIN = "again", "从头签批"
    RESUME = "resume", "先回到退回的人"


class OnRefusal(models.TextChoices):
    DRAFTER = "drafter", "退回起草人"
    PREVIOUS = "previous", "退回上一环节"
    CHOOSE = "choose", "由签批人选择退回到哪里"


class Route(ClusterableModel):
    """A route papers take. Editing it changes runs started later; a run keeps the definition it started with."""

    name = models.CharField("名称", max_length=80, unique=True)
    code = models.SlugField("代号", max_length=30, unique=True, help_text="用英文小写字母和连字符，例如 release。")
    description = models.TextField("说明", blank=True, help_text="提交前显示给起草人，一两句话说清什么稿件走这条路线。")
    own_work = models.CharField(
        "起草人就是签批人时", max_length=8, choices=OwnWork, default=OwnWork.SUPERIOR,
        help_text="一般由直接上级签批本人起草的内容。",
    )  # fmt: skip
    vacancy = models.CharField("岗位空缺时", max_length=8, choices=Vacancy, default=Vacancy.SUPERIOR)
    fallback = models.ForeignKey(
        Post, verbose_name="空缺时的指定岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    repeat = models.CharField("同一人在路线中出现几次时", max_length=4, choices=Repeat, default=Repeat.EACH)
    resubmit = models.CharField(
        "退回修改后再提交", max_length=6, choices=Resubmission, default=Resubmission.AGAIN,
        help_text="选“先回到退回的人”时，内容改过的，前面签过的人随后重新确认；没改过的不必重签。",
    )  # fmt: skip
    copy_to = ParentalManyToManyField(
        Post, verbose_name="签准后抄送", blank=True, related_name="+", help_text="全部签准后告知这些岗位。"
    )
    edition = models.PositiveIntegerField("版次", default=1, editable=False)
    edition_on = models.DateField("本版起", null=True, editable=False)
    edition_mark = models.CharField("本版标记", max_length=64, blank=True, editable=False)

    nodes: "RelatedManager[Node]"

    class Meta:
        verbose_name = "签批路线"
        verbose_name_plural = "签批路线"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Node(Orderable, ClusterableModel):
    """One step of a route: which posts sign, by which rule, under which condition."""

    route = ParentalKey(Route, on_delete=models.CASCADE, related_name="nodes")
    title = models.CharField("环节", max_length=60)
    posts = ParentalManyToManyField(Post, verbose_name="签批岗位", blank=True, related_name="+")
    level = models.PositiveSmallIntegerField(
        "起草人的第几级主管", null=True, blank=True,
        help_text="例如 1 为直接上级，2 为上级的上级；与签批岗位可以同时用，0 为起草人本人。",
    )  # fmt: skip
    rule = models.CharField("规则", max_length=5, choices=Rule, default=Rule.ALL)
    count = models.PositiveSmallIntegerField("票数", null=True, blank=True, help_text="只用于票签：几人签准即通过。")
    veto_posts = ParentalManyToManyField(
        Post, verbose_name="必须签准的岗位", blank=True, related_name="+",
        help_text="只用于票签：这些岗位必须签准，签否即退回。",
    )  # fmt: skip
    condition = models.CharField(
        "条件", max_length=60, blank=True, help_text="留空为每次都签；选了条件，条件不成立时本环节跳过并写明原因。"
    )
    when_field = models.CharField(
        "表单字段", max_length=60, blank=True, help_text="按表单的值决定要不要签：字段代号，例如 amount。"
    )
    when_label = models.CharField("字段名称", max_length=60, blank=True, help_text="例如“金额”，显示给起草人。")
    when_operator = models.CharField("比较", max_length=8, blank=True)
    when_value = models.CharField("比较的值", max_length=200, blank=True)
    clause = models.CharField("依据", max_length=60, blank=True, help_text="例如“SC-001 §4.2”，与理由一起显示。")
    days = models.PositiveSmallIntegerField("时限（工作日）", null=True, blank=True)
    on_refusal = models.CharField("不同意时", max_length=10, choices=OnRefusal, default=OnRefusal.DRAFTER)
    reauth = models.BooleanField("签准须再输密码", default=False)
    batch = models.BooleanField("可以在清单上批量签准", default=False)
    own_work = models.CharField("起草人就是签批人时", max_length=8, choices=OwnWork, blank=True)
    vacancy = models.CharField("岗位空缺时", max_length=8, choices=Vacancy, blank=True)
    fallback = models.ForeignKey(
        Post, verbose_name="空缺时的指定岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Orderable.Meta):
        verbose_name = "环节"
        verbose_name_plural = "环节"

    def __str__(self) -> str:
        return self.title

    def clean(self):
        """What one row of the form can tell; what needs the chosen posts is told by definitions.shortcomings."""
        problems = {}
        if self.rule == Rule.COUNT and not self.count:
            problems["count"] = "票签须写明几人签准。"
        if self.when_field and not self.when_operator:
            problems["when_operator"] = "填了表单字段，请选怎样比较。"
        if self.when_operator and not self.when_field:
            problems["when_field"] = "选了比较方式，请填按哪个表单字段。"
        if self.vacancy == Vacancy.FALLBACK and self.fallback_id is None:
            problems["fallback"] = "请选空缺时由哪个岗位签批。"
        if self.reauth and self.batch:
            problems["batch"] = "须再输密码的环节不能批量签准，请去掉其中一项。"
        if problems:
            raise ValidationError(problems)
