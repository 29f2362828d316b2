"""Who is told which documents are new or changed, e.g. to tell people whose saved searches they match.

A listener is wrapped round the write to the index: what it does before its `yield` is committed before the index
shows the documents, what it does after comes when they can be found. A crash in between leaves the outbox rows, so it
is asked again for the same documents; it must stand that.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache

from django.db import DatabaseError

from search.documents import SearchDocument
from search.engines.base import EngineBusy, EngineUnavailable
from search.engines.stored import Stored

logger = logging.getLogger("search")

# Called with the documents about to be written and a function that reads what the index holds in their place now.
Listener = Callable[[Sequence[SearchDocument], Callable[[], Mapping[str, Stored]]], AbstractContextManager[None]]

# Returns what an index holds under these keys.
Held = Callable[[Iterable[str]], Mapping[str, Stored]]

_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Tell this listener of every document the outbox brings into the index. For AppConfig.ready."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@contextmanager
def told(documents: Sequence[SearchDocument], stored: Held) -> Generator[None]:
    """Tell all listeners round a write; `stored` is the engine's. A listener's own mistake is logged and stops no indexing; where the database
    or the index cannot be read, the error passes, and everything is tried again later."""

    @cache
    def before() -> Mapping[str, Stored]:
        return stored([document.key for document in documents])

    with ExitStack() as stack:
        for listener in _listeners if documents else ():
            try:
                stack.enter_context(_careful(listener(documents, before)))
            except (DatabaseError, EngineBusy, EngineUnavailable):
                raise
            except Exception:
                logger.exception("A listener failed; what it had to do for %d documents is lost", len(documents))
        yield


@contextmanager
def _careful(inner: AbstractContextManager[None]) -> Generator[None]:
    """The same, without letting through what goes wrong after the write."""
    with ExitStack() as stack:
        stack.enter_context(inner)
        yield
        try:
            stack.close()
        except Exception:
            logger.exception("A listener failed after the write")
