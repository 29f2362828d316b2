"""The Chinese working calendar: weekends, statutory holidays, and the weekend days worked in exchange (调休).

`Calendar` is loaded once and answers any number of questions; the functions below load one for a single question.
A year whose arrangement is not entered yet has only its weekends and the holidays fixed by date.
"""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from content.organization.models import WorkingDay

DAY = datetime.timedelta(days=1)
OPENS = datetime.time(9, 0)
# Holidays on the same day every year, for years not arranged yet: New Year, Labour Day, National Day.
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class Calendar:
    """The days that differ from the plain week; one query when loaded from the database."""

    def __init__(self, exceptions: Iterable[tuple[datetime.date, bool]] | None = None):
        rows = WorkingDay.objects.values_list("date", "works") if exceptions is None else exceptions
        self._exceptions = dict(rows)
        self.years = frozenset(day.year for day in self._exceptions)

    def is_working_day(self, day: datetime.date) -> bool:
        """Tell whether offices work on that day."""
        works = self._exceptions.get(day)
        if works is not None:
            return works
        if day.weekday() >= 5:
            return False
        return day.year in self.years or (day.month, day.day) not in FIXED

    def on_or_after(self, day: datetime.date) -> datetime.date:
        """The day itself if it is worked, else the next that is."""
        while not self.is_working_day(day):
            day += DAY
        return day

    def on_or_before(self, day: datetime.date) -> datetime.date:
        """The day itself if it is worked, else the last one before: «每月26日» falls on the Friday before a weekend."""
        while not self.is_working_day(day):
            day -= DAY
        return day

    def add(self, day: datetime.date, count: int) -> datetime.date:
        """The working day `count` working days after `day`; 0 gives `day` or the next working day."""
        day = self.on_or_after(day)
        for _ in range(count):
            day = self.on_or_after(day + DAY)
        return day

    def between(self, since: datetime.date, until: datetime.date) -> int:
        """How many working days lie after `since` up to and including `until`; 0 if it is not later."""
        days = (since + DAY * number for number in range(1, (until - since).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def deadline(self, moment: datetime.datetime, count: int) -> datetime.datetime:
        """`count` working days after a moment, at the same time of day; from the next opening if nobody works then."""
        local = timezone.localtime(moment)
        first = self.on_or_after(local.date())
        time = local.time() if first == local.date() else OPENS
        return timezone.make_aware(datetime.datetime.combine(self.add(first, count), time))


def is_working_day(day: datetime.date) -> bool:
    return Calendar().is_working_day(day)


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    return Calendar().add(day, count)


def deadline(moment: datetime.datetime, count: int) -> datetime.datetime:
    return Calendar().deadline(moment, count)
