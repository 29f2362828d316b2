"""«按日回看»: the day a page is looked at, as asked for in the address."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.utils import timezone

from search.forms import parse_date

EARLIEST = datetime.date(1949, 10, 1)  # before it no company of ours can have stood; also keeps year 0001 out
YEARS_AHEAD = 10


@dataclass(frozen=True, slots=True)
class Day:
    """A day; `note` is one Chinese sentence when what was asked for could not be used, and the day is today then."""

    date: datetime.date
    today: datetime.date
    note: str = ""

    @classmethod
    def asked_in(cls, query: Mapping[str, str]) -> Self:
        """Read ?on=2026-05-01 (also 2026/5/1, 2026年5月1日); anything else is today, with a note."""
        today = timezone.localdate()
        typed = (query.get("on") or "").replace("\x00", "").strip()
        if not typed:
            return cls(today, today)
        date = parse_date(typed)
        if date is None:
            return cls(today, today, f"日期“{typed[:20]}”无法识别，以下是今天的情况；请写成 2026-05-01 这样。")
        latest = today.replace(month=12, day=31, year=today.year + YEARS_AHEAD)
        if not EARLIEST <= date <= latest:
            return cls(today, today, f"只能查看 {EARLIEST.year} 年到 {latest.year} 年之间的日期，以下是今天的情况。")
        return cls(date, today)

    @property
    def past_or_future(self) -> datetime.date | None:
        """The day if it is not today, else None: what structure asks for."""
        return None if self.date == self.today else self.date

    @property
    def is_past(self) -> bool:
        return self.date < self.today

    @property
    def query(self) -> str:
        """«on=2026-05-01» to keep the day in links, empty for today."""
        return "" if self.past_or_future is None else f"on={self.date.isoformat()}"
