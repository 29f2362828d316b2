"""Every audience of a page × every restriction of a collection × every kind of reader: a file's words reach exactly
those who may open it, by whatever hit, passage, count or suggestion."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

import search
from content.core.choices import Audience
from content.organization.models import Holding
from search.readers import reader_for
from tests.content.media.conftest import carrying
from tests.factories.organization import HoldingFactory
from tests.factories.releases import draft, published
from tests.factories.users import UserFactory

RESTRICTIONS = (None, "login", "groups", "password")
PAGES = (None, "draft", Audience.PUBLIC, Audience.STAFF, "restricted")


@pytest.fixture
def readers(staff, outsider, superuser):
    """A reader of every kind; the member's group is the one restrictions name."""
    group = Group.objects.create(name="报价组")
    member = UserFactory(username="member")
    HoldingFactory(post=Holding.objects.get(user=staff).post, user=member)
    member.groups.add(group)
    return {"anonymous": None, "outsider": outsider, "staff": staff, "member": member, "superuser": superuser}


@pytest.mark.parametrize(("page_kind", "restriction"), list(itertools.product(PAGES, RESTRICTIONS)))
def test_words_of_a_file_reach_exactly_those_who_may_open_it(
    filed, newsroom, readers, search_index, page_kind, restriction
):
    group = Group.objects.get(name="报价组")
    collection = Collection.get_first_root_node().add_child(name="资料")
    if restriction:
        held = CollectionViewRestriction.objects.create(
            collection=collection, restriction_type=restriction, password="x" if restriction == "password" else ""
        )
        if restriction == "groups":
            held.groups.add(group)
    document = filed("附表一", "a.txt", "秘密结算价八十万元", collection=collection)
    page = None
    if page_kind == "draft":
        draft(newsroom, "公告", body=carrying(document))
    elif page_kind:
        audience = Audience.STAFF if page_kind == Audience.STAFF else Audience.PUBLIC
        page = published(newsroom, "公告", audience=audience, body=carrying(document))
        if page_kind == "restricted":
            PageViewRestriction.objects.create(page=page, restriction_type="groups").groups.add(group)
    search_index()

    for name, user in readers.items():
        client = Client()
        if user:
            client.force_login(user)
        reader = reader_for(user or AnonymousUser())
        opens = client.get(document.url).status_code == 200
        reads = page is not None and client.get(page.url).status_code == 200

        results = search.search("秘密结算价", reader=reader)
        hits = {hit.title: hit for hit in results.hits}

        assert ("附表一" in hits) == opens, name
        assert results.total == len(hits) == sum(count for _, count in results.facets["kind"]), name
        if "公告" in hits:
            assert opens, name
            assert reads, name
        answer = client.get("/search/", {"q": "秘密结算价"}).text
        assert ("八十万元" in answer) == opens, name
        assert bool(search.suggest("附表一", reader=reader)) == opens, name
