"""What every engine keeps of a document beside its tokens, as plain JSON."""

import datetime
import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from search import text
from search.documents import FileText, SearchDocument
from search.values import cents, facet_paths, with_ancestors

__all__ = ["cents", "facet_paths", "from_stored", "to_stored", "with_ancestors"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as an engine keeps it: `rest` is the digest of a body that was cut (else empty), `files` are those of
    the files' texts."""

    document: SearchDocument
    rest: str
    files: tuple[str, ...]

    def restored(self, now: SearchDocument) -> SearchDocument:
        """Return the document as it was indexed, `now` being what stands in its place today.

        What was not kept is taken from today's where that is the same still. Where it has changed, the far end of the
        body or the text of the file is missing: what it held is not known any more.
        """
        body = now.body if self.rest and _digest(now.body) == self.rest else self.document.body
        today = {file.key: file.text for file in now.files}
        files = tuple(
            replace(file, text=today[file.key] if file.key in today and _digest(today[file.key]) == digest else "")
            for file, digest in zip(self.document.files, self.files, strict=True)
        )
        return replace(self.document, body=body, files=files)


def to_stored(document: SearchDocument) -> dict[str, Any]:
    """Return what is kept of a document: its body cut to what highlighting reads, texts of files left out.

    Short digests of both tell whether today's are still the same (`Stored.restored`).
    """
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
    if document.keywords:
        stored["keywords"] = text.clean(document.keywords)
    if len(document.body) > text.HIGHLIGHT_CHARS:
        stored["rest"] = _digest(document.body)
    if document.files:
        stored["files"] = [[file.key, text.clean(file.name), _digest(file.text)] for file in document.files]
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
        keywords=stored.get("keywords") or "",
        date=_date(stored["date"]),
        deadline=_date(stored["deadline"]),
        amount=None if stored["amount"] is None else Decimal(stored["amount"]),
        place=stored["place"],
        facets={name: tuple(values) for name, values in stored["facets"].items()},
        files=tuple(FileText(key, name) for key, name, _ in stored.get("files") or ()),
    )


def whole(stored: dict[str, Any]) -> Stored:
    """Return the same with the digests of what was left out."""
    return Stored(from_stored(stored), stored.get("rest") or "", tuple(file[2] for file in stored.get("files") or ()))


def _date(ordinal: int | None) -> datetime.date | None:
    return None if ordinal is None else datetime.date.fromordinal(ordinal)


def _digest(value: str) -> str:
    return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
