"""What an engine must do. A second engine joins by passing tests/search/engine_contract.py."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from search.clauses import Clause
from search.documents import Answer, Found, Query, SearchDocument
from search.engines.stored import Stored
from search.readers import Reader


class EngineBusy(Exception):
    """Another process is writing; what was to be written stays in the outbox for the worker."""


class EngineUnavailable(Exception):
    """The index cannot be read or written; the message says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """State of the index: `documents` in it, `current` if it was made by this version's analysis."""

    name: str
    exists: bool
    current: bool
    documents: int
    bytes: int
    generation: str


class Generation(Protocol):
    """A new index being filled; readers see the old one until it is complete."""

    def add(self, documents: Iterable[SearchDocument]) -> int:
        """Add documents and return how many."""


class Engine(Protocol):
    """Reads and writes one index. Every read takes the reader's tokens and shows nothing else."""

    def search(self, query: Query) -> Answer:
        """Answer a query. An index that does not exist yet holds nothing."""

    def count_each(self, asked: Sequence[Clause], *, reader: Reader) -> list[int]:
        """Return for each clause how many documents it finds among those of this reader; made for many clauses of
        which most find nothing."""

    def scan(self, query: Query) -> Iterator[Found]:
        """Yield everything a query finds in the order of its pages; `offset` and `limit` of the query do not count.

        Documents are read as they are asked for, never all at once, and all from the index as it was at the start:
        what is written meanwhile neither repeats nor skips anything.
        """

    def keys(self, query: Query) -> list[tuple[str, float]]:
        """Return key and score of everything a query finds, best first, up to `limit`; for callers that filter."""

    def suggest(self, prefix: str, *, reader: Reader, limit: int) -> list[SearchDocument]:
        """Return documents whose title or keywords hold the text, or its pinyin or initials, best first."""

    def draining(self) -> AbstractContextManager[None]:
        """Held by whoever reads documents from the database to write them; EngineBusy if another process does.

        Without it, one process could read an object, be overtaken by a second that reads and writes a newer state, and
        then write the older one over it.
        """

    def write(self, documents: Iterable[SearchDocument], delete: Iterable[str] = ()) -> None:
        """Put documents in place of those with the same key and delete keys; visible on return, or EngineBusy."""

    def rebuild(self) -> AbstractContextManager[Generation]:
        """Fill a new generation; leaving the block without an error puts it in the old one's place at one stroke.

        Writers wait outside meanwhile (EngineBusy), so nothing written to the old generation is lost.
        """

    def stored(self, keys: Iterable[str]) -> dict[str, Stored]:
        """Return what the index holds under these keys; keys it does not hold are left out."""

    def digests(self) -> Iterator[tuple[str, str]]:
        """Yield key and digest of everything in the index, for comparing with the database."""

    def status(self) -> EngineStatus:
        """Describe the index without changing it."""
