"""What the rest of the portal asks: search and suggest. Every question names its reader."""

import datetime
import itertools
import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypedDict, Unpack

from django.utils import timezone

from search import registry, synonyms
from search import text as texts
from search.documents import Answer, FilePassage, Found, Hit, Query, Results, SearchDocument, Suggestion
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.outbox import LOST, is_lost
from search.passages import passages_of
from search.query import MAX_LENGTH, Expression, Field, parse
from search.readers import Reader
from search.spelling import meant
from search.steps import Step, exact, steps
from search.synonyms import Thesaurus

logger = logging.getLogger("search")

SCANNED_TOGETHER = 200  # hits whose passages are read at one go
PASSAGES = 3  # of its own text shown under a hit
MAX_PAGES = 500  # no engine pages deeply without cost, and no reader does
_CUT = f"检索词过长，只用了前 {MAX_LENGTH} 个字（最多 20 个词）。"
_WIDENED = "没有同时包含全部检索词的内容，以下按相关程度列出包含其中一部分的内容。"
_UNREAD = "“{}”无法识别，没有按它筛选；范围请写成 截止:2026-01..2026-06、日期:近30天 或 金额:50万..200万 这样。"
_UNREADABLE = "检索词里没有可以检索的文字，请输入汉字、字母或数字。"
_DOWN = "检索正在修复，请稍后再试；浏览和编辑不受影响。"


class Narrowed(TypedDict, total=False):
    """What narrows and orders a search besides its words; everything may be left out.

    `filters` map a facet's name to values, of which one must be there; names no kind has registered are ignored.
    Dates and amounts (yuan) include their ends. `sort` is «relevance», «newest» or «deadline».
    """

    kinds: Iterable[str]
    filters: Mapping[str, Iterable[str]] | None
    date_from: datetime.date | None
    date_to: datetime.date | None
    deadline_from: datetime.date | None
    deadline_to: datetime.date | None
    amount_from: Decimal | None
    amount_to: Decimal | None
    sort: str


def search(text: str, *, reader: Reader, page: int = 1, page_size: int = 20, **narrowed: Unpack[Narrowed]) -> Results:
    """Return a page of what this reader may see and the text (see search.query) asks for.

    An empty text finds everything, newest first unless `sort` says else. A page beyond the last is the last. Where
    nothing holds all the words, hits hold some of them and `note` says so. Never raises for anything a reader typed
    or for a dead index: `note` tells.
    """
    expression = parse(text)
    query = _query(expression, reader, narrowed, limit=max(1, min(page_size, 200)))
    notes = [_CUT] if expression.cut else []
    notes += [_UNREAD.format(part) for part in expression.unread[:1]]
    if expression.typed and not expression:
        return Results([], 0, {}, expression, " ".join(notes or [_UNREADABLE]), 1, 1)
    try:
        for step in steps(expression, query.today):
            answer, query, number, pages = _page(step.of(query), page)
            if answer.total:
                break
        if not answer.total and is_lost(get_engine()):
            raise EngineUnavailable(LOST)
        suggestion = meant(expression, get_engine(), reader) if step.natural or not answer.total else ""
    except EngineUnavailable:
        logger.exception("Search index unavailable")
        return Results([], 0, {}, expression, _DOWN, 1, 1, unavailable=True)
    if step.natural and answer.total:
        notes.append(_WIDENED)
    return Results(
        hits=_hits(answer.found, expression, step),
        total=answer.total,
        facets=dict(answer.facets),
        parsed=expression,
        note=" ".join(notes),
        page=number,
        pages=pages,
        expanded=step.expanded,
        suggestion=suggestion,
        widened=step.natural and bool(answer.total),
    )


def scan(text: str, *, reader: Reader, **narrowed: Unpack[Narrowed]) -> Iterator[Hit]:
    """Yield every hit of a search in the order of its pages, without their ceiling, read as they are asked for.

    What holds for `search` holds here: the reader's rights, and the wider meaning where nothing holds all the words.
    The hits show the index as it was at the first one. Raises EngineUnavailable for a dead index.
    """
    expression = parse(text)
    if expression.typed and not expression:
        return
    query = _query(expression, reader, narrowed, limit=0)
    for step in steps(expression, query.today):
        query = step.of(query)
        if get_engine().search(replace(query, facets=())).total:
            break
    found = get_engine().scan(query)
    while portion := list(itertools.islice(found, SCANNED_TOGETHER)):
        yield from _hits(portion, expression, step)


