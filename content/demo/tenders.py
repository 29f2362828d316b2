"""Loads the demo's tenders the way an assistant would: as a table through the importer, with its report to look at."""

import csv
import datetime
import io

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone

from content.demo.data.tenders import NOTICES, QUALIFICATIONS, Notice
from content.importing.models import ImportBatch, ImportState
from content.importing.running import run_batch
from content.tenders.models import TenderProcess
from content.tenders.opinions import write_opinion

FILE_NAME = "招标信息汇总（演示）.csv"
HEADINGS = (
    "项目编号", "项目名称", "采购人", "代理机构", "预算金额（万元）", "公告时间", "报名截止", "投标截止时间", "开标时间",
    "地区", "资质要求", "联合体", "简介", "报名资料", "采购方式", "公告类型", "状态", "来源",
)  # fmt: skip
GRADES = {"a": "甲级", "b": "乙级"}
CONSORTIUM = {"yes": "接受联合体", "no": "不接受联合体", "unstated": ""}
NOTICE_TYPES = {"active": "招标公告", "complete": "中标结果公告", "cancelled": "终止公告", "unsuccessful": "流标公告"}
STATES = {"active": "招标中", "complete": "已结束", "cancelled": "终止", "unsuccessful": "流标"}


def load() -> int:
    """Import the notices that are not there yet, by number; return how many. Raises RuntimeError with the report's word."""
    known = set(TenderProcess.objects.values_list("project_number", flat=True))
    missing = [notice for notice in NOTICES if notice.number not in known]
    if not missing:
        return 0
    assistant = get_user_model().objects.get(username="info-assistant")
    content = _table(missing).encode("utf-8-sig")
    batch = ImportBatch(kind="tenders", file_name=FILE_NAME, file_size=len(content), uploaded_by=assistant)
    batch.file.save("upload.csv", ContentFile(content), save=False)
    batch.save()
    run_batch(batch.pk)
    batch.refresh_from_db()
    if batch.state != ImportState.DONE or batch.rejected_count:
        reasons = list(batch.rejected_rows.values_list("reason", flat=True))
        raise RuntimeError(f"演示招标信息没有全部导入：{batch.message} {reasons}")
    for notice in missing:
        if notice.opinion:
            _give_opinion(notice, assistant)
    return len(missing)


def _table(notices: list[Notice]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADINGS)
    today = timezone.localdate()
    for notice in notices:
        deadline = today + datetime.timedelta(days=notice.deadline)
        published = today - datetime.timedelta(days=notice.published)
        registration = min(deadline, published + datetime.timedelta(days=7))
        writer.writerow(
            [
                notice.number, notice.title, notice.entity, notice.agency,
                "" if notice.budget is None else f"{notice.budget:g}",
                published.isoformat(), f"{registration.isoformat()} 17:00", f"{deadline.isoformat()} 09:30",
                f"{deadline.isoformat()} 09:30", notice.place, _requirements(notice), CONSORTIUM[notice.consortium],
                notice.introduction, "营业执照、资质证书、法定代表人授权委托书、近三年同类业绩证明",
                "公开招标", NOTICE_TYPES[notice.status], STATES[notice.status], "演示数据",
            ]
        )  # fmt: skip
    return buffer.getvalue()


def _requirements(notice: Notice) -> str:
    """«旅游规划设计乙级及以上或城乡规划编制乙级及以上»; «+» in the data means both are asked for."""
    alternatives = []
    for alternative in notice.qualifications:
        parts = []
        for code in alternative.split("+"):
            kind, grade, and_above = QUALIFICATIONS[code]
            parts.append(f"{kind}{GRADES[grade]}{'及以上' if and_above else ''}")
        alternatives.append("，且具备".join(parts))
    return "或".join(alternatives)


def _give_opinion(notice: Notice, assistant) -> None:
    names = ("first_understanding", "technical_strength", "comparable_cases", "bidding_field")
    process = TenderProcess.objects.get(project_number=notice.number)
    write_opinion(process, assistant, dict(zip(names, notice.opinion or (), strict=True)))
