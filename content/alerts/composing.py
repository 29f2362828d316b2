"""The mail about what saved searches have found, as plain text and HTML."""

import html
import re
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from content.alerts.followers import followers
from content.alerts.models import Alert, Mailing, MailRhythm, MailStop, SavedSearch
from content.alerts.stopping import stop_url
from content.alerts.telling import day, meta, passage_of
from search import current
from search.api import hits_of
from search.documents import SearchDocument
from search.readers import reader_for

EACH = 10  # documents of one search in a mail
TOGETHER = 40  # documents in a mail


@dataclass(frozen=True, slots=True)
class Item:
    """One document in the mail; `*_html` escaped, matches in <mark>."""

    title: str
    title_html: str
    passage: str
    passage_html: str
    meta: str
    url: str
    change: str


@dataclass(frozen=True, slots=True)
class Section:
    """One search in the mail: what it found, how many more, and where it is seen and stopped."""

    search: SavedSearch
    items: list[Item]
    more: int
    url: str
    stop_url: str


def compose(mailing: Mailing) -> EmailMultiAlternatives | None:
    """Return the mail, or None where nothing is left to say: everything gone, closed to the person, or stopped."""
    user = mailing.user
    if not user.is_active or not user.email or MailStop.objects.filter(user=user).exists():
        return None
    sections = _sections(mailing)
    if not sections:
        return None
    base = settings.WAGTAILADMIN_BASE_URL
    total = sum(len(section.items) + section.more for section in sections)
    names = "、".join(f"「{section.search.name}」" for section in sections[:2])
    context = {
        "user": user,
        "sections": sections,
        "total": total,
        "site": settings.WAGTAIL_SITE_NAME,
        "list_url": f"{base}{reverse('alerts:list')}",
        "stop_all_url": stop_url(user, None),
    }
    only = sections[0].stop_url if len(sections) == 1 else context["stop_all_url"]
    host = urlsplit(base).hostname or "localhost"
    message = EmailMultiAlternatives(
        subject=_one_line(f"{names}{'等' if len(sections) > 2 else ''}有 {total} 条新内容"),
        body=render_to_string("alerts/mail.txt", context),
        to=[user.email],
        headers={
            # The same for every try, so that a mail sent twice is recognised.
            "Message-ID": f"<saved-searches.{mailing.pk}.{mailing.day:%Y%m%d}@{host}>",
            "Date": formatdate(),
            "List-Unsubscribe": f"<{only}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("alerts/mail.html", context), "text/html")
    return message


def _sections(mailing: Mailing) -> list[Section]:
    """What the person may read today, by search, of searches the person follows still."""
    reader = reader_for(mailing.user)
    alerts = list(mailing.alerts.exclude(search=None).select_related("search__owner").order_by("pk"))
    searches = {alert.search_id: alert.search for alert in alerts}
    people = followers(searches.values())
    documents = current.documents(alert.key for alert in alerts)
    by_search: dict[int, list[tuple[Alert, SearchDocument]]] = {}
    for alert in alerts:
        document = documents.get(alert.key)
        wanted = searches[alert.search_id].mail != MailRhythm.NEVER and mailing.user in people[alert.search_id]
        if wanted and document is not None and reader.may_read(document.audience):
            by_search.setdefault(alert.search_id, []).append((alert, document))
    room = TOGETHER
    sections = []
    for number, found in sorted(by_search.items(), key=lambda item: searches[item[0]].name):
        search = searches[number]
        shown = found[: min(EACH, max(room, 1))]
        room -= len(shown)
        sections.append(
            Section(
                search=search,
                items=_items(shown, search),
                more=len(found) - len(shown),
                url=f"{settings.WAGTAILADMIN_BASE_URL}{search.get_absolute_url()}",
                stop_url=stop_url(mailing.user, search),
            )
        )
    return sections


def _items(found: list[tuple[Alert, SearchDocument]], search: SavedSearch) -> list[Item]:
    hits = hits_of([document for _, document in found], search.asked.text)
    return [
        Item(
            title=_one_line(document.title),
            title_html=hit.title_html,
            passage=_plain(passage_of(hit)),
            passage_html=passage_of(hit),
            meta=meta(document, hit.label),
            url=document.url if "://" in document.url else f"{settings.WAGTAILADMIN_BASE_URL}{document.url}",
            change=_change(alert),
        )
        for (alert, document), hit in zip(found, hits, strict=True)
    ]


def _change(alert: Alert) -> str:
    if alert.deadline is None or alert.deadline_before in (None, alert.deadline):
        return ""
    return f"截止日期由{day(alert.deadline_before)}改为{day(alert.deadline)}"


def _plain(marked: str) -> str:
    return html.unescape(re.sub(r"</?mark>", "", marked))


def _one_line(text: str) -> str:
    return " ".join(text.split())
