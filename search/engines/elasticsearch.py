"""The engine for many machines: one index on an Elasticsearch server or cluster, shared by all web and work processes.

Documents, tokens and meaning are those of the embedded engine; only who keeps them differs. A rebuild that was killed
goes on where it stopped: what the unfinished generation already holds in today's state is not sent again.
"""

import contextlib
import datetime
import logging
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import Search
from elasticsearch.dsl import query as q

from search import text
from search.clauses import Clause, Everything
from search.documents import Answer, Found, Query, SearchDocument
from search.engines import elasticsearch_queries as queries
from search.engines.base import EngineBusy, EngineStatus, EngineUnavailable
from search.engines.elasticsearch_bulk import send
from search.engines.elasticsearch_errors import ANOTHER_VERSION, NOT_ONE, REBUILDING, answered, part
from search.engines.elasticsearch_generations import Layout, ServerGenerations
from search.engines.elasticsearch_leases import Leases
from search.engines.elasticsearch_schema import to_elasticsearch
from search.engines.stored import Stored, from_stored, whole
from search.query import MAX_LENGTH, Expression
from search.readers import Reader

logger = logging.getLogger("search")

WINDOW = 10_000  # hits the server gives by number; those further on are walked to
_WALK = 1_000
_KEEP_ALIVE = "10m"  # between two portions of a scan; whoever reads may be slow
_WAIT = 0.3  # seconds a small write waits for another process
_WAIT_REBUILD = 60.0
_READ_TIMEOUT = 10.0
_SUGGESTION_POOL = 60
_DRAINING = "draining"
_REBUILDING = "rebuilding"


class _Filling:
    """A generation being written; one begun before is compared with today's documents and completed."""

    def __init__(self, engine: "ElasticsearchEngine", name: str, held: dict[str, str]) -> None:
        self._engine = engine
        self._name = name
        self._held = held

    def add(self, documents: Iterable[SearchDocument]) -> int:
        count = 0

        def missing() -> Iterator[dict[str, Any]]:
            nonlocal count
            for document in documents:
                count += 1
                if self._held.pop(document.key, None) != document.digest():
                    yield _put(document)

        refused = send(self._engine.client, missing(), index=self._name)
        for key, reason in refused.items():  # one bad document must not keep all others from being found
            logger.error("Elasticsearch refused %s: %s", key, reason)
        return count - len(refused)

    def close(self) -> None:
        """Take out what was sent before and is no more."""
        send(self._engine.client, ({"_op_type": "delete", "_id": key} for key in self._held), index=self._name)


