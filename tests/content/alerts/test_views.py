"""«我的订阅» as its owner, the holders of a post and others meet it."""

import datetime
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from content.alerts import listing
from content.alerts.followers import searches_of
from content.alerts.forms import MOST
from content.alerts.models import OptOut, SavedSearch
from search.engines.base import EngineUnavailable
from tests.content.alerts.conftest import tender
from tests.factories.alerts import SavedSearchFactory


@pytest.fixture
def mine(client, assistant):
    """The assistant's browser."""
    client.force_login(assistant)
    return client


def test_the_results_page_offers_to_save_what_it_shows(mine, search_index):
    tender()
    search_index()
    page = mine.get("/search/?q=总体规划&kind=tender&sort=newest&page=1")

    assertContains(page, "/saved/new/?q=%E6%80%BB%E4%BD%93%E8%A7%84%E5%88%92&amp;kind=tender&amp;sort=newest")
    mine.logout()
    assertNotContains(mine.get("/search/?q=总体规划"), "/saved/new/")


def test_a_search_is_saved_with_its_words_and_facets(mine, assistant):
    page = mine.get("/saved/new/?q=总体规划+云南&kind=tender&place=云南省/丽江市&sort=newest&page=3")
    assertContains(page, "地区：云南省 › 丽江市")
    assertContains(page, 'value="总体规划 云南 招标信息 丽江市"')

    response = mine.post(
        "/saved/new/", {"query": page.context["query"], "name": "云南总规", "inbox": "on", "mail": "weekly"}
    )
    search = SavedSearch.objects.get()
    assert response["Location"] == f"/saved/{search.pk}/"
    assert (search.owner, search.name, search.mail, search.inbox) == (assistant, "云南总规", "weekly", True)
    assert search.query == urlencode({"q": "总体规划 云南", "kind": "tender", "place": "云南省/丽江市"})
    assertContains(mine.get(search.get_absolute_url()), search.results_url.replace("&", "&amp;"))


def test_what_was_typed_stays_on_an_error(mine, assistant):
    SavedSearchFactory(owner=assistant, name="总规")
    response = mine.post("/saved/new/", {"query": "q=丽江", "name": "总规", "mail": "never"})

    assertContains(response, "您已经保存过同名的检索", status_code=422)
    assertContains(response, 'name="query" value="q=%E4%B8%BD%E6%B1%9F"', status_code=422)
    assertContains(mine.post("/saved/new/", {"name": "", "mail": "daily"}), "请给这个检索起个名字", status_code=422)
    SavedSearch.objects.bulk_create(SavedSearchFactory.build(owner=assistant) for _ in range(MOST))
    response = mine.post("/saved/new/", {"query": "q=丽江", "name": "又一个", "mail": "never"})
    assertContains(response, f"最多保存 {MOST} 个", status_code=422)


