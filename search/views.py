"""The results page and the suggestions as one types. Both see exactly what their reader may read."""

import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

import search
from search.forms import Parameters
from search.panels import amount_text, chips, facet_groups, kind_tabs, period_presets, sort_links
from search.readers import reader_for
from search.registry import index_of_kind, lists_for

PAGE_SIZE = 20
SUGGESTIONS = 8
MAX_PREFIX = 100


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Hits of a search with everything that narrows it; the address is permanent and any address gives a page."""
    asked = Parameters.read(request.GET)
    reader = reader_for(request.user)
    found = _search(asked, reader, asked.page)
    if found.total and asked.page > found.pages:
        found = _search(asked, reader, found.pages)
    today = timezone.localdate()
    context = {
        "q": asked.text,
        "asked": asked,
        "found": found,
        "hits": [
            {"hit": hit, "index": index_of_kind(hit.kind), "amount": amount_text(hit.amount)} for hit in found.hits
        ],
        "notes": [*asked.notes, *([found.note] if found.note else [])],
        "tabs": kind_tabs(asked, found),
        "has_facets": bool(found.total or asked.is_narrowed),
        "facets": facet_groups(asked, found),
        "chips": chips(asked),
        "sorts": sort_links(asked),
        "date_presets": period_presets(asked, "date", today),
        "deadline_presets": period_presets(asked, "deadline", today),
        "date_pairs": [pair for pair in asked.pairs() if not pair[0].startswith(("date_", "deadline_"))],
        "page_obj": Paginator(range(found.total), PAGE_SIZE).get_page(found.page),
        "querystring": f"{asked.address()[1:]}&" if asked.pairs() else "",
        "lists": lists_for(reader) if found.unavailable else [],
        "today": today,
        "soon": today + datetime.timedelta(days=7),
    }
    response = render(request, "search/results.html", context)
    patch_cache_control(response, private=True)
    return response


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Titles for what is being typed: an HTML fragment for the search box, or with ?format=json data for others."""
    prefix = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_PREFIX]
    found = search.suggest(prefix, reader=reader_for(request.user), limit=SUGGESTIONS) if prefix else []
    suggestions = [
        {"label": one.label, "url": one.url, "kind": one.kind, "kind_label": _label(one.kind)} for one in found
    ]
    if request.GET.get("format") == "json":
        response: HttpResponse = JsonResponse({"q": prefix, "suggestions": suggestions})
    else:
        response = render(request, "search/suggestions.html", {"q": prefix, "suggestions": suggestions})
    # What one reader may see must not be shown from the browser's cache to the next one at the same desk.
    patch_cache_control(response, private=True, no_store=True)
    return response


def _search(asked: Parameters, reader, page: int):
    return search.search(
        asked.text,
        reader=reader,
        page=page,
        page_size=PAGE_SIZE,
        **asked.narrowed(),
    )


def _label(kind: str) -> str:
    index = index_of_kind(kind)
    return index.label if index else ""
