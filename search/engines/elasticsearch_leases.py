"""Locks between processes of several machines, kept where the index is.

A lease is one document; only one process can create it. Its holder rewrites it every few seconds; one that has not
changed for LEASE seconds by the watch of whoever wants it belongs to a process that is dead, and may be taken. No two
clocks are compared, and every change names the state it replaces, so two can never both take it.
"""

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Generator
from dataclasses import dataclass

from elasticsearch import ApiError, BadRequestError, ConflictError, Elasticsearch, NotFoundError, TransportError

from search.engines.base import EngineBusy

logger = logging.getLogger("search")

LEASE = 20.0  # seconds without a sign of life after which a lease may be taken
_BEAT = 4.0
_SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
_BUSY = "检索索引正在由另一个进程写入。"


@dataclass(slots=True)
class _Held:
    """A lease this process holds, at the state it last wrote, at a time of the monotonic clock."""

    seq_no: int
    primary_term: int
    at: float
    lost: bool = False


class Leases:
    """The leases of one index, by name."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self._client = client
        self._index = index
        self._seen: dict[str, tuple[int, int, float]] = {}
        self._mine: dict[str, _Held] = {}
        self._ready = False

    def is_taken(self, name: str) -> bool:
        """Tell whether another process holds this lease; one left by a dead process counts until it is taken."""
        if name in self._mine:
            return False
        found = self._client.options(ignore_status=404).get(index=self._index, id=name)
        return bool(found.get("found")) and not self._is_stale(name, found["_seq_no"], found["_primary_term"])

    def check(self, name: str) -> None:
        """Raise EngineBusy if this process thinks it holds a lease that another may have taken meanwhile."""
        held = self._mine.get(name)
        if held and (held.lost or time.monotonic() - held.at > LEASE):
            raise EngineBusy(_BUSY)

    @contextlib.contextmanager
    def hold(self, name: str, wait: float) -> Generator[None]:
        """Hold a lease; EngineBusy if others hold it for `wait` seconds."""
        held = self._take(name, wait)
        self._mine[name] = held
        over = threading.Event()
        beating = threading.Thread(target=self._beat, args=(name, held, over), daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()
            beating.join()
            del self._mine[name]
            # A lease not given back because the server is away is taken by the next after LEASE seconds.
            with contextlib.suppress(ApiError, TransportError):
                self._client.options(ignore_status=[404, 409]).delete(
                    index=self._index, id=name, if_seq_no=held.seq_no, if_primary_term=held.primary_term
                )

    def _take(self, name: str, wait: float) -> _Held:
        self._prepare()
        until = time.monotonic() + wait
        while True:
            held = self._try(name)
            if held:
                return held
            if time.monotonic() >= until:
                raise EngineBusy(_BUSY)
            time.sleep(min(0.1, max(0.01, wait / 10)))

    def _try(self, name: str) -> _Held | None:
        body = {"holder": uuid.uuid4().hex}
        at = time.monotonic()
        try:
            made = self._client.index(index=self._index, id=name, document=body, op_type="create")
        except ConflictError:
            found = self._client.options(ignore_status=404).get(index=self._index, id=name)
            if not found.get("found") or not self._is_stale(name, found["_seq_no"], found["_primary_term"]):
                return None
            try:
                made = self._client.index(
                    index=self._index,
                    id=name,
                    document=body,
                    if_seq_no=found["_seq_no"],
                    if_primary_term=found["_primary_term"],
                )
            except ConflictError:
                return None
            logger.warning("Took the lease %s of a process that gives no sign of life", name)
        return _Held(made["_seq_no"], made["_primary_term"], at)

    def _is_stale(self, name: str, seq_no: int, primary_term: int) -> bool:
        now = time.monotonic()
        seen = self._seen.get(name)
        if seen is None or seen[:2] != (seq_no, primary_term):
            self._seen[name] = seen = (seq_no, primary_term, now)
        return now - seen[2] > LEASE

    def _beat(self, name: str, held: _Held, over: threading.Event) -> None:
        while not over.wait(_BEAT):
            at = time.monotonic()
            try:
                made = self._client.index(
                    index=self._index,
                    id=name,
                    document={"holder": uuid.uuid4().hex},
                    if_seq_no=held.seq_no,
                    if_primary_term=held.primary_term,
                )
            except ConflictError:
                held.lost = True
                return
            except (ApiError, TransportError):
                continue  # the server is away; the lease runs out by itself
            held.seq_no, held.primary_term, held.at = made["_seq_no"], made["_primary_term"], at

    def _prepare(self) -> None:
        if self._ready:
            return
        try:
            self._client.indices.create(index=self._index, settings=_SETTINGS, mappings={"enabled": False})
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        self._ready = True

    def forget(self) -> None:
        """Remove all leases, whoever holds them."""
        with contextlib.suppress(NotFoundError):
            self._client.indices.delete(index=self._index)
        self._ready = False
