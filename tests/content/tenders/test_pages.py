"""The list, one tender, the opinion and the export, for every kind of reader."""

import datetime
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from content.places.models import Division
from content.taxonomy.models import Subject
from content.tenders.models import QualificationRequirement, TenderProcess
from tests.factories.tenders import TenderProcessFactory

PAGES = ["/tenders/", "/tenders/export.xlsx", "/tenders/{pk}/", "/tenders/{pk}/opinion/"]


@pytest.fixture
def process(db):
    return TenderProcessFactory(title="玉湖村旅游总体规划")


def in_days(days: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


@pytest.mark.parametrize("page", PAGES)
def test_the_anonymous_are_asked_to_log_in(client, process, page):
    url = page.format(pk=process.pk)

    response = client.get(url)

    assert (response.status_code, response["Location"]) == (302, f"/login/?next={url}")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["outsider", "staff"])
def test_without_the_right_everything_is_refused(client, request, process, page, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page.format(pk=process.pk)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["assistant", "superuser"])
def test_with_the_right_everything_opens(client, request, home, process, page, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(page.format(pk=process.pk)).status_code == 200


def test_who_may_only_read_writes_no_opinion(client, home, staff, process):
    from django.contrib.auth.models import Permission

    staff.user_permissions.add(Permission.objects.get(codename="view_tenderprocess"))
    client.force_login(staff)

    assert client.get(f"/tenders/{process.pk}/").status_code == 200
    assert "意见</a>" not in client.get(f"/tenders/{process.pk}/").text
    assert client.post(f"/tenders/{process.pk}/opinion/", {"first_understanding": "值得跟"}).status_code == 403
    process.refresh_from_db()
    assert process.first_understanding == ""


def _fill(count: int) -> None:
    subject = Subject.objects.create(name="旅游规划", slug="tourism-planning")
    province = Division.objects.create(code="530000", name="云南省", level="province", type="province")
    city = Division.objects.create(
        code="530700", name="丽江市", level="prefecture", type="prefecture_level_city", parent=province
    )
    county = Division.objects.create(code="530702", name="古城区", level="county", type="district", parent=city)
    for _ in range(count):
        process = TenderProcessFactory(division=county, source_name="采购人官网", tender_end=in_days(5))
        process.subjects.add(subject)
        QualificationRequirement.objects.create(process=process, kind="旅游规划设计", grade="b")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(client, home, assistant, count, django_assert_num_queries):
    _fill(count)
    client.force_login(assistant)
    client.get("/tenders/")

    with django_assert_num_queries(20):
        response = client.get("/tenders/")

    assert response.text.count("玉湖村旅游总体规划") == count
    assert f"共 <strong>{count}</strong> 个项目" in response.text


def titles(response) -> list[str]:
    return [process.title for process in response.context["page_obj"]]


@pytest.fixture
def board(db):
    """Four tenders that every filter tells apart."""
    subject = Subject.objects.create(name="旅游规划", slug="tourism-planning")
    yunnan = Division.objects.create(code="530000", name="云南省", level="province", type="province")
    lijiang = Division.objects.create(
        code="530700", name="丽江市", level="prefecture", type="prefecture_level_city", parent=yunnan
    )
    hunan = Division.objects.create(code="430000", name="湖南省", level="province", type="province")
    first = TenderProcessFactory(
        title="甲", division=lijiang, tender_end=in_days(3), value_amount=1_860_000, source_name="采购人官网",
        published_at=in_days(-1),
    )  # fmt: skip
    first.subjects.add(subject)
    QualificationRequirement.objects.create(process=first, kind="旅游规划设计", grade="b")
    TenderProcessFactory(
        title="乙", division=hunan, tender_end=in_days(20), value_amount=500_000, published_at=in_days(-2)
    )
    TenderProcessFactory(title="丙", division=yunnan, tender_end=in_days(-3), value_amount=900, value_currency="GBP")
    TenderProcessFactory(title="丁", status="cancelled", agency="某代理", published_at=in_days(-9))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["甲", "乙", "丁", "丙"]),
        ("q=甲", ["甲"]),
        ("q=某代理", ["丁"]),
        ("place=530000", ["甲", "丙"]),
        ("place=530700", ["甲"]),
        ("subject=tourism-planning", ["甲"]),
        ("qualification=旅游规划设计:b", ["甲"]),
        ("qualification=旅游规划设计", ["甲"]),
        ("state=open", ["甲", "乙"]),
        ("state=closed", ["丙"]),
        ("state=cancelled", ["丁"]),
        ("deadline=open", ["甲", "乙"]),
        ("deadline=week", ["甲"]),
        ("deadline=month", ["甲", "乙"]),
        ("deadline=past", ["丙"]),
        ("low=100", ["甲"]),
        ("high=100", ["乙"]),
        ("low=10&high=60", ["乙"]),
        ("source=采购人官网", ["甲"]),
        ("sort=deadline", ["丙", "甲", "乙", "丁"]),
        ("sort=amount", ["甲", "乙", "丙", "丁"]),
        ("place=530000&state=open", ["甲"]),
        ("place=530000&q=乙", []),
        ("place=x&low=many&sort=odd&deadline=never&state=%00&page=99", ["甲", "乙", "丁", "丙"]),
        ("q=%00&low=NaN&high=-1", ["甲", "乙", "丁", "丙"]),
        ("low=1e400", ["甲", "乙", "丁", "丙"]),
    ],
)
def test_the_list_is_narrowed_and_sorted_by_its_address(client, home, assistant, board, query, expected):
    client.force_login(assistant)

    response = client.get(f"/tenders/?{query}")

    assert titles(response) == expected


