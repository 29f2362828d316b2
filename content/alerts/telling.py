"""Messages in the inbox about what saved searches have found: few, even when an import brings thousands of documents."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from content.alerts.models import Alert, SavedSearch
from content.notifications.models import Notification, NotificationKind
from content.notifications.passages import from_html
from content.users.models import User
from search import synonyms
from search.api import hits_of
from search.documents import Hit, SearchDocument

if TYPE_CHECKING:
    from content.alerts.matching import NewDeadline, News

AT_ONCE = 3  # documents of one run that get a message each; more share one
A_DAY = 20  # messages to one person; beyond, the day's last one counts on
_TITLES = 5  # named in a message about many


def tell(news: "Iterable[News]", deadlines: "Iterable[NewDeadline]") -> None:
    """Put messages into the inboxes, in the transaction of the alerts."""
    by_person: dict[int, list[News]] = defaultdict(list)
    for one in news:
        if one.inbox:
            by_person[one.user.pk].append(one)
    moved = [one for one in deadlines if one.alert.search is not None and one.alert.search.inbox]
    people = {*by_person, *(one.alert.user_id for one in moved)}
    if not people:
        return
    sent = Counter(_sent_today(people))
    hits = _Hits()
    rows: list[Notification] = []
    for one in moved:
        sent[one.alert.user_id] += 1
        if sent[one.alert.user_id] <= A_DAY:
            rows.append(_about_deadline(one))
    for pk, theirs in by_person.items():
        user = theirs[0].user
        if len(theirs) > AT_ONCE and sent[pk] < A_DAY:
            rows.append(_about_many(user, theirs))
        elif sent[pk] + len(theirs) <= A_DAY:
            rows += [_about_one(one, hits) for one in theirs]
        else:
            _count_on(user)
    Notification.objects.bulk_create(rows, batch_size=500)


def meta(document: SearchDocument, label: str) -> str:
    """«招标信息 · 云南省丽江市 · 截止 2026年4月1日»."""
    parts = [label, document.place, f"截止 {day(document.deadline)}" if document.deadline else ""]
    return " · ".join(part for part in parts if part)


def day(date: datetime.date) -> str:
    return f"{date.year}年{date.month}月{date.day}日"


def passage_of(hit: Hit) -> str:
    """The passage of the document or, where the words are only in a file, of the file; escaped, words in <mark>."""
    if "<mark>" not in hit.snippet_html and hit.files:
        return hit.files[0].snippet_html
    return hit.snippet_html


class _Hits:
    """A document as a hit of a search, made once for all who are told."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int], Hit] = {}
        self._thesaurus = synonyms.current()

    def of(self, document: SearchDocument, search: SavedSearch) -> Hit:
        key = (document.key, search.pk)
        if key not in self._made:
            self._made[key] = hits_of([document], search.asked.text, self._thesaurus)[0]
        return self._made[key]


def _about_one(one: "News", hits: _Hits) -> Notification:
    search = one.searches[0]
    hit = hits.of(one.document, search)
    others = f"（另有 {len(one.searches) - 1} 个检索也符合）" if len(one.searches) > 1 else ""
    return Notification(
        recipient=one.user,
        kind=NotificationKind.ALERT,
        title=f"「{search.name}」有新内容：{one.document.title}"[:200],
        body=f"{meta(one.document, hit.label)}{others}",
        passage=from_html(passage_of(hit)),
        url=one.document.url[:300],
    )


def _about_many(user: User, news: "Sequence[News]") -> Notification:
    names = list(dict.fromkeys(search.name for one in news for search in one.searches))
    named = "、".join(f"「{name}」" for name in names[:3]) + ("等" if len(names) > 3 else "")
    lines = [f"· {one.document.title}" for one in news[:_TITLES]]
    if len(news) > _TITLES:
        lines.append(f"还有 {len(news) - _TITLES} 条")
    searches = {search.pk: search for one in news for search in one.searches}
    alone = next(iter(searches.values())) if len(searches) == 1 else None
    return Notification(
        recipient=user,
        kind=NotificationKind.ALERT,
        title=f"{named}有 {len(news)} 条新内容"[:200],
        body="\n".join(lines),
        url=alone.get_absolute_url() if alone else reverse("alerts:list"),
    )


def _about_deadline(one: "NewDeadline") -> Notification:
    before = one.alert.deadline
    search = one.alert.search
    change = f"原为{day(before)}" if before else "原来没有写明"
    return Notification(
        recipient=one.alert.user,
        kind=NotificationKind.ALERT,
        title=f"截止日期改为{day(one.document.deadline)}：{one.document.title}"[:200],
        body=f"{change}。符合您保存的检索「{search.name}」。",
        url=one.document.url[:300],
    )


def _today() -> datetime.datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _sent_today(people: Iterable[int]) -> dict[int, int]:
    """How many messages of this kind each person got today."""
    rows = Notification.objects.filter(kind=NotificationKind.ALERT, recipient__in=people, created_at__gte=_today())
    return dict(rows.order_by().values_list("recipient").annotate(Count("pk")))


def _count_on(user: User) -> None:
    """One message for the rest of the day, brought up to date."""
    number = Alert.objects.filter(user=user, told_at__gte=_today()).count()
    url = f"{reverse('alerts:list')}?day={timezone.localdate():%Y-%m-%d}"
    values = {
        "title": f"今天已有 {number} 条内容符合您保存的检索",
        "body": "内容较多，今天不再逐条提醒，请到「我的订阅」里看。检索太宽时，改为每天一封邮件更省心。",
        "read_at": None,
    }
    if not Notification.objects.filter(recipient=user, kind=NotificationKind.ALERT, url=url).update(**values):
        Notification.objects.create(recipient=user, kind=NotificationKind.ALERT, url=url, **values)
