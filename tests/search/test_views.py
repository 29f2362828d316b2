"""The results page: what it shows to whom, what narrows it, and that no address breaks it."""

import datetime
import re
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from search.engines import get_engine
from tests.search.documents import DALI, LIJIANG, RELEASE, document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
MANAGERS_ONLY = document(4, title="丽江项目投标底价", audience=frozenset({"perm:tenders.view_tenderprocess"}))


@pytest.fixture(autouse=True)
def _index(home):
    get_engine().write([LIJIANG, DALI, RELEASE, MANAGERS_ONLY])


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime.datetime(2026, 3, 28, 12, tzinfo=datetime.UTC), tick=False):
        yield


def page(client, **query):
    response = client.get(reverse("search:results"), query)
    assert response.status_code == 200
    return response


def hits(response) -> list[str]:
    return [item["hit"].title for item in response.context["hits"]]


def labels(links) -> list[tuple[str, bool, int | None]]:
    return [(link.label, link.on, link.count) for link in links]


def html(response) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


def test_anonymous_readers_find_what_is_public(client):
    response = page(client, q="丽江")

    assert hits(response) == [LIJIANG.title]
    assert labels(response.context["tabs"]) == [("全部", True, 1), ("公告", False, 1)]
    assert "讲解员" not in html(response)
    assert "底价" not in html(response)


def test_an_account_without_post_finds_what_is_public(client, outsider):
    client.force_login(outsider)

    assert hits(page(client, q="丽江")) == [LIJIANG.title]


def test_staff_find_what_is_for_staff(client, staff):
    client.force_login(staff)

    response = page(client, q="丽江")

    assert hits(response) == [LIJIANG.title, RELEASE.title]
    assert labels(response.context["tabs"]) == [("全部", True, 2), ("公告", False, 1), ("新闻稿", False, 1)]
    assert response.context["found"].facets["place"] == [("云南省", 2), ("云南省/丽江市", 2)]


def test_who_holds_the_right_finds_what_needs_it(client, staff, monkeypatch):
    from content.organization import audience

    monkeypatch.setattr(audience, "_permissions", {"tenders.view_tenderprocess"})
    monkeypatch.setattr(type(staff), "has_perm", lambda self, perm, obj=None: perm == "tenders.view_tenderprocess")
    client.force_login(staff)

    assert MANAGERS_ONLY.title in hits(page(client, q="丽江"))


def test_superusers_find_everything(client, superuser):
    client.force_login(superuser)

    assert page(client).context["found"].total == 4


def test_a_hit_shows_what_matters_with_the_words_marked(client):
    shown = html(page(client, q="总体规划"))

    assert "丽江市旅游发展<mark>总体规划</mark>编制项目公开招标公告" in shown
    assert "云南省丽江市" in shown
    assert "2026年3月1日" in shown
    assert ">还剩 4 天</span><span>2026年4月1日截止</span>" in shown
    assert "120 万元" in shown


def test_text_of_documents_and_queries_is_never_markup(client):
    get_engine().write([document(9, title="<script>alert(1)</script>公告", body="<b>公告</b>")])

    shown = page(client, q='公告 "<img src=x>"').content.decode()
    assert "<img src=x>" not in shown
    shown = page(client, q="alert").content.decode()
    assert "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;" in shown


def test_facets_narrow_and_count_without_their_own_filter(client):
    response = page(client, q="公告", place="云南省/大理州")

    assert hits(response) == [DALI.title]
    place = response.context["facets"][0]
    assert (place.label, labels(place.first)) == (
        "地区",
        [("云南省", False, 2), ("丽江市", False, 1), ("大理州", True, 1)],
    )
    assert labels(response.context["chips"]) == [("地区：云南省 › 大理州", True, None)]
    assert response.context["chips"][0].address == "?q=%E5%85%AC%E5%91%8A"


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(client):
    both = {"q": "公告", "place": ["云南省/大理州", "云南省/丽江市"]}

    assert set(hits(page(client, **both))) == {LIJIANG.title, DALI.title}
    assert hits(page(client, **both, qualification="旅游规划乙级")) == [LIJIANG.title]


