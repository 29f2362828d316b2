"""Synonyms: how they are kept, what a search makes of them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

import search
from search import synonyms
from search.engines import get_engine
from search.models import SynonymGroup
from search.query import parse
from search.readers import ANONYMOUS
from tests.search.documents import DALI, LIJIANG, RELEASE


def kept(words: str, **values) -> SynonymGroup:
    group = SynonymGroup(words=words, **values)
    group.full_clean()
    group.save()
    return group


def refusal(words: str, **values) -> str:
    with pytest.raises(ValidationError) as caught:
        kept(words, **values)
    assert list(caught.value.message_dict) == ["words"]
    (sentence,) = caught.value.message_dict["words"]
    return sentence


@pytest.fixture
def index(kinds, db):
    get_engine().write([LIJIANG, DALI, RELEASE])


def asked(text: str) -> tuple[list[str], tuple[str, ...]]:
    found = search.search(text, reader=ANONYMOUS)
    return sorted(hit.key[-1] for hit in found.hits if not found.widened), found.expanded


@pytest.mark.django_db
def test_words_are_kept_in_one_form():
    assert kept("旅游规划＝旅游总体规划，总规、 總規\n总 规").words == "旅游规划 = 旅游总体规划 = 总规 = 总 规"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("总规", "至少写两个"),
        ("总规，總規", "至少写两个"),
        ("总规，%%", "“%%”里没有可以检索的文字"),
        ("总规，" + "长" * 41, "一个词最多 40 个字"),
        ("，".join(f"词{n}" for n in range(13)), "一组最多 12 个词，现在有 13 个"),
        ('总规，"规划"', "有引号"),
    ],
)
def test_what_makes_no_group_is_refused_in_one_sentence(words, part):
    assert part in refusal(words)


@pytest.mark.django_db
def test_a_word_leads_to_others_in_one_group_only():
    group = kept("旅游规划 = 总规")

    assert refusal("總規，总体规划") == "“總規”已经在“旅游规划 = 总规”这一组里，请把词加到那一组，或先从那一组删去。"
    group.words = "旅游规划 = 总规 = 总体规划"
    group.full_clean()
    assert kept("总规，总体规划", active=False).pk
    assert kept("规划 = 总规", one_way=True).pk


@pytest.mark.django_db
def test_groups_that_lead_back_in_a_circle_are_refused():
    kept("景区 = 度假区", one_way=True)
    kept("度假区 = 风景区", one_way=True)

    assert refusal("风景区，景区", one_way=True) == "“景区”又会扩展回“风景区”，绕成了圈；请把它们并成一组。"
    assert kept("风景区，公园", one_way=True).pk


def test_a_synonym_counts_at_once_and_is_named(index):
    assert asked("采购公告") == ([], ())

    group = kept("采购公告 = 招标公告")

    assert asked("采购公告") == (["1", "2"], ("招标公告",))
    assert asked("采購公告 丽江") == (["1"], ("招标公告",))
    assert asked('"采购公告"') == ([], ())
    assert asked("标题:采购公告")[0] == ["1", "2"]
    group.delete()
    assert asked("采购公告") == ([], ())


def test_one_way_groups_lead_from_their_first_word_only(index):
    kept("公告 = 公开招标", one_way=True)

    assert asked("公告")[1] == ("公开招标",)
    assert asked("公开招标") == (["1"], ())


def test_words_inside_a_chunk_are_replaced_where_asked_for_or_nothing_else_is_found(index):
    kept("采购 = 招标")
    kept("通告 = 公告")

    assert asked("采购通告") == (["1", "2"], ("采购公告", "招标通告", "招标公告"))
    assert asked("招标公告") == (["1", "2"], ())
    assert asked("~招标公告") == (["1", "2"], ("招标通告", "采购公告", "采购通告"))
    assert asked('~"采购公告"')[0] == ["1", "2"]


def test_synonyms_are_marked_in_hits(index):
    kept("采购公告 = 招标公告")

    hit = search.search("采购公告 大理", reader=ANONYMOUS).hits[0]

    assert hit.title_html == "<mark>大理</mark>州城市设计与景观提升<mark>招标公告</mark>"


def test_the_page_says_what_else_was_looked_for(index, home, client):
    kept("采购公告 = 招标公告")

    shown = client.get(reverse("search:results"), {"q": "采购公告"}).content.decode()

    assert "已同时检索：<bdi>招标公告</bdi>" in shown


def test_of_many_synonyms_the_page_names_the_first(index, home, client):
    kept("采购公告 = 招标公告，" + "，".join(f"说法{number}" for number in range(9)))

    shown = client.get(reverse("search:results"), {"q": "采购公告"}).content.decode()

    assert "说法6</bdi> 等 10 种说法" in shown


@given(st.lists(st.lists(st.sampled_from("ab旅游规划c1"), min_size=1, max_size=4).map("".join), max_size=8), st.text())
def test_expansion_is_bounded_and_never_fails(words, typed):
    rows = tuple((synonyms.write_words(words[at : at + 3]), at % 2 == 0) for at in range(0, len(words), 3))
    thesaurus = synonyms._thesaurus(rows)

    for term in parse(typed + " ~旅游规划ab 旅游规划").positive():
        for others in (thesaurus.whole(term), thesaurus.inside(term)):
            assert len(others) <= synonyms.MAX_ALTERNATIVES
            assert term.folded not in others


@given(st.text())
def test_words_read_as_they_are_written(written):
    words = synonyms.read_words(written)

    assert synonyms.read_words(synonyms.write_words(words)) == words


@pytest.mark.django_db
def test_the_site_manager_keeps_them_on_the_desk(superuser, client):
    client.force_login(superuser)
    address = reverse(SynonymGroup.snippet_viewset.get_url_name("add"))

    refused = client.post(address, {"words": "总规", "active": "on"})
    saved = client.post(address, {"words": "旅游规划=总规", "active": "on"})

    assert "请至少写两个不同的词" in refused.content.decode()
    assert saved.status_code == 302
    assert SynonymGroup.objects.get().words == "旅游规划 = 总规"
    assert "旅游规划 = 总规" in client.get(reverse(SynonymGroup.snippet_viewset.get_url_name("list"))).content.decode()
