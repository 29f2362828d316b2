"""Units, posts, who holds them, and the role description of each post.

Everything that names a signer, a reader or a trainer names a post, never a person: people change, posts stay.
"""

import itertools

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from content.core.models import ContentPage


def refuse_cycle(record, field: str, message: str) -> None:
    """Raise a ValidationError on `field` when following it from the record leads back to the record."""
    seen = set()
    above = getattr(record, field)
    while above is not None and above.pk not in seen:
        if above.pk == record.pk:
            raise ValidationError({field: message})
        seen.add(above.pk)
        above = getattr(above, field)


class UnitKind(models.TextChoices):
    GROUP = "group", "集团"
    HEADQUARTERS = "headquarters", "总部"
    COMPANY = "company", "所属企业"
    BRANCH = "branch", "分公司"
    DEPARTMENT = "department", "部门"


class Unit(index.Indexed, models.Model):
    """A part of the group: headquarters, company, branch, department."""

    name = models.CharField("名称", max_length=60)
    code = models.SlugField("代号", max_length=30, unique=True)
    kind = models.CharField("性质", max_length=20, choices=UnitKind)
    parent = models.ForeignKey(
        "self", verbose_name="上级单位", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    panels = ["name", FieldRowPanel(["code", "kind"]), FieldRowPanel(["parent", "sort_order"])]
    search_fields = [
        index.SearchField("name", boost=2),
        index.SearchField("code"),
        index.AutocompleteField("name"),
        index.AutocompleteField("code"),
        index.FilterField("kind"),
        index.FilterField("parent"),
        index.FilterField("sort_order"),
    ]

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self):
        refuse_cycle(self, "parent", "上级单位不能是本单位自己或它的下级，请另选。")


class Post(index.Indexed, models.Model):
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
    headcount = models.PositiveSmallIntegerField(
        "编制人数", default=1, help_text="同一时期可以有几人任职；代理与职务代理不计在内。"
    )
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    panels = [
        FieldRowPanel(["title", "code"]),
        FieldRowPanel(["unit", "superior"]),
        FieldRowPanel(["headcount", "sort_order"]),
        FieldPanel("groups", widget=forms.CheckboxSelectMultiple),
    ]
    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("code"),
        index.AutocompleteField("title"),
        index.AutocompleteField("code"),
        index.FilterField("unit"),
        index.FilterField("superior"),
        index.FilterField("sort_order"),
        index.RelatedFields("unit", [index.SearchField("name"), index.AutocompleteField("name")]),
    ]

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return f"{self.unit.name} {self.title}"

    def clean(self):
        refuse_cycle(self, "superior", "直接上级不能是本岗位自己或它的下级，请另选。")

    def get_absolute_url(self) -> str:
        return reverse("organization:post", args=[self.code])


class HoldingKind(models.TextChoices):
    REGULAR = "regular", "任职"
    ACTING = "acting", "代理（岗位空缺时）"
    SUBSTITUTE = "substitute", "职务代理（本人不在时）"


