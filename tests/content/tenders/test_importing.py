"""Tables and OCDS become processes: identity, merge, nothing lost, nothing done twice."""

import datetime
import io
import json
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

import search
from content.importing.models import ImportState
from content.importing.report_files import rejected_file
from content.places.setting_up import set_up as set_up_places
from content.taxonomy.setting_up import set_up as set_up_subjects
from content.tenders import importer
from content.tenders.models import TenderProcess, TenderRelease
from search.readers import reader_for
from tests.factories.files import xlsx_file

SHANGHAI = ZoneInfo("Asia/Shanghai")
DATA = Path(__file__).parents[2] / "data" / "tenders"
SHARED = next((f for p in Path(__file__).parents if (f := p / "shared/data/ocds").exists()), Path("none"))
HEAD = (
    "项目编号,项目名称,采购人,代理机构,预算金额（万元）,公告时间,投标截止时间,地区,资质要求,联合体,简介,原文链接,备注"
)
ROW = (
    "YH-01,玉湖村旅游总体规划,玉湖镇旅游服务中心,滇西恒正招标代理有限公司,约186万元,2026-03-02,2026年3月25日 09:30,"
    "云南省丽江市玉龙纳西族自治县,旅游规划乙级及以上,不接受,编制范围约 12 平方公里,https://example.com/1,第一批"
)


def counts(batch) -> tuple[int, int, int, int]:
    return batch.created_count, batch.updated_count, batch.unchanged_count, batch.rejected_count


