"""The results page. It shows exactly what its reader may read."""

import unicodedata

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

import search
from search import missed, remembering
from search.api import MAX_PAGES
from search.export_files import ExportFormat
from search.forms import Parameters, in_wan
from search.panels import (
    amount_presets,
    amount_text,
    chips,
    deadline_text,
    facet_groups,
    kind_tabs,
    period_presets,
    shown_kinds,
    sort_links,
)
from search.readers import Reader, reader_for
from search.registry import index_of_kind, lists_for
from search.relaxing import lost_values, ways_out

PAGE_SIZE = 20
_PART = "search-results"  # the element htmx puts in place of the old one


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Hits of a search with everything that narrows it; the address is permanent and any address gives a page.

    An address with empty parts (a form sent without JavaScript) leads to the short one of the same search. htmx gets
    only the part of the page that changes.
    """
    asked = Parameters.read(request.GET)
    if not asked.notes and any(not value.strip() for values in dict(request.GET.lists()).values() for value in values):
        return redirect(f"{request.path}{_address(asked, asked.page)}")
    reader = reader_for(request.user)
    found = search.search(asked.text, reader=reader, page=asked.page, page_size=PAGE_SIZE, **asked.narrowed())
    if _is_asked_anew(request, asked):
        missed.record(found, reader)
        if found.total:
            remembering.remember(request.user, asked.text)
    response = render(
        request,
        "search/results_part.html" if _wants_part(request) else "search/results.html",
        _context(request, asked, found, reader),
    )
    patch_cache_control(response, private=True)
    patch_vary_headers(response, ("HX-Request", "HX-Target", "HX-History-Restore-Request"))
    return response


def _is_asked_anew(request: HttpRequest, asked: Parameters) -> bool:
    """Tell whether somebody asks for these words, and does not only narrow or turn the pages of what they found."""
    fetched_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    return request.method == "GET" and not fetched_ahead and asked.page == 1 and not asked.is_narrowed


def _context(request: HttpRequest, asked: Parameters, found, reader: Reader) -> dict:
    today = timezone.localdate()
    lost = lost_values(asked, found, reader)
    kinds = shown_kinds(asked, found)
    with_deadlines = any(index.has_deadline for index in kinds) or bool(asked.deadline_from or asked.deadline_to)
    with_amounts = any(index.has_amount for index in kinds) or not (asked.amount_from is asked.amount_to is None)
    ranges = {"date_from", "date_to", "deadline_from", "deadline_to", "amount_from", "amount_to"}
    return {
        "q": asked.text,
        "q_plain": _without_marks(asked.text),
        "asked": asked,
        "found": found,
        "hits": [_shown(hit, today) for hit in found.hits],
        "notes": [
            *asked.notes,
            *_lost_notes(asked, lost),
            *([found.note] if found.note else []),
            *_page_notes(asked, found),
        ],
        "tabs": kind_tabs(asked, found),
        "has_facets": bool(found.total or asked.is_narrowed) and not found.unavailable,
        "facets": facet_groups(asked, found),
        "chips": chips(asked, lost),
        "sorts": sort_links(asked, with_deadlines=with_deadlines),
        "date_presets": period_presets(asked, "date", today),
        "deadline_presets": period_presets(asked, "deadline", today) if with_deadlines else [],
        "amount_presets": amount_presets(asked) if with_amounts else [],
        "amount_ends": ["" if end is None else in_wan(end) for end in (asked.amount_from, asked.amount_to)],
        "has_ranges": any(name in ranges for name, _ in asked.pairs()),
        "kept_pairs": [pair for pair in asked.pairs() if pair[0] not in ranges],
        "all_pairs": asked.pairs(),
        "ways_out": ways_out(asked, reader) if not (found.total or found.unavailable) and asked.is_narrowed else [],
        "unnarrowed": Parameters(text=asked.text).address(),
        "formats": ExportFormat,
        "page_obj": Paginator(range(min(found.total, MAX_PAGES * PAGE_SIZE)), PAGE_SIZE).get_page(found.page),
        "querystring": f"{asked.address()[1:]}&" if asked.pairs() else "",
        "lists": lists_for(reader) if found.unavailable else [],
        "canonical": request.build_absolute_uri(f"{request.path}{_address(asked, found.page)}"),
    }


def _shown(hit, today) -> dict:
    index = index_of_kind(hit.kind)
    left, badge = deadline_text(hit.deadline, today) if hit.deadline else ("", "")
    return {"hit": hit, "index": index, "amount": amount_text(hit.amount), "left": left, "badge": badge}


def _address(asked: Parameters, page: int) -> str:
    """The short query string of a page of results; empty for the first page of everything."""
    address = asked.address()
    if page > 1:
        address += f"{'&' if asked.pairs() else ''}page={page}"
    return "" if address == "?" else address


def _wants_part(request: HttpRequest) -> bool:
    """Tell whether htmx will take only the results out of the answer; a page restored from the history is whole."""
    headers = request.headers
    return headers.get("HX-Target") == _PART and headers.get("HX-History-Restore-Request") != "true"


def _lost_notes(asked: Parameters, lost: list[tuple[str, str]]) -> list[str]:
    if not lost:
        return []
    names = "、".join(f"“{chip.label}”" for chip in chips(asked, lost) if chip.lost)
    return [f"{names}现在没有对应的内容，可以点下面的“×”去掉这个条件。"]


def _page_notes(asked: Parameters, found) -> list[str]:
    if found.pages == MAX_PAGES and found.total > MAX_PAGES * PAGE_SIZE and asked.page >= MAX_PAGES:
        return [f"结果很多，只能翻到第 {MAX_PAGES} 页。请缩小范围，或者用“导出”取得全部 {found.total:,} 条。"]
    if found.total and asked.page > found.pages:
        return [f"没有第 {asked.page} 页，这是最后一页（第 {found.pages} 页）。"]
    return []


def _without_marks(text: str) -> str:
    """The text for where no markup can isolate it (the window's title): without marks that turn the direction."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")
