"""What a search would have brought in the last 90 days, so that nobody saves one that floods or one that is dead."""

import datetime
import logging
from dataclasses import dataclass

from django.utils import timezone

from content.alerts import conditions
from search.api import hits_of
from search.clauses import AllOf, Range
from search.documents import Hit, Query
from search.engines import get_engine
from search.engines.base import EngineUnavailable
from search.query import parse
from search.readers import Reader

logger = logging.getLogger("content.alerts")

WEEKS = 13  # 91 days
TITLES = 5
TOO_MANY_A_DAY = 10
_DAYS = WEEKS * 7


@dataclass(frozen=True, slots=True)
class Week:
    """Number of documents of the seven days from `start`; its bar in a drawing of 130 × 50."""

    start: datetime.date
    count: int
    x: int
    height: int

    @property
    def y(self) -> int:
        return 50 - self.height


@dataclass(frozen=True, slots=True)
class BackTest:
    """Documents published in the last 91 days, by week, the oldest first, and the newest of them."""

    weeks: tuple[Week, ...]
    total: int
    newest: tuple[Hit, ...]

    @property
    def per_week(self) -> int:
        return round(self.total / WEEKS)

    @property
    def per_day(self) -> int:
        return round(self.total / _DAYS)

    @property
    def is_too_wide(self) -> bool:
        return self.total > TOO_MANY_A_DAY * _DAYS


def back_test(query: str, reader: Reader, today: datetime.date | None = None) -> BackTest | None:
    """Ask for each of the last 13 weeks what this reader would have been told; None where the index cannot answer."""
    today = today or timezone.localdate()
    asked = conditions.read(query)
    meaning = conditions.meaning(query)
    first = today - datetime.timedelta(days=_DAYS - 1)
    starts = [first + datetime.timedelta(days=7 * number) for number in range(WEEKS)]

    def ask(start: datetime.date, end: datetime.date, limit: int = 0):
        period = Range("date", start, end)
        return get_engine().search(
            Query(
                expression=parse(asked.text),
                clause=AllOf((meaning, period)),
                tokens=reader.tokens,
                everything=reader.everything,
                sort="newest",
                limit=limit,
                today=today,
            )
        )

    try:
        counts = [ask(start, start + datetime.timedelta(days=6)).total for start in starts]
        newest = ask(first, today, TITLES)
    except EngineUnavailable:
        logger.exception("Search index unavailable")
        return None
    most = max(counts) or 1
    return BackTest(
        weeks=tuple(
            Week(start, count, x=1 + 10 * number, height=max(1, round(50 * count / most)))
            for number, (start, count) in enumerate(zip(starts, counts, strict=True))
        ),
        total=newest.total,
        newest=tuple(hits_of([found.document for found in newest.found], asked.text)),
    )
