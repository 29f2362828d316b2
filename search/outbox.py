"""From a change in the database to the indexes of readers and editors, without losing any.

`touch` (called by search.signals, or by hand after bulk writes) writes rows in the transaction of the change. After
the commit a few rows are drained at once, so who saved finds it at once; many rows, a busy writer, a dead engine or
one on another machine leave them to the task. Documents are made from the database when rows are drained and rows are deleted only after the
index has committed, so neither their order nor a crash in between matters: at worst something is indexed twice.

A change outside any transaction (autocommit) commits before its row can be written; only there a crash between the
two leaves the index behind, which verify_search_index finds.
"""

import contextlib
import logging
import threading
from collections.abc import Generator, Iterable, Iterator

from django.apps import apps
from django.db import connection, transaction
from django.db.models import F, Model, QuerySet

from search import admin_index, listeners, registry
from search.documents import SearchDocument
from search.engines import get_engine, is_embedded
from search.engines.base import Engine, EngineBusy, EngineUnavailable
from search.models import OutboxEntry

logger = logging.getLogger("search")

INLINE_LIMIT = 50  # rows drained in the request of who saved; an index commit takes some 10 ms, a document 0.2
BATCH = 1_000
MAX_ATTEMPTS = 5  # a document that cannot be made is left alone then; search_status shows it

LOST = "检索索引不见了，正在等待重建。"

_state = threading.local()


def is_followed(model: type[Model]) -> bool:
    """Tell whether changes of this model concern the readers' index or the editors'."""
    return registry.index_for(model) is not None or admin_index.holds(model)


def touch(objects: Iterable[Model] | QuerySet) -> int:
    """Have these objects indexed anew (or taken out, if gone) once the transaction commits. Returns how many.

    For writes that send no signals: bulk_create, QuerySet.update, raw SQL. Objects of models that are not searchable
    are ignored.
    """
    if isinstance(objects, QuerySet):
        if not is_followed(objects.model):
            return 0
        return touch_keys(objects.model, objects.order_by().values_list("pk", flat=True))
    count = 0
    by_model: dict[type[Model], list[object]] = {}
    for one in objects:
        by_model.setdefault(type(one), []).append(one.pk)
    for model, keys in by_model.items():
        count += touch_keys(model, keys)
    return count


def touch_keys(model: type[Model], keys: Iterable[object]) -> int:
    """The same by primary keys."""
    if not is_followed(model):
        return 0
    label = model._meta.label_lower
    rows = [OutboxEntry(model=label, object_pk=str(key)) for key in keys if key is not None]
    if not rows:
        return 0
    OutboxEntry.objects.bulk_create(rows, batch_size=BATCH)
    _once_after_commit()
    return len(rows)


def leave_to_task() -> None:
    """Have what this transaction touches indexed by the task: it would keep who saves waiting."""
    for _, function in _callbacks():
        function.in_request = False


def _once_after_commit() -> None:
    """Drain after the commit, once per transaction; a callback of a savepoint that may be undone does not count."""
    open_savepoints = set(connection.savepoint_ids)
    fresh = _AfterCommit()
    for savepoints, function in _callbacks():
        if savepoints <= open_savepoints:
            return
        fresh.in_request = fresh.in_request and function.in_request
    transaction.on_commit(fresh, robust=True)


def _callbacks() -> Iterator[tuple[set, "_AfterCommit"]]:
    """Yield the callbacks of this transaction, the latest first, with the savepoints each needs."""
    for savepoints, function, *_ in reversed(connection.run_on_commit):
        # One that has run stands in the list still where a test runs callbacks without a commit.
        if isinstance(function, _AfterCommit) and not function.has_run:
            yield set(savepoints), function


class _AfterCommit:
    """The callback that drains, known by its type among the others of a transaction."""

    def __init__(self) -> None:
        self.__qualname__ = type(self).__qualname__  # what Django names in its log, should it fail
        self.has_run = False
        self.in_request = True

    def __call__(self) -> None:
        self.has_run = True
        if self.in_request:
            _after_commit()
        else:
            _enqueue()


@contextlib.contextmanager
def deferred() -> Generator[None]:
    """Leave everything committed inside to the task, e.g. while loading thousands of rows one transaction each."""
    before = getattr(_state, "deferred", False)
    _state.deferred = True
    try:
        yield
    finally:
        _state.deferred = before
        if not before and OutboxEntry.objects.exists():
            transaction.on_commit(_enqueue, robust=True)


def _after_commit() -> None:
    """Drain a little now, or ask the task to; never an error for who saved."""
    if getattr(_state, "deferred", False):
        return
    if not is_embedded():  # nobody who saves waits for another machine
        _enqueue()
        return
    try:
        waiting = OutboxEntry.objects.filter(attempts__lt=MAX_ATTEMPTS)[: INLINE_LIMIT + 1].count()
        if 0 < waiting <= INLINE_LIMIT:
            drain(INLINE_LIMIT)
        elif waiting:
            _enqueue()
    except EngineBusy:
        _enqueue()
    except EngineUnavailable as error:
        logger.error("Search index unavailable, changes stay in the outbox: %s", error)
    except Exception:
        logger.exception("Changes could not be indexed at once; the task tries again")
        _enqueue()


def _enqueue() -> None:
    from search.tasks import drain_outbox  # noqa: PLC0415 (the task imports this module)

    try:
        drain_outbox.enqueue()
    except Exception:
        logger.exception("The task that updates the search index could not be queued")


