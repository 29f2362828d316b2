"""Documents that are about to be found anew are written down, to be compared with the saved searches by the worker."""

import json
import zlib
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction

from content.alerts.models import SavedSearch, WaitingDocument
from search import text
from search.documents import SearchDocument
from search.engines.stored import Stored, from_stored, to_stored

BATCH = 1_000


@contextmanager
def write_down(documents: Sequence[SearchDocument], before: Callable[[], Mapping[str, Stored]]) -> Generator[None]:
    """Listener of the index (search.listeners): remember what is new or has changed, and after it can be found have it
    compared. While nobody has saved a search, nothing is remembered."""
    rows = []
    if SavedSearch.objects.filter(paused_at=None).exists():
        held = before()
        for document in documents:
            was = held[document.key].restored(document) if document.key in held else None
            if was is None:
                rows.append(WaitingDocument(key=document.key))
            elif was.digest() != document.digest():
                rows.append(WaitingDocument(key=document.key, before=packed(was)))
        WaitingDocument.objects.bulk_create(rows, batch_size=BATCH)
    yield
    if rows:
        transaction.on_commit(enqueue, robust=True)


def enqueue() -> None:
    """Have the worker compare what waits."""
    from content.alerts.tasks import match_waiting  # noqa: PLC0415 (the task imports this module's users)

    match_waiting.enqueue()


def packed(document: SearchDocument) -> bytes:
    """Return the whole document, compressed."""
    stored = to_stored(document)
    stored["body"] = text.clean(document.body)
    stored["texts"] = [text.clean(file.text) for file in document.files]
    return zlib.compress(json.dumps(stored, ensure_ascii=False).encode())


def unpacked(data: bytes) -> SearchDocument | None:
    """Return the document of `packed`, or None for no bytes."""
    if not data:
        return None
    stored = json.loads(zlib.decompress(data))
    document = from_stored(stored)
    files = tuple(replace(file, text=its) for file, its in zip(document.files, stored["texts"], strict=True))
    return replace(document, files=files)
