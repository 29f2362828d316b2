"""What «我的订阅» shows: each saved search with what it finds today."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from content.alerts import conditions
from content.alerts.models import Alert, Mailing, MailingState, OptOut, SavedSearch
from search import current, synonyms
from search.api import hits_of
from search.documents import Hit, Query
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.query import parse
from search.readers import Reader, reader_for
from search.registry import all_facets
from search.synonyms import Thesaurus

NEWEST = 3  # hits shown of each search


@dataclass(frozen=True, slots=True)
class Line:
    """One search: conditions in words, what it finds for this reader today (`total` None: the index cannot answer),
    how many documents it has told this reader of, and what is wrong with it."""

    search: SavedSearch
    conditions: conditions.Conditions
    total: int | None
    newest: tuple[Hit, ...]
    told: int
    is_own: bool
    is_stopped: bool
    problem: str


def lines(searches: Iterable[SavedSearch], user) -> list[Line]:
    """Return the searches as lines; three queries of the database, and two of the index for each."""
    searches = list(searches)
    reader = reader_for(user)
    told: dict[int, int] = {}
    for number in Alert.objects.filter(user=user, search__in=searches).order_by().values_list("search", flat=True):
        told[number] = told.get(number, 0) + 1
    known = synonyms.current()
    stopped = set(OptOut.objects.filter(user=user, search__in=searches).values_list("search", flat=True))
    return [_line(search, user, reader, known, told.get(search.pk, 0), search.pk in stopped) for search in searches]


def _line(search: SavedSearch, user, reader: Reader, known: Thesaurus, told: int, is_stopped: bool) -> Line:
    total, newest = _found(search, reader, known)
    return Line(
        search=search,
        conditions=conditions.described(search.query),
        total=total,
        newest=newest,
        told=told,
        is_own=search.owner_id == user.pk,
        is_stopped=is_stopped,
        problem=problem(search, reader, total),
    )


def _found(search: SavedSearch, reader: Reader, known: Thesaurus) -> tuple[int | None, tuple[Hit, ...]]:
    text = search.asked.text
    query = Query(
        expression=parse(text),
        clause=conditions.meaning(search.query, known),
        tokens=reader.tokens,
        everything=reader.everything,
        sort="newest",
        limit=NEWEST,
    )
    try:
        answer = get_engine().search(query)
    except EngineUnavailable:
        return None, ()
    return answer.total, tuple(hits_of([found.document for found in answer.found], text, known))


def problem(search: SavedSearch, reader: Reader, total: int | None) -> str:
    """One sentence on why the search tells nothing any more and what to do; empty where it is sound."""
    if conditions.lost(search.query):
        return "其中有的条件门户已经不再支持，所以不再提醒；请重新检索后另存，并删除这一个。"
    if not search.owner.is_active and not search.post_id:
        return "保存人的账号已停用，不再提醒。"
    if total == 0:
        gone = _values_without_content(search, reader)
        if gone:
            return f"现在没有内容属于{'、'.join(f'“{value}”' for value in gone)}，可能已经改名；请重新检索后另存。"
    return ""


def _values_without_content(search: SavedSearch, reader: Reader) -> list[str]:
    """Values of facets no document this reader may see has any more; asked only where a search finds nothing."""
    asked = search.asked
    if not asked.filters:
        return []
    names = tuple(facet.name for facet in all_facets() if facet.name in asked.filters)
    query = Query(expression=parse(""), tokens=reader.tokens, everything=reader.everything, limit=0, facets=names)
    try:
        counts = get_engine().search(query).facets
    except EngineUnavailable:
        return []
    known = {name: {value for value, _ in counts.get(name, ())} for name in names}
    return [value.replace("/", " › ") for name in names for value in asked.filters[name] if value not in known[name]]


@dataclass(frozen=True, slots=True)
class Told:
    """One document a person was told of."""

    alert: Alert
    hit: Hit


def told_of(alerts: Iterable[Alert], user, text: str) -> list[Told]:
    """Return the documents of these alerts that are there and open to the person today."""
    reader = reader_for(user)
    alerts = list(alerts)
    documents = current.documents(alert.key for alert in alerts)
    open_ = [one for one in alerts if one.key in documents and reader.may_read(documents[one.key].audience)]
    hits = hits_of([documents[alert.key] for alert in open_], text)
    return [Told(alert, hit) for alert, hit in zip(open_, hits, strict=True)]


def refused_mail(user) -> Mailing | None:
    """The last mail to this person, if the server has not taken it."""
    last = Mailing.objects.filter(user=user).exclude(state=MailingState.EMPTY).order_by("-day").first()
    waiting = last is not None and last.state == MailingState.QUEUED and last.attempts > 0
    return last if last is not None and (waiting or last.state == MailingState.FAILED) else None


def mail_is_set_up() -> bool:
    """Tell whether this portal sends mail at all, or keeps it as files."""
    return settings.EMAIL_BACKEND.rsplit(".", 2)[-2] not in {"filebased", "console", "dummy"}