def _query(expression: Expression, reader: Reader, narrowed: Narrowed, limit: int) -> Query:
    """What the engine is asked; by relevance only where there are words to be relevant to."""
    names = tuple(facet.name for facet in registry.all_facets())
    filters = {name: tuple(values) for name, values in (narrowed.get("filters") or {}).items() if name in names}
    sort = narrowed.get("sort", "relevance")
    return Query(
        expression=expression,
        tokens=reader.tokens,
        everything=reader.everything,
        kinds=tuple(narrowed.get("kinds", ())),
        filters={name: values for name, values in filters.items() if values},
        date_from=narrowed.get("date_from"),
        date_to=narrowed.get("date_to"),
        deadline_from=narrowed.get("deadline_from"),
        deadline_to=narrowed.get("deadline_to"),
        amount_from=narrowed.get("amount_from"),
        amount_to=narrowed.get("amount_to"),
        sort="newest" if sort == "relevance" and not any(True for _ in expression.positive()) else sort,
        limit=limit,
        facets=names,
        today=timezone.localdate(),
    )


def suggest(prefix: str, *, reader: Reader, limit: int = 8) -> list[Suggestion]:
    """Return titles this reader may open that hold the text typed so far, or whose pinyin or initials it begins."""
    try:
        found = get_engine().suggest(prefix[:MAX_LENGTH], reader=reader, limit=limit)
    except EngineUnavailable:
        logger.exception("Search index unavailable")
        return []
    return [Suggestion(document.title, document.url, document.kind) for document in found]


def hits_of(documents: Iterable[SearchDocument], text: str, thesaurus: Thesaurus | None = None) -> list[Hit]:
    """Return these documents as hits of this text, found or not: for telling somebody of them elsewhere.

    Without a `thesaurus` the synonyms in force are read, in one query.
    """
    expression = parse(text)
    step = exact(expression, synonyms.current() if thesaurus is None else thesaurus)
    return _hits([Found(document) for document in documents], expression, step)


def _page(query: Query, page: int) -> tuple[Answer, Query, int, int]:
    """Return the page asked for or, if there are fewer, the last."""
    page = max(1, min(page, MAX_PAGES))
    answer = get_engine().search(replace(query, offset=(page - 1) * query.limit))
    pages = max(1, min(MAX_PAGES, math.ceil(answer.total / query.limit)))
    if page > pages:
        page = pages
        answer = get_engine().search(replace(query, offset=(page - 1) * query.limit))
    return answer, query, page, pages


def _hits(found: Iterable[Found], expression: Expression, step: Step) -> list[Hit]:
    everywhere, title_only, body_only = [], [], []
    in_files: list[tuple[str, bool]] = []
    for term in expression.positive():
        pieces = [(term.folded, term.prefix)]
        if step.natural and not term.quoted:
            pieces = [(word, False) for word in texts.words(term.folded) if len(word) > 1]
        patterns = [pattern for piece, prefix in pieces if (pattern := texts.pattern_of(piece, prefix))]
        # Codes are not shown, but a title or a text may name them too.
        {Field.TITLE: title_only, Field.BODY: body_only}.get(term.field, everywhere).extend(patterns)
        if term.field in (Field.ANY, Field.BODY):
            in_files.extend(pieces)
    others = [texts.fold(other) for other in step.expanded]
    everywhere.extend(pattern for other in others if (pattern := texts.pattern_of(other)))
    in_files.extend((other, False) for other in others)
    found = list(found)
    files = passages_of([one.document for one in found], in_files)
    return [
        _hit(one, everywhere + title_only, everywhere + body_only, files.get(one.document.key, ())) for one in found
    ]


def _hit(found: Found, for_title: list, for_body: list, files: tuple[FilePassage, ...]) -> Hit:
    document = found.document
    index = registry.index_of_kind(document.kind)
    snippets = texts.snippets(document.body, for_body, most=PASSAGES)
    return Hit(
        key=document.key,
        kind=document.kind,
        label=index.label if index else document.kind,
        icon=index.icon if index else "doc",
        title=document.title,
        title_html=texts.highlight(document.title, for_title),
        snippet_html=snippets[0],
        more_html=tuple(snippets[1:]),
        url=document.url,
        date=document.date,
        deadline=document.deadline,
        amount=document.amount,
        place=document.place,
        facets=document.facets,
        score=found.score,
        files=files,
    )
