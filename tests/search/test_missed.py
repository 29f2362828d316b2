"""Searches that found nothing: what is counted, what never is, and who acts on it."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

import search
from content.home.schedule import forget_old_missed_searches
from content.organization.groups import INFO_ASSISTANTS, MARKETERS
from content.organization.setting_up import set_up_groups
from search import missed
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.models import MissedSearch, SynonymGroup
from search.readers import ANONYMOUS, Reader
from tests.search.documents import DALI, LIJIANG, RELEASE

STAFF = Reader(frozenset({"public", "staff", "user:7"}), user_id=7)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index(kinds, home):
    get_engine().write([LIJIANG, DALI, RELEASE])


def record(text: str, reader: Reader = ANONYMOUS) -> None:
    missed.record(search.search(text, reader=reader), reader)


def kept() -> list[tuple]:
    return list(MissedSearch.objects.order_by("pk").values_list("text", "rights", "nothing", "partly"))


def test_what_finds_nothing_is_counted_by_its_words_and_by_who_may_see_what():
    record("營銷 方案")
    record("营销  方案 截止:2026..", STAFF)
    record("营销 方案")
    record("丽江营销方案")
    record("丽江")
    record("")
    record("%%%")
    record("类别:没有")

    assert kept() == [
        ("营销 方案", "public", 2, 0),
        ("营销 方案", "staff", 1, 0),
        ("丽江营销方案", "public", 0, 1),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "张某 138 0013 8000",
        "+86-138-0013-8000",
        "zhang@example.com",
        "11010519491231002X",
        "110105 19491231 002X",
        "6222 0212 3456 7890",
        "010-88886666",
        "0871 6312345",
        "88886666",
        "护照 e12345678",
        "长" * 61,
    ],
)
def test_what_points_to_a_person_or_was_pasted_is_not_kept(typed):
    record(typed)

    assert kept() == []


@pytest.mark.parametrize("typed", ["lj-2026-999", "20270315", "gb50999", "营销方案 2026-03-15"])
def test_project_numbers_and_dates_are_kept(typed):
    record(typed)

    assert [row[0] for row in kept()] == [typed]


def test_what_a_spreadsheet_takes_for_a_formula_loses_its_sign():
    record("=营销()")

    assert [row[0] for row in kept()] == ["营销()"]


def test_a_dead_index_found_nothing_because_it_is_dead(monkeypatch):
    def broken(*args, **values):
        raise EngineUnavailable

    monkeypatch.setattr(type(get_engine()), "search", broken)
    record("丽江")

    assert kept() == []


def test_what_is_asked_for_again_is_open_again():
    record("营销方案")
    MissedSearch.objects.update(handled=True)

    record("营销方案")

    assert MissedSearch.objects.get().handled is False


def test_two_readers_at_the_same_moment_are_both_counted(monkeypatch):
    counted = missed._count

    def overtaken(*args):
        monkeypatch.setattr(missed, "_count", counted)
        record("营销方案")  # between looking for the row and making it
        return 0

    monkeypatch.setattr(missed, "_count", overtaken)
    record("营销方案")

    assert kept() == [("营销方案", "public", 2, 0)]


def test_made_up_words_cannot_fill_the_database(monkeypatch):
    monkeypatch.setattr(missed, "MOST", 2)
    for text in ("甲乙丙", "丁戊己", "庚辛壬", "甲乙丙"):
        record(text)

    assert kept() == [("甲乙丙", "public", 2, 0), ("丁戊己", "public", 1, 0)]


def test_what_was_not_asked_for_since_long_is_forgotten():
    with time_machine.travel(timezone.now() - datetime.timedelta(days=181)):
        record("营销方案")
        record("宣传方案")
    record("宣传方案")

    assert forget_old_missed_searches() == 1
    assert [row[0] for row in kept()] == ["宣传方案"]


def test_the_results_page_counts_first_pages_without_filters(client):
    address = reverse("search:results")
    client.get(address, {"q": "营销方案"})
    client.get(address, {"q": "营销方案", "page": 2})
    client.get(address, {"q": "营销方案", "kind": "notice"})
    client.get(address, {"q": "丽江"})
    client.head(address, {"q": "营销方案"})

    assert kept() == [("营销方案", "public", 1, 0)]


@pytest.fixture
def assistant(staff, department):
    from content.organization.groups import group_named

    set_up_groups()
    staff.groups.add(group_named(INFO_ASSISTANTS))
    return staff


def test_the_assistant_makes_a_synonym_of_it_and_it_is_handled(client, assistant):
    record("采购公告")
    client.force_login(assistant)

    page = client.get(reverse("search_missed")).content.decode()
    address = reverse("wagtailsnippets_search_synonymgroup:add")
    form = client.get(address, {"words": "采购公告 = "}).content.decode()
    saved = client.post(address, {"words": "采购公告 = 招标公告", "active": "on"})

    assert "采购公告" in page
    assert f"{address}?words=%E9%87%87%E8%B4%AD%E5%85%AC%E5%91%8A+%3D+" in page
    assert "采购公告 = </textarea>" in form
    assert saved.status_code == 302
    assert SynonymGroup.objects.get().words == "采购公告 = 招标公告"
    assert MissedSearch.objects.get().handled is True


def test_one_is_marked_as_handled_and_opened_again(client, assistant):
    record("采购公告")
    client.force_login(assistant)
    address = reverse("search_settle_missed", args=[MissedSearch.objects.get().pk])

    client.post(address, {"handled": "1"})
    assert MissedSearch.objects.get().handled is True
    assert "重新打开" in client.get(reverse("search_missed")).content.decode()
    client.post(address, {"handled": "0"})
    assert MissedSearch.objects.get().handled is False
    assert client.get(address).status_code == 405


def test_the_list_goes_out_as_a_spreadsheet(client, assistant):
    record("采购公告")
    client.force_login(assistant)

    exported = client.get(reverse("search_missed"), {"export": "csv"})

    lines = b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "检索词,检索者,一条也没有（次）,只找到一部分（次）,第一次,最近一次,已处理"
    today = timezone.localdate().isoformat()
    assert lines[1] == f"采购公告,访客,0,1,{today},{today},否"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_however_long(client, assistant, django_assert_num_queries, count):
    for number in range(count):
        record(f"采购公告{number}号")
    client.force_login(assistant)
    client.get(reverse("search_missed"))

    with django_assert_num_queries(10):
        client.get(reverse("search_missed"))


def test_nobody_else_sees_the_list(client, staff, outsider):
    from content.organization.groups import group_named

    set_up_groups()
    record("采购公告")
    address = reverse("search_missed")
    settling = reverse("search_settle_missed", args=[MissedSearch.objects.get().pk])
    assert client.get(address).status_code == 302
    staff.groups.add(group_named(MARKETERS))
    for user in (staff, outsider):
        client.force_login(user)
        assert client.get(address).status_code in (302, 403)
        assert client.post(settling, {"handled": "1"}).status_code in (302, 403)
    assert MissedSearch.objects.get().handled is False