def table(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


def reasons(batch) -> list[tuple[int, str]]:
    return [(row.number, row.reason) for row in batch.rejected_rows.all()]


def test_a_row_becomes_a_process_with_every_field(bring):
    set_up_places()
    set_up_subjects()

    batch = bring(table(ROW))

    assert (batch.state, counts(batch)) == (ImportState.DONE, (1, 0, 0, 0))
    process = TenderProcess.objects.get()
    assert process.project_number == "YH-01"
    assert process.title == "玉湖村旅游总体规划"
    assert process.procuring_entity == "玉湖镇旅游服务中心"
    assert process.agency == "滇西恒正招标代理有限公司"
    assert (process.value_amount, process.value_currency) == (Decimal("1860000.00"), "CNY")
    assert process.value_note == "原文：约186万元"
    assert process.published_at == datetime.datetime(2026, 3, 2, tzinfo=SHANGHAI)
    assert process.tender_end == datetime.datetime(2026, 3, 25, 9, 30, tzinfo=SHANGHAI)
    assert process.division.full_name == "云南省丽江市玉龙纳西族自治县"
    assert [str(item) for item in process.qualifications.all()] == ["旅游规划设计乙级及以上"]
    assert (process.consortium, process.description) == ("no", "编制范围约 12 平方公里")
    assert [subject.name for subject in process.subjects.all()] == ["旅游规划"]
    release = process.releases.get()
    assert release.payload["other"] == {"备注": "第一批"}
    assert (release.batch, release.row_number) == (batch, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_rows_again_change_nothing_whatever_the_encoding(bring, encoding):
    bring(table(ROW))

    batch = bring(table(ROW).encode(encoding))

    assert counts(batch) == (0, 0, 1, 0)
    assert TenderRelease.objects.count() == 1


def test_a_row_that_changed_updates_its_process_and_keeps_both_copies(bring):
    bring(table(ROW))

    batch = bring(table(ROW.replace("2026年3月25日", "2026年4月2日")))

    assert counts(batch) == (0, 1, 0, 0)
    process = TenderProcess.objects.get()
    assert process.tender_end == datetime.datetime(2026, 4, 2, 9, 30, tzinfo=SHANGHAI)
    assert process.releases.count() == 2


def test_a_correction_joins_its_process_even_without_the_entity(bring):
    bring(table(ROW))

    batch = bring(
        "公告类型,项目编号,项目名称,公告时间,投标截止时间\n更正公告,ＹＨ－01,玉湖村旅游总体规划更正公告,2026-03-12,2026-04-02 09:30\n"
    )

    assert counts(batch) == (0, 1, 0, 0)
    assert list(TenderRelease.objects.values_list("tag", flat=True)) == ["tender", "tenderAmendment"]
    assert TenderProcess.objects.get().consortium == "no"


def test_an_older_notice_that_comes_late_does_not_win(bring):
    bring(
        "项目编号,项目名称,采购人,公告类型,公告时间,投标截止时间\nA,甲规划,某局,更正公告,2026-03-12,2026-04-02 09:30\n"
    )

    batch = bring(
        "项目编号,项目名称,采购人,公告类型,公告时间,投标截止时间,简介\nA,甲规划,某局,招标公告,2026-03-02,2026-03-25 09:30,说明\n"
    )

    assert counts(batch) == (0, 1, 0, 0)
    process = TenderProcess.objects.get()
    assert process.tender_end == datetime.datetime(2026, 4, 2, 9, 30, tzinfo=SHANGHAI)
    assert process.description == "说明"


def test_what_a_person_mended_stays_until_a_notice_says_otherwise(bring):
    bring(table(ROW))
    TenderProcess.objects.update(agency="改正后的代理机构", description="人工补写")

    bring(table(ROW.replace("编制范围约 12 平方公里", "编制范围约 15 平方公里")))

    process = TenderProcess.objects.get()
    assert (process.agency, process.description) == ("改正后的代理机构", "编制范围约 15 平方公里")


def test_rows_without_number_are_joined_by_title_and_entity_within_a_time(bring):
    head = "项目名称,采购人,公告时间,公告类型"
    bring(table("玉湖村总体规划招标公告,某局,2026-03-02,招标公告", head=head))

    soon = bring(table("玉湖村总体规划中标公告,某局,2026-04-20,中标公告", head=head))
    next_year = bring(table("玉湖村总体规划招标公告,某局,2027-03-02,招标公告", head=head))

    assert (counts(soon), counts(next_year)) == ((0, 1, 0, 0), (1, 0, 0, 0))
    assert sorted(TenderProcess.objects.values_list("status", flat=True)) == ["active", "complete"]


def test_a_notice_joins_the_tender_somebody_typed_in(bring):
    process = TenderProcess.objects.create(
        project_number="YH 01", title="玉湖村规划", procuring_entity="玉湖镇旅游服务中心", first_understanding="值得跟"
    )

    batch = bring(table(ROW.replace("YH-01", "YH01")))

    assert counts(batch) == (0, 1, 0, 0)
    process.refresh_from_db()
    assert (process.title, process.first_understanding) == ("玉湖村旅游总体规划", "值得跟")


def test_running_numbers_are_no_project_numbers(bring):
    head = "编号,项目名称"
    bring(table("1,甲县旅游规划", head=head))

    batch = bring(table("1,乙县城市设计", head=head))

    assert counts(batch) == (1, 0, 0, 0)


def test_one_number_of_two_entities_is_two_processes(bring):
    batch = bring(table("A-1,总体规划,甲局", "A-1,总体规划,乙局", head="项目编号,项目名称,采购人"))

    assert counts(batch) == (2, 0, 0, 0)


def test_lots_of_one_number_are_processes_of_their_own(bring):
    head = "项目编号,项目名称,采购人"

    batch = bring(table("A-1,某路景观设计（一标段）,某局", "A-1,某路景观设计（二标段）,某局", head=head))

    assert counts(batch) == (2, 0, 0, 0)


def test_the_same_number_twice_in_one_file_with_other_content_is_left_to_a_person(bring):
    batch = bring(table(ROW, ROW, ROW.replace("不接受", "接受")))

    assert counts(batch) == (1, 0, 1, 1)
    assert reasons(batch) == [
        (4, "与第 2 行的编号、公告类型和时间都相同，内容却不同；请核对后只留一行，或改正编号、公告时间。")
    ]
    assert TenderProcess.objects.get().consortium == "no"


def test_bad_rows_are_rejected_with_their_reason_and_the_others_kept(bring):
    batch = bring(
        table(
            "A-1,,某局,,,,,,,,,,",
            "A-2,日期有误,某局,,,2026-02-30,,,,,,,",
            "A-3,好的一行,某局,,面议,,详见招标文件,,,,,见附件,",
            "A-4,截止有误,某局,,,,2026-03-05 25:00,,,,,,",
            "=cmd|' /C calc'!A0,<b>加粗</b><script>x</script>标题,某局,,0,,,,,,,javascript:alert(1),",
        )
    )

    assert counts(batch) == (2, 0, 0, 3)
    assert reasons(batch) == [
        (2, "缺少「项目名称」；请补上后再导入。"),
        (3, "「公告时间」「2026-02-30」不是真实存在的日期；请改正后再导入。"),
        (5, "「投标截止时间」「2026-03-05 25:00」的时刻不存在；请写成「2026-03-05 09:30」的样子。"),
    ]
    kept = TenderProcess.objects.get(title="好的一行")
    assert (kept.value_amount, kept.value_note, kept.tender_end, kept.source_url) == (None, "面议", None, "")
    odd = TenderProcess.objects.get(title="加粗标题")
    assert (odd.project_number, odd.source_url) == ("=cmd|' /C calc'!A0", "")
    assert odd.value_note == "原文为「0」，视为未公布"


def test_rejected_rows_come_back_as_a_file_that_can_be_mended_and_imported(bring):
    batch = bring(table("=A-2,日期有误,某局,,,2026-02-30,,,,,,,"))
    content, extension = rejected_file(batch)
    (heading, line) = load_workbook(filename=io.BytesIO(content)).active.iter_rows(values_only=True)

    assert extension == "xlsx"
    assert heading == ("退回原因", "原行号", "项目编号", "项目名称", "采购人", "公告时间")
    assert line == (reasons(batch)[0][1], 2, "'=A-2", "日期有误", "某局", "2026-02-30")

    mended = bring(xlsx_file(表=[heading, (*line[:5], "2026-02-28")]).getvalue(), "mended.xlsx")

    assert counts(mended) == (1, 0, 0, 0)
    assert TenderProcess.objects.get().project_number == "=A-2"
    assert TenderRelease.objects.get().payload["other"] == {}


def test_a_package_of_releases_becomes_merged_processes(bring):
    batch = bring((DATA / "package.json").read_bytes(), "package.json")

    assert counts(batch) == (2, 1, 0, 2)
    assert reasons(batch) == [
        (4, "这条公告缺少 ocid，无法判断属于哪个项目。"),
        (5, "date：「2026-02-30T01:00:00Z」不是真实存在的日期；请改正后再导入。"),
    ]
    process = TenderProcess.objects.get(ocid="ocds-demo-1")
    assert process.tender_end == datetime.datetime(2026, 4, 2, 9, 30, tzinfo=SHANGHAI)
    assert process.enquiry_end == datetime.datetime(2026, 3, 10, 17, tzinfo=SHANGHAI)
    assert process.published_at == datetime.datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    assert process.description == "编制范围约 12 平方公里。"
    assert (process.procuring_entity, process.agency) == ("玉湖镇旅游服务中心", "滇西恒正招标代理有限公司")
    assert process.place_text == "中国，云南省，丽江市玉龙纳西族自治县"
    assert [str(item) for item in process.qualifications.all()] == ["旅游规划设计乙级及以上"]
    assert (process.source_url, process.source_name) == ("https://example.com/notice/1", "example.com")
    cancelled = TenderProcess.objects.get(ocid="ocds-demo-2")
    assert (cancelled.status, cancelled.value_amount) == ("cancelled", None)


def test_what_no_database_stores_costs_nothing_else(bring):
    good = '{"ocid": "a", "id": "1", "date": "2026-03-01T00:00:00Z", "tag": ["tender"], "tender": {"title": "\\u0000甲\\ud800", "value": {"amount": 1e999}}}'
    bad = '{"id": "\\u0000", "x": 1e999, "\\ud800": "\\udfff"}'

    batch = bring(f'{{"releases": [{good}, {bad}]}}', "odd.json")

    assert (batch.state, counts(batch)) == (ImportState.DONE, (1, 0, 0, 1))
    assert TenderProcess.objects.get().title == "甲"


def test_rejected_releases_come_back_as_a_package(bring):
    batch = bring((DATA / "package.json").read_bytes(), "package.json")

    content, extension = rejected_file(batch)

    releases = json.loads(content)["releases"]
    assert extension == "json"
    assert [release["id"] for release in releases] == ["demo-3", "demo-4"]
    releases[0]["ocid"] = "ocds-demo-3"
    again = bring(json.dumps({"releases": releases[:1]}), "mended.json")
    assert counts(again) == (1, 0, 0, 0)
    assert "x_reason" not in TenderRelease.objects.get(release_id="demo-3").payload


def test_releases_in_any_order_lead_to_the_same_state(bring):
    releases = json.loads((DATA / "package.json").read_text())["releases"][:2]

    bring(json.dumps({"releases": releases[::-1]}), "reversed.json")

    process = TenderProcess.objects.get()
    assert process.tender_end == datetime.datetime(2026, 4, 2, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.shared_data
@pytest.mark.skipif(not (SHARED / "uk").exists(), reason="the development data is not beside this checkout")
def test_a_hundred_real_notices_are_taken_and_change_nothing_the_second_time(bring):
    releases = [json.loads(path.read_text("utf-8-sig")) for path in sorted((SHARED / "uk").glob("*.json"))]
    package = json.dumps({"releases": releases})

    first, second = bring(package, "uk.json"), bring(package, "uk.json")

    assert (counts(first), counts(second)) == ((98, 2, 0, 0), (0, 0, 100, 0))
    assert TenderProcess.objects.filter(value_currency="GBP", value_amount__isnull=False).count() >= 80
    assert not TenderProcess.objects.filter(title="").exists()
    assert not TenderProcess.objects.filter(procuring_entity="").exists()


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.exists(), reason="the development data is not beside this checkout")
def test_the_worked_example_is_taken_through_all_its_stages(bring):
    batch = bring((SHARED / "fictional-example/1.1/ocds-213czf-000-00001.json").read_bytes(), "example.json")

    assert counts(batch) == (1, 5, 0, 0)
    process = TenderProcess.objects.get()
    assert process.status == "complete"
    assert process.tender_end == datetime.datetime(2010, 4, 9, 2, tzinfo=SHANGHAI)
    assert (process.awarded_to, process.award_amount) == ("AnyCorp Cycle Provision", Decimal("11000000.00"))


def test_a_table_may_bring_opinions_but_never_overwrites_one(bring, assistant):
    head = "项目编号,项目名称,初步认识,我方优势"
    bring(table("A,甲规划,值得跟,团队齐备", head=head))
    TenderProcess.objects.update(first_understanding="亲手写的")

    bring(table("A,甲规划,不值得跟,没有", head=head))

    process = TenderProcess.objects.get()
    assert (process.first_understanding, process.technical_strength) == ("亲手写的", "团队齐备")
    assert process.opinion_by == assistant


def test_what_was_imported_is_found_by_those_who_may_only(bring, assistant, staff, search_index):
    bring(table(ROW))
    search_index()

    assert [hit.title for hit in search.search("总体规划", reader=reader_for(assistant)).hits] == ["玉湖村旅游总体规划"]
    assert search.search("总体规划", reader=reader_for(staff)).total == 0
    assert search.search("YH-01", reader=reader_for(assistant), kinds=("tender",)).total == 1


def test_a_row_nobody_foresaw_costs_only_itself(bring, monkeypatch, caplog):
    understood = importer.table.facts_of_row

    def stumble(row):
        if row.values["title"] == "怪行":
            raise KeyError("没有料到")
        return understood(row)

    monkeypatch.setattr(importer.table, "facts_of_row", stumble)

    batch = bring("项目编号,项目名称\nA-1,甲规划\nA-2,怪行\nA-3,乙规划\n")

    assert (batch.state, batch.created_count, batch.rejected_count) == ("done", 2, 1)
    assert batch.rejected_rows.get().reason == "程序没能处理这一行，已记入日志；请联系系统管理员，其余各行不受影响。"
    assert "could not be understood" in caplog.text
