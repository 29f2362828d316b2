"""Editors find Chinese by any run of characters, in every list and chooser of Wagtail's admin."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from modelsearch.backends import get_search_backend
from modelsearch.index import get_indexed_models
from modelsearch.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from content.home.models import HomePage
from content.media.models import Document, Image
from content.organization.models import Holding
from content.releases.models import Boilerplate
from content.users.models import User
from search import admin_index
from search.engines.base import EngineBusy
from search.models import OutboxEntry
from tests.factories.organization import HoldingFactory, PostFactory, RoleDescriptionPageFactory, UnitFactory
from tests.factories.users import UserFactory


@pytest.fixture
def page(home):
    """A draft below the start page; nothing of it is public."""
    return home.add_child(
        instance=HomePage(title="丽江市旅游总体规划采购公告", summary="编制单位应具备资质", live=False)
    )


@pytest.fixture
def backend():
    return get_search_backend()


@pytest.fixture
def editor(client, superuser):
    client.force_login(superuser)
    return client


def titles(found) -> list[str]:
    return sorted(one.title for one in found)


@pytest.mark.parametrize("word", ["旅游", "规划", "旅游总体规划", "采购", "丽江", "体规", "划", "麗江"])
def test_a_draft_is_found_by_any_characters_of_its_title(page, backend, search_index, word):
    search_index()

    assert titles(backend.autocomplete(word, Page)) == ["丽江市旅游总体规划采购公告"]
    assert titles(backend.search(word, Page)) == ["丽江市旅游总体规划采购公告"]
    assert titles(backend.search(word, HomePage)) == ["丽江市旅游总体规划采购公告"]


@pytest.mark.parametrize("word", ['"', "“", "C++", "50%", "a:b", "*", "-", "\x00", "  ", "|", "总" * 2000, "(("])
def test_nothing_an_editor_types_is_an_error(page, backend, search_index, word):
    search_index()

    assert list(backend.autocomplete(word, Page)) == []
    assert backend.search(word, Page).count() == 0


def test_the_title_of_a_draft_counts_though_another_is_live(page, backend, search_index):
    page.title = "红河州城市设计"
    page.save_revision()
    search_index()

    assert [one.pk for one in backend.autocomplete("城市设计", Page)] == [page.pk]
    assert [one.pk for one in backend.autocomplete("总体规划", Page)] == [page.pk]


def test_what_an_editor_has_written_since_is_found_beside_what_is_live(page, backend, search_index):
    search_index()
    page.summary = "附件须在湿地公园现场领取"
    page.save_revision()
    search_index()

    assert titles(backend.search("湿地公园", Page)) == [page.title]
    assert titles(backend.search("具备资质", Page)) == [page.title]

    page.get_latest_revision().publish()
    search_index()

    assert titles(backend.search("湿地公园", Page)) == [page.title]
    assert titles(backend.search("具备资质", Page)) == []


def test_the_draft_of_a_snippet_is_found(backend, search_index, db):
    note = Boilerplate.objects.create(title="集团简介", body="成立多年", unit=UnitFactory())
    search_index()
    note.body = "新设湿地研究所"
    note.save_revision()
    search_index()

    assert [one.pk for one in backend.search("湿地研究所", Boilerplate)] == [note.pk]
    assert [one.pk for one in backend.search("成立多年", Boilerplate)] == [note.pk]


def test_a_draft_that_cannot_be_read_any_more_hides_nothing_that_is_live(page, backend, search_index):
    page.save_revision()
    page.latest_revision.content["content_type"] = "gone"
    page.latest_revision.content.pop("pk")
    page.latest_revision.save()
    search_index()

    assert titles(backend.search("具备资质", Page)) == [page.title]


def test_a_role_description_is_found_by_its_duties_and_its_post(home, backend, search_index):
    role = RoleDescriptionPageFactory(parent=home, post=PostFactory(title="渠道经理", code="QD-07"))
    search_index()

    for word in ("标题醒目", "采写", "渠道经理", "QD-07", role.number, "采访成稿", "媒体关系"):
        assert [one.pk for one in backend.search(word, Page)] == [role.pk], word


def test_words_of_the_text_are_found_but_names_come_first(db, backend, search_index):
    Document.objects.create(title="任务书", file=ContentFile(b"x", name="a.txt")).tags.add("景区设计")
    Document.objects.create(title="景区设计要点", file=ContentFile(b"x", name="b.txt"))
    search_index()

    assert [one.title for one in backend.search("景区设计", Document)] == ["景区设计要点", "任务书"]


def test_filters_orders_and_slices_are_the_querysets(home, backend, search_index):
    for number in range(1, 6):
        home.add_child(instance=HomePage(title=f"规划{number}号", live=number % 2 == 0))
    search_index()

    drafts = backend.search("规划", Page.objects.filter(live=False).order_by("title"), order_by_relevance=False)
    assert [one.title for one in drafts] == ["规划1号", "规划3号", "规划5号"]
    assert [one.title for one in drafts[1:2]] == ["规划3号"]
    assert drafts[1:].count() == 2
    below = Page.objects.descendant_of(home).specific().order_by("-title")
    assert [type(one) for one in backend.search("规划5", below)] == [HomePage]
    assert list(Page.objects.values_list("pk", flat=True).search("规划").results()) == [
        one.pk for one in Page.objects.search("规划")
    ]


def test_query_classes_combine(home, backend, search_index):
    for title in ("旅游规划", "城市规划", "旅游指南"):
        home.add_child(instance=HomePage(title=title))
    search_index()
    pages = Page.objects.child_of(home)

    def found(query, **options):
        return titles(backend.search(query, pages, **options))

    assert found(PlainText("旅游 规划")) == ["旅游规划"]
    assert found("旅游 规划", operator="or") == ["城市规划", "旅游指南", "旅游规划"]
    assert found(Phrase("游规")) == ["旅游规划"]
    assert found(Phrase('"')) == []
    assert found(And([PlainText("旅游"), Not(PlainText("规划"))])) == ["旅游指南"]
    assert found(Or([PlainText("城市"), PlainText("指南")])) == ["城市规划", "旅游指南"]
    assert found(~PlainText("旅游")) == ["城市规划"]
    assert found(~(PlainText("旅游") | PlainText("城市"))) == []
    assert found(MATCH_ALL) == ["城市规划", "旅游指南", "旅游规划"]
    assert found(~MATCH_ALL) == []
    assert found(Fuzzy("指南")) == ["旅游指南"]
    assert [one.title for one in backend.search(PlainText("指南") | Boost(PlainText("城市"), 9), pages)][
        0
    ] == "城市规划"
    assert found("规划 -城市") == ["旅游规划"]


def test_only_the_asked_fields_count(home, backend, search_index):
    home.add_child(instance=HomePage(title="年度总结", seo_title="山河"))
    search_index()

    assert titles(backend.search("总结", HomePage, fields=["title"])) == ["年度总结"]
    assert titles(backend.search("山河", HomePage, fields=["title"])) == []


def test_fields_that_complete_while_typing_can_be_asked_alone(db, backend, search_index):
    UserFactory(username="wangmin", name="王敏", email="zhao@example.com")
    search_index()

    assert [one.name for one in backend.autocomplete("王", User, fields=["name", "employee_number"])] == ["王敏"]
    assert list(backend.autocomplete("zhao", User, fields=["name"])) == []
    assert [one.name for one in backend.autocomplete("zhao", User)] == ["王敏"]


def test_the_last_word_may_go_on_while_typing_but_not_in_a_search(db, backend, search_index):
    UserFactory(username="wangmin", name="王敏")
    search_index()

    assert [one.name for one in backend.autocomplete("wang", User)] == ["王敏"]
    assert [one.name for one in backend.search("wang", User)] == []


def test_what_is_saved_is_found_at_once_and_what_is_deleted_at_once_gone(
    db, backend, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        person = UserFactory(username="lifang", name="李芳")
    assert list(backend.search("李芳", User)) == [person]

    person.name = "李方"
    with django_capture_on_commit_callbacks(execute=True):
        person.save()
    assert list(backend.search("李芳", User)) == []
    assert list(backend.search("李方", User)) == [person]

    with django_capture_on_commit_callbacks(execute=True):
        person.delete()
    assert admin_index.engine().status().documents == 0
    assert not OutboxEntry.objects.exists()


def test_a_renamed_person_is_found_by_the_new_name_wherever_he_is_named(db, backend, search_index):
    holding = HoldingFactory(
        post=PostFactory(code="a", unit=UnitFactory(code="u")), user=UserFactory(username="lifang", name="李芳")
    )
    search_index()

    holding.user.name = "李方舟"
    holding.user.save()
    search_index()

    assert list(backend.autocomplete("方舟", Holding)) == [holding]
    assert list(backend.autocomplete("李芳", Holding)) == []


def test_a_login_writes_nothing_to_the_outbox(db):
    person = UserFactory(username="lifang", name="李芳")
    OutboxEntry.objects.all().delete()

    person.save(update_fields=["last_login"])
    assert not OutboxEntry.objects.exists()

    person.save(update_fields=["name"])
    assert OutboxEntry.objects.get().object_pk == str(person.pk)


def test_a_change_undone_leaves_the_index_alone(db, backend, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        person = UserFactory(username="lifang", name="李芳")

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        User.objects.get(pk=person.pk).delete()
        transaction.set_rollback(True)

    assert list(backend.search("李芳", User)) == [person]
    assert not OutboxEntry.objects.exists()


@pytest.mark.embedded
def test_a_busy_index_fails_no_save_and_loses_nothing(db, backend, search_index, django_capture_on_commit_callbacks):
    with admin_index.engine().generations.lock(1.0), django_capture_on_commit_callbacks():
        person = UserFactory(username="lifang", name="李芳")
        backend.add(person)
        with pytest.raises(EngineBusy):
            search_index()
        assert list(backend.search("李芳", User)) == []

    search_index()
    assert list(backend.search("李芳", User)) == [person]
    assert not OutboxEntry.objects.exists()


@pytest.mark.embedded
def test_an_index_that_cannot_be_read_finds_nothing_but_fails_no_page(page, editor, search_index):
    search_index()
    engine = admin_index.engine()
    (engine.generations.path(engine.generations.current()) / "meta.json").write_text("{", encoding="utf-8")
    engine._opened = None

    response = editor.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk]), {"q": "丽江"})

    assert response.status_code == 200


def test_update_index_builds_the_index_anew(page, backend):
    OutboxEntry.objects.all().delete()
    assert list(backend.search("丽江", Page)) == []

    call_command("update_index", verbosity=0, stdout=StringIO())

    assert titles(backend.search("丽江", Page)) == ["丽江市旅游总体规划采购公告"]


def test_rebuild_search_index_serves_editors_too(page, backend):
    OutboxEntry.objects.all().delete()

    call_command("rebuild_search_index", verbosity=0, stdout=StringIO())

    assert titles(backend.search("丽江", Page)) == ["丽江市旅游总体规划采购公告"]


def test_verify_search_index_mends_what_editors_find(page, backend):
    call_command("rebuild_search_index", verbosity=0, stdout=StringIO())
    Page.objects.filter(pk=page.pk).update(title="改名后的公告", draft_title="改名后的公告")
    admin_index.engine().write([replace(admin_index.document_of(page), key="wagtailcore.page:99999")])

    out = StringIO()
    call_command("verify_search_index", stdout=out)

    assert "后台检索索引已修正 2 条。" in out.getvalue()
    assert titles(backend.search("改名", Page)) == ["改名后的公告"]
    assert admin_index.mend() == 0


@pytest.mark.embedded
def test_a_rebuild_keeps_what_is_written_meanwhile_for_later(page, backend, search_index):
    with admin_index.engine().rebuild(), pytest.raises(EngineBusy):
        search_index()

    search_index()
    assert titles(backend.search("丽江", Page)) == ["丽江市旅游总体规划采购公告"]


def test_every_model_of_ours_completes_while_typing():
    """Without such a field Wagtail warns at each search and finds whole words only."""
    ours = [model for model in get_indexed_models() if model.__module__.startswith("content.")]

    assert [model._meta.label for model in ours if not model.get_autocomplete_search_fields()] == []


# --- The admin itself ------------------------------------------------------------------------------------------------


@pytest.fixture
def library(db, search_index):
    """A picture, a file and a person, each with a Chinese name."""
    Image.objects.create(title="丽江古城夜景", file=get_test_image_file())
    Document.objects.create(title="景区规划导则", file=ContentFile(b"x", name="a.txt"))
    UserFactory(username="zhangwei", name="张伟", employee_number="SH-0042")
    unit = UnitFactory(code="plaza", name="山河广场")
    post = PostFactory(code="expansion", title="项目拓展经理", unit=unit)
    HoldingFactory(post=post, user=UserFactory(username="zhaolei", name="赵磊"))
    Boilerplate.objects.create(title="关于山河广场", unit=unit, body="<p>广场位于<b>古城</b>东门。</p>")
    search_index()


def chosen(response) -> str:
    text = response.content.decode()
    return json.loads(text)["html"] if response["Content-Type"].startswith("application/json") else text


@pytest.mark.parametrize(
    ("name", "args", "query", "expected"),
    [
        ("wagtailimages:index", [], {"q": "城夜"}, "丽江古城夜景"),
        ("wagtailimages_chooser:choose_results", [], {"q": "古"}, "丽江古城夜景"),
        ("wagtaildocs:index", [], {"q": "划导"}, "景区规划导则"),
        ("wagtaildocs_chooser:choose_results", [], {"q": "导则"}, "景区规划导则"),
        ("wagtailusers_users:index", [], {"q": "伟"}, "zhangwei"),
        ("wagtailusers_users:index", [], {"q": "0042"}, "zhangwei"),
        ("wagtailsnippets_organization_unit:list", [], {"q": "河广"}, "山河广场"),
        ("wagtailsnippets_organization_post:list", [], {"q": "拓"}, "项目拓展经理"),
        ("wagtailsnippets_organization_holding:list", [], {"q": "赵 拓展"}, "赵磊"),
        ("wagtailsnippets_releases_boilerplate:list", [], {"q": "河广"}, "关于山河广场"),
        ("wagtailsnippets_releases_boilerplate:list", [], {"q": "古城东门"}, "关于山河广场"),
        ("wagtailsnippetchoosers_releases_boilerplate:choose_results", [], {"q": "广"}, "关于山河广场"),
        ("wagtailadmin_pages:search", [], {"q": "体规"}, "丽江市旅游总体规划采购公告"),
        (
            "wagtailadmin_choose_page_search",
            [],
            {"q": "采购", "page_type": "wagtailcore.page"},
            "丽江市旅游总体规划采购公告",
        ),
    ],
)
def test_lists_and_choosers_of_the_admin_find_chinese(page, library, editor, name, args, query, expected):
    response = editor.get(reverse(name, args=args), query)

    assert response.status_code == 200
    assert expected in chosen(response)


def test_the_explorer_finds_below_its_page(page, editor, search_index):
    search_index()
    response = editor.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk]), {"q": "总体"})

    assert "丽江市旅游总体规划采购公告" in response.content.decode()


@pytest.mark.parametrize(
    "name", ["wagtailimages:index", "wagtaildocs:index", "wagtailusers_users:index", "wagtailadmin_pages:search"]
)
def test_a_lone_quote_is_no_server_error(library, editor, name):
    assert editor.get(reverse(name), {"q": '"'}).status_code == 200