def test_a_tree_opens_below_what_is_chosen(client):
    get_engine().write([document(8, facets={"place": ("四川省/乐山市",)})])
    closed = page(client, q="公告").context["facets"][0]
    assert labels(closed.first) == [("云南省", False, 2), ("四川省", False, 1)]

    opened = page(client, q="公告", place="云南省").context["facets"][0]
    assert [(link.label, link.depth) for link in opened.first] == [
        ("云南省", 0),
        ("丽江市", 1),
        ("大理州", 1),
        ("四川省", 0),
    ]


def test_the_only_branch_of_a_tree_is_open(client):
    place = page(client, q="公告").context["facets"][0]

    assert labels(place.first) == [("云南省", False, 2), ("丽江市", False, 1), ("大理州", False, 1)]


def test_a_value_of_a_tree_takes_the_place_of_those_above_and_below(client):
    opened = page(client, q="公告", place="云南省").context["facets"][0]
    lijiang = next(link for link in opened.first if link.label == "丽江市")

    narrower = client.get("/search/" + lijiang.address)
    assert narrower.context["asked"].filters == {"place": ("云南省/丽江市",)}
    assert hits(narrower) == [LIJIANG.title]
    wider = next(link for link in narrower.context["facets"][0].first if link.label == "云南省")
    assert client.get("/search/" + wider.address).context["asked"].filters == {"place": ("云南省",)}


def test_kinds_can_be_combined_and_limit_the_facets(client, staff):
    client.force_login(staff)

    assert hits(page(client, q="丽江", kind="release")) == [RELEASE.title]
    assert len(hits(page(client, q="丽江", kind=["release", "notice"]))) == 2
    get_engine().write(
        [document(8, kind="release", title="丽江", facets={"place": ("四川省",), "qualification": ("甲", "乙")})]
    )
    groups = page(client, q="丽江", kind="release").context["facets"]
    assert [group.label for group in groups] == ["地区"]


def test_periods_narrow(client):
    assert hits(page(client, q="公告", date_from="2026-02-15")) == [LIJIANG.title]
    assert hits(page(client, q="公告", date_to="2026-02")) == [DALI.title]
    assert hits(page(client, q="公告", deadline_from="2026-04-15")) == [DALI.title]
    seven = page(client, q="公告").context["deadline_presets"][1]
    assert seven.label == "7 天内截止"
    assert [item["hit"].title for item in client.get("/search/" + seven.address).context["hits"]] == [LIJIANG.title]


def test_the_order_can_be_chosen(client):
    assert hits(page(client, q="公告", sort="newest")) == [LIJIANG.title, DALI.title]
    assert hits(page(client, q="公告", sort="deadline")) == [LIJIANG.title, DALI.title]
    assert [link.label for link in page(client).context["sorts"]] == ["最新", "截止日期最近"]
    get_engine().write([document(8, kind="release", title="讲座"), document(9, kind="release", title="讲座")])
    assert [link.label for link in page(client, q="讲座").context["sorts"]] == ["最相关", "最新"]


def test_a_page_beyond_the_last_is_the_last(client):
    get_engine().write([document(number, title=f"批量公告{number}") for number in range(100, 150)])

    response = page(client, q="批量公告", page="10000")

    assert (response.context["page_obj"].number, len(response.context["hits"])) == (3, 10)
    assert "page=2" in html(response)
    assert "没有第 10000 页，这是最后一页（第 3 页）。" in html(response)
    assert len(hits(page(client, q="批量公告", page="2"))) == 20


@pytest.mark.parametrize(
    "query",
    [
        {"q": "C++"},
        {"q": "50%"},
        {"q": "a:b"},
        {"q": '"'},
        {"q": "“”"},
        {"q": "规" * 2000},
        {"q": "丽江\x00\x07\u202e"},
        {"q": "-丽江"},
        {"q": "|"},
        {"q": "标题:"},
        {"q": "丽江", "page": "0"},
        {"q": "丽江", "page": "abc"},
        {"q": "丽江", "page": "99999999999999999999"},
        {"q": "丽江", "place": "没有这个地方"},
        {"q": "丽江", "kind": "没有这一类"},
        {"q": "丽江", "sort": "x"},
        {"date_from": "0001-01-01", "date_to": "9999-12-31"},
        {"date_from": "2026-02-30", "deadline_to": "昨天"},
    ],
)
def test_no_address_is_an_error(client, query):
    page(client, **query)


def test_raw_bytes_in_the_address_are_no_error(client):
    assert client.get("/search/?q=%ff%fe%00%ed%a0%bd&place=%ff&page=%ff").status_code == 200