def test_each_filter_is_counted_under_all_the_others(client, home, assistant, board):
    client.force_login(assistant)

    groups = {group.title: group.choices for group in client.get("/tenders/?place=530000").context["groups"]}

    counted = {title: [(choice.label, choice.count) for choice in choices] for title, choices in groups.items()}
    assert counted == {
        "地区": [("云南省", 2), ("丽江市", 1), ("湖南省", 1)],
        "主题": [("旅游规划", 1)],
        "资质": [("旅游规划设计乙级", 1)],
        "状态": [("可投标", 1), ("已截止", 1)],
        "来源": [("采购人官网", 1)],
    }


def test_a_filter_that_is_on_shows_as_a_chip_that_takes_it_off(client, home, assistant, board):
    client.force_login(assistant)

    chips = client.get("/tenders/?place=530700&deadline=week&low=50").context["chips"]

    assert [(chip.label, chip.query) for chip in chips] == [
        ("云南省丽江市", "deadline=week&low=50"),
        ("七天内截止", "place=530700&low=50"),
        ("预算 50 万元以上", "place=530700&deadline=week"),
    ]


def test_an_empty_list_says_what_to_do(client, home, assistant):
    client.force_login(assistant)

    assert "还没有招标信息" in client.get("/tenders/").text
    assert "这些条件下没有招标信息" in client.get("/tenders/?q=没有").text


def test_what_is_not_known_is_said_and_not_left_blank(client, home, assistant, process):
    client.force_login(assistant)

    text = client.get(f"/tenders/{process.pk}/").text

    assert text.count('<span class="unstated">未说明</span>') == 12
    assert "未公布" in text
    assert "手工录入，没有公告原文。" in text


def test_one_tender_costs_few_queries(client, home, assistant, process, django_assert_num_queries):
    client.force_login(assistant)
    client.get(f"/tenders/{process.pk}/")

    with django_assert_num_queries(13):
        client.get(f"/tenders/{process.pk}/")


def test_days_left_are_calendar_days_in_shanghai(home):
    today = TenderProcessFactory(tender_end=timezone.localtime().replace(hour=23, minute=59))
    tomorrow = TenderProcessFactory(tender_end=in_days(1))
    past = TenderProcessFactory(tender_end=in_days(-1))

    assert (today.days_left, tomorrow.days_left, past.days_left) == (0, 1, None)
    assert (today.state_label, past.state_label) == ("招标中", "已截止")


def test_markup_in_a_tender_is_shown_as_text(client, home, assistant):
    process = TenderProcessFactory(title="<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")
    client.force_login(assistant)

    for url in ("/tenders/", f"/tenders/{process.pk}/", f"/tenders/{process.pk}/opinion/"):
        text = client.get(url).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_an_opinion_is_kept_with_who_and_when(client, home, assistant, process):
    client.force_login(assistant)

    response = client.post(
        f"/tenders/{process.pk}/opinion/",
        {
            "first_understanding": "值得跟",
            "technical_strength": "团队齐备",
            "comparable_cases": "",
            "bidding_field": "",
        },
    )

    assert (response.status_code, response["Location"]) == (302, f"/tenders/{process.pk}/")
    process.refresh_from_db()
    assert (process.first_understanding, process.technical_strength) == ("值得跟", "团队齐备")
    assert process.opinion_by == assistant
    assert timezone.now() - process.opinion_at < datetime.timedelta(minutes=1)


def test_too_long_an_opinion_is_told_and_nothing_typed_is_lost(client, home, assistant, process):
    client.force_login(assistant)

    response = client.post(f"/tenders/{process.pk}/opinion/", {"first_understanding": "长" * 4001})

    assert response.status_code == 422
    assert "这一项超过 4,000 字，请精简后再保存。" in response.text
    assert "长" * 4001 in response.text
    process.refresh_from_db()
    assert process.first_understanding == ""


def test_the_export_holds_every_column_and_runs_nothing(client, home, assistant):
    TenderProcessFactory(title="=cmd|' /C calc'!A0", tender_end=in_days(3), value_amount=1_860_000)
    client.force_login(assistant)

    response = client.get("/tenders/export.xlsx?q=cmd")

    heading, line = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    assert len(heading) == len(line) == 31
    assert line[heading.index("项目名称")] == "'=cmd|' /C calc'!A0"
    assert line[heading.index("预算金额（元）")] == 1_860_000
    assert "attachment" in response["Content-Disposition"]


def test_what_was_exported_imports_as_the_same_tenders(client, home, assistant, board, bring):
    client.force_login(assistant)
    content = client.get("/tenders/export.xlsx").content
    before = list(
        TenderProcess.objects.order_by("pk").values("ocid", "title", "status", "value_amount", "value_currency")
    )

    batch = bring(content, "导出.xlsx")

    assert (batch.created_count, batch.rejected_count) == (0, 0)
    after = list(
        TenderProcess.objects.order_by("pk").values("ocid", "title", "status", "value_amount", "value_currency")
    )
    assert after == before


@pytest.mark.parametrize("count", [1, 3])
def test_the_export_costs_the_same_whatever_its_length(client, home, assistant, count, django_assert_num_queries):
    _fill(count)
    client.force_login(assistant)
    client.get("/tenders/export.xlsx")

    with django_assert_num_queries(9):
        client.get("/tenders/export.xlsx")
