"""Rebuilding the whole index and comparing it with the database."""

import contextlib
import gc
import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from search import admin_index, registry
from search.documents import SearchDocument
from search.engines import get_engine
from search.engines.base import EngineBusy
from search.models import OutboxEntry
from search.outbox import BATCH, announce, drain

logger = logging.getLogger("search")

_OBJECTS = 50_000  # made and not gone, before garbage is looked for: some ten megabytes

Progress = Callable[[str, int, int], None]


def rebuild(progress: Progress | None = None) -> int:
    """Index everything into a new generation and swap it in; returns the number of documents.

    Readers search the old index until the swap. Changes meanwhile wait in the outbox and follow after it.
    `progress` is called with the label of a kind, documents so far and objects in all.
    """
    count = 0
    OutboxEntry.objects.filter(attempts__gt=0).update(attempts=0)  # what failed before may work now
    with _seldom_collecting(), get_engine().rebuild() as generation:
        for index in registry.all_indexes():
            count += generation.add(_documents(index, progress))
        announce()  # the old generation is there still, and says what has changed
    return count


@contextlib.contextmanager
def _seldom_collecting() -> Generator[None]:
    """Look for garbage seldom, and not among what is there already: every row read makes some that is quickly gone.

    A third of the time of a rebuild went into looking through the whole process for it.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _documents(index: registry.SearchIndex, progress: Progress | None = None) -> Iterator[SearchDocument]:
    queryset = index.get_queryset()
    total = queryset.count() if progress else 0
    seen = 0
    for seen, one in enumerate(queryset.iterator(chunk_size=BATCH), start=1):
        try:
            document = index.document(one)
        except Exception:  # one bad object must not keep all others from being found
            logger.exception("No search document could be made of %s:%s", index.model._meta.label_lower, one.pk)
            document = None
        if document is not None:
            yield document
        if progress and seen % BATCH == 0:
            progress(index.label, seen, total)
    if progress:
        progress(index.label, seen, total)


@dataclass(frozen=True, slots=True)
class Difference:
    """How index and database differ: keys that are missing in the index, out of date there, or should not be there."""

    missing: tuple[str, ...]
    outdated: tuple[str, ...]
    superfluous: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.superfluous)


def compare(progress: Progress | None = None) -> Difference:
    """Compare every document of the database with the index; `progress` as in `rebuild`."""
    indexed = dict(get_engine().digests())
    missing, outdated = [], []
    for index in registry.all_indexes():
        for document in _documents(index, progress):
            digest = indexed.pop(document.key, None)
            if digest is None:
                missing.append(document.key)
            elif digest != document.digest():
                outdated.append(document.key)
    return Difference(tuple(missing), tuple(outdated), tuple(indexed))


def mend(difference: Difference) -> int:
    """Bring what differs into order, by way of the outbox, and return how many documents that were."""
    keys = [*difference.missing, *difference.outdated, *difference.superfluous]
    rows = [OutboxEntry(model=model, object_pk=pk) for model, _, pk in (key.rpartition(":") for key in keys)]
    OutboxEntry.objects.bulk_create(rows, batch_size=BATCH)
    while drain():
        pass
    return len(keys)


def make_current() -> bool:
    """Rebuild what does not exist yet or was made by another version; returns whether anything was to be done."""
    readers, editors = get_engine().status(), admin_index.engine().status()
    if not readers.current:
        rebuild()
    if not editors.current:
        admin_index.rebuild()
    with contextlib.suppress(EngineBusy):  # then another process is at it
        while drain():
            pass
    return not (readers.current and editors.current)
