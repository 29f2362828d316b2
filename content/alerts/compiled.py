"""The saved searches of the database as one Matcher, kept by each process and brought up to date before each use."""

import logging
import threading

from django.db.models import Count, Sum
from django.utils import timezone

from content.alerts import conditions
from content.alerts.models import SavedSearch
from search import synonyms
from search.alerts import Matcher
from search.clauses import Nothing
from search.documents import Query, SearchDocument
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.query import parse
from search.synonyms import Thesaurus

logger = logging.getLogger("content.alerts")

SAMPLE = 200  # newest documents that tell which pairs of characters are rare


class Compiled:
    """A Matcher with the stamps of what is in it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._matcher: Matcher | None = None
        self._stamps: dict[int, int] = {}
        self._meaning: tuple | None = None
        self._count: tuple | None = None

    def current(self) -> Matcher:
        """Return the matcher of all searches that are not paused; two queries, and two more if anything has changed."""
        active = SavedSearch.objects.filter(paused_at=None).order_by()
        with self._lock:
            meaning = (timezone.localdate(), synonyms.current())  # a search may speak of today
            count = tuple(active.aggregate(a=Count("pk"), b=Sum("stamp")).values())
            if self._matcher is not None and (meaning, count) == (self._meaning, self._count):
                return self._matcher
            if self._matcher is None or meaning != self._meaning:
                self._matcher, self._stamps = Matcher(_sample()), {}
            self._update(self._matcher, dict(active.values_list("pk", "stamp")), meaning[1])
            self._meaning, self._count = meaning, count
            return self._matcher

    def _update(self, matcher: Matcher, stamps: dict[int, int], thesaurus: Thesaurus) -> None:
        changed = [pk for pk, stamp in stamps.items() if self._stamps.get(pk) != stamp]
        for pk in self._stamps.keys() - stamps.keys():
            matcher.drop(pk)
        rows = SavedSearch.objects.order_by().values_list("pk", "query", "stamp")
        if len(changed) < 500:
            rows = rows.filter(pk__in=changed)
        wanted = set(changed)
        for pk, query, stamp in rows.iterator():
            if pk not in wanted:
                continue
            stamps[pk] = stamp
            try:
                matcher.put(pk, conditions.meaning(query, thesaurus))
            except Exception:  # one address that cannot be read must not silence all others
                logger.exception("Saved search %d cannot be understood", pk)
                matcher.put(pk, Nothing())
        self._stamps = stamps


def _sample() -> list[SearchDocument]:
    query = Query(parse(""), tokens=frozenset(), everything=True, sort="newest", limit=SAMPLE)
    try:
        return [found.document for found in get_engine().search(query).found]
    except EngineUnavailable:
        return []


saved_searches = Compiled()
