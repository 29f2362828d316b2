"""Tenders on the editors' desk, in the menu «情报»."""

from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from content.tenders.models import TenderProcess


class TenderViewSet(SnippetViewSet):
    model = TenderProcess
    icon = "doc-full-inverse"
    menu_label = "招标信息"
    list_display = ["title", "procuring_entity", "division", "status", "tender_end", "published_at"]
    list_filter = ["status", "consortium", "subjects", "source_name"]
    list_per_page = 50
    ordering = ["-published_at", "-pk"]
    panels = [
        MultiFieldPanel(
            ["title", FieldRowPanel(["project_number", "ocid"]), FieldRowPanel(["status", "procurement_method_details"]), "description"],
            "项目",
        ),
        MultiFieldPanel(["procuring_entity", "agency", FieldRowPanel(["division", "place_text"]), "subjects"], "单位、地区与主题"),
        MultiFieldPanel([FieldRowPanel(["value_amount", "value_currency"]), "value_note"], "预算"),
        MultiFieldPanel(
            [FieldRowPanel(["published_at", "registration_end"]), FieldRowPanel(["enquiry_end", "tender_end"]), "opening_at"],
            "时间",
        ),
        InlinePanel("qualifications", heading="资质要求", label="资质"),
        MultiFieldPanel(["qualification_text", FieldRowPanel(["consortium", "consortium_note"]), "registration_documents"], "投标条件"),
        MultiFieldPanel(["first_understanding", "technical_strength", "comparable_cases", "bidding_field"], "市场部意见"),
        MultiFieldPanel([FieldRowPanel(["awarded_to", "award_amount"]), FieldRowPanel(["source_name", "source_url"])], "结果与来源"),
    ]  # fmt: skip

    def get_queryset(self, request):
        return TenderProcess.objects.select_related("division__parent__parent")


class IntelligenceMenu(SnippetViewSetGroup):
    menu_label = "情报"
    menu_icon = "search"
    menu_order = 120
    items = (TenderViewSet,)


register_snippet(IntelligenceMenu)