def drain(limit: int = BATCH) -> int:
    """Bring up to `limit` outbox rows into the index and return how many are done.

    Raises EngineBusy or EngineUnavailable with the rows kept. A document that cannot be made is logged, its row kept
    for another attempt, and the others go on.
    """
    if not OutboxEntry.objects.filter(attempts__lt=MAX_ATTEMPTS).exists():
        return 0
    engine = get_engine()
    try:
        with engine.draining():
            if is_lost(engine):
                # Written into a new index, these few documents would look like all there are.
                raise EngineUnavailable(LOST)
            return _drain(limit)
    except EngineUnavailable as error:
        _note_trouble(error)
        raise


def is_lost(engine: Engine) -> bool:
    """Tell whether there is no index though there is something to be found: somebody has removed it.

    A portal just set up has none yet either, but then everything there is waits in the outbox.
    """
    if engine.status().exists:
        return False
    indexes = registry.all_indexes()
    followed = OutboxEntry.objects.filter(model__in=[index.model._meta.label_lower for index in indexes])
    waiting = followed.values("model", "object_pk").distinct().count()
    return sum(index.get_queryset().count() for index in indexes) > waiting


def _drain(limit: int) -> int:
    rows = list(OutboxEntry.objects.filter(attempts__lt=MAX_ATTEMPTS).order_by("attempts", "pk")[:limit])
    wanted: dict[str, dict[str, list[int]]] = {}
    for row in rows:
        wanted.setdefault(row.model, {}).setdefault(row.object_pk, []).append(row.pk)
    documents: list[SearchDocument] = []
    gone: list[str] = []
    done: list[int] = []
    for_editors: dict[type[Model], list[str]] = {}
    for label, rows_by_key in wanted.items():
        model = _model(label)
        if model is not None and admin_index.holds(model):
            for_editors[model] = list(rows_by_key)
            if registry.index_for(model) is None:
                done += [row_id for row_ids in rows_by_key.values() for row_id in row_ids]
                continue
        made, failed = documents_now(label, list(rows_by_key))
        documents += made
        found = {document.key for document in made}
        for key, row_ids in rows_by_key.items():
            if key in failed:
                _record_failure(row_ids, failed[key])
                continue
            done += row_ids
            if f"{label}:{key}" not in found:
                gone.append(f"{label}:{key}")
    if documents or gone:
        for key, error in _write(documents, gone).items():
            label, _, pk = key.partition(":")
            refused = wanted[label][pk]
            _record_failure(refused, error)
            done = [row_id for row_id in done if row_id not in refused]
    if for_editors:
        admin_index.refresh(for_editors)
    if done:
        for start in range(0, len(done), BATCH):
            OutboxEntry.objects.filter(pk__in=done[start : start + BATCH]).delete()
    return len(done)


def _write(documents: list[SearchDocument], gone: list[str]) -> dict[str, Exception]:
    """Write at one stroke; if the engine chokes on a document, one by one. Returns what it refused, by key."""
    engine = get_engine()
    with listeners.told(documents, engine.stored):
        return _write_to(engine, documents, gone)


def _write_to(engine: Engine, documents: list[SearchDocument], gone: list[str]) -> dict[str, Exception]:
    try:
        engine.write(documents, delete=gone)
    except (EngineBusy, EngineUnavailable):
        raise
    except Exception:
        logger.exception("The engine refused a batch of %d documents, which are now written one by one", len(documents))
    else:
        return {}
    refused: dict[str, Exception] = {}
    engine.write([], delete=gone)
    for document in documents:
        try:
            engine.write([document])
        except (EngineBusy, EngineUnavailable):
            raise
        except Exception as error:
            logger.exception("The engine refused %s", document.key)
            refused[document.key] = error
    return refused


def announce() -> None:
    """Tell the listeners of what waits while the index still holds what stood in its place before.

    A rebuild calls it at its end: it indexes what waits without draining it, and after it nothing can tell what has
    changed. Where the old index cannot be read, what waits counts as new.
    """
    engine = get_engine()
    waiting: dict[str, dict[str, None]] = {}
    rows = OutboxEntry.objects.filter(attempts__lt=MAX_ATTEMPTS).order_by("pk")
    for label, key in rows.values_list("model", "object_pk").iterator():
        waiting.setdefault(label, {})[key] = None
    for label, keys in waiting.items():
        every = list(keys)
        for start in range(0, len(every), BATCH):
            documents, _ = documents_now(label, every[start : start + BATCH])
            try:
                with listeners.told(documents, engine.stored):
                    pass
            except EngineUnavailable:
                with listeners.told(documents, lambda _: {}):
                    pass


def documents_now(label: str, keys: list[str]) -> tuple[list[SearchDocument], dict[str, Exception]]:
    """Return the documents of these objects as the database has them now, and what went wrong by key."""
    model = _model(label)
    index = registry.index_for(model) if model is not None else None
    if index is None:  # no longer searchable: whatever is in the index goes
        return [], {}
    made: list[SearchDocument] = []
    failed: dict[str, Exception] = {}
    for start in range(0, len(keys), 500):
        for one in index.get_queryset().filter(pk__in=keys[start : start + 500]):
            try:
                document = index.document(one)
            except Exception as error:
                logger.exception("No search document could be made of %s:%s", label, one.pk)
                failed[str(one.pk)] = error
                continue
            if document is not None:
                made.append(document)
    return made, failed


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:  # a row of a version before
        return None


def _note_trouble(error: EngineUnavailable) -> None:
    """Write an index out of use to the row that has waited longest, where search_status finds it."""
    oldest = OutboxEntry.objects.filter(attempts__lt=MAX_ATTEMPTS).order_by("pk").values("pk")[:1]
    OutboxEntry.objects.filter(pk__in=[row["pk"] for row in oldest]).update(last_error=str(error)[:1000])


def _record_failure(row_ids: list[int], error: Exception) -> None:
    OutboxEntry.objects.filter(pk__in=row_ids).update(
        attempts=F("attempts") + 1, last_error=f"{type(error).__name__}: {error}"[:1000]
    )
