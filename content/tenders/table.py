"""A row of a table → facts of the process (merging.py), by the headings of the department and of tender sites."""

from typing import Any
from urllib.parse import urlsplit

from content.importing.cells import cell_text
from content.importing.errors import RowRejectedError
from content.importing.registry import Column, SourceRow
from content.tenders.models import ReleaseTag, TenderStatus
from content.tenders.qualifications import parse_consortium, parse_qualifications
from content.tenders.values import DateError, parse_amount, parse_moment

COLUMNS = (
    Column("project_number", "项目编号", ("招标编号", "采购编号", "采购项目编号", "招标项目编号", "项目代码", "标书编号", "编号"), example="YN-LJ-2026-0117"),
    Column("title", "项目名称", ("标题", "公告标题", "招标项目名称", "采购项目名称", "招标项目", "工程名称", "项目"), required=True, example="玉湖村旅游总体规划"),
    Column("procuring_entity", "采购人", ("招标人", "主办单位", "采购单位", "招标单位", "采购人名称", "招标人名称", "业主单位", "业主", "建设单位", "项目业主", "项目法人"), example="玉湖镇旅游服务中心"),
    Column("agency", "委托单位", ("代理机构", "招标代理机构", "采购代理机构", "招标代理", "代理单位", "组织方"), example="滇西恒正招标代理有限公司"),
    Column("value", "预算金额（万元）", ("预算", "项目预算", "采购预算", "最高限价", "招标控制价", "控制价", "最高投标限价", "投标限价", "合同估算价", "预算价", "投资额", "金额"), example="186"),
    Column("currency", "币种", ("货币",)),
    Column("published_at", "公告时间", ("发布时间", "公告日期", "发布日期", "公告发布时间", "公示时间", "日期"), example="2026-03-02"),
    Column("registration_end", "报名截止", ("报名截止时间", "报名截止日期", "获取文件截止", "获取文件截止时间", "获取招标文件截止时间", "文件获取截止时间", "报名时间"), example="2026-03-09 17:00"),
    Column("enquiry_end", "询问截止", ("询问截止时间", "答疑截止", "答疑截止时间", "质疑截止时间")),
    Column("tender_end", "投标截止时间", ("投标截止", "投标截止日期", "截标时间", "递交截止时间", "投标文件递交截止时间", "响应文件提交截止时间", "提交投标文件截止时间", "截止时间", "截止日期", "投标时间"), example="2026-03-25 09:30"),
    Column("opening_at", "开标时间", ("开标日期", "开启时间", "开标"), example="2026-03-25 09:30"),
    Column("place", "地区", ("所属地区", "所在地区", "省市", "项目地点", "项目所在地", "地点", "行政区域", "区域"), example="云南省丽江市玉龙纳西族自治县"),
    Column("province", "省份", ("省", "所在省份")),
    Column("city", "城市", ("市", "地市", "所在城市")),
    Column("county", "区县", ("县", "县区", "区县市")),
    Column("qualification", "资质要求", ("资质", "资格要求", "投标人资质", "投标人资质要求", "资质性质", "资质条件", "投标人资格要求"), example="旅游规划设计乙级及以上"),
    Column("qualification_grade", "资质等级", ("等级",)),
    Column("consortium", "联合体", ("是否接受联合体", "联合体投标", "是否接受联合体投标", "是否允许联合体", "联合体要求"), example="接受"),
    Column("description", "简介", ("项目简介", "项目概况", "项目内容", "招标范围", "采购内容", "采购需求", "建设规模", "内容", "概况"), example="编制范围约 12 平方公里，成果含文本、图件和近期项目库。"),
    Column("registration_documents", "报名资料", ("报名所需文件", "报名所需资料", "报名材料", "报名文件", "报名要求", "投标文件要求"), example="营业执照、资质证书、授权委托书"),
    Column("method", "采购方式", ("招标方式",), example="公开招标"),
    Column("notice_type", "公告类型", ("信息类型", "公告类别", "公告性质", "类型"), example="招标公告"),
    Column("status", "状态", ("项目状态",)),
    Column("awarded_to", "中标单位", ("中标人", "中标供应商", "成交供应商", "成交单位")),
    Column("award_amount", "中标金额（万元）", ("成交金额", "中标价", "中标价格")),
    Column("source_name", "来源", ("信息来源", "来源网站", "发布媒介", "发布网站", "网站"), example="采购人官网"),
    Column("source_url", "原文链接", ("链接", "网址", "原文地址", "来源网址", "公告链接", "详情链接"), example="https://example.com/notice/117"),
    Column("ocid", "过程标识", ()),
    Column("first_understanding", "初步认识", ("市场部意见", "部门意见")),
    Column("technical_strength", "技术实力", ("我方优势", "我方技术实力")),
    Column("comparable_cases", "可比案例", ("类似业绩", "类似案例")),
    Column("bidding_field", "竞争环境", ("竞争情况",)),
)  # fmt: skip