def test_an_unknown_value_stays_visible_so_that_it_can_be_taken_away(client):
    response = page(client, q="丽江", place="没有这个地方")

    assert hits(response) == []
    assert labels(response.context["chips"]) == [("地区：没有这个地方", True, None)]
    assert response.context["notes"] == ["“地区：没有这个地方”现在没有对应的内容，可以点下面的“×”去掉这个条件。"]
    assert "已没有" in html(response)


def test_a_value_that_only_does_not_fit_the_rest_is_not_called_gone(client):
    response = page(client, q="丽江", place="云南省/大理州")

    assert hits(response) == []
    assert response.context["notes"] == []
    assert [chip.lost for chip in response.context["chips"]] == [False]


def test_nobody_learns_of_a_value_he_may_not_see(client):
    get_engine().write([document(9, facets={"place": ("四川省/机密",)}, audience=frozenset({"staff"}))])

    assert "没有对应的内容" in page(client, q="丽江", place="四川省/机密").context["notes"][0]


def test_a_kind_that_is_gone_is_said(client):
    assert page(client, q="丽江", kind="gone").context["notes"] == ["地址里有一个内容类别已不存在，没有按它筛选。"]


def test_nothing_found_says_what_to_try(client):
    shown = html(page(client, q="冰岛火山"))

    assert "没有找到“<bdi>冰岛火山</bdi>”" in shown
    assert "登录</a>以后能检索到内部资料" in shown


def test_what_could_not_be_used_is_said(client):
    assert "日期“昨天”无法识别" in html(page(client, q="丽江", deadline_to="昨天"))
    assert "检索词过长" in html(page(client, q="规" * 2000))
    assert "没有同时包含全部检索词的内容" in html(page(client, q="丽江 火山"))


@pytest.mark.embedded
def test_a_dead_index_is_a_note_not_an_error(client):
    engine = get_engine()
    (engine.generations.path(engine.generations.current()) / "meta.json").write_text("{", encoding="utf-8")
    engine._opened = None

    assert "检索正在修复" in html(page(client, q="丽江"))


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_hits(client, staff, number, django_assert_num_queries):
    get_engine().write([document(200 + n, title=f"查询公告{n}") for n in range(number)])
    client.force_login(staff)
    page(client, q="查询公告")

    with django_assert_num_queries(11):
        response = page(client, q="查询公告")

    assert len(response.context["hits"]) == number


def test_only_reading_is_allowed(client):
    assert client.post(reverse("search:results")).status_code == 405
    assert client.post(reverse("search:suggest")).status_code == 405


def test_a_facet_all_hits_share_is_left_out_and_months_stand_in_order(client):
    get_engine().write(
        [
            document(300 + n, title=f"月报{n}", facets={"qualification": (month,), "place": ("云南省",)})
            for n, month in enumerate(["2026年01月", "2026年03月", "2026年01月", "2025年12月"])
        ]
    )

    groups = page(client, q="月报").context["facets"]

    assert [group.label for group in groups] == ["资质"]
    assert labels(groups[0].first) == [("2026年03月", False, 1), ("2026年01月", False, 2), ("2025年12月", False, 1)]


def test_facets_of_few_hits_stand_last(client, staff):
    client.force_login(staff)
    get_engine().write([document(9, kind="release", title="公告新闻", facets={"issuer": ("甲", "乙")})])

    assert [group.label for group in page(client, q="公告").context["facets"]] == ["地区", "资质", "发布单位"]


def test_amounts_narrow_in_wan(client):
    assert hits(page(client, q="公告", amount_from="200")) == [DALI.title]
    assert hits(page(client, q="公告", amount_to="1,200,000元")) == [LIJIANG.title]
    response = page(client, q="公告", amount_from="0.5亿", amount_to="100")
    assert set(hits(response)) == {LIJIANG.title, DALI.title}
    assert labels(response.context["chips"]) == [("金额：100 万元 至 5,000 万元", True, None)]
    assert response.context["notes"] == ["最低金额大于最高金额，已经对调。"]
    assert "金额“很多”无法识别" in html(page(client, q="公告", amount_from="很多"))
    presets = page(client, q="公告").context["amount_presets"]
    assert [link.label for link in presets] == ["50 万元以下", "50–200 万元", "200–500 万元", "500 万元以上"]
    assert hits(client.get("/search/" + presets[1].address)) == [LIJIANG.title]


