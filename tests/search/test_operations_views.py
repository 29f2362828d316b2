"""The page of operations, the results page while the index is being mended, and the health address."""

import shutil

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError

import search
from content.organization.groups import SITE_MANAGERS
from search.engines import get_engine
from search.maintenance import make_current
from search.models import MaintenanceRun, OutboxEntry
from tests.factories import releases
from tests.factories.users import UserFactory


@pytest.fixture
def manager(db, client):
    """May go to the desk and operate search, nothing else."""
    group = Group.objects.create(name=SITE_MANAGERS)
    for codename in ("access_admin", "operate_search"):
        group.permissions.add(Permission.objects.get(codename=codename))
    user = UserFactory(username="manager", name="韩梅")
    user.groups.add(group)
    client.force_login(user)
    return user


@pytest.fixture
def index(home):
    make_current()
    return home


def lose_the_index():
    shutil.rmtree(get_engine().generations.root)


def test_the_page_says_that_all_is_well(client, manager, index):
    answer = client.get("/admin/search-status/").text

    assert "检索一切正常。" in answer
    assert "本机内嵌（tantivy）" in answer
    assert "核对并修复</button>" in answer
    assert "新闻稿、招标信息" in answer or "招标信息、新闻稿" in answer


def test_the_page_says_what_is_wrong(client, manager, index):
    OutboxEntry.objects.create(model="releases.releasepage", object_pk="1", attempts=5, last_error="ValueError: 坏")
    lose_the_index()

    answer = client.get("/admin/search-status/").text

    assert "检索索引还没有建立，请点“重建”或运行 rebuild_search_index。" in answer
    assert "有 1 条内容多次没能编入索引" in answer
    assert "<td>ValueError: 坏</td>" in answer


@pytest.mark.parametrize(("kind", "label"), [("verify", "核对并修复"), ("rebuild", "重建")])
def test_a_button_has_it_done_in_the_worker(client, manager, index, kind, label, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/admin/search-status/{kind}/", follow=True)

    assert f"“{label}”已经开始，期间检索和编辑照常。" in answer.text
    run = MaintenanceRun.objects.get()
    assert (run.kind, run.state, run.asked_by) == (kind, "done", "韩梅")


def test_a_second_one_is_refused_and_the_page_shows_itself_anew(client, manager, index):
    client.post("/admin/search-status/rebuild/")
    MaintenanceRun.objects.update(state="running", phase="新闻稿", done=30, total=120)

    answer = client.post("/admin/search-status/verify/", follow=True)

    assert "发起的“重建”还没有结束，请等它完成后再试。" in answer.text
    assert "正在处理“新闻稿”（30 / 120）" in answer.text
    assert '<progress max="100" value="25"' in answer.text
    assert answer["Refresh"] == "2"
    assert "核对并修复</button>" not in answer.text
    assert MaintenanceRun.objects.count() == 1


def test_who_may_not_operate_search_is_sent_away_and_sees_no_menu_item(client, index, manager):
    group = Group.objects.get(name=SITE_MANAGERS)
    group.permissions.remove(Permission.objects.get(codename="operate_search"))

    for method, address in (("get", ""), ("post", "verify/"), ("post", "rebuild/")):
        response = getattr(client, method)(f"/admin/search-status/{address}")
        assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert not MaintenanceRun.objects.exists()
    assert "检索状态" not in client.get("/admin/").text


def test_the_menu_offers_the_page_to_who_may(client, manager, index):
    assert "/admin/search-status/" in client.get("/admin/").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_is_listed(client, manager, index, count, django_assert_num_queries):
    for number in range(count):
        OutboxEntry.objects.create(model="x.y", object_pk=str(number), attempts=5)
        MaintenanceRun.objects.create(kind="verify", asked_by="甲", active=False)
    client.get("/admin/search-status/")

    with django_assert_num_queries(17):
        client.get("/admin/search-status/")


# --- The results page ------------------------------------------------------------------------------------------------


@pytest.fixture
def release(home):
    page = releases.published(releases.newsroom_below(home))
    make_current()
    return page


def test_a_visitor_is_told_and_led_to_the_lists(client, release):
    lose_the_index()

    answer = client.get("/search/", {"q": "古城"})

    assert answer.status_code == 200
    assert "检索正在修复，请稍后再试；浏览和编辑不受影响。" in answer.text
    assert '<a href="/newsroom/" hx-boost="false">新闻中心</a>' in answer.text
    assert "组织图</a></li>" not in answer.text
    assert "没有找到" not in answer.text


def test_staff_are_led_to_their_lists_and_offered_no_others(client, release, staff):
    lose_the_index()
    client.force_login(staff)

    answer = client.get("/search/", {"q": "古城"}).text

    assert '<a href="/organization/" hx-boost="false">组织图</a>' in answer
    assert '<a href="/tenders/" hx-boost="false">' not in answer


def test_suggestions_are_merely_empty(client, release):
    lose_the_index()

    assert client.get("/search/suggest/?q=古&format=json").json() == {"q": "古", "suggestions": []}


def test_back_again_the_page_is_as_before(client, release):
    lose_the_index()
    search.rebuild()

    answer = client.get("/search/", {"q": "古城"}).text

    assert "检索正在修复" not in answer
    assert release.url in answer


# --- Health ----------------------------------------------------------------------------------------------------------


def test_health_tells_an_index_out_of_use_without_being_ill(client, release):
    assert client.get("/healthz/").json() == {"status": "ok", "database": "ok", "search": "ok"}

    lose_the_index()

    response = client.get("/healthz/")
    assert response.json() == {"status": "ok", "database": "ok", "search": "repairing"}
    assert (response.status_code, "no-store" in response["Cache-Control"]) == (200, True)


def test_health_is_503_without_the_database(client, monkeypatch):
    def gone():
        raise DatabaseError

    monkeypatch.setattr("portal.health.connection.cursor", gone)

    response = client.get("/healthz/")

    assert (response.status_code, response.json()["status"]) == (503, "down")
