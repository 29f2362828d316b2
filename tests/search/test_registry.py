"""What is searchable, and the check that nothing is forgotten."""

import pytest
from django.core.checks import run_checks

from content.home.models import HomePage
from content.taxonomy.models import Subject
from search import registry
from search.checks import everything_with_a_page_is_findable, has_own_page
from search.registry import Facet, RegistrationError, SearchIndex


def index(model=Subject, kind="x", facets=()) -> type[SearchIndex]:
    return type("Index", (SearchIndex,), {"model": model, "kind": kind, "label": "甲", "facets": facets})


@pytest.fixture
def empty(monkeypatch):
    monkeypatch.setattr(registry, "_indexes", {})
    monkeypatch.setattr(registry, "_excluded", {})


def test_everything_with_a_page_of_its_own_is_registered_or_excluded():
    assert [message.msg for message in run_checks(tags=["search"])] == []


def test_a_forgotten_page_type_is_an_error_that_says_the_cure(empty):
    messages = {message.obj: message for message in everything_with_a_page_is_findable()}

    assert messages[HomePage].msg == "home.HomePage（首页）有自己的页面，却没有说明能否检索到。"
    assert "content/home/search.py" in messages[HomePage].hint
    assert 'search.registry.exclude(HomePage, "原因")' in messages[HomePage].hint
    assert messages[HomePage].id == "search.E001"

    registry.exclude(HomePage, "首页")
    assert HomePage not in {message.obj for message in everything_with_a_page_is_findable()}


def test_a_model_without_an_address_needs_no_word():
    assert not has_own_page(Subject)
    assert has_own_page(HomePage)


def test_a_model_and_a_kind_are_registered_once(empty):
    registry.register(index())

    with pytest.raises(RegistrationError, match=r"taxonomy\.Subject 已登记检索"):
        registry.register(index(kind="y"))
    with pytest.raises(RegistrationError, match="检索类别 x 重复"):
        registry.register(index(model=HomePage))


@pytest.mark.parametrize("name", ["kind", "a.b", "地 区", ""])
def test_facet_names_that_cannot_work_are_refused(empty, name):
    with pytest.raises(RegistrationError, match="不能用"):
        registry.register(index(facets=(Facet(name, "甲"),)))


def test_facets_of_the_same_name_are_one(empty):
    registry.register(index(facets=(Facet("place", "地区"), Facet("year", "年份"))))
    registry.register(index(model=HomePage, kind="y", facets=(Facet("place", "地点"),)))

    assert [facet.label for facet in registry.all_facets()] == ["地区", "年份"]
    assert registry.index_of_kind("y").model is HomePage
    assert registry.key_of(Subject, 7) == "taxonomy.subject:7"
