import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

from content.core.choices import Audience
from content.releases.choices import ReleaseKind
from tests.factories import releases
from tests.factories.organization import UnitFactory

# site, three for the way to the page, restrictions asked twice (Wagtail and the portal), restrictions, count, list, facets
ANONYMOUS_QUERIES = 14


def titles(response):
    large = response.context["large"]
    return [release.title for release in ([large] if large else []) + response.context["cards"]]


@pytest.mark.parametrize("number", [1, 3])
def test_the_newsroom_costs_the_same_for_one_release_and_for_three(number, newsroom, client, django_assert_num_queries):
    for day in range(number):
        releases.published(newsroom, f"稿件{day}", days_ago=day)
    client.get(newsroom.url)

    with django_assert_num_queries(ANONYMOUS_QUERIES):
        response = client.get(newsroom.url)

    assert titles(response) == [f"稿件{day}" for day in range(number)]


def test_the_newest_release_is_large_on_the_first_page_only(newsroom, client):
    for day in range(15):
        releases.published(newsroom, f"稿件{day:02}", days_ago=day)

    first = client.get(newsroom.url)
    second = client.get(newsroom.url, {"page": 2})

    assert first.context["large"].title == "稿件00"
    assert len(first.context["cards"]) == 12
    assert second.context["large"] is None
    assert titles(second) == ["稿件13", "稿件14"]


def test_the_newsroom_is_narrowed_by_kind_issuer_and_year(newsroom, client):
    hotel = UnitFactory(code="hotel", name="山河酒店", kind="company")
    releases.published(newsroom, "酒店新闻", issuer=hotel, days_ago=1)
    releases.published(newsroom, "广场软文", kind=ReleaseKind.SOFT_ARTICLE, days_ago=2)
    releases.published(newsroom, "去年的新闻", issuer=hotel, days_ago=800)

    assert titles(client.get(newsroom.url, {"issuer": "hotel"})) == ["酒店新闻", "去年的新闻"]
    assert titles(client.get(newsroom.url, {"kind": "soft_article"})) == ["广场软文"]
    year = releases.ReleasePage.objects.get(title="去年的新闻").first_published_at.year
    response = client.get(newsroom.url, {"year": year, "issuer": "hotel"})
    assert titles(response) == ["去年的新闻"]
    kinds, issuers, years = response.context["facets"]
    assert [(c.label, c.count, c.selected) for c in kinds.choices] == [("新闻稿", 1, False)]
    assert [(c.label, c.count, c.selected) for c in issuers.choices] == [("山河酒店", 1, True)]
    assert [c.count for c in years.choices] == [1, 1]
    assert issuers.choices[0].querystring == f"year={year}"


@pytest.mark.parametrize(
    "query",
    ["kind=x", "year=abcd", "year=٢٠٢٦", "year=0000", "page=0", "page=abc", "page=99999999999999999999", "issuer=%00"],
)
def test_nonsense_in_the_address_is_no_error(query, newsroom, client):
    releases.published(newsroom)

    assert client.get(f"{newsroom.url}?{query}").status_code == 200


def test_an_issuer_nobody_knows_leaves_an_empty_list_with_a_way_back(newsroom, client):
    releases.published(newsroom)

    assert "没有符合条件的稿件" in client.get(newsroom.url, {"issuer": "nobody"}).content.decode()


def test_drafts_and_staff_articles_are_listed_for_nobody_else(newsroom, client, staff, outsider, superuser):
    releases.published(newsroom, "公开稿", days_ago=2)
    releases.published(newsroom, "内部稿", audience=Audience.STAFF, days_ago=1)
    releases.draft(newsroom, "草稿")

    seen = {}
    for user in (None, outsider, staff, superuser):
        client.logout()
        if user:
            client.force_login(user)
        seen[user] = titles(client.get(newsroom.url))

    assert seen == {
        None: ["公开稿"],
        outsider: ["公开稿"],
        staff: ["内部稿", "公开稿"],
        superuser: ["内部稿", "公开稿"],
    }


def test_a_view_restriction_of_wagtail_narrows_the_list_too(newsroom, client, staff):
    releases.published(newsroom, "公开稿", days_ago=2)
    hidden = releases.published(newsroom, "须登录", days_ago=1)
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)

    assert titles(client.get(newsroom.url)) == ["公开稿"]
    client.force_login(staff)
    assert titles(client.get(newsroom.url)) == ["须登录", "公开稿"]


def test_an_empty_newsroom_says_so(newsroom, client):
    assert "还没有发布的稿件" in client.get(newsroom.url).content.decode()


def test_the_sitemap_lists_the_public_part_only(newsroom, client):
    public = releases.published(newsroom, "公开稿")
    internal = releases.published(newsroom, "内部稿", audience=Audience.STAFF)

    text = client.get(reverse("sitemap")).content.decode()

    assert public.url in text
    assert internal.url not in text
