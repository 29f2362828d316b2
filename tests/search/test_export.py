"""Taking a whole result along: what is in the file, who gets it, and that its length costs no memory."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

import search
from content.notifications.models import Notification
from search import export_jobs, export_views
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.engines.tantivy import TantivyEngine
from search.export_files import csv_lines, write_xlsx
from search.export_rows import Table
from search.models import ExportState, SearchExport
from search.readers import reader_for
from search.registry import Facet
from tests.factories.users import UserFactory
from tests.search.documents import DALI, LIJIANG, RELEASE, document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
HEADINGS = ["类别", "标题", "网址", "日期", "截止日期", "地点", "金额（元）", "地区", "资质", "发布单位", "匹配的内容"]
DALI_ROW = [
    "公告", DALI.title, "http://testserver/notices/2/", "2026-02-01", "2026-05-01", "云南省大理州", "4000000.00",
    "云南省/大理州", "城市规划甲级", "", "项目位于大理古城，采购人为大理州自然资源和规划局，预算四百万元。",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _index(home, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    get_engine().write([LIJIANG, DALI, RELEASE])


@pytest.fixture
def long_is(monkeypatch):
    """Call it to have results of more than so many rows made by the worker."""
    return lambda rows: monkeypatch.setattr(export_views, "AT_ONCE", rows)


def ask(client, **values):
    return client.post(reverse("search:start_export"), values)


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def lines(response) -> list[list[str]]:
    raw = content(response)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def midnight(*date: int) -> datetime.datetime:
    """How a spreadsheet gives a date back."""
    return datetime.datetime(*date)  # noqa: DTZ001 (spreadsheets know no zone)


def sheet(response):
    return load_workbook(io.BytesIO(content(response)))


def test_a_result_leaves_as_csv_in_the_order_of_the_page(client, staff):
    client.force_login(staff)

    response = ask(client, q="公告", sort="deadline", format="csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Cache-Control"] == "private, no-store"
    heading, *rows = lines(response)
    assert heading == HEADINGS
    page = client.get("/search/?q=公告&sort=deadline")
    assert [row[1] for row in rows] == [item["hit"].title for item in page.context["hits"]]
    assert DALI_ROW in rows


def test_a_result_leaves_as_xlsx_with_real_dates_and_numbers(client, staff):
    client.force_login(staff)

    book = sheet(ask(client, q="大理", place="云南省/大理州", amount_from="100", format="xlsx"))

    assert [list(row) for row in book["检索结果"].iter_rows(values_only=True)] == [
        HEADINGS,
        [
            *DALI_ROW[:3], midnight(2026, 2, 1), midnight(2026, 5, 1), "云南省大理州", 4000000,
            "云南省/大理州", "城市规划甲级", None, DALI_ROW[-1],
        ],
    ]  # fmt: skip
    about = dict(book["说明"].iter_rows(values_only=True))
    assert about["检索词"] == "大理"
    assert about["条件"] == "地区：云南省 › 大理州；金额：100 万元以上"


def test_only_facets_of_the_kinds_asked_for_are_columns(client, staff):
    client.force_login(staff)

    heading, *rows = lines(ask(client, q="", kind="release", format="csv"))

    assert heading == [*HEADINGS[:7], "地区", "发布单位", "匹配的内容"]
    assert [row[1] for row in rows] == [RELEASE.title]


def test_nobody_exports_what_he_may_not_read(client, outsider, staff):
    get_engine().write([document(4, title="丽江项目投标底价", audience=frozenset({"perm:tenders.view_tenderprocess"}))])

    client.force_login(outsider)
    assert [row[1] for row in lines(ask(client, q="丽江", format="csv"))[1:]] == [LIJIANG.title]
    client.force_login(staff)
    assert {row[1] for row in lines(ask(client, q="丽江", format="csv"))[1:]} == {LIJIANG.title, RELEASE.title}


def test_who_is_not_logged_in_logs_in_and_comes_back_to_the_result(client):
    response = ask(client, q="丽江", place="云南省")

    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=/search/")
    assert client.get("/search/export/?q=丽江")["Location"] == "/search/?q=%E4%B8%BD%E6%B1%9F"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_no_text_is_ever_a_formula(client, staff, start):
    client.force_login(staff)
    evil = f"{start}HYPERLINK(1)公告"
    get_engine().write([document(7, title=evil, body=f"{start}cmd公告", place="@SUM(A1)", facets={"place": ("=1+1",)})])

    (row,) = list(lines(ask(client, q="HYPERLINK", format="csv"))[1:])
    assert all(cell[:1] not in tuple("=+-@\t\r") for cell in row)
    assert row[1].startswith("'")
    (cells,) = sheet(ask(client, q="HYPERLINK", format="xlsx"))["检索结果"].iter_rows(min_row=2)
    assert "f" not in {cell.data_type for cell in cells}


def test_strange_characters_do_not_break_a_file(client, staff):
    client.force_login(staff)
    get_engine().write([document(7, title="怪字\ud800公告\x0b\ufffe🏔️\u202e", body="甲" * 40_000)])

    assert "🏔️" in lines(ask(client, q="怪字", format="csv"))[1][1]
    assert "🏔️" in sheet(ask(client, q="怪字", format="xlsx"))["检索结果"]["B2"].value


def test_nothing_found_exports_nothing_and_says_so(client, staff):
    client.force_login(staff)

    response = client.post(reverse("search:start_export"), {"q": "冰岛火山"}, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["没有可以导出的内容。"]
    assert response.redirect_chain[0][0] == "/search/?q=%E5%86%B0%E5%B2%9B%E7%81%AB%E5%B1%B1"


@pytest.mark.embedded
def test_a_dead_index_is_said_and_nothing_is_sent(client, staff, monkeypatch, long_is):
    client.force_login(staff)

    def dead(*args, **kwargs):
        raise EngineUnavailable("坏了")
        yield

    monkeypatch.setattr(TantivyEngine, "scan", dead)
    response = client.post(reverse("search:start_export"), {"q": "公告"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["检索正在修复，没有导出。请过一会儿再试。"]

    long_is(1)
    job = run(client, q="公告")
    assert (job.state, job.message) == (ExportState.FAILED, "检索正在修复，没有导出。请过一会儿再试。")


def run(client, **values) -> SearchExport:
    """Ask for an export and let the worker make it (tests commit by hand)."""
    response = ask(client, **values)
    job = SearchExport.objects.latest("pk")
    assert response["Location"] == job.get_absolute_url()
    export_jobs.run_job(job.pk)
    job.refresh_from_db()
    return job


def test_a_long_result_is_made_by_the_worker_and_its_owner_is_told(client, staff, long_is):
    client.force_login(staff)
    long_is(1)

    job = run(client, q="公告", format="csv")

    assert (job.state, job.rows_total, job.rows_done) == (ExportState.DONE, 2, 2)
    message = Notification.objects.get()
    assert (message.recipient, message.title, message.url) == (
        staff,
        "“公告”的检索结果已导出，共 2 条",
        f"/search/exports/{job.pk}/",
    )
    shown = client.get(job.get_absolute_url()).content.decode()
    assert "下载文件" in shown
    assert "共 2 条" in shown
    heading, *rows = lines(client.get(reverse("search:export_file", args=[job.pk])))
    assert heading == HEADINGS
    assert len(rows) == 2


def test_the_file_is_for_its_owner_alone(client, staff, superuser, long_is):
    client.force_login(staff)
    long_is(1)
    job = run(client, q="公告")

    client.force_login(superuser)
    for name in ("export", "export_file"):
        assert client.get(reverse(f"search:{name}", args=[job.pk])).status_code == 404
    assert client.post(reverse("search:delete_export", args=[job.pk])).status_code == 404
    client.logout()
    assert client.get(reverse("search:export_file", args=[job.pk])).status_code == 302


def test_who_has_lost_a_right_since_does_not_get_the_file(client, staff, long_is):
    client.force_login(staff)
    long_is(1)
    job = run(client, q="丽江")
    assert client.get(reverse("search:export_file", args=[job.pk])).status_code == 200

    staff.holdings.update(until=datetime.date(2020, 1, 1))
    response = client.get(reverse("search:export_file", args=[job.pk]), follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        "导出之后您的阅读范围有变化，这个文件不能再下载；请重新导出。"
    ]


def test_the_worker_applies_the_rights_of_the_moment_it_runs(client, staff, long_is):
    client.force_login(staff)
    long_is(1)
    ask(client, q="丽江", format="csv")
    staff.holdings.update(until=datetime.date(2020, 1, 1))

    job = SearchExport.objects.get()
    export_jobs.run_job(job.pk)

    assert [row[1] for row in lines(client.get(reverse("search:export_file", args=[job.pk])))[1:]] == [LIJIANG.title]


def test_an_export_run_twice_is_made_once(client, staff, long_is):
    client.force_login(staff)
    long_is(1)
    job = run(client, q="公告")
    name = job.file.name

    export_jobs.run_job(job.pk)

    job.refresh_from_db()
    assert job.file.name == name
    assert Notification.objects.count() == 1


def test_an_export_whose_worker_died_begins_anew(client, staff, long_is):
    client.force_login(staff)
    long_is(1)
    ask(client, q="公告")
    job = SearchExport.objects.get()
    SearchExport.objects.update(state=ExportState.RUNNING, rows_done=1)

    export_jobs.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.rows_done) == (ExportState.DONE, 2)


def test_a_stalled_export_says_so_and_can_be_started_again(client, staff, long_is):
    client.force_login(staff)
    long_is(1)
    ask(client, q="公告")
    job = SearchExport.objects.get()
    page = lambda: client.get(job.get_absolute_url()).content.decode()  # noqa: E731
    assert "导出停住了" not in page()

    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=4)):
        client.force_login(staff)
        assert "导出停住了" in page()
        client.post(reverse("search:resume_export", args=[job.pk]))
        assert "导出停住了" not in page()


def test_deleting_while_it_runs_stops_it_and_leaves_no_file(client, staff, long_is, monkeypatch, settings):
    client.force_login(staff)
    long_is(1)
    ask(client, q="公告")
    job = SearchExport.objects.get()
    monkeypatch.setattr(export_jobs, "_PROGRESS", -1)
    found_hits = export_jobs.found_hits

    def deleted_meanwhile(*args):
        for number, hit in enumerate(found_hits(*args)):
            if number == 1:
                client.post(reverse("search:delete_export", args=[job.pk]))
            yield hit

    monkeypatch.setattr(export_jobs, "found_hits", deleted_meanwhile)
    export_jobs.run_job(job.pk)

    assert not SearchExport.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    assert not Notification.objects.exists()


def test_files_go_after_three_days(client, staff, long_is, settings, django_capture_on_commit_callbacks):
    client.force_login(staff)
    long_is(1)
    job = run(client, q="公告")

    assert export_jobs.remove_expired() == 0
    SearchExport.objects.update(created_at=job.created_at - datetime.timedelta(days=3, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert export_jobs.remove_expired() == 1
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_the_same_export_is_not_made_twice_at_once_and_four_are_too_many(client, staff, long_is):
    client.force_login(staff)
    long_is(0)
    for q in ("公告", "公告", "丽江", "大理"):
        ask(client, q=q)
    assert SearchExport.objects.count() == 3

    response = client.post(reverse("search:start_export"), {"q": "培训"}, follow=True)

    assert [str(message) for message in response.context["messages"]] == [
        "您有 3 个导出正在进行，请等其中一个完成，或先取消一个。"
    ]
    assert SearchExport.objects.count() == 3


@pytest.mark.parametrize("number", [1, 3])
def test_my_exports_cost_the_same_queries_however_many(client, staff, number, django_assert_num_queries):
    for at in range(number):
        SearchExport.objects.create(owner=staff, address=f"?q=公告{at}&place=云南省", format="csv")
    SearchExport.objects.create(owner=UserFactory(), address="?q=别人的", format="csv")
    client.force_login(staff)
    client.get(reverse("search:exports"))

    with django_assert_num_queries(11):
        response = client.get(reverse("search:exports"))

    assert len(response.context["rows"]) == number
    assert "别人的" not in response.content.decode()


def test_more_rows_than_a_sheet_holds_go_on_the_next(staff):
    hits = list(search.scan("公告", reader=reader_for(staff)))
    table = Table((), "https://portal.example.com")
    out = io.BytesIO()

    write_xlsx(table, table.rows(hits * 2), {}, out, rows_per_sheet=3)

    book = load_workbook(out)
    assert book.sheetnames == ["检索结果", "检索结果 2", "说明"]
    assert [book[name].max_row for name in book.sheetnames[:2]] == [3, 3]


def test_two_columns_never_have_the_same_name():
    table = Table((Facet("date", "日期"), Facet("place", "地点")), "")

    assert len(set(table.headings)) == len(table.headings)
    assert list(csv_lines(table, []))[0].startswith("\ufeff类别,标题")


def test_amounts_are_numbers_a_spreadsheet_can_add(client, staff):
    client.force_login(staff)
    get_engine().write([document(8, title="小额公告", amount=Decimal("0.10"))])

    assert sheet(ask(client, q="小额", format="xlsx"))["检索结果"]["G2"].value == 0.1