def test_an_empty_result_offers_the_condition_that_costs_it(client):
    response = page(client, q="丽江", place="云南省/大理州", date_to="2026-02-15")
    assert response.context["ways_out"] == []  # two conditions are in the way

    response = page(client, q="丽江", place="云南省/大理州", date_from="2026-02-15")

    assert labels(response.context["ways_out"]) == [("地区：云南省 › 大理州", False, 1)]
    assert hits(client.get("/search/" + response.context["ways_out"][0].address)) == [LIJIANG.title]


def test_deadlines_are_said_in_days(client):
    get_engine().write(
        [
            document(number, title="到期", deadline=datetime.date(2026, 3, day))
            for number, day in [(8, 27), (9, 28), (10, 29)]
        ]
    )

    shown = html(page(client, q="到期"))

    assert [badge in shown for badge in (">已截止<", ">今天截止<", ">明天截止<")] == [True, True, True]


def test_the_address_of_a_search_is_one_and_short(client):
    response = client.get(
        "/search/?sort=newest&place=云南省/丽江市&q=公告&unknown=1&date_from=2026年1月1日&kind=notice"
    )

    assert (
        '<link rel="canonical" href="http://testserver/search/?q=%E5%85%AC%E5%91%8A&amp;kind=notice'
        in response.content.decode()
    )
    assert response.context["canonical"].endswith(
        "&place=%E4%BA%91%E5%8D%97%E7%9C%81/%E4%B8%BD%E6%B1%9F%E5%B8%82&date_from=2026-01-01&sort=newest"
    )
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_an_address_with_empty_parts_leads_to_the_short_one(client):
    response = client.get("/search/?q=公告&date_from=&date_to=&place=&page=2")

    assert (response.status_code, response["Location"]) == (302, "/search/?q=%E5%85%AC%E5%91%8A&page=2")
    assert client.get("/search/?q=")["Location"] == "/search/"
    assert page(client, q="公告", date_from="昨天", date_to="").context["asked"].notes  # what is to be said is said


def test_htmx_gets_only_the_part_that_changes(client):
    headers = {"HX-Request": "true", "HX-Target": "search-results"}
    response = client.get("/search/?q=公告", headers=headers)
    shown = response.content.decode()

    assert "<html" not in shown
    assert 'id="search-results"' in shown
    assert "<title>“公告”的检索结果 · " in shown
    assert {"HX-Request", "HX-Target"} <= {name.strip() for name in response["Vary"].split(",")}
    restored = client.get("/search/?q=公告", headers={**headers, "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_marks_that_turn_the_direction_stay_inside_their_place(client):
    get_engine().write([document(9, title="公告\u202eEXE.fdp🏔️")])

    shown = page(client, q="\u202e公告").content.decode()

    assert "“<bdi>" not in shown  # something was found
    assert '<h2 class="list__title" dir="auto">' in shown
    assert "\u202e" not in shown.split("</title>")[0]


def test_the_ceiling_of_pages_is_said(client, monkeypatch):
    from search import api, views

    monkeypatch.setattr(api, "MAX_PAGES", 2)
    monkeypatch.setattr(views, "MAX_PAGES", 2)
    get_engine().write([document(number, title=f"批量公告{number}") for number in range(100, 150)])

    response = page(client, q="批量公告", page="2")

    assert response.context["notes"] == ["结果很多，只能翻到第 2 页。请缩小范围，或者用“导出”取得全部 50 条。"]
    assert response.context["page_obj"].paginator.num_pages == 2
    assert page(client, q="批量公告", page="9").context["page_obj"].number == 2


def test_only_who_is_logged_in_is_offered_the_export(client, staff):
    assert "导出" not in html(page(client, q="公告"))
    client.force_login(staff)
    shown = html(page(client, q="公告", place="云南省"))
    assert 'name="place" value="云南省"' in shown
    assert 'name="format" value="xlsx"' in shown


def test_further_passages_are_shown_where_they_add_something(client):
    body = "投标截止时间另行通知。" + "填充文字，" * 60 + "联合体投标不予接受。" + "填充文字，" * 60
    get_engine().write([document(9, title="公告", body=body)])

    (item,) = page(client, q="截止时间 联合体").context["hits"]

    assert "<mark>截止时间</mark>" in item["hit"].snippet_html
    assert ["<mark>联合体</mark>" in passage for passage in item["hit"].more_html] == [True]
