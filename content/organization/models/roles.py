"""Role descriptions: what a post is for, its duties, its indicators, and who prepared, reviewed and approved it."""

import itertools

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from content.core.models import ContentPage
from content.organization import role_trails
from content.organization.models.structure import Post


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
    search_fields = [
        *ContentPage.search_fields,
        index.AutocompleteField("number"),
        index.SearchField("number"),
        index.SearchField("purpose"),
        index.SearchField("working_flow"),
        index.RelatedFields("post", [index.SearchField("title"), index.SearchField("code")]),
        index.RelatedFields("duty_groups", [index.SearchField("title"), index.SearchField("duties")]),
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

    def trail(self) -> role_trails.Trail:
        """(«编制», person, date) and the like, in order; person and date may be None.

        Taken from the signatures where this text was signed; what was typed in counts for older papers.
        """
        return role_trails.signed_trail(self) or [
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


class RoleVersion(models.Model):
    """A role description as it was published; never changed. `content` is what role_versions.snapshot makes."""

    page = models.ForeignKey(RoleDescriptionPage, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("版次")
    content = models.JSONField("内容")
    published_on = models.DateField("发布日期")
    until = models.DateField("止（含当日）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "岗位说明书版本"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_role_version_per_number")]

    def __str__(self) -> str:
        return f"{self.content.get('number', '')} 第 {self.number} 版"

    def get_absolute_url(self) -> str:
        return reverse("organization:role_version", args=[self.page_id, self.number])
