"""What every engine keeps of a document beside its tokens, as plain JSON, and how amounts and paths are indexed."""

import datetime
from decimal import Decimal
from typing import Any

from search import text
from search.documents import FileText, SearchDocument

_CENTS = Decimal(100)
_MAX_CENTS = 2**62


def cents(amount: Decimal) -> int:
    """Return an amount of yuan in fen, kept inside what 64 bits hold."""
    if not amount.is_finite():
        return 0
    return int(max(-_MAX_CENTS, min(_MAX_CENTS, (amount * _CENTS).to_integral_value())))


def with_ancestors(value: str) -> list[str]:
    """Return a path and all paths above it: «云南省/丽江市» → «云南省», «云南省/丽江市»."""
    parts = [part for part in text.clean(value).split("/") if part]
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def facet_paths(document: SearchDocument) -> dict[str, list[str]]:
    """Return the values of each facet to be counted and filtered by, those above them in a tree included."""
    return {
        name: list(dict.fromkeys(path for value in values for path in with_ancestors(value)))
        for name, values in document.facets.items()
        if values
    }


def to_stored(document: SearchDocument) -> dict[str, Any]:
    """Return what hits show of a document: body cut to what highlighting reads, keywords and texts of files left out."""
    stored = {
        "key": document.key,
        "kind": document.kind,
        "title": text.clean(document.title),
        "url": document.url,
        "audience": sorted(document.audience),
        "body": text.clean(document.body[: text.HIGHLIGHT_CHARS]),
        "date": document.date and document.date.toordinal(),
        "deadline": document.deadline and document.deadline.toordinal(),
        "amount": None if document.amount is None else str(document.amount),
        "place": text.clean(document.place),
        "facets": {name: [text.clean(value) for value in values] for name, values in document.facets.items()},
        "digest": document.digest(),
    }
    if document.files:
        stored["files"] = [[file.key, text.clean(file.name)] for file in document.files]
    return stored


def from_stored(stored: dict[str, Any]) -> SearchDocument:
    """Return the document of `to_stored`."""
    return SearchDocument(
        key=stored["key"],
        kind=stored["kind"],
        title=stored["title"],
        url=stored["url"],
        audience=frozenset(stored["audience"]),
        body=stored["body"],
        date=_date(stored["date"]),
        deadline=_date(stored["deadline"]),
        amount=None if stored["amount"] is None else Decimal(stored["amount"]),
        place=stored["place"],
        facets={name: tuple(values) for name, values in stored["facets"].items()},
        files=tuple(FileText(key, name) for key, name in stored.get("files", ())),
    )


def _date(ordinal: int | None) -> datetime.date | None:
    return None if ordinal is None else datetime.date.fromordinal(ordinal)
