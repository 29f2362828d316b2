"""The embedded engine: a tantivy index in a directory, shared by all processes of one machine.

Any process reads; one at a time writes (Generations.lock). A writer is opened for each batch and closed again, so no
process keeps the others out. Readers look at two small files before each query and open what is new.
"""

import contextlib
import itertools
import logging
import os
import threading
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path

import tantivy

from search import text
from search.clauses import Clause
from search.documents import Answer, Found, Query, SearchDocument
from search.engines import tantivy_schema
from search.engines.base import EngineStatus, EngineUnavailable
from search.engines.generations import DRAINING, Generations
from search.engines.stored import Stored, facet_paths
from search.engines.tantivy_queries import QueryBuilder, all_of
from search.readers import Reader

logger = logging.getLogger("search")

_HEAP_SMALL = 15_000_000  # tantivy's least
_HEAP_LARGE = 128_000_000
_WAIT = 0.3  # seconds a small write waits for another process
_WAIT_REBUILD = 60.0
_VALUES = 1_000  # of a facet that are counted
_SUGGESTION_POOL = 60
_SCANNED = 20_000  # addresses of hits held at a time; more at once cost memory, fewer cost time
_MANIFEST = {"schema": tantivy_schema.VERSION, "text": text.VERSION}


@dataclass(frozen=True, slots=True)
class _Opened:
    """An index opened by this process and the state of the disk it shows."""

    state: tuple[int, str, int, int]
    pointer: tuple[int, int]
    index: tantivy.Index
    searcher: tantivy.Searcher
    builder: QueryBuilder


@contextlib.contextmanager
def _sound(doing: str) -> Generator[None]:
    """Turn what a damaged index throws into EngineUnavailable. A panic of the library is no Exception: uncaught, it
    would pass every handler and end the request of somebody who has just saved."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise EngineUnavailable(f"检索索引无法{doing}，请运行 rebuild_search_index 重建：{error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise EngineUnavailable(f"检索索引无法{doing}，请运行 rebuild_search_index 重建：{error}") from error


class _Filling:
    """A generation being written."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def add(self, documents: Iterable[SearchDocument]) -> int:
        count = 0
        for document in documents:
            self._writer.add_document(tantivy_schema.to_tantivy(document))
            count += 1
        return count


