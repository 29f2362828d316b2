"""Waiting documents are compared with all saved searches, and who follows a matching one is told.

What is news to a person: a document that a search of this person means and did not mean before, or that the person may
read only now; each document once, however many searches mean it and however often it is edited. Only a new deadline of
a document already told is told again, because it decides whether there is still time.

Everything is compared outside any transaction; then the waiting rows go and the alerts and messages come in one. A
process killed in between leaves the rows; two processes at once compare the same rows, and the unique alert lets only
one of them tell.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from content.alerts import telling
from content.alerts.compiled import saved_searches
from content.alerts.followers import followers
from content.alerts.models import Alert, MailRhythm, SavedSearch, WaitingDocument
from content.alerts.waiting import BATCH, unpacked
from content.users.models import User
from search import current
from search.alerts import Matcher
from search.documents import SearchDocument
from search.readers import Reader, reader_for

logger = logging.getLogger("content.alerts")

_RHYTHMS = [MailRhythm.DAILY, MailRhythm.WEEKLY, MailRhythm.NEVER]  # the sooner first


@dataclass(frozen=True, slots=True)
class Match:
    """A document, as it is and as it was, and the searches that mean it; `known` are those that meant it before."""

    document: SearchDocument
    before: SearchDocument | None
    searches: frozenset[int]
    known: frozenset[int]


@dataclass(frozen=True, slots=True)
class News:
    """One document that is news to one person, with all searches of this person that mean it."""

    user: User
    document: SearchDocument
    searches: tuple[SavedSearch, ...]

    @property
    def inbox(self) -> bool:
        return any(search.inbox for search in self.searches)

    @property
    def mail(self) -> str:
        return min((search.mail for search in self.searches), key=lambda mail: _RHYTHMS.index(MailRhythm(mail)))


@dataclass(frozen=True, slots=True)
class NewDeadline:
    """A document already told whose deadline has changed from what the alert says."""

    alert: Alert
    document: SearchDocument


def match_batch() -> int:
    """Compare up to BATCH waiting documents with all saved searches, tell people, and return how many rows are done."""
    rows = list(WaitingDocument.objects.order_by("pk")[:BATCH])
    if not rows:
        return 0
    first: dict[str, WaitingDocument] = {}
    for row in rows:  # of several changes of one document the oldest knows how it was when people last heard of it
        first.setdefault(row.key, row)
    matcher = saved_searches.current()
    matches = [
        match
        for key, document in current.documents(first).items()
        if (match := _match(matcher, document, bytes(first[key].before))) is not None
    ]
    readers = _Readers()
    news = _news(matches, readers)
    deadlines = _new_deadlines(matches, readers)
    with transaction.atomic():
        telling.tell(_record(news), [one for one in deadlines if _record_deadline(one)])
        WaitingDocument.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _match(matcher: Matcher, document: SearchDocument, before: bytes) -> Match | None:
    """Compare one document; one that cannot be compared is logged and left out, so that it holds up no other."""
    try:
        was = unpacked(before)
        searches = matcher.matching(document)
        known = matcher.means(searches, was) if was is not None and searches else set()
    except Exception:
        logger.exception("%s could not be compared with the saved searches", document.key)
        return None
    return Match(document, was, frozenset(searches), frozenset(known))


class _Readers:
    """What each person may read, asked once a run: holdings end and rights change between runs, not within one."""

    def __init__(self) -> None:
        self._known: dict[int, Reader] = {}

    def may_read(self, user: User, document: SearchDocument) -> bool:
        if user.pk not in self._known:
            self._known[user.pk] = reader_for(user)
        return self._known[user.pk].may_read(document.audience)


def _news(matches: Iterable[Match], readers: _Readers) -> list[News]:
    """Return what is news to whom, without looking at what was told before."""
    wanted = {number for match in matches for number in match.searches}
    searches = SavedSearch.objects.filter(pk__in=wanted, paused_at=None).select_related("owner").in_bulk()
    people = followers(searches.values())
    found: list[News] = []
    for match in matches:
        by_person: dict[int, list[SavedSearch]] = defaultdict(list)
        users: dict[int, User] = {}
        seen_before: set[int] = set()
        for number in sorted(match.searches & searches.keys()):
            for user in people[number]:
                if not readers.may_read(user, match.document):
                    continue
                if number in match.known and match.before is not None and readers.may_read(user, match.before):
                    seen_before.add(user.pk)
                    continue
                users[user.pk] = user
                by_person[user.pk].append(searches[number])
        # What one search of a person has found already is no news because another one finds it now too.
        found += [
            News(users[pk], match.document, tuple(theirs)) for pk, theirs in by_person.items() if pk not in seen_before
        ]
    return found


def _record(news: list[News]) -> list[News]:
    """Write alerts and return the news nobody had been told of; `run` tells ours from those that were there."""
    run = uuid.uuid4()
    Alert.objects.bulk_create(
        [
            Alert(
                user=one.user,
                search=one.searches[0],
                key=one.document.key,
                deadline=one.document.deadline,
                run=run,
                mail=one.mail,
            )
            for one in news
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    written = set(Alert.objects.filter(run=run).values_list("user_id", "key")) if news else set()
    return [one for one in news if (one.user.pk, one.document.key) in written]


def _new_deadlines(matches: Iterable[Match], readers: _Readers) -> list[NewDeadline]:
    """Return the alerts whose document has another deadline now, of people who follow the search still."""
    moved = {
        match.document.key: match.document
        for match in matches
        if match.before is not None
        and match.document.deadline is not None
        and match.document.deadline != match.before.deadline
    }
    if not moved:
        return []
    alerts = list(
        Alert.objects.filter(key__in=moved, search__isnull=False, search__paused_at=None)
        .select_related("user", "search__owner")
        .order_by("pk")
    )
    people = followers({alert.search_id: alert.search for alert in alerts}.values())
    found = []
    for alert in alerts:
        document = moved[alert.key]
        follows = alert.user_id in {user.pk for user in people[alert.search_id]}
        if follows and alert.deadline != document.deadline and readers.may_read(alert.user, document):
            found.append(NewDeadline(alert, document))
    return found


def _record_deadline(one: NewDeadline) -> bool:
    """Note the new deadline; False if another process was first."""
    search = one.alert.search
    return bool(
        Alert.objects.filter(pk=one.alert.pk, deadline=one.alert.deadline).update(
            deadline=one.document.deadline,
            deadline_before=one.alert.deadline,
            mail=search.mail if search is not None else MailRhythm.NEVER,
            mailing=None,
            told_at=timezone.now(),
        )
    )
