"""The page that tells readers what they may type, with examples of their own content."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

import search
from search.fields import KIND
from search.readers import Reader, reader_for
from search.registry import all_facets, index_of_kind

EXAMPLES = 3  # values shown of each facet, those most documents have


@dataclass(frozen=True, slots=True)
class Choosable:
    """A name one may choose values by, with queries for the values most documents have."""

    name: str
    queries: tuple[str, ...]


@require_safe  # ty: ignore[invalid-argument-type] (its stub is misread here)
def page(request: HttpRequest) -> HttpResponse:
    """The query language in words; the same for everybody but for the examples, which are what the reader may see."""
    response = render(request, "search/help.html", {"choosables": _choosables(reader_for(request.user))})
    patch_cache_control(response, private=True)
    return response


def _choosables(reader: Reader) -> list[Choosable]:
    facets = search.search("", reader=reader, page_size=1).facets
    labels = {"kind": KIND, **{facet.name: facet.label for facet in all_facets()}}
    found: dict[str, list[str]] = {}
    for name, label in labels.items():
        for value, _ in facets.get(name, ())[:EXAMPLES]:
            index = index_of_kind(value) if name == "kind" else None
            found.setdefault(label, []).append(_query(label, index.label if index else value))
    return [Choosable(label, tuple(queries[:EXAMPLES])) for label, queries in found.items()]


def _query(label: str, value: str) -> str:
    """Return the query that chooses a value; of a place its own name is enough, of a month not, and what holds blanks
    is quoted."""
    name = value.rsplit("/", 1)[-1]
    if name[:1].isdigit():
        name = value
    return f'{label}:"{value}"' if len(name.split()) > 1 else f"{label}:{name}"
