"""The pages: the list of all procedures, and a procedure with its draft, revisions and sign-off."""

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.search import index

from content.approvals.guard import SignOffMixin, SignOffParentMixin
from content.approvals.panels import SignOffPanel
from content.core.models import ContentPage
from content.organization.models import Post, Unit
from content.procedures.models.series import CodeSeries
from content.procedures.numbering import issue_code
from content.procedures.panels import CheckingPanel
from content.procedures.rights import ProcedureTester
from content.procedures.widgets import PostCheckboxes

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from content.procedures.models.steps import ProcedureField, ProcedureStep
    from content.procedures.models.versions import ProcedureVersion


class ProcedureIndexPage(SignOffParentMixin, ContentPage):
    """The list of all procedures in force, by unit."""

    max_count = 1
    subpage_types = ["procedures.ProcedurePage"]

    class Meta:
        verbose_name = "制度流程目录"

    def get_context(self, request, *args, **kwargs):
        """Adds `listing` (see listing.Listing): procedures this reader may read, and what of them concerns the reader."""
        from content.procedures.listing import listing_for  # noqa: PLC0415 (it imports these models)

        return {
            **super().get_context(request, *args, **kwargs),
            "listing": listing_for(self, request.user, request.GET),
        }


class ProcedurePage(SignOffMixin, ContentPage):
    """A coded procedure. What stands here is the draft; readers see the version in force on the day they ask for."""

    series = models.ForeignKey(
        CodeSeries, verbose_name="代号系列", on_delete=models.PROTECT, related_name="pages",
        help_text="新建保存时自动发号；发出的号不改、不收回、不再用。",
    )  # fmt: skip
    code = models.CharField("流程代号", max_length=30, unique=True, blank=True, editable=False)
    owner_unit = models.ForeignKey(Unit, verbose_name="归口部门", on_delete=models.PROTECT, related_name="procedures")
    owner_post = models.ForeignKey(
        Post, verbose_name="负责岗位", on_delete=models.PROTECT, related_name="owned_procedures",
        help_text="负责修订、答复修改建议、按期复审。",
    )  # fmt: skip
    purpose = models.TextField("目的")
    scope = models.TextField("适用范围", blank=True)
    further_readers = ParentalManyToManyField(
        Post, verbose_name="还须阅读的岗位", blank=True, related_name="+",
        help_text="步骤里写到的岗位都要阅读确认，不必在此重复。",
    )  # fmt: skip
    reading_days = models.PositiveSmallIntegerField(
        "阅读期限（天）", default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    effective_on = models.DateField(
        "施行日期", null=True, blank=True, help_text="留空则签准之日起施行；可以写将来的日期。"
    )
    review_months = models.PositiveSmallIntegerField(
        "复审周期（月）", default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    change_note = models.TextField("本次修订说明", blank=True, help_text="改了什么、为什么；读者在新旧对照里看到。")
    can_be_started = models.BooleanField(
        "可以发起", default=True, help_text="勾选后员工可以按本制度发起一件事，照步骤逐岗办理。"
    )

    steps: "RelatedManager[ProcedureStep]"
    form_fields: "RelatedManager[ProcedureField]"
    versions: "RelatedManager[ProcedureVersion]"

    content_panels = [
        FieldPanel("title"),
        MultiFieldPanel(
            [FieldRowPanel(["series", "can_be_started"]), FieldRowPanel(["owner_unit", "owner_post"]), "summary"],
            "制度",
        ),
        MultiFieldPanel(["purpose", "scope"], "目的与范围"),
        InlinePanel("steps", heading="步骤", label="步骤", min_num=1),
        InlinePanel("form_fields", heading="发起时填写的表单", label="栏目"),
        MultiFieldPanel(
            [
                FieldRowPanel(["effective_on", "review_months", "reading_days"]),
                FieldPanel("further_readers", widget=PostCheckboxes),
                "change_note",
            ],
            "施行、阅读与复审",
        ),
        CheckingPanel(),
        SignOffPanel(heading="签批进程"),
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.AutocompleteField("code"),
        index.SearchField("code"),
        index.SearchField("purpose"),
        index.RelatedFields("steps", [index.SearchField("title")]),
        index.FilterField("owner_unit"),
        index.FilterField("owner_post"),
    ]
    # The address is the code's.
    promote_panels = [MultiFieldPanel(["seo_title", "search_description"], "搜索引擎")]
    exclude_fields_in_copy = ["code"]
    print_template = "print/procedure.html"
    sign_off_template = "procedures/sign_off.html"
    parent_page_types = ["procedures.ProcedureIndexPage"]
    subpage_types: list[str] = []
    page_description = "带代号的制度流程：步骤即正文、流程图与办理路线，会签后按日期施行。"

    class Meta:
        verbose_name = "制度流程"
        verbose_name_plural = "制度流程"

    def save(self, *args, **kwargs):
        if not self.code:
            with transaction.atomic():
                self.code = issue_code(self.series, self.title)
                self.slug = self.code.lower()
                return super().save(*args, **kwargs)
        return super().save(*args, **kwargs)

    def permissions_for_user(self, user):
        return ProcedureTester(user, self)

    def further_shortcomings(self) -> list[str]:
        """What the steps and the form still lack before anyone may sign."""
        from content.procedures.checking import shortcomings_of  # noqa: PLC0415 (it reads these models)

        return shortcomings_of(self)

    def get_sign_off_context(self, request) -> dict:
        """The signer reads the new text as it will stand, with the chart and what changes against the version in force."""
        from content.procedures.reading_view import sign_off_context  # noqa: PLC0415 (it reads these models)

        return sign_off_context(self)

    def print_parts(self) -> dict:
        """What is printed: the version in force, else the next one."""
        from content.procedures.copies import draft_parts, print_parts  # noqa: PLC0415 (it reads these models)

        today = timezone.localdate()
        version = self.version_in_force() or self.versions.exclude(effective_until__lt=today).order_by("number").first()
        return print_parts(version) if version else draft_parts(self)

    def draft_parts(self) -> dict:
        """What is printed of a draft."""
        from content.procedures.copies import draft_parts  # noqa: PLC0415 (it reads these models)

        return draft_parts(self)

    def breadcrumb(self, request) -> list[tuple[str, str]]:
        index_page = self.get_parent() if self.depth and self.depth > 1 else None
        above = [(index_page.title, index_page.get_url(request) or "")] if index_page is not None else []
        return [*above, (self.code or self.title, "")]

    def get_context(self, request, *args, **kwargs):
        """Adds what reading_view.page_context says: the version of today, or of the day in ``?on=``."""
        from content.procedures.reading_view import page_context  # noqa: PLC0415 (it reads these models)

        return {**super().get_context(request, *args, **kwargs), **page_context(self, request)}

    def version_in_force(self, on=None) -> "ProcedureVersion | None":
        """The version in force on a day, today by default."""
        return self.versions.in_force(on or timezone.localdate()).first()
