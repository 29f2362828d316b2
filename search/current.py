"""Documents as the database has them now, made anew from their objects."""

from collections.abc import Iterable

from search.documents import SearchDocument
from search.outbox import documents_now


def documents(keys: Iterable[str]) -> dict[str, SearchDocument]:
    """Return the documents with these keys («app.model:pk»); left out is what is gone or may not be found (any more).

    One query for each kind of object, and those its index makes.
    """
    by_label: dict[str, list[str]] = {}
    for key in dict.fromkeys(keys):
        label, _, pk = key.partition(":")
        by_label.setdefault(label, []).append(pk)
    found: dict[str, SearchDocument] = {}
    for label, pks in by_label.items():
        made, _ = documents_now(label, pks)
        found.update((document.key, document) for document in made)
    return found
