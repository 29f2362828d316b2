from xml.etree import ElementTree

import pytest
from django.urls import reverse

from content.core.choices import Audience
from tests.factories import releases

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def three(newsroom):
    releases.published(
        newsroom,
        "夜游 <b>路线</b> & 灯光",
        days_ago=1,
        body=[("paragraphs", "<p>正文里有 a &lt; b，还有<b>重点</b>。</p>")],
        summary="导语\x0b里有控制字符。",
    )
    releases.published(newsroom, "内部稿", audience=Audience.STAFF)
    releases.draft(newsroom, "草稿")


@pytest.mark.usefixtures("three")
def test_rss_holds_public_releases_only_with_their_full_text(client):
    response = client.get(reverse("releases:feed"))

    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    (item,) = ElementTree.fromstring(response.content).iter("item")
    assert item.findtext("title") == "夜游 <b>路线</b> & 灯光"
    assert item.findtext("description") == "导语里有控制字符。"
    assert item.findtext(CONTENT) == "<p>导语里有控制字符。</p><p>正文里有 a &lt; b，还有重点。</p>"
    assert item.findtext("category") == "新闻稿"
    assert item.findtext("link").startswith("http://testserver/newsroom/")


@pytest.mark.usefixtures("three")
def test_atom_holds_the_same(client):
    root = ElementTree.fromstring(client.get(reverse("releases:atom")).content)

    (entry,) = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "夜游 <b>路线</b> & 灯光"
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert "重点" in entry.findtext(f"{ATOM}content")


@pytest.mark.usefixtures("three")
def test_a_feed_shows_even_a_superuser_what_the_public_sees(client, superuser):
    client.force_login(superuser)

    assert "内部稿" not in client.get(reverse("releases:feed")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_feed_costs_the_same_for_one_release_and_for_three(number, newsroom, client, django_assert_num_queries):
    for day in range(number):
        releases.published(newsroom, f"稿件{day}", days_ago=day, body=[("paragraphs", "<p>正文</p>")])
    client.get(reverse("releases:feed"))

    with django_assert_num_queries(3):
        client.get(reverse("releases:feed"))