class Holding(index.Indexed, models.Model):
    """Who holds a post from when to when. `until` is the last day included; empty means still."""

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="holdings"
    )
    kind = models.CharField("方式", max_length=12, choices=HoldingKind, default=HoldingKind.REGULAR)
    since = models.DateField("起")
    until = models.DateField("止（含当日）", null=True, blank=True)

    panels = [FieldRowPanel(["post", "user"]), "kind", FieldRowPanel(["since", "until"])]
    search_fields = [
        index.FilterField("post"),
        index.FilterField("user"),
        index.FilterField("kind"),
        index.FilterField("since"),
        index.FilterField("until"),
        index.AutocompleteField("__str__"),
        index.RelatedFields("post", [index.SearchField("title"), index.AutocompleteField("title")]),
        index.RelatedFields("user", [index.SearchField("name"), index.AutocompleteField("name")]),
    ]

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

    def clean(self):
        # The form reports what is missing or the wrong way round; here both dates and the post are needed.
        if self.post_id is None or self.user_id is None or self.since is None:
            return
        if self.until is not None and self.until < self.since:
            raise ValidationError({"until": "止日不能早于起日，请改正其中一个。"})
        others = [other for other in self.post.holdings.exclude(pk=self.pk).select_related("user") if self.meets(other)]
        if any(other.user_id == self.user_id for other in others):
            raise ValidationError(
                {"user": f"{self.user}在这段时间已有“{self.post}”的任职记录，请修改原记录的起止日期。"}
            )
        regular = [other for other in others if other.kind == HoldingKind.REGULAR]
        if self.kind == HoldingKind.REGULAR and self._most_at_once(regular) >= self.post.headcount:
            names = "、".join(dict.fromkeys(str(other.user) for other in regular))
            raise ValidationError(
                {
                    "post": f"该岗位编制 {self.post.headcount} 人，这段时间已由{names}任职；请先填好其止日，或增加编制人数。"
                }
            )
        if self.kind == HoldingKind.ACTING and regular:
            raise ValidationError(
                {"kind": f"代理用于岗位空缺时，而这段时间{regular[0].user}在任；本人不在时请选“职务代理”。"}
            )

    def meets(self, other: "Holding") -> bool:
        """Tell whether both are in force on some day."""
        return (self.until is None or other.since <= self.until) and (other.until is None or self.since <= other.until)

    def _most_at_once(self, others: list["Holding"]) -> int:
        """How many of the others are in force together on the fullest day of this holding."""
        days = {self.since, *(other.since for other in others if other.since > self.since)}
        return max(
            sum(other.since <= day and (other.until is None or day <= other.until) for other in others) for day in days
        )


class Indicator(index.Indexed, models.Model):
    """A KPI of the department (S04); posts are assessed on their own set of them."""

    name = models.CharField("指标", max_length=40, unique=True)
    explanation = models.TextField("通用说明", blank=True)
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    panels = ["name", "explanation", "sort_order"]
    search_fields = [
        index.SearchField("name", boost=2),
        index.SearchField("explanation"),
        index.AutocompleteField("name"),
        index.FilterField("sort_order"),
    ]

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

    def get_context(self, request, *args, **kwargs):
        """Adds `units`: (unit, [role description]) in the order of the chart; only what is live and may be read."""
        from content.organization.structure import roles_by_unit  # noqa: PLC0415 (it imports these models)

        context = super().get_context(request, *args, **kwargs)
        context["units"] = roles_by_unit(self, request.user)
        return context


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
    print_template = "print/role.html"
    parent_page_types = ["organization.RoleIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "岗位说明书"
        verbose_name_plural = "岗位说明书"

    def get_context(self, request, *args, **kwargs):
        """Adds `place`: the post with its superior, subordinates and holders of today (see structure.Place)."""
        from content.organization.structure import place_of  # noqa: PLC0415 (it imports these models)

        context = super().get_context(request, *args, **kwargs)
        context["place"] = place_of(self.post)
        return context

    def clean(self):
        super().clean()
        trail = (("prepared", "编制"), ("reviewed", "审核"), ("approved", "批准"))
        days = [(label, getattr(self, f"{step}_on")) for step, label in trail]
        for (earlier, first), (later, second) in itertools.pairwise(pair for pair in days if pair[1]):
            if second < first:
                raise ValidationError(f"{later}日期不能早于{earlier}日期，请改正。")

    def flow_steps(self) -> list[str]:
        """Lines of the working flow, blank ones left out."""
        return [line.strip() for line in self.working_flow.splitlines() if line.strip()]

    def trail(self) -> list[tuple[str, object, object]]:
        """(«编制», person, date) and the like, in order; person and date may be None."""
        return [
            ("编制", self.prepared_by, self.prepared_on),
            ("审核", self.reviewed_by, self.reviewed_on),
            ("批准", self.approved_by, self.approved_on),
        ]


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

    class Meta(Orderable.Meta):
        verbose_name = verbose_name_plural = "岗位考核指标"
