"""Units, posts, who holds them, and the role description of each post.

Everything that names a signer, a reader or a trainer names a post, never a person: people change, posts stay.
"""

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable

from content.core.models import ContentPage


class UnitKind(models.TextChoices):
    GROUP = "group", "集团"
    HEADQUARTERS = "headquarters", "总部"
    COMPANY = "company", "所属企业"
    BRANCH = "branch", "分公司"
    DEPARTMENT = "department", "部门"


class Unit(models.Model):
    """A part of the group: headquarters, company, branch, department."""

    name = models.CharField("名称", max_length=60)
    code = models.SlugField("代号", max_length=30, unique=True)
    kind = models.CharField("性质", max_length=20, choices=UnitKind)
    parent = models.ForeignKey(
        "self", verbose_name="上级单位", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self):
        ancestor = self.parent
        while ancestor is not None:
            if ancestor.pk == self.pk:
                raise ValidationError({"parent": "上级单位不能是本单位自己或它的下级，请另选。"})
            ancestor = ancestor.parent


class Post(models.Model):
    """A post (岗位): belongs to a unit, reports to a superior post, and brings rights through groups."""

    title = models.CharField("岗位名称", max_length=60)
    code = models.SlugField("岗位编号", max_length=30, unique=True)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="posts")
    superior = models.ForeignKey(
        "self", verbose_name="直接上级", null=True, blank=True, on_delete=models.PROTECT, related_name="subordinates"
    )
    groups = models.ManyToManyField(
        Group, verbose_name="随岗位获得的权限组", blank=True, related_name="posts",
        help_text="任职期间自动加入，离任自动退出。",
    )  # fmt: skip
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return f"{self.unit.name} {self.title}"

    def clean(self):
        superior = self.superior
        while superior is not None:
            if superior.pk == self.pk:
                raise ValidationError({"superior": "直接上级不能是本岗位自己或它的下级，请另选。"})
            superior = superior.superior


class HoldingKind(models.TextChoices):
    REGULAR = "regular", "任职"
    ACTING = "acting", "代理（岗位空缺时）"
    SUBSTITUTE = "substitute", "职务代理（本人不在时）"


class Holding(models.Model):
    """Who holds a post from when to when. `until` is the last day included; empty means still."""

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="holdings"
    )
    kind = models.CharField("方式", max_length=12, choices=HoldingKind, default=HoldingKind.REGULAR)
    since = models.DateField("起")
    until = models.DateField("止（含当日）", null=True, blank=True)

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ["post_id", "since"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="holding_ends_after_it_starts",
                violation_error_message="止日不能早于起日。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.post}（{self.get_kind_display()}）"


class Indicator(models.Model):
    """A KPI of the department (S04); posts are assessed on their own set of them."""

    name = models.CharField("指标", max_length=40, unique=True)
    explanation = models.TextField("通用说明", blank=True)
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "考核指标"
        verbose_name_plural = "考核指标"
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return self.name


class RoleIndexPage(ContentPage):
    """The list of all role descriptions."""

    max_count = 1
    subpage_types = ["organization.RoleDescriptionPage"]

    class Meta:
        verbose_name = "岗位说明书目录"


class RoleDescriptionPage(ContentPage):
    """The role description (岗位说明书) of one post, with the trail prepared / reviewed / approved."""

    number = models.CharField("文件编号", max_length=30, unique=True, help_text="例如 GW-001。")
    post = models.OneToOneField(Post, verbose_name="岗位", on_delete=models.PROTECT, related_name="role_description")
    purpose = models.TextField("岗位目的")
    working_flow = models.TextField("工作流程", blank=True, help_text="每行一步。")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="编制", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    prepared_on = models.DateField("编制日期", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审核", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_on = models.DateField("审核日期", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="批准", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_on = models.DateField("批准日期", null=True, blank=True)

    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel(["number", "post", "purpose"], "岗位"),
        InlinePanel("duty_groups", heading="职责", label="职责分组", min_num=1),
        InlinePanel("indicators", heading="考核指标", label="指标"),
        FieldPanel("working_flow"),
        MultiFieldPanel(
            ["prepared_by", "prepared_on", "reviewed_by", "reviewed_on", "approved_by", "approved_on"],
            "编制 / 审核 / 批准",
        ),
    ]
    parent_page_types = ["organization.RoleIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "岗位说明书"
        verbose_name_plural = "岗位说明书"


class DutyGroup(Orderable):
    """One group of duties; one duty a line."""

    page = ParentalKey(RoleDescriptionPage, on_delete=models.CASCADE, related_name="duty_groups")
    title = models.CharField("分组", max_length=60)
    duties = models.TextField("职责", help_text="每行一条。")

    panels = ["title", "duties"]

    def duty_list(self) -> list[str]:
        return [line.strip() for line in self.duties.splitlines() if line.strip()]


class RoleIndicator(Orderable):
    """A KPI of this post with its explanation for this post."""

    page = ParentalKey(RoleDescriptionPage, on_delete=models.CASCADE, related_name="indicators")
    indicator = models.ForeignKey(Indicator, verbose_name="指标", on_delete=models.PROTECT, related_name="+")
    explanation = models.TextField("说明", blank=True)

    panels = ["indicator", "explanation"]
