"""The list as XLSX: every column, so that it can be worked on and imported again."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from content.importing.spreadsheets import workbook
from content.tenders.merging import qualifications_in_words
from content.tenders.models import Consortium, TenderProcess

MAX_EXPORTED = 20_000
HEADINGS = (
    "项目编号", "项目名称", "状态", "采购人", "委托单位", "预算金额（元）", "币种", "预算说明", "公告时间", "报名截止",
    "询问截止", "投标截止时间", "开标时间", "地区", "主题", "资质要求", "资质要求原文", "联合体", "联合体说明", "采购方式",
    "简介", "报名资料", "中标单位", "中标金额（元）", "初步认识", "技术实力", "可比案例", "竞争环境", "来源", "原文链接",
    "过程标识",
)  # fmt: skip
_WIDTHS = (
    20,
    48,
    10,
    30,
    30,
    16,
    8,
    20,
    17,
    17,
    17,
    17,
    17,
    26,
    20,
    30,
    40,
    14,
    20,
    16,
    60,
    40,
    24,
    16,
    40,
    40,
    40,
    40,
    16,
    40,
    30,
)


def export_file(found: QuerySet[TenderProcess]) -> bytes:
    """XLSX of these processes in their order, at most MAX_EXPORTED; times are Shanghai's."""
    return workbook("招标信息", HEADINGS, _lines(found[:MAX_EXPORTED]), _WIDTHS)


def _lines(found: QuerySet[TenderProcess]) -> Iterator[tuple]:
    for process in found.iterator(chunk_size=500):
        items = [
            {"kind": item.kind, "grade": item.grade, "and_above": item.and_above, "group": item.group}
            for item in process.qualifications.all()
        ]
        yield (
            process.project_number, process.title, process.state_label, process.procuring_entity, process.agency,
            process.value_amount, process.value_currency, process.value_note, _local(process.published_at),
            _local(process.registration_end), _local(process.enquiry_end), _local(process.tender_end),
            _local(process.opening_at), process.division.full_name if process.division else process.place_text,
            "、".join(subject.name for subject in process.subjects.all()), qualifications_in_words(items),
            process.qualification_text,
            process.get_consortium_display() if process.consortium != Consortium.UNSTATED else "",
            process.consortium_note, process.procurement_method_details, process.description,
            process.registration_documents, process.awarded_to, process.award_amount, process.first_understanding,
            process.technical_strength, process.comparable_cases, process.bidding_field, process.source_name,
            process.source_url, process.ocid,
        )  # fmt: skip


def _local(moment):
    """Shanghai's time without its zone: spreadsheets know none."""
    return timezone.localtime(moment).replace(tzinfo=None) if moment else None
