"""The department's week: what was and will be published, whose bids close, what I must sign — day by day.

Each provider is a function `(Asking) -> Iterable[Event]`; it shows only what this reader may read. A new content app
adds its provider to PROVIDERS.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.permissions import page_permission_policy

from content.approvals.models import Decision
from content.approvals.queries import Waiting
from content.releases.models import ReleasePage
from content.tenders.models import TenderProcess, TenderStatus
from search.readers import Reader

SHOWN_PER_DAY = 5
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Event:
    """Something on one day. `badge` is a style of `.badge`; `at` is aware."""

    at: datetime.datetime
    label: str
    badge: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose week, from (included) and to (excluded) when."""

    user: Any
    reader: Reader
    start: datetime.datetime
    end: datetime.datetime
    waiting: tuple[Waiting, ...] = ()

    @property
    def period(self) -> tuple[datetime.datetime, datetime.datetime]:
        return self.start, self.end - datetime.timedelta(microseconds=1)


@dataclass(slots=True)
class Day:
    """One day of the week with its events in order of time."""

    date: datetime.date
    today: datetime.date
    events: list[Event] = field(default_factory=list)

    @property
    def name(self) -> str:
        """«今天» or «周一»."""
        return "今天" if self.is_today else f"周{WEEKDAYS[self.date.weekday()]}"

    @property
    def is_today(self) -> bool:
        return self.date == self.today

    @property
    def is_past(self) -> bool:
        return self.date < self.today

    @property
    def shown(self) -> list[Event]:
        return self.events[:SHOWN_PER_DAY]

    @property
    def more(self) -> int:
        """How many events of the day are left out of `shown`."""
        return max(0, len(self.events) - SHOWN_PER_DAY)


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, and how many signatures the department gave."""

    days: tuple[Day, ...]
    signatures: int

    @cached_property
    def events(self) -> list[Event]:
        return [event for day in self.days for event in day.events]

    def count(self, label: str) -> int:
        return sum(event.label == label for event in self.events)

    @property
    def published(self) -> int:
        return self.count(PUBLISHED)

    @property
    def closing(self) -> int:
        return self.count(CLOSING)

    @cached_property
    def days_shown(self) -> list[Day]:
        """Days with something on them, and today always."""
        return [day for day in self.days if day.events or day.is_today]


PUBLISHED = "已发布"
SCHEDULED = "定时发布"
CLOSING = "投标截止"
DUE = "待我签"


def releases_published(asking: Asking) -> Iterable[Event]:
    """Releases of the week this reader may open."""
    pages = ReleasePage.objects.readable_by(asking.reader).filter(first_published_at__range=asking.period)
    for page in pages.newest_first():
        yield Event(page.first_published_at, PUBLISHED, "badge--ok", page.title, page.url)


def releases_scheduled(asking: Asking) -> Iterable[Event]:
    """Signed releases waiting for their hour: shown to their writer and to those who see them on the editors' desk."""
    mine = Q(owner=asking.user)
    if asking.user.has_perm("wagtailadmin.access_admin"):
        mine |= Q(pk__in=page_permission_policy.explorable_instances(asking.user).values("pk"))
    pages = ReleasePage.objects.annotate(hour=Min("_revisions__approved_go_live_at"))
    content_type = ContentType.objects.get_for_model(ReleasePage)
    for page in pages.filter(mine, hour__range=asking.period).order_by("hour"):
        url = reverse("approvals:path", args=[content_type.pk, page.pk])
        yield Event(page.hour, SCHEDULED, "badge--info", page.draft_title, url)


def bids_closing(asking: Asking) -> Iterable[Event]:
    """Tenders whose bids are due, for those who may see tenders."""
    if not asking.user.has_perm("tenders.view_tenderprocess"):
        return
    rows = TenderProcess.objects.filter(status=TenderStatus.ACTIVE, tender_end__range=asking.period)
    for row in rows.order_by("tender_end").only("pk", "title", "tender_end"):
        yield Event(row.tender_end, CLOSING, "badge--warn", row.title, reverse("tenders:detail", args=[row.pk]))


def signatures_due(asking: Asking) -> Iterable[Event]:
    """What I must have signed by the end of a day of this week."""
    for item in asking.waiting:
        due = item.assignment.due_at
        if due and asking.start <= due < asking.end:
            yield Event(due, DUE, "badge--danger", item.run.title, reverse("approvals:sign", args=[item.assignment.pk]))


PROVIDERS: tuple[Callable[[Asking], Iterable[Event]], ...] = (
    releases_published,
    releases_scheduled,
    bids_closing,
    signatures_due,
)


def week_of(user, reader: Reader, *, on: datetime.date | None = None, waiting: Iterable[Waiting] = ()) -> Week:
    """The week (Monday to Sunday, Shanghai time) around a day, as this reader may see it."""
    today = on or timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    start = timezone.make_aware(datetime.datetime.combine(monday, datetime.time.min))
    asking = Asking(user, reader, start, start + datetime.timedelta(days=7), tuple(waiting))
    days = {date: Day(date, today) for date in (monday + datetime.timedelta(days=offset) for offset in range(7))}
    events = [event for provider in PROVIDERS for event in provider(asking)]
    for event in sorted(events, key=lambda event: event.at):
        days[timezone.localtime(event.at).date()].events.append(event)
    signatures = Decision.objects.filter(at__range=asking.period).count()
    return Week(tuple(days.values()), signatures)
