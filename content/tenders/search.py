"""How tenders are found. Import runs are not content and have no place in the search."""

from django.urls import reverse
from django.utils import timezone

from content.importing.models import ImportBatch
from content.tenders.access import AUDIENCE
from content.tenders.models import QualificationRequirement, TenderProcess
from search.documents import SearchDocument
from search.registry import Facet, SearchIndex, exclude, register, register_list
from search.shared_facets import PLACE, PUBLISHED, month_path


@register
class TenderIndex(SearchIndex):
    model = TenderProcess
    kind = "tender"
    label = "招标信息"
    icon = "tender"
    facets = (
        PLACE,
        Facet("subject", "主题"),
        Facet("qualification", "资质"),
        Facet("state", "状态"),
        Facet("deadline_month", "截止月份", tree=True),
        PUBLISHED,
    )
    has_deadline = True
    has_amount = True
    related = {QualificationRequirement: lambda row: [row.process]}

    def get_queryset(self):
        return TenderProcess.objects.select_related("division__parent__parent").prefetch_related(
            "subjects", "qualifications"
        )

    def to_document(self, obj: TenderProcess) -> SearchDocument:
        published = timezone.localdate(obj.published_at) if obj.published_at else None
        deadline = timezone.localdate(obj.tender_end) if obj.tender_end else None
        return SearchDocument(
            key=f"{obj._meta.label_lower}:{obj.pk}",
            kind=self.kind,
            title=obj.title,
            url=obj.get_absolute_url(),
            audience=AUDIENCE,
            body="\n".join(filter(None, _body(obj))),
            keywords=" ".join(filter(None, (obj.project_number, obj.procuring_entity, obj.agency, obj.awarded_to))),
            date=published,
            deadline=deadline,
            # Sums of different currencies cannot be compared, so only yuan are.
            amount=obj.value_amount if obj.value_currency == "CNY" else None,
            place=obj.division.full_name if obj.division else obj.place_text,
            facets={
                "place": place_paths(obj),
                "subject": tuple(subject.name for subject in obj.subjects.all()),
                "qualification": tuple(dict.fromkeys(item.label for item in obj.qualifications.all())),
                "state": (obj.state_label,),
                "deadline_month": month_path(deadline),
                PUBLISHED.name: month_path(published),
            },
        )


def place_paths(process: TenderProcess) -> tuple[str, ...]:
    """«云南省/丽江市/古城区» as the one value of the place tree; empty where the place is not known."""
    return (process.division.path,) if process.division else ()


def _body(process: TenderProcess) -> tuple[str, ...]:
    return (
        process.description, process.qualification_text, process.registration_documents, process.consortium_note,
        process.procurement_method_details, process.value_note, process.first_understanding,
        process.technical_strength, process.comparable_cases, process.bidding_field, process.source_name,
    )  # fmt: skip


register_list("招标信息", lambda reader: reverse("tenders:list") if reader.may_read(AUDIENCE) else "")
exclude(ImportBatch, "导入记录只给导入人看，不是内容。")
