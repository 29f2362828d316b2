"""Rights by enumeration: every address × every kind of reader. A new address fails here until its row is written."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.snippets.models import get_snippet_models

from tests.architecture.conftest import READERS, verdict

# route: (address, what each of READERS gets). «login» is a redirect to the login page.
GET = {
    "login/": ("/login/", "200 302 302 302 302 302 302 302"),
    "logout/": ("/logout/", "405 405 405 405 405 405 405 405"),
    "password/": ("/password/", "login 200 200 200 200 200 200 200"),
    "documents/^(\\d+)/(.*)$": ("{document.url}", "login 403 200 200 200 200 200 200"),
    "documents/authenticate_with_password/<int:restriction_id>/": (
        "/documents/authenticate_with_password/1/",
        "404 404 404 404 404 404 404 404",
    ),
    "search/": ("/search/?q=古城", "200 200 200 200 200 200 200 200"),
    "search/help/": ("/search/help/", "200 200 200 200 200 200 200 200"),
    "search/suggest/": ("/search/suggest/?q=古", "200 200 200 200 200 200 200 200"),
    "search/history/": ("/search/history/", "login 200 200 200 200 200 200 200"),
    "search/export/": ("/search/export/?q=古城", "302 302 302 302 302 302 302 302"),
    "search/exports/": ("/search/exports/", "login 200 200 200 200 200 200 200"),
    "search/exports/<int:pk>/": ("/search/exports/{export.pk}/", "login 404 404 404 200 404 404 404"),
    "search/exports/<int:pk>/file/": ("/search/exports/{export.pk}/file/", "login 404 404 404 404 404 404 404"),
    "search/exports/<int:pk>/delete/": ("/search/exports/{export.pk}/delete/", "login 302 302 302 302 302 302 302"),
    "search/exports/<int:pk>/resume/": ("/search/exports/{export.pk}/resume/", "login 302 302 302 302 302 302 302"),
    "organization/": ("/organization/", "login 403 200 200 200 200 200 200"),
    "organization/chart.pdf": ("/organization/chart.pdf", "login 403 200 200 200 200 200 200"),
    "organization/mine/": ("/organization/mine/", "login 403 302 302 302 302 302 200"),
    "organization/posts/<slug:code>/": ("/organization/posts/marketer/", "login 403 200 200 200 200 200 200"),
    "organization/roles/<int:page_id>/versions/": (
        "/organization/roles/{role.pk}/versions/",
        "login 403 200 200 200 200 200 200",
    ),
    "organization/roles/<int:page_id>/versions/<int:number>/": (
        "/organization/roles/{role.pk}/versions/1/",
        "login 403 200 200 200 200 200 200",
    ),
    "sign/": ("/sign/", "login 200 200 200 200 200 200 200"),
    "sign/batch/": ("/sign/batch/", "405 405 405 405 405 405 405 405"),
    "sign/statistics/": ("/sign/statistics/", "login 403 403 403 403 403 200 200"),
    "sign/runs/<int:pk>/": ("/sign/runs/{run.pk}/", "login 403 403 200 403 200 200 200"),
    "sign/runs/<int:pk>/sheet.pdf": ("/sign/runs/{run.pk}/sheet.pdf", "login 403 403 200 403 200 200 200"),
    "sign/files/<int:pk>/": ("/sign/files/{file.pk}/", "login 403 403 200 403 200 200 200"),
    "sign/<int:pk>/": ("/sign/{assignment.pk}/", "login 403 403 200 403 200 200 200"),
    "sign/path/<int:content_type_id>/<str:object_id>/": (
        "/sign/path/{paper_type.pk}/{paper.pk}/",
        "login 403 403 200 403 200 200 200",
    ),
    "handovers/": ("/handovers/", "login 200 200 200 200 200 200 200"),
    # Of a handover: both sides, holders of the superior post, site managers.
    "handovers/<int:pk>/": ("/handovers/{handover.pk}/", "login 403 403 200 403 200 200 200"),
    "handovers/<int:pk>.pdf": ("/handovers/{handover.pk}.pdf", "login 403 403 200 403 200 200 200"),
    "handovers/<int:pk>/successor/": (
        "/handovers/{handover.pk}/successor/",
        "405 405 405 405 405 405 405 405",
    ),
    "handovers/check/": ("/handovers/check/", "login 403 403 403 403 403 200 200"),
    "inbox/": ("/inbox/", "login 200 200 200 200 200 200 200"),
    "inbox/<int:pk>/": ("/inbox/{message.pk}/", "login 302 302 302 302 302 302 302"),
    "inbox/read/": ("/inbox/read/", "login 302 302 302 302 302 302 302"),
    "saved/": ("/saved/", "login 200 200 200 200 200 200 200"),
    "saved/new/": ("/saved/new/?q=古城", "login 200 200 200 200 200 200 200"),
    "saved/mail/": ("/saved/mail/", "login 302 302 302 302 302 302 302"),
    "saved/stop/<str:token>/": ("{stop_address}", "200 200 200 200 200 200 200 200"),
    "saved/<int:pk>/": ("/saved/{saved.pk}/", "login 403 403 403 200 200 403 200"),
    "saved/<int:pk>/edit/": ("/saved/{saved.pk}/edit/", "login 403 403 403 200 403 403 200"),
    "saved/<int:pk>/pause/": ("/saved/{saved.pk}/pause/", "login 403 403 403 302 403 403 302"),
    "saved/<int:pk>/follow/": ("/saved/{saved.pk}/follow/", "login 403 403 403 302 302 403 302"),
    "saved/<int:pk>/delete/": ("/saved/{saved.pk}/delete/", "login 403 403 403 200 403 403 200"),
    "import/": ("/import/", "login 403 403 403 200 403 200 200"),
    "import/batches/<int:pk>/": ("/import/batches/{batch.pk}/", "login 403 403 403 200 403 200 200"),
    "import/batches/<int:pk>/rejected/": ("/import/batches/{batch.pk}/rejected/", "login 403 403 403 200 403 200 200"),
    "import/batches/<int:pk>/resume/": ("/import/batches/{batch.pk}/resume/", "login 403 403 403 302 403 302 302"),
    "import/<slug:kind>/": ("/import/tenders/", "login 403 403 403 200 403 200 200"),
    "import/<slug:kind>/template.xlsx": ("/import/tenders/template.xlsx", "login 403 403 403 200 403 200 200"),
    "tenders/": ("/tenders/", "login 403 403 200 200 200 200 200"),
    "tenders/export.xlsx": ("/tenders/export.xlsx", "login 403 403 200 200 200 200 200"),
    "tenders/<int:pk>/": ("/tenders/{tender.pk}/", "login 403 403 200 200 200 200 200"),
    "tenders/<int:pk>/opinion/": ("/tenders/{tender.pk}/opinion/", "login 403 403 403 200 403 200 200"),
    "procedures/mine/": ("/procedures/mine/", "login 403 200 200 200 200 200 200"),
    "procedures/register/": ("/procedures/register/", "login 403 200 200 200 200 200 200"),
    "procedures/proposals/": ("/procedures/proposals/", "login 403 200 200 200 200 200 200"),
    "procedures/proposals/<int:pk>/answer/": (
        "/procedures/proposals/{proposal.pk}/answer/",
        "405 405 405 405 405 405 405 405",
    ),
    "procedures/readings/<int:pk>/confirm/": (
        "/procedures/readings/{reading.pk}/confirm/",
        "405 405 405 405 405 405 405 405",
    ),
    "procedures/copies/<int:pk>.pdf": ("/procedures/copies/{copy.pk}.pdf", "login 403 403 200 403 403 200 200"),
    "procedures/copies/<int:pk>/return/": (
        "/procedures/copies/{copy.pk}/return/",
        "405 405 405 405 405 405 405 405",
    ),
    "procedures/<slug:code>/versions/<int:number>/": (
        "/procedures/sc-001/versions/1/",
        "login 403 200 200 200 200 200 200",
    ),
    "procedures/<slug:code>/versions/<int:number>/propose/": (
        "/procedures/sc-001/versions/1/propose/",
        "405 405 405 405 405 405 405 405",
    ),
    "procedures/<slug:code>/compare/": ("/procedures/sc-001/compare/", "login 403 200 200 200 200 200 200"),
    "procedures/<slug:code>/readers/": ("/procedures/sc-001/readers/", "login 403 403 200 403 403 200 200"),
    "procedures/<slug:code>/copies/": ("/procedures/sc-001/copies/", "login 403 403 200 403 403 200 200"),
    "cases/": ("/cases/", "login 403 200 200 200 200 200 200"),
    "cases/start/<slug:code>/": ("/cases/start/sc-001/", "405 405 405 405 405 405 405 405"),
    "cases/try/<slug:code>/": ("/cases/try/sc-001/", "login 403 403 200 403 403 200 200"),
    "cases/findings/": ("/cases/findings/", "login 403 200 200 200 200 200 200"),
    "cases/findings/<int:pk>/close/": ("/cases/findings/{finding.pk}/close/", "405 405 405 405 405 405 405 405"),
    # Of a case: its drafter (who owns the procedure here) and site managers.
    "cases/<int:pk>/": ("/cases/{case.pk}/", "login 403 403 200 403 403 200 200"),
    "cases/<int:pk>.pdf": ("/cases/{case.pk}.pdf", "login 403 403 200 403 403 200 200"),
    "cases/<int:pk>/edit/": ("/cases/{case.pk}/edit/", "login 403 403 200 403 403 403 403"),
    "cases/<int:pk>/save/": ("/cases/{case.pk}/save/", "405 405 405 405 405 405 405 405"),
    "cases/<int:pk>/discard/": ("/cases/{case.pk}/discard/", "405 405 405 405 405 405 405 405"),
    "cases/<int:pk>/files/<int:file_pk>/": (
        "/cases/{case.pk}/files/{receipt.pk}/",
        "login 403 403 200 403 403 200 200",
    ),
    "cases/<int:pk>/files/<int:file_pk>/remove/": (
        "/cases/{case.pk}/files/{receipt.pk}/remove/",
        "405 405 405 405 405 405 405 405",
    ),
    "v/<str:token>/": ("/v/{copy.token}/", "200 200 200 200 200 200 200 200"),
    "releases/feed/": ("/releases/feed/", "200 200 200 200 200 200 200 200"),
    "releases/feed/atom/": ("/releases/feed/atom/", "200 200 200 200 200 200 200 200"),
    "print/pages/<int:pk>.pdf": ("/print/pages/{paper.pk}.pdf?draft=1", "login 403 403 200 403 200 200 200"),
    "healthz/": ("/healthz/", "200 200 200 200 200 200 200 200"),
    "sitemap.xml": ("/sitemap.xml", "200 200 200 200 200 200 200 200"),
    "media/images/<path:path>": ("/media/images/none.jpg", "404 404 404 404 404 404 404 404"),
    "media/original_images/<path:path>": ("/media/original_images/none.jpg", "404 404 404 404 404 404 404 404"),
    "_util/login/": ("/_util/login/", "login login login login login login login login"),
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": (
        "/_util/authenticate_with_password/1/1/",
        "404 404 404 404 404 404 404 404",
    ),
    # Wagtail's catch-all: page types by audience and state are in test_page_access.py.
    "^((?:[\\w\\-]+/)*)$": ("{role.url}", "login 403 200 200 200 200 200 200"),
}
# The same for what changes something; an empty form, so 422 or 200 means «may, but nothing was filled in».
POST = {
    "/password/": "login 200 200 200 200 200 200 200",
    "/search/history/": "login 302 302 302 302 302 302 302",
    "/search/export/": "login 302 302 302 302 302 302 302",
    "/search/exports/{export.pk}/resume/": "login 404 404 404 302 404 404 404",
    "/admin/search-status/verify/": "login login login 302 302 login 302 302",
    "/admin/search-status/rebuild/": "login login login 302 302 login 302 302",
    "/handovers/{handover.pk}/": "login 403 403 422 403 422 422 422",
    "/handovers/{handover.pk}/successor/": "login 403 403 422 403 422 422 422",
    "/handovers/check/": "login 403 403 403 403 403 302 302",
    "/inbox/read/": "login 302 302 302 302 302 302 302",
    "/inbox/{message.pk}/": "login 404 404 404 404 302 404 404",
    "/saved/new/": "login 422 422 422 422 422 422 422",
    "/saved/mail/": "login 302 302 302 302 302 302 302",
    "/saved/{saved.pk}/edit/": "login 403 403 403 422 403 403 422",
    "/saved/{saved.pk}/pause/": "login 403 403 403 302 403 403 302",
    "/saved/{saved.pk}/follow/": "login 403 403 403 302 302 403 302",
    "/saved/99999/delete/": "404 404 404 404 404 404 404 404",
    "/import/batches/{batch.pk}/resume/": "login 403 403 403 302 403 302 302",
    "/import/tenders/": "login 403 403 403 422 403 422 422",
    "/tenders/{tender.pk}/opinion/": "login 403 403 403 302 403 302 302",
    "/procedures/proposals/{proposal.pk}/answer/": "login 403 403 422 403 403 422 422",
    "/procedures/readings/{reading.pk}/confirm/": "login 403 404 302 404 404 404 404",
    "/procedures/copies/{copy.pk}/return/": "login 403 403 302 403 403 302 302",
    "/procedures/sc-001/versions/1/propose/": "login 403 422 422 422 422 422 422",
    "/cases/findings/{finding.pk}/close/": "login 403 302 302 302 302 302 302",
    "/cases/{case.pk}/edit/": "login 403 403 302 403 403 403 403",
    "/cases/{case.pk}/save/": "login 403 403 200 403 403 403 403",
    "/cases/{case.pk}/files/{receipt.pk}/remove/": "login 403 403 302 403 403 403 403",
    "/cases/{case.pk}/discard/": "login 403 403 302 404 404 404 404",
    "/cases/try/sc-001/": "login 403 403 200 403 403 200 200",
    "/procedures/sc-001/copies/": "login 403 403 422 403 403 422 422",
    "/sign/batch/": "login 302 302 302 302 302 302 302",
    "/sign/runs/{run.pk}/": "login 403 403 422 403 422 422 422",
    "/sign/{assignment.pk}/": "login 403 403 422 403 422 422 422",
    "/sign/path/{paper_type.pk}/{paper.pk}/": "login 403 403 302 403 422 302 302",
}
# What is listed on the editors' desk to whom. Wagtail sends a refused editor back to the desk (302), all others to the login.
DESK = {
    "approvals.route": "login login login 302 302 login 200 200",
    "organization.holding": "login login login 302 302 login 200 200",
    "organization.indicator": "login login login 302 302 login 200 200",
    "organization.post": "login login login 302 302 login 200 200",
    "organization.unit": "login login login 302 302 login 200 200",
    "procedures.codeseries": "login login login 302 302 login 200 200",
    "organization.workingday": "login login login 302 302 login 200 200",
    "releases.boilerplate": "login login login 200 302 login 200 200",
    "releases.headquartersrule": "login login login 302 302 login 200 200",
    "search.synonymgroup": "login login login 302 200 login 200 200",
    "taxonomy.subject": "login login login 302 302 login 200 200",
    "tenders.tenderprocess": "login login login 200 200 login 200 200",
}
# Addresses of the desk anybody may fetch: nothing of the portal's content is in them.
OPEN_ON_THE_DESK = {"admin/jsi18n/", "admin/sprite/"}


def routes(resolver=None, before: str = "") -> list[str]:
    """Every route of the portal as one string."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += routes(entry, route)
        elif isinstance(entry, URLPattern):
            found.append(route)
    return found