class ElasticsearchEngine:
    """See search.engines.base.Engine. `name` begins the names of everything it keeps on the server."""

    name = "elasticsearch"

    def __init__(self, client: Elasticsearch, name: str, layout: Layout | None = None) -> None:
        self.client = client
        self.generations = ServerGenerations(client, name, layout or Layout())
        self.leases = Leases(client, f"{name}_leases")
        self._reading = client.options(request_timeout=_READ_TIMEOUT)

    # --- Reading -----------------------------------------------------------------------------------------------------

    @answered()
    def search(self, query: Query) -> Answer:
        if query.sort == "deadline" and query.today:
            return self._by_deadline(query, query.today)
        answer = self._page(queries.asked(query).sort(*_order(query)), query.offset, query.limit)
        if answer is None:
            return Answer()
        hits = _found(answer["hits"]["hits"], scored=query.sort == "relevance")
        return Answer(hits, answer["hits"]["total"]["value"], queries.counts(answer["aggregations"]))

    def _by_deadline(self, query: Query, today: datetime.date) -> Answer:
        """What can still be met first, the nearest on top; then the rest, latest first, without a deadline last."""
        open_ = _from(today)
        first = self._page(queries.asked(query, also=open_).sort(*queries.SORTS["soonest"]), query.offset, query.limit)
        if first is None:
            return Answer()
        coming = first["hits"]["total"]["value"]
        hits = first["hits"]["hits"]
        over = queries.asked(query, count=False, also=~open_).sort(*queries.SORTS["latest"])
        rest = self._page(over, max(0, query.offset - coming), query.limit - len(hits))
        if rest is not None:
            hits = [*hits, *rest["hits"]["hits"]]
            coming += rest["hits"]["total"]["value"]
        return Answer(_found(hits, scored=False), coming, queries.counts(first["aggregations"]))

    def _page(self, made: Search, offset: int, limit: int) -> dict[str, Any] | None:
        """Ask for some hits; None where there is no index yet. Beyond WINDOW, walk there."""
        limit = max(0, limit)
        body = made.to_dict()
        far = offset + limit > WINDOW
        answer = self._ask({**body, "from": 0 if far else offset, "size": 0 if far else limit})
        if answer is None or not far or not limit or offset >= answer["hits"]["total"]["value"]:
            return answer
        body.pop("aggs", None)
        answer["hits"]["hits"] = list(islice(self._walk(body), offset, offset + limit))
        return answer

    def _ask(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """Return the server's answer, all parts of the index or none; None where there is no index yet."""
        try:
            answer = self._reading.search(
                index=self.generations.alias,
                search_type="dfs_query_then_fetch",  # words are as rare as in the whole index, not in a part of it
                allow_partial_search_results=False,
                track_total_hits=True,
                **body_of(body),
            )
        except NotFoundError as error:
            self._nothing_there(error)
            return None
        if len({hit["_index"] for hit in part(answer, "hits", "hits")}) > 1:
            raise EngineUnavailable(NOT_ONE)
        return dict(answer.body)

    def _nothing_there(self, error: NotFoundError) -> None:
        """Return where no index has been made yet; one of another version, or a lost one, is an error."""
        if error.error != "index_not_found_exception":
            raise error
        if self.generations.standing().others:
            raise EngineUnavailable(ANOTHER_VERSION) from error

    def _walk(
        self, *bodies: dict[str, Any], source: dict[str, Any] | bool = True, index: str = ""
    ) -> Iterator[dict[str, Any]]:
        """Yield all hits of these searches, one after the other, from one state of the index."""
        try:
            opened = self._reading.open_point_in_time(index=index or self.generations.alias, keep_alive=_KEEP_ALIVE)
        except NotFoundError as error:
            self._nothing_there(error)
            return
        point = {"id": part(opened, "id"), "keep_alive": _KEEP_ALIVE}
        try:
            for body in bodies:
                yield from self._all_of(body, point, source)
        finally:
            with contextlib.suppress(ApiError, TransportError):  # it would end by itself
                self._reading.options(ignore_status=404).close_point_in_time(id=point["id"])

    def _all_of(
        self, body: dict[str, Any], point: dict[str, str], source: dict[str, Any] | bool
    ) -> Iterator[dict[str, Any]]:
        more: dict[str, Any] = {}
        while True:
            answer = self._reading.search(
                pit=point,
                search_type="dfs_query_then_fetch",
                allow_partial_search_results=False,
                track_total_hits=False,
                source=source,
                **body_of({**body, "size": _WALK, **more}),
            )
            hits = part(answer, "hits", "hits")
            yield from hits
            if len(hits) < _WALK:
                return
            more = {"search_after": hits[-1]["sort"]}
            point["id"] = answer["pit_id"]

    def count_each(self, asked: Sequence[Clause], *, reader: Reader) -> list[int]:
        if not asked:
            return []
        query = Query(Expression(), tokens=reader.tokens, everything=reader.everything, clause=Everything())
        answer = self._page(queries.counted(query, asked), 0, 0)
        if answer is None:
            return [0] * len(asked)
        buckets = answer["aggregations"]["each"]["buckets"]
        return [buckets[str(number)]["doc_count"] for number in range(len(asked))]

    def scan(self, query: Query) -> Iterator[Found]:
        if query.sort == "deadline" and query.today:
            open_ = _from(query.today)
            parts = [
                queries.asked(query, count=False, also=open_).sort(*queries.SORTS["soonest"]),
                queries.asked(query, count=False, also=~open_).sort(*queries.SORTS["latest"]),
            ]
        else:
            parts = [queries.asked(query, count=False).sort(*_order(query))]
        with answered():
            for hit in self._walk(*(part.to_dict() for part in parts)):
                yield _one(hit, scored=query.sort == "relevance")

    @answered()
    def keys(self, query: Query) -> list[tuple[str, float]]:
        """Return key and score of everything that matches, best first, up to `limit`; for callers that filter themselves."""
        body = queries.asked(query, count=False).sort(*queries.SORTS["relevance"]).to_dict()
        return [(hit["_id"], hit["sort"][0]) for hit in islice(self._walk(body, source=False), query.limit)]

    @answered()
    def suggest(self, prefix: str, *, reader: Reader, limit: int) -> list[SearchDocument]:
        folded = text.fold(text.clean(prefix[:MAX_LENGTH])).strip()  # servers bound the terms of a query
        if not text.units(folded):
            return []
        wanted = [queries.suggestion(folded)]
        if not reader.everything:
            wanted.append(queries.rights(reader.tokens))
        made = Search().query(q.Bool(filter=wanted)).sort(*queries.SORTS["newest"])
        answer = self._page(made, 0, _SUGGESTION_POOL)
        documents = [one.document for one in _found(answer["hits"]["hits"], scored=False)] if answer else []

        def rank(document: SearchDocument) -> int:
            title = text.fold(document.title)
            return 0 if title.startswith(folded) else 1 if folded in title else 2

        return sorted(documents, key=rank)[:limit]

    @answered()
    def stored(self, keys: Iterable[str]) -> dict[str, Stored]:
        wanted = list(keys)
        found: dict[str, Stored] = {}
        for start in range(0, len(wanted), _WALK):
            made = Search().query(q.Terms(key=wanted[start : start + _WALK]))
            answer = self._page(made, 0, _WALK)
            for hit in answer["hits"]["hits"] if answer else ():
                found[hit["_id"]] = whole(hit["_source"]["source"])
        return found

    def digests(self) -> Iterator[tuple[str, str]]:
        with answered():
            yield from self._digests()

    def _digests(self, index: str = "") -> Iterator[tuple[str, str]]:
        for hit in self._walk(
            {"sort": ["_shard_doc"]}, source={"includes": ["source.key", "source.digest"]}, index=index
        ):
            yield hit["_source"]["source"]["key"], hit["_source"]["source"]["digest"]

    @answered()
    def status(self) -> EngineStatus:
        standing = self.generations.standing()
        name = (*standing.used, *standing.others, "")[0]
        if not name:
            return EngineStatus(self.name, False, False, 0, 0, "")
        documents = int(self._reading.count(index=name)["count"])
        current = len(standing.used) == 1
        return EngineStatus(self.name, True, current, documents, self.generations.bytes(name), name)

    # --- Writing -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def draining(self) -> Generator[None]:
        with contextlib.ExitStack() as stack:
            with answered():
                if self.leases.is_taken(_REBUILDING):
                    raise EngineBusy(REBUILDING)
                stack.enter_context(self.leases.hold(_DRAINING, _WAIT))
            yield

    @answered()
    def write(self, documents: Iterable[SearchDocument], delete: Iterable[str] = ()) -> None:
        # What was read before a rebuild began is in the new generation too; what is read during one must wait.
        if self.leases.is_taken(_REBUILDING):
            raise EngineBusy(REBUILDING)
        self.leases.check(_DRAINING)
        made = [_put(document) for document in documents]  # nothing is sent if one of them cannot be made
        gone = [{"_op_type": "delete", "_id": str(key)} for key in delete if str(key)]
        self._ready()
        refused = send(self.client, [*gone, *made], index=self.generations.alias, require_alias=True)
        self.client.indices.refresh(index=self.generations.alias)
        if refused:
            key, reason = next(iter(refused.items()))
            raise DocumentRefused(f"{key}: {reason}")

    def _ready(self) -> None:
        """Make the first generation where there is none; refuse to write to one of another version."""
        used = self.generations.used()
        if len(used) > 1:
            raise EngineUnavailable(NOT_ONE)
        if used:
            return
        if self.generations.standing().others:
            raise EngineUnavailable(ANOTHER_VERSION)
        self.generations.create_first()

    @contextlib.contextmanager
    def rebuild(self) -> Generator[_Filling]:
        with contextlib.ExitStack() as stack:
            with answered():
                stack.enter_context(self.leases.hold(_REBUILDING, _WAIT_REBUILD))
                name, held = self._begun() or (self.generations.create(), {})
            filling = _Filling(self, name, held)
            # Left as it is if this fails: the next rebuild completes it.
            yield filling
            with answered():
                filling.close()
                self.generations.finish(name)
                self.leases.check(_REBUILDING)
                self.generations.use(name)

    def _begun(self) -> tuple[str, dict[str, str]] | None:
        """Return the newest unfinished generation and the digests of what it holds."""
        unfinished = self.generations.standing().unfinished
        if not unfinished:
            return None
        name = unfinished[-1]
        self.client.indices.refresh(index=name)
        held = dict(self._digests(name))
        logger.info("Going on with the rebuild of %s, which holds %d documents", name, len(held))
        return name, held


class DocumentRefused(Exception):
    """The server did not take a document, and never will as it is."""


def body_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return a search body as the client's arguments."""
    return {{"from": "from_"}.get(name, name): value for name, value in body.items()}


def _put(document: SearchDocument) -> dict[str, Any]:
    return {"_op_type": "index", "_id": document.key, "_source": to_elasticsearch(document)}


def _order(query: Query) -> list[Any]:
    return queries.SORTS["soonest" if query.sort == "deadline" else query.sort]


def _from(today: datetime.date) -> q.Query:
    """Return what can still be met."""
    return q.Range(deadline={"gte": today.toordinal()})


def _found(hits: Iterable[dict[str, Any]], *, scored: bool) -> tuple[Found, ...]:
    return tuple(_one(hit, scored=scored) for hit in hits)


def _one(hit: dict[str, Any], *, scored: bool) -> Found:
    return Found(from_stored(hit["_source"]["source"]), hit["sort"][0] if scored else None)
