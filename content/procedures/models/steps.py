"""What a procedure is made of: its steps and the fields of its form."""

import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Orderable

from content.organization.models import Post
from content.procedures.models.pages import ProcedurePage
from content.procedures.widgets import PostCheckboxes


def new_key() -> str:
    """A short key that stays with a step or field through all versions, however it is renamed or moved."""
    return secrets.token_hex(4)


class StepKind(models.TextChoices):
    TASK = "task", "办理（做完后点“办结”）"
    SIGN = "sign", "签批（签准或退回）"


class Person(models.TextChoices):
    POSTS = "posts", "下面选定的岗位"
    DRAFTER = "drafter", "发起人本人"
    SUPERIOR = "superior", "发起人的第 N 级主管"


class StepRule(models.TextChoices):
    ALL = "all", "会签（都要签）"
    ANY = "any", "或签（任一岗位签即可）"
    SOME = "some", "票签（达到规定票数即可）"


class Operator(models.TextChoices):
    IS = "is", "是"
    IS_NOT = "is_not", "不是"
    AT_LEAST = "at_least", "不少于"
    LESS = "less", "少于"
    HAS = "has", "包含"
    FILLED = "filled", "已填写"


class Recurrence(models.TextChoices):
    NONE = "", "不定期"
    DAILY = "daily", "每个工作日"
    WEEKLY = "weekly", "每周（1 为周一，7 为周日）"
    MONTHLY = "monthly", "每月（几日；31 为月末）"


class Conditional(models.Model):
    """«Only when the field … is …»: names a field of the procedure's own form by its label."""

    condition_field = models.CharField(
        "条件栏目", max_length=60, blank=True, help_text="写本制度表单里的栏目名称，例如：计划类型。留空则不设条件。"
    )
    condition_operator = models.CharField("条件", max_length=10, choices=Operator, default=Operator.IS)
    condition_value = models.CharField(
        "条件值", max_length=120, blank=True, help_text="有几个值时用顿号隔开，例如：年度计划、月度计划。"
    )

    condition_panel = FieldRowPanel(["condition_field", "condition_operator", "condition_value"])

    class Meta:
        abstract = True


class ProcedureStep(Orderable, Conditional, ClusterableModel):
    """One step: who does what, with which form or document, with what outcome, and where it goes on refusal."""

    page = ParentalKey(ProcedurePage, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=16, default=new_key, editable=False)
    title = models.CharField(
        "做什么", max_length=40, help_text="动词开头，一句话，例如：起草调研计划。流程图里显示这句。"
    )
    kind = models.CharField("方式", max_length=6, choices=StepKind, default=StepKind.TASK)
    who = models.CharField("由谁", max_length=8, choices=Person, default=Person.POSTS)
    level = models.PositiveSmallIntegerField(
        "第几级主管", default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    posts = ParentalManyToManyField(Post, verbose_name="岗位", blank=True, related_name="+")
    rule = models.CharField("几个岗位时", max_length=5, choices=StepRule, default=StepRule.ALL)
    needed = models.PositiveSmallIntegerField("票签需几票", null=True, blank=True)
    text = models.TextField("怎么做", blank=True, help_text="要求、标准、注意事项。每段一行。")
    document = models.CharField("用什么表单或文件", max_length=120, blank=True)
    inputs = models.CharField("依据与输入", max_length=200, blank=True)
    outputs = models.CharField("结果与输出", max_length=200, blank=True)
    days = models.PositiveSmallIntegerField("时限（工作日）", null=True, blank=True)
    refusal_step = models.PositiveSmallIntegerField(
        "退回到第几步", null=True, blank=True, help_text="仅签批步骤。留空则退回发起人（第 1 步）。"
    )
    recurrence = models.CharField("定期", max_length=8, choices=Recurrence, blank=True, default=Recurrence.NONE)
    recurrence_day = models.PositiveSmallIntegerField(
        "几日 / 周几", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )

    panels = [
        FieldPanel("title"),
        FieldRowPanel(["kind", "who", "level"]),
        FieldPanel("posts", widget=PostCheckboxes),
        FieldRowPanel(["rule", "needed", "refusal_step"]),
        FieldPanel("text"),
        FieldRowPanel(["document", "inputs", "outputs"]),
        MultiFieldPanel([Conditional.condition_panel], "只在符合条件时才走这一步"),
        FieldRowPanel(["days", "recurrence", "recurrence_day"]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "步骤"
        verbose_name_plural = "步骤"

    def __str__(self) -> str:
        return self.title


class FieldKind(models.TextChoices):
    """Kinds of fields: the names of Wagtail's form builder where it has the kind, ours besides."""

    SINGLELINE = "singleline", "单行文字"
    MULTILINE = "multiline", "多行文字"
    NUMBER = "number", "数字"
    MONEY = "money", "金额（元）"
    DATE = "date", "日期"
    DATERANGE = "daterange", "起止日期"
    RADIO = "radio", "单选"
    CHECKBOXES = "checkboxes", "多选"
    CHECKBOX = "checkbox", "是 / 否"
    PERSON = "person", "人员"
    POST = "post", "岗位"
    EMAIL = "email", "邮箱"
    URL = "url", "网址"
    FILE = "file", "文件（可多个）"
    TABLE = "table", "表格"
    CHECKLIST = "checklist", "检查清单（逐项判断，可拍照）"


class ProcedureField(Orderable, Conditional):
    """One field of the form with which a case of the procedure begins."""

    page = ParentalKey(ProcedurePage, on_delete=models.CASCADE, related_name="form_fields")
    key = models.CharField(max_length=16, default=new_key, editable=False)
    label = models.CharField("栏目名称", max_length=60)
    kind = models.CharField("类型", max_length=12, choices=FieldKind, default=FieldKind.SINGLELINE)
    required = models.BooleanField("必填", default=True)
    options = models.TextField(
        "选项、列或检查项", blank=True, help_text="单选、多选的选项，表格的列名，或检查清单的检查项，每行一个。"
    )
    help_text = models.CharField("填写说明", max_length=200, blank=True)

    panels = [
        FieldRowPanel(["label", "kind"]),
        FieldRowPanel(["required", "help_text"]),
        FieldPanel("options"),
        MultiFieldPanel([Conditional.condition_panel], "只在符合条件时才显示"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "表单栏目"
        verbose_name_plural = "表单栏目"

    def __str__(self) -> str:
        return self.label

    def option_list(self) -> list[str]:
        return [line.strip() for line in self.options.splitlines() if line.strip()]