def answers(ask, world, address: str, method: str = "get") -> str:
    """What each of READERS gets, as in the tables."""
    return " ".join(verdict(ask(reader, address.format(**vars(world)), method)) for reader in READERS)


def test_every_address_has_a_row():
    assert {route for route in routes() if not route.startswith("admin/")} == set(GET)


def test_every_address_answers_every_reader_as_the_table_says(world, ask):
    found = {route: answers(ask, world, address) for route, (address, _) in GET.items()}

    assert found == {route: expected for route, (_, expected) in GET.items()}


def test_head_answers_as_get(world, ask):
    found = {route: answers(ask, world, address, "head") for route, (address, _) in GET.items()}

    assert found == {route: expected for route, (_, expected) in GET.items()}


def test_what_changes_something_asks_for_the_same_rights(world, ask):
    found = {address: answers(ask, world, address, "post") for address in POST}

    assert found == POST


def test_each_listing_of_the_desk_opens_to_those_whose_work_it_is(world, ask):
    listings = {
        model._meta.label_lower: model.snippet_viewset.get_url_name("list")
        for model in get_snippet_models()
        if model.__module__.startswith(("content.", "search."))
    }
    found = {label: answers(ask, world, reverse(name)) for label, name in listings.items()}

    assert found == DESK


def addresses_of_the_desk() -> dict[str, str]:
    """Route → an address of it, ids made up."""
    return {
        route: "/" + re.sub(r"<[^>]*>", "1", route)
        for route in routes()
        if route.startswith("admin/") and not re.search(r"[\^$(\\]", route)
    }


