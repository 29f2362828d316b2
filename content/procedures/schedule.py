"""What the clock does for procedures: new readers, reminders, recurring duties, reviews. Every job may run twice."""

import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

import search
from content.core.schedule import every
from content.notifications.models import NotificationKind
from content.notifications.sending import notify
from content.organization.holders import holdings_on
from content.organization.working_days import Calendar
from content.procedures.models import DutyReminder, ProcedurePage, ProcedureVersion, Reading
from content.procedures.proposals import owners_of
from content.procedures.readings import follow_people
from content.procedures.recurrence import is_due
from content.procedures.snapshots import ProcedureText

REMIND_BEFORE = datetime.timedelta(days=2)
REMIND_AGAIN = datetime.timedelta(days=3)
REVIEW_AHEAD = datetime.timedelta(days=30)


@every(datetime.timedelta(hours=12))
def follow_holders() -> int:
    """New holders of a post are told what to read, former ones are released; return how many were told."""
    return sum(follow_people(page) for page in ProcedurePage.objects.live())


@every(datetime.timedelta(hours=6))
def remind_readers() -> int:
    """Two days before the date and every three days after it; return how many were reminded."""
    today = timezone.localdate()
    rows = Reading.objects.filter(confirmed_at=None, closed_at=None, due_on__lte=today + REMIND_BEFORE)
    rows = rows.exclude(reminded_on__gt=today - REMIND_AGAIN).select_related("user", "version")
    reminded = 0
    for row in rows:
        if not Reading.objects.filter(pk=row.pk, reminded_on=row.reminded_on).update(reminded_on=today):
            continue  # another clock was faster
        late = "已过期限" if row.due_on < today else "快到期限"
        notify(
            [row.user],
            kind=NotificationKind.READ,
            title=f"{late}：请阅读{row.version.code}《{row.version.title}》",
            body=f"期限 {row.due_on:%Y-%m-%d}。读完请在页面上确认。",
            url=row.version.get_absolute_url(),
        )
        reminded += 1
    return reminded


@every(datetime.timedelta(hours=6))
def remind_duties() -> int:
    """Recurring steps due today: the holders of their posts hear of it once; return how many duties were announced."""
    today = timezone.localdate()
    announced = 0
    calendar = Calendar()
    for version in ProcedureVersion.objects.in_force(today).filter(page__live=True).select_related("page"):
        for step in ProcedureText(version.content).steps:
            if not step.recurrence_label or not is_due(
                step.recurrence, step.recurrence_day, today, calendar.is_working_day
            ):
                continue
            _reminder, new = DutyReminder.objects.get_or_create(page=version.page, step_key=step.key, day=today)
            if not new:
                continue
            people = {holding.user for holding in holdings_on(today).filter(post_id__in=step.post_ids)}
            notify(
                people,
                kind=NotificationKind.DUTY,
                title=f"今天该办：{step.title}（{version.code}）",
                body=f"《{version.title}》第 {step.number} 步，{step.recurrence_label}。{step.document}",
                url=f"{version.get_absolute_url()}#step-{step.number}",
            )
            announced += 1
    return announced


@every(datetime.timedelta(hours=1))
def follow_dates() -> int:
    """What comes into force or ends by its date is found by its new text; return how many procedures were touched."""
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    turned = ProcedurePage.objects.live().filter(
        Q(versions__effective_from=today) | Q(versions__effective_until=yesterday)
    )
    pages = list(turned.distinct())
    search.touch(pages)
    return len(pages)


@every(datetime.timedelta(hours=24))
def remind_reviews() -> int:
    """A month before the date of review, and every month after it, the owner is asked; return how many were."""
    today = timezone.localdate()
    rows = ProcedureVersion.objects.in_force(today).filter(page__live=True, review_on__lte=today + REVIEW_AHEAD)
    rows = rows.exclude(review_reminded_on__gt=today - REVIEW_AHEAD).select_related("page__owner_post")
    asked = 0
    for version in rows:
        ProcedureVersion.objects.filter(pk=version.pk).update(review_reminded_on=today)
        notify(
            owners_of(version.page),
            kind=NotificationKind.DUTY,
            title=f"制度复审：{version.code}《{version.title}》",
            body=f"复审日期 {version.review_on:%Y-%m-%d}。仍然适用的，请在后台确认后重新送签；不适用的，请修订或废止。",
            url=reverse("wagtailadmin_pages:edit", args=[version.page_id]),
        )
        asked += 1
    return asked