class TantivyEngine:
    """See search.engines.base.Engine."""

    name = "tantivy"

    def __init__(self, root: Path) -> None:
        self.generations = Generations(root)
        self._root = str(root)
        self._opened: _Opened | None = None
        self._opening = threading.Lock()
        self._checked = ""  # the generation last found to be of this version

    # --- Reading -----------------------------------------------------------------------------------------------------

    def _index(self) -> _Opened | None:
        """Return the index as it is on disk now, or None before the first write."""
        for attempt in (1, 2):
            opened = self._opened
            pointer = self.generations.pointer_state()
            name = opened.state[1] if opened and opened.pointer == pointer else self.generations.current()
            if not name:
                return None
            try:
                stat = os.stat(f"{self._root}/{name}/meta.json")  # noqa: PTH116 (every query passes here: Path costs more)
                state = (os.getpid(), name, stat.st_mtime_ns, stat.st_ino)
                if opened and opened.state == state:
                    return opened
                with self._opening:
                    return self._open(state, pointer)
            except (OSError, ValueError) as error:
                # The generation may have been swapped away between reading the pointer and opening it.
                if attempt == 2 or self.generations.current() == name:
                    raise EngineUnavailable(f"检索索引无法打开，请运行 rebuild_search_index 重建：{error}") from error
        return None

    def _open(self, state: tuple[int, str, int, int], pointer: tuple[int, int]) -> _Opened:
        opened = self._opened
        if opened and opened.state == state:
            return opened
        if opened and opened.state[:2] == state[:2]:
            index = opened.index
            index.reload()
        else:
            index = tantivy.Index.open(str(self.generations.path(state[1])))
            tantivy_schema.register(index)
            index.config_reader("manual")
            index.reload()
        searcher = index.searcher()
        self._opened = opened = _Opened(state, pointer, index, searcher, QueryBuilder(index, searcher))
        return opened

    def _readable(self) -> _Opened | None:
        """Return the snapshot to read: one searcher, and the builder of queries against it."""
        opened = self._index()
        if opened is None:
            return None
        if not self._is_current(opened.state[1]):
            raise EngineUnavailable("检索索引由旧版本生成，请运行 rebuild_search_index 重建。")
        return opened

    def _is_current(self, name: str) -> bool:
        if name != self._checked and self.generations.manifest(name) == _MANIFEST:
            self._checked = name  # a manifest never changes
        return name == self._checked

    @_sound("读取")
    def search(self, query: Query) -> Answer:
        opened = self._readable()
        if opened is None:
            return Answer()
        searcher, builder = opened.searcher, opened.builder
        ranked = builder.words(query)
        filters = builder.filters(query)
        wanted = all_of([ranked, *filters.values()])
        portion = self._portion(builder, searcher, wanted, query) if query.limit > 0 else []
        found = tuple(Found(self._document(searcher, address), score) for score, address in portion)
        if not query.offset and len(found) < query.limit:  # then these are all, and say themselves what they are
            counts = _counted([one.document for one in found], query.facets)
            filtered = {name for name in counts if name in filters}
            counts.update(self._count(searcher, ranked, filters, filtered))
            return Answer(found, len(found), counts)
        counts = self._count(searcher, ranked, filters, ("", "kind", *query.facets))
        return Answer(found, sum(count for _, count in counts.pop("")), counts)

    def scan(self, query: Query) -> Iterator[Found]:
        with _sound("读取"):
            opened = self._readable()
        if opened is None:
            return
        # The snapshot: files of a generation swapped away stay open as long as it lives.
        searcher, builder = opened.searcher, opened.builder
        wanted = all_of([builder.words(query), *builder.filters(query).values()])
        for offset in itertools.count(step=_SCANNED):
            with _sound("读取"):
                found = self._portion(builder, searcher, wanted, replace(query, offset=offset, limit=_SCANNED))
            for score, address in found:
                with _sound("读取"):
                    one = Found(self._document(searcher, address), score)
                yield one
            if len(found) < _SCANNED:
                return

    def _portion(
        self, builder: QueryBuilder, searcher: tantivy.Searcher, wanted: tantivy.Query, query: Query
    ) -> list[tuple[float | None, tantivy.DocAddress]]:
        """Scores and addresses of the part of the hits that `offset` and `limit` name, in the order of `sort`."""
        if query.sort == "deadline":
            return self._by_deadline(builder, searcher, wanted, query)
        if query.sort == "newest":
            found = searcher.search(
                wanted, limit=query.limit, offset=query.offset, count=False, order_by_field="date"
            ).hits
            return [(None, address) for _, address in found]
        return searcher.search(wanted, limit=query.limit, offset=query.offset, count=False).hits

    @_sound("读取")
    def keys(self, query: Query) -> list[tuple[str, float]]:
        """Return key and score of everything that matches, best first, up to `limit`; for callers that filter themselves."""
        opened = self._readable()
        if opened is None:
            return []
        searcher, builder = opened.searcher, opened.builder
        wanted = all_of([builder.words(query), *builder.filters(query).values()])
        limit = min(query.limit, searcher.num_docs)
        if limit < 1:
            return []
        hits = searcher.search(wanted, limit=limit, count=False).hits
        return [(str(searcher.doc(address).get_first("key")), score) for score, address in hits]

    @staticmethod
    def _document(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> SearchDocument:
        return tantivy_schema.unpack(*_stored(searcher, address))

    @staticmethod
    def _by_deadline(builder: QueryBuilder, searcher: tantivy.Searcher, wanted: tantivy.Query, query: Query) -> list:
        """What can still be met first, the nearest on top; then the rest, latest first, without a deadline last."""
        open_ = builder.range("deadline", query.today, None)
        coming = all_of([wanted, *open_])
        first = searcher.search(
            coming, limit=query.limit, offset=query.offset, order_by_field="deadline", order=tantivy.Order.Asc
        )
        found = list(first.hits)
        if len(found) < query.limit and open_:
            rest = searcher.search(
                all_of([wanted], open_),
                limit=query.limit - len(found),
                offset=max(0, query.offset - first.count),  # ty: ignore[missing-attribute] (its stub forgets it)
                count=False,
                order_by_field="deadline",
            )
            found += rest.hits
        return [(None, address) for _, address in found]

    @staticmethod
    def _count(
        searcher: tantivy.Searcher, ranked: tantivy.Query, filters: Mapping[str, tantivy.Query], names: Collection[str]
    ) -> dict[str, list[tuple[str, int]]]:
        """Count the values of these facets, each without its own filter; «» counts all hits by kind."""
        own = {name for name in names if name in filters and name}
        together = {name: _field(name) for name in names if name not in own}
        if "" in together and together.get("kind"):
            del together["kind"]  # it counts the same
        jobs = [(together, ""), *(({name: _field(name)}, name) for name in own)]
        counts: dict[str, list[tuple[str, int]]] = {}
        for fields, left_out in jobs:
            if not fields:
                continue
            wanted = all_of([ranked, *(query for name, query in filters.items() if not name or name != left_out)])
            asked = {
                f"f{number}": {"terms": {"field": field, "size": _VALUES}}
                for number, field in enumerate(fields.values())
            }
            answer = searcher.aggregate(wanted, asked)
            for number, name in enumerate(fields):
                buckets = answer[f"f{number}"]["buckets"]
                counts[name] = _in_order((bucket["key"], bucket["doc_count"]) for bucket in buckets)
        if "" in counts:
            counts.setdefault("kind", counts[""])
        return counts

    @_sound("读取")
    def count_each(self, asked: Sequence[Clause], *, reader: Reader) -> list[int]:
        opened = self._readable()
        if opened is None:
            return [0] * len(asked)
        builder, searcher = opened.builder, opened.searcher
        rights = [] if reader.everything else builder.rights(reader.tokens)
        present: dict[tuple[str, str], bool] = {}
        return [
            0
            if builder.is_absent(clause, present)
            else searcher.search(all_of([builder.clause(clause), *rights]), limit=1, count=True).count  # ty: ignore[missing-attribute] (its stub forgets it)
            for clause in asked
        ]

    @_sound("读取")
    def suggest(self, prefix: str, *, reader: Reader, limit: int) -> list[SearchDocument]:
        opened = self._readable()
        folded = text.fold(text.clean(prefix)).strip()
        if opened is None or not text.units(folded):
            return []
        searcher, builder = opened.searcher, opened.builder
        wanted = [builder.suggestion(folded)]
        if not reader.everything:
            wanted += builder.rights(reader.tokens)
        found = searcher.search(all_of(wanted), limit=_SUGGESTION_POOL, count=False, order_by_field="date").hits
        documents = [self._document(searcher, address) for _, address in found]

        def rank(document: SearchDocument) -> int:
            title = text.fold(document.title)
            return 0 if title.startswith(folded) else 1 if folded in title else 2

        return sorted(documents, key=rank)[:limit]

    @_sound("读取")
    def stored(self, keys: Iterable[str]) -> dict[str, Stored]:
        opened = self._readable()
        wanted = list(keys)
        if opened is None or not wanted:
            return {}
        searcher = opened.searcher
        query = tantivy.Query.term_set_query(opened.index.schema, "key", wanted)
        found = {}
        for _, address in searcher.search(query, limit=len(wanted), count=False).hits:
            key, source = _stored(searcher, address)
            found[key] = tantivy_schema.unpack_whole(key, source)
        return found

    def digests(self) -> Iterator[tuple[str, str]]:
        opened = self._readable()
        if opened is None:
            return
        searcher = opened.searcher
        if not searcher.num_docs:
            return
        hits = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs, count=False).hits
        for _, address in hits:
            key, source = _stored(searcher, address)
            yield key, tantivy_schema.digest_of(source)

    def status(self) -> EngineStatus:
        name = self.generations.current()
        if not name:
            return EngineStatus(self.name, False, False, 0, 0, "")
        opened = self._index()
        documents = opened.searcher.num_docs if opened else 0
        return EngineStatus(self.name, True, self._is_current(name), documents, self.generations.bytes(name), name)

    # --- Writing -----------------------------------------------------------------------------------------------------

    def draining(self) -> contextlib.AbstractContextManager[None]:
        return self.generations.lock(_WAIT, DRAINING)

    def write(self, documents: Iterable[SearchDocument], delete: Iterable[str] = ()) -> None:
        with self.generations.lock(_WAIT):
            name = self.generations.current()
            if not name:
                name = self._create()
                self.generations.use(name)
            elif not self._is_current(name):
                raise EngineUnavailable("检索索引由旧版本生成，请运行 rebuild_search_index 重建。")
            with self._writer(name, _HEAP_SMALL) as writer:
                for key in delete:
                    writer.delete_documents_by_term("key", str(key))
                for document in documents:
                    writer.delete_documents_by_term("key", document.key)
                    writer.add_document(tantivy_schema.to_tantivy(document))

    @contextlib.contextmanager
    def rebuild(self) -> Generator[_Filling]:
        with self.generations.lock(_WAIT_REBUILD):
            name = self._create()
            try:
                with self._writer(name, _HEAP_LARGE) as writer:
                    yield _Filling(writer)
            except BaseException:
                self.generations.discard(name)
                raise
            self.generations.use(name)

    def _create(self) -> str:
        name = self.generations.create(_MANIFEST)
        with _sound("写入"):
            tantivy.Index(tantivy_schema.schema(), path=str(self.generations.path(name)))
        return name

    @contextlib.contextmanager
    def _writer(self, name: str, heap: int) -> Generator[tantivy.IndexWriter]:
        """Open the writer of a generation; leaving without an error commits, merges and lets go of it."""
        with _sound("写入"):
            index = tantivy.Index.open(str(self.generations.path(name)))
            tantivy_schema.register(index)
            writer = index.writer(heap_size=heap, num_threads=1)
        try:
            yield writer
        except BaseException:
            writer.rollback()
            writer.wait_merging_threads()
            raise
        with _sound("写入"):
            writer.commit()
            writer.wait_merging_threads()


def _stored(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> tuple[str, bytes]:
    document = searcher.doc(address)
    return document["key"][0], document["source"][0]


def _counted(documents: Iterable[SearchDocument], names: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
    """Count the values of «kind» and the named facets in these documents, as the index counts them."""
    counters: dict[str, Counter[str]] = {name: Counter() for name in ("kind", *names)}
    for document in documents:
        counters["kind"][document.kind] += 1
        for name, paths in facet_paths(document).items():
            if name in counters:
                counters[name].update(paths)
    return {name: _in_order(counter.items()) for name, counter in counters.items()}


def _in_order(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The most frequent value first, those as frequent in the order of their characters."""
    return sorted(sorted(counts, key=itemgetter(0)), key=itemgetter(1), reverse=True)


def _field(name: str) -> str:
    return "kind" if name in ("", "kind") else f"facets.{name}"