@pytest.mark.parametrize("reader", ["anonymous", "outsider", "staff", "signer"])
def test_nothing_of_the_desk_opens_without_a_right_to_it(world, ask, reader):
    addresses = addresses_of_the_desk()
    opened = {
        route: verdict(response)
        for route, address in addresses.items()
        if (response := ask(reader, address)).status_code not in {302, 403, 404, 405}
    }

    assert len(addresses) > 300
    assert set(opened) == OPEN_ON_THE_DESK


@pytest.mark.parametrize("reader", ["outsider", "staff", "signer"])
def test_who_has_no_desk_is_told_and_not_sent_round_in_circles(world, reader):
    client = Client()
    client.force_login(world.readers[reader])

    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/media/images/../documents/prices.pdf",
        "/media/images/%2e%2e/documents/prices.pdf",
        "/media/original_images/..%2fdocuments/prices.pdf",
        "/media/images/../../portal.sqlite3",
        "/media/documents/prices.pdf",
        "/media/images/",
    ],
)
def test_no_way_leads_from_the_pictures_to_other_files(world, address):
    assert Client().get(address).status_code in {400, 404}


def test_pictures_are_sent(world, settings, tmp_path):
    (tmp_path / "media" / "images").mkdir(parents=True, exist_ok=True)
    (tmp_path / "media" / "images" / "dot.png").write_bytes(b"\x89PNG")

    response = Client().get("/media/images/dot.png")

    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"\x89PNG")


def test_there_is_no_api_but_the_one_the_desk_itself_asks():
    mounted = {entry for entry in routes() if re.search(r"(^|[/^])(api|graphql|rest|v\d+)(/|$)", entry)}
    names = {entry.removeprefix("admin/api/main/").split("/")[0] for entry in mounted}

    assert all(entry.startswith("admin/api/main/") for entry in mounted)
    assert names == {"^pages", "^images", "^documents"}
    assert not [
        app
        for app in settings.INSTALLED_APPS
        if app.startswith(("rest_framework", "wagtail.api", "ninja", "graphene", "django.contrib.admin"))
    ]
