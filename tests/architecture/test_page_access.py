"""Page types × audience × state: the page, its PDF, lists, feeds, sitemap, search and suggestions tell the same."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, get_page_models

from content.core.choices import Audience
from content.core.models import ContentPage
from content.media.models import Document
from content.organization.groups import MARKETERS, group_named
from content.organization.models import RoleIndexPage
from content.printing.pages import is_printable
from content.procedures.models import ProcedureIndexPage
from tests.architecture.conftest import READERS, verdict
from tests.factories.organization import PostFactory, RoleDescriptionPageFactory
from tests.factories.procedures import procedure
from tests.factories.releases import boilerplate, draft, published, sign_and_publish

STAFF_AND_ABOVE = "login 403 200 200 200 200 200 200"
EVERYBODY = "200 200 200 200 200 200 200 200"
NOBODY = "404 404 404 404 404 404 404 404"
READ_BY = {Audience.PUBLIC: EVERYBODY, Audience.STAFF: STAFF_AND_ABOVE}


def release(world, **fields):
    return published(world.newsroom, "夜航船灯会", **fields)


def role(world, **fields):
    return RoleDescriptionPageFactory(
        parent=RoleIndexPage.objects.get(), post=PostFactory(title="夜航船领班"), slug="lantern", **fields
    )


def the_only(kind):
    def change(world, audience):
        kind.objects.update(audience=audience)
        return kind.objects.get()

    return change


# How a published page of each type with an audience is had; types that may stand only once are changed.
MAKERS = {
    "home.homepage": lambda world, audience: the_only(type(world.home))(world, audience),
    "organization.roleindexpage": the_only(RoleIndexPage),
    "organization.roledescriptionpage": lambda world, audience: role(world, audience=audience),
    "procedures.procedureindexpage": the_only(ProcedureIndexPage),
    "procedures.procedurepage": lambda world, audience: procedure(
        ProcedureIndexPage.objects.get(), "夜航船检修", audience=audience
    ),
    "releases.newsroompage": lambda world, audience: the_only(type(world.newsroom))(world, audience),
    "releases.releasepage": lambda world, audience: release(world, audience=audience),
}


def answers(ask, address: str) -> str:
    return " ".join(verdict(ask(reader, address)) for reader in READERS)


def told(ask, address: str, words: str) -> list[str]:
    """The readers to whom this address says these words."""
    return [reader for reader in READERS if words in ask(reader, address).text]


def test_every_page_type_is_tried():
    ours = {model._meta.label_lower for model in get_page_models() if model.__module__.startswith("content.")}

    assert ours == set(MAKERS)


def test_every_page_type_keeps_the_reading_rule():
    ours = [model for model in get_page_models() if model.__module__.startswith("content.")]

    assert all(issubclass(model, ContentPage) and "serve" not in vars(model) for model in ours)


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_a_published_page_opens_to_its_audience(world, ask, kind, audience):
    page = MAKERS[kind](world, audience)

    assert answers(ask, page.url) == READ_BY[audience]
    if is_printable(page):
        assert answers(ask, f"/print/pages/{page.pk}.pdf") == READ_BY[audience]


LISTS = ("/newsroom/", "/search/?q=夜航船灯会", "/search/suggest/?q=夜航", "/releases/feed/", "/releases/feed/atom/")


@pytest.mark.parametrize(
    ("audience", "in_lists"), [(Audience.PUBLIC, list(READERS)), (Audience.STAFF, list(READERS[2:]))]
)
def test_a_release_is_listed_to_its_audience(world, ask, search_index, audience, in_lists):
    page = release(world, audience=audience)
    search_index()
    everywhere = list(READERS) if audience == Audience.PUBLIC else []

    found = {address: told(ask, address, page.slug) for address in (*LISTS, "/sitemap.xml")}

    assert found == {
        "/newsroom/": in_lists,
        "/search/?q=夜航船灯会": in_lists,
        "/search/suggest/?q=夜航": in_lists,
        # Readers of feeds and search engines have no account, so all get the same.
        "/releases/feed/": everywhere,
        "/releases/feed/atom/": everywhere,
        "/sitemap.xml": everywhere,
    }


def scheduled(world):
    page = draft(world.newsroom, "夜航船灯会", go_live_at=timezone.now() + datetime.timedelta(days=2))
    page.save_revision()
    return sign_and_publish(page)


def withdrawn(world):
    page = release(world)
    page.unpublish()
    return page


def changed_since(world):
    """Live under one title, with an unsigned draft of another."""
    page = published(world.newsroom, "旧标题的稿件")
    page.title = "夜航船灯会"
    page.save_revision()
    return page


STATES = {"draft": lambda world: draft(world.newsroom, "夜航船灯会"), "scheduled": scheduled, "withdrawn": withdrawn}


@pytest.mark.parametrize("state", sorted(STATES))
def test_what_is_not_live_is_nowhere(world, ask, search_index, state):
    page = STATES[state](world)
    search_index()

    assert not page.live
    assert answers(ask, world.newsroom.url + page.slug + "/") == NOBODY
    assert answers(ask, f"/print/pages/{page.pk}.pdf") == NOBODY
    assert {address: told(ask, address, page.slug) for address in (*LISTS, "/sitemap.xml", "/")} == {
        address: [] for address in (*LISTS, "/sitemap.xml", "/")
    }


def test_a_draft_of_a_live_page_shows_nowhere(world, ask, search_index):
    page = changed_since(world)
    search_index()
    addresses = [address for address in LISTS if "?" not in address]

    assert {address: told(ask, address, "夜航船灯会") for address in [page.url, *addresses]} == {
        address: [] for address in [page.url, *addresses]
    }
    assert told(ask, "/search/?q=夜航船灯会", page.slug) == []


@pytest.mark.parametrize(
    ("restriction", "expected"),
    [
        (PageViewRestriction.LOGIN, STAFF_AND_ABOVE),
        (PageViewRestriction.GROUPS, "login 403 403 200 403 403 403 200"),
    ],
)
def test_a_restricted_section_closes_page_pdf_lists_and_search(world, ask, search_index, restriction, expected):
    page = release(world)
    held = PageViewRestriction.objects.create(page=page, restriction_type=restriction)
    held.groups.set([group_named(MARKETERS)] if restriction == PageViewRestriction.GROUPS else [])
    page.save()
    search_index()
    readers = [reader for reader, answer in zip(READERS, expected.split(), strict=True) if answer == "200"]

    assert answers(ask, f"/print/pages/{page.pk}.pdf") == expected
    assert {address: told(ask, address, page.slug) for address in LISTS} == {
        "/newsroom/": readers,
        "/search/?q=夜航船灯会": readers,
        "/search/suggest/?q=夜航": readers,
        "/releases/feed/": [],
        "/releases/feed/atom/": [],
    }
    opened = [reader for reader in READERS if ask(reader, page.url).status_code == 200]
    assert opened == readers


@pytest.mark.parametrize("audience", list(Audience))
def test_a_file_opens_to_those_who_may_read_a_page_that_carries_it(world, ask, audience):
    release(world, audience=audience, body=[("download", {"document": world.document, "title": "", "note": ""})])

    assert answers(ask, world.document.url) == READ_BY[audience]


def test_a_file_of_a_draft_is_for_staff(world, ask):
    draft(world.newsroom, "草稿", body=[("download", {"document": world.document, "title": "", "note": ""})])

    assert answers(ask, world.document.url) == STAFF_AND_ABOVE


def test_a_file_linked_in_a_shared_introduction_opens_with_the_release(world, ask):
    text = boilerplate(body=f'<p><a linktype="document" id="{world.document.pk}">价目表</a></p>')

    assert answers(ask, world.document.url) == STAFF_AND_ABOVE

    release(world, body=[("boilerplate", text)])

    assert answers(ask, world.document.url) == EVERYBODY


def test_a_closed_collection_narrows_a_file_further(world, ask):
    closed = Collection.get_first_root_node().add_child(name="价格")
    held = CollectionViewRestriction.objects.create(collection=closed, restriction_type="groups")
    held.groups.add(group_named(MARKETERS))
    document = Document.objects.create(
        title="底价", file=ContentFile(b"%PDF-1.4 floor", "floor.pdf"), collection=closed
    )

    opened = [reader for reader in READERS if ask(reader, document.url).status_code == 200]

    assert opened == ["marketer", "superuser"]


def test_tenders_show_in_search_only_to_who_may_see_tenders(world, ask, search_index):
    search_index()
    readers = ["marketer", "assistant", "signer", "manager", "superuser"]

    assert told(ask, "/search/?q=旅游总体规划", world.tender.get_absolute_url()) == readers
    assert told(ask, "/search/suggest/?q=玉湖", world.tender.get_absolute_url()) == readers


def test_the_anonymous_search_counts_nothing_they_may_not_read(world, search_index):
    release(world, audience=Audience.STAFF)
    search_index()

    assert "夜航船" not in Client().get("/search/?q=灯会").text