# Words in the kind of notice → tag; the first that occurs counts.
_TAG_WORDS = (
    ("合同", ReleaseTag.CONTRACT), ("结果更正", ReleaseTag.AWARD_UPDATE), ("中标更正", ReleaseTag.AWARD_UPDATE),
    ("更正", ReleaseTag.TENDER_AMENDMENT), ("变更", ReleaseTag.TENDER_AMENDMENT), ("澄清", ReleaseTag.TENDER_AMENDMENT),
    ("延期", ReleaseTag.TENDER_AMENDMENT), ("补充", ReleaseTag.TENDER_UPDATE), ("终止", ReleaseTag.TENDER_CANCELLATION),
    ("取消", ReleaseTag.TENDER_CANCELLATION), ("废标", ReleaseTag.TENDER_CANCELLATION),
    ("流标", ReleaseTag.TENDER_CANCELLATION), ("中标", ReleaseTag.AWARD), ("成交", ReleaseTag.AWARD),
    ("结果", ReleaseTag.AWARD), ("候选人", ReleaseTag.AWARD), ("意向", ReleaseTag.PLANNING), ("预告", ReleaseTag.PLANNING),
    ("计划", ReleaseTag.PLANNING),
)  # fmt: skip
_STATUS_WORDS = (
    ("撤回", TenderStatus.WITHDRAWN), ("取消", TenderStatus.CANCELLED), ("终止", TenderStatus.CANCELLED),
    ("流标", TenderStatus.UNSUCCESSFUL), ("废标", TenderStatus.UNSUCCESSFUL), ("结束", TenderStatus.COMPLETE),
    ("完成", TenderStatus.COMPLETE), ("中标", TenderStatus.COMPLETE), ("成交", TenderStatus.COMPLETE),
    ("预告", TenderStatus.PLANNED), ("意向", TenderStatus.PLANNED), ("招标", TenderStatus.ACTIVE),
    ("进行", TenderStatus.ACTIVE), ("报名", TenderStatus.ACTIVE),
)  # fmt: skip
_STATUS_OF_TAG = {
    ReleaseTag.PLANNING: TenderStatus.PLANNED, ReleaseTag.TENDER: TenderStatus.ACTIVE,
    ReleaseTag.TENDER_CANCELLATION: TenderStatus.CANCELLED, ReleaseTag.AWARD: TenderStatus.COMPLETE,
    ReleaseTag.AWARD_UPDATE: TenderStatus.COMPLETE, ReleaseTag.CONTRACT: TenderStatus.COMPLETE,
}  # fmt: skip
_MOMENT_COLUMNS = {
    "published_at": False, "registration_end": True, "enquiry_end": True, "tender_end": True, "opening_at": False,
}  # fmt: skip


def payload_of(row: SourceRow) -> dict[str, Any]:
    """What is kept and compared of a row: every cell as text, known columns by code, all others by heading."""
    return {
        "row": {code: cell_text(value) for code, value in row.values.items()},
        "units": {code: unit for code, unit in row.qualifiers.items() if unit and code in row.values},
        "other": dict(row.extra),
    }


def row_tag(row: SourceRow) -> ReleaseTag:
    """Kind of notice by its column, else by the end of the title, else a tender."""
    stated = cell_text(row.values.get("notice_type"))
    for words in (stated, cell_text(row.values.get("title"))[-12:]):
        for word, tag in _TAG_WORDS:
            if word in words:
                if word in ("废标", "流标"):
                    return ReleaseTag.TENDER_CANCELLATION
                return tag
        if stated:
            break
    return ReleaseTag.TENDER