def test_what_cannot_be_used_is_said_before_it_is_saved(mine):
    assertContains(mine.get("/saved/new/?q=%25%25"), "没有可以检索的文字")
    assertContains(mine.get("/saved/new/?q=" + "规划" * 1_000), "只用前 300 个字")
    assertContains(mine.get("/saved/new/?date_from=昨天&q=规划"), "昨天")
    assertContains(mine.get("/saved/new/?q=<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;")
    assert mine.get("/saved/new/?q=%ff%fe&place=%00&x=y").status_code == 200


def test_a_query_of_two_thousand_characters_can_be_saved(mine):
    text = "总体规划" * 500
    mine.post("/saved/new/", {"query": urlencode({"q": text}), "name": "长", "mail": "daily"})

    assert SavedSearch.objects.get().asked.text == text


def test_the_back_test_counts_by_week_and_warns_of_what_is_too_wide(mine, search_index):
    now = timezone.now()
    for days in (1, 2, 20, 200):
        tender(f"{days}天前的总体规划", published_at=now - datetime.timedelta(days=days))
    search_index()
    page = mine.get("/saved/new/?q=总体规划")

    tested = page.context["tested"]
    assert (tested.total, [week.count for week in tested.weeks]) == (3, [0] * 10 + [1, 0, 2])
    assert [hit.title for hit in tested.newest] == ["1天前的总体规划", "2天前的总体规划", "20天前的总体规划"]
    assertContains(page, "会带来 <strong>3</strong> 条")
    assertNotContains(page, "太宽")


def test_too_wide_suggests_mail_every_day_instead_of_messages(mine, search_index, monkeypatch):
    monkeypatch.setattr("content.alerts.backtest.TOO_MANY_A_DAY", 0)
    tender("总体规划", published_at=timezone.now())
    search_index()
    page = mine.get("/saved/new/?q=总体规划")

    assertContains(page, "太宽：每天约 0 条")
    assert page.context["form"].initial["inbox"] is False


def test_a_dead_index_keeps_nobody_from_saving(mine, monkeypatch, assistant):
    from search.engines import tantivy

    def dead(*args, **values):
        raise EngineUnavailable("坏了")

    monkeypatch.setattr(tantivy.TantivyEngine, "search", dead)
    SavedSearchFactory(owner=assistant)

    assertContains(mine.get("/saved/new/?q=规划"), "现在不能试算")
    assertContains(mine.get("/saved/"), "检索暂时不可用")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_search_and_for_three(
    mine, assistant, search_index, django_assert_num_queries, number
):
    tender()
    search_index()
    for _ in range(number):
        SavedSearchFactory(owner=assistant)
    searches = list(searches_of(assistant))
    with django_assert_num_queries(7):
        assert len(listing.lines(searches, assistant)) == number
    page = mine.get("/saved/")
    assertContains(page, "现有 1 条", count=number)
    assertContains(page, "云南省丽江市旅游发展总体规划", count=number)


def test_hits_and_counts_are_those_its_reader_may_read(client, staff, search_index):
    tender()
    search_index()
    SavedSearchFactory(owner=staff)
    client.force_login(staff)

    page = client.get("/saved/")
    assertContains(page, "现有 0 条")
    assertNotContains(page, "丽江")


def test_the_page_of_a_search_lists_what_it_has_told(mine, assistant, compare):
    search = SavedSearchFactory(owner=assistant)
    one, other = tender(), tender("第二个总体规划")
    compare()
    page = mine.get(search.get_absolute_url())
    assertContains(page, "<mark>总体规划</mark>", count=2)

    other.delete()
    assistant.user_permissions.clear()
    assertNotContains(mine.get(search.get_absolute_url()), one.title)


def test_the_owner_changes_pauses_and_deletes(mine, assistant):
    search = SavedSearchFactory(owner=assistant)
    address = search.get_absolute_url()

    mine.post(f"{address}edit/", {"name": "新名", "mail": "never"})
    search.refresh_from_db()
    assert (search.name, search.mail, search.inbox, search.query) == ("新名", "never", False, "q=总体规划")
    mine.post(f"{address}pause/")
    assertContains(mine.get("/saved/"), "已暂停")
    mine.post(f"{address}pause/", {"go_on": "1"})
    assertNotContains(mine.get("/saved/"), "已暂停")
    assertContains(mine.get(f"{address}delete/"), "删除「新名」？")
    assert SavedSearch.objects.exists()
    mine.post(f"{address}delete/")
    assert not SavedSearch.objects.exists()


def test_holders_of_the_post_see_a_shared_search_and_can_only_stop_it_for_themselves(
    client, assistant, colleague, outsider
):
    search = SavedSearchFactory(owner=assistant, name="总规", post=colleague.holdings.get().post)
    client.force_login(colleague)
    assertContains(client.get("/saved/"), "由 李思远 保存")
    page = client.get(search.get_absolute_url())
    assertContains(page, "不再提醒我")
    assertNotContains(page, f"/saved/{search.pk}/edit/")
    client.post(f"/saved/{search.pk}/follow/")
    assert list(OptOut.objects.values_list("user", flat=True)) == [colleague.pk]
    assertContains(client.get("/saved/"), "不提醒我")
    client.post(f"/saved/{search.pk}/follow/", {"go_on": "1"})
    assert not OptOut.objects.exists()
    for act in ("edit", "pause", "delete"):
        assert client.post(f"/saved/{search.pk}/{act}/").status_code == 403

    client.force_login(outsider)
    assertContains(client.get("/saved/"), "还没有保存的检索")
    assert client.get(search.get_absolute_url()).status_code == 403


def test_only_staff_share_with_posts(client, assistant, outsider):
    client.force_login(outsider)
    assert "post" not in client.get("/saved/new/?q=规划").context["form"].fields
    post = assistant.holdings.get().post
    client.post("/saved/new/", {"query": "q=规划", "name": "公开", "mail": "never", "post": post.pk})
    assert SavedSearch.objects.get().post is None


def test_a_facet_value_nobody_has_any_more_is_named(mine, assistant, search_index):
    tender()
    search_index()
    SavedSearchFactory(owner=assistant, query=urlencode({"q": "规划", "place": "云南省/路南县"}))
    SavedSearchFactory(owner=assistant, query="q=规划&gone=x")

    page = mine.get("/saved/")
    assertContains(page, "现在没有内容属于“云南省 › 路南县”")
    assertContains(page, "门户已经不再支持")