def facts_of_row(row: SourceRow) -> dict[str, Any]:
    """Facts of a row; only what it holds. RowRejectedError names the column and the value that cannot be read."""
    text = {code: cell_text(value) for code, value in row.values.items()}
    title = text.get("title", "")
    if not title:
        raise RowRejectedError("缺少「项目名称」；请补上后再导入。")
    if len(title) > 500:
        raise RowRejectedError("「项目名称」超过 500 字，可能错了列；请核对后再导入。")
    facts: dict[str, Any] = {"title": title}
    for name, code, limit in (
        ("project_number", "project_number", 120), ("procuring_entity", "procuring_entity", 300),
        ("agency", "agency", 300), ("procurement_method_details", "method", 200), ("description", "description", None),
        ("registration_documents", "registration_documents", None), ("awarded_to", "awarded_to", 500),
        ("source_name", "source_name", 120),
    ):  # fmt: skip
        if value := text.get(code):
            if limit and len(value) > limit:
                raise RowRejectedError(f"「{_label(code)}」超过 {limit} 字，可能错了列；请核对后再导入。")
            facts[name] = value
    facts.update(_moments(row))
    facts.update(_amounts(row, text))
    if place := _place(text):
        facts["place_text"] = place[:200]
    facts.update(_requirements(text))
    if status := _status(text, row_tag(row)):
        facts["status"] = str(status)
    if url := _web_address(text.get("source_url", "")):
        facts["source_url"] = url
    return facts


def _label(code: str) -> str:
    return next(column.label for column in COLUMNS if column.code == code)


def _moments(row: SourceRow) -> dict[str, str]:
    found = {}
    for code, end_of_day in _MOMENT_COLUMNS.items():
        value = row.values.get(code)
        # Markup and blanks off text, but leave true dates what they are.
        value = cell_text(value) if isinstance(value, str) else value
        try:
            moment = parse_moment(value, end_of_day=end_of_day)
        except DateError as error:
            raise RowRejectedError(f"「{_label(code)}」{error}") from error
        if moment:
            found[code] = moment.isoformat()
    return found


def _amounts(row: SourceRow, text: dict[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name, code in (("value", "value"), ("award", "award_amount")):
        value = row.values.get(code)
        value = cell_text(value) if isinstance(value, str) else value
        if value in (None, ""):
            continue
        amount = parse_amount(value, unit=row.qualifiers.get(code, ""), currency=text.get("currency", ""))
        if name == "value":
            facts["value_amount"] = str(amount.value) if amount.value is not None else None
            facts["value_currency"] = amount.currency
            facts["value_note"] = amount.note or None
        elif amount.value is not None:
            facts["award_amount"] = str(amount.value)
    return facts


def _place(text: dict[str, str]) -> str:
    parts = [text[code] for code in ("province", "city", "county") if text.get(code)]
    stated = text.get("place", "")
    return "".join(part for part in parts if part not in stated) + stated


def _requirements(text: dict[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    words = text.get("qualification", "") + text.get("qualification_grade", "")
    if words:
        facts["qualification_text"] = words
        facts["qualifications"] = [
            {"kind": item.kind, "grade": str(item.grade), "and_above": item.and_above, "group": item.group}
            for item in parse_qualifications(words)
        ]
    stated = text.get("consortium", "") or ("联合体" in words and words) or ""
    if stated:
        state, note = parse_consortium(stated)
        facts["consortium"] = str(state)
        facts["consortium_note"] = note if text.get("consortium") and note else None
    return facts


def _status(text: dict[str, str], tag: ReleaseTag) -> TenderStatus | None:
    stated = text.get("status", "")
    if "截止" not in stated:
        for word, status in _STATUS_WORDS:
            if word in stated:
                return status
    if tag is ReleaseTag.TENDER_CANCELLATION and "流标" in text.get("notice_type", "") + text.get("title", ""):
        return TenderStatus.UNSUCCESSFUL
    return _STATUS_OF_TAG.get(tag)


def _web_address(text: str) -> str:
    """The web address in a cell, empty where there is none («见附件», «javascript:…»): the cell stays in the payload."""
    url = next(iter(text.split()), "")
    url = url if "://" in url else f"https://{url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    known = parts.scheme in ("http", "https") and "." in parts.netloc and ":" not in parts.netloc.partition(".")[0]
    return url if known and len(url) <= 1000 else ""
