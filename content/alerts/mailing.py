"""Mail about what saved searches have found: one a day at most to one person, all searches together.

`queue_due` (by the clock) makes the mails of the morning and gives those that were refused another try; `send` (a
task) sends one. Alerts belong to a mail in the transaction that makes it, and there is one for each person and day,
whatever the clock does, so nothing goes out with two mails. Whether a mail left just before its process was killed
cannot be known: it is sent again under the same Message-ID, by which mail programs drop the second.
"""

import datetime
import logging
from smtplib import SMTPException

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from content.alerts.composing import compose
from content.alerts.models import Alert, Mailing, MailingState, MailRhythm, MailStop
from content.notifications.models import Notification, NotificationKind

logger = logging.getLogger("content.alerts")

HOUR = 8  # of the morning, local time
WAITS = [datetime.timedelta(minutes=minutes) for minutes in (10, 60, 240, 720)]  # after the first, second … refusal
LONGEST = datetime.timedelta(minutes=15)  # sending takes; after it the process is held to be gone


def queue_due(now: datetime.datetime | None = None) -> int:
    """Make the mails that are due and enqueue all that are to be sent; returns how many were enqueued."""
    now = now or timezone.now()
    morning = timezone.localtime(now).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if morning > now:
        morning -= datetime.timedelta(days=1)
    monday = morning - datetime.timedelta(days=morning.weekday())
    due = Alert.objects.filter(mailing=None).filter(
        Q(mail=MailRhythm.DAILY, told_at__lt=morning) | Q(mail=MailRhythm.WEEKLY, told_at__lt=monday)
    )
    no_mail = Q(user__in=MailStop.objects.values("user")) | Q(user__is_active=False) | Q(user__email="")
    Alert.objects.filter(pk__in=list(due.filter(no_mail).values_list("pk", flat=True))).update(mail=MailRhythm.NEVER)
    for user in list(due.order_by().values_list("user", flat=True).distinct()):
        with transaction.atomic():
            mailing, is_new = Mailing.objects.get_or_create(user_id=user, day=morning.date())
            if is_new:
                due.filter(user=user).update(mailing=mailing)
    return _enqueue(now)


def _enqueue(now: datetime.datetime) -> int:
    """Enqueue what is to be sent or sent again. Times in the future are those of a clock that was wrong."""
    lost = Q(claimed_at__lt=now - LONGEST) | Q(claimed_at__gt=now + LONGEST)
    Mailing.objects.filter(state=MailingState.SENDING).filter(lost).update(state=MailingState.QUEUED, next_try_at=None)
    is_time = Q(next_try_at=None) | Q(next_try_at__lte=now) | Q(next_try_at__gt=now + WAITS[-1])
    waiting = list(Mailing.objects.filter(state=MailingState.QUEUED).filter(is_time).values_list("pk", flat=True))
    for pk in waiting:
        transaction.on_commit(lambda pk=pk: _task(pk))
    return len(waiting)


def _task(pk: int) -> None:
    from content.alerts.tasks import send_mailing  # noqa: PLC0415 (the task imports this module)

    send_mailing.enqueue(pk)


def send(pk: int) -> str:
    """Send one mail and return its state. Of two processes only one does; what the server refuses is tried again."""
    now = timezone.now()
    claim = Mailing.objects.filter(pk=pk, state=MailingState.QUEUED)
    if not claim.update(state=MailingState.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return str(Mailing.objects.filter(pk=pk).values_list("state", flat=True).first() or "")
    mailing = Mailing.objects.select_related("user").get(pk=pk)
    try:
        message = compose(mailing)
        if message is not None:
            message.send()
    except (SMTPException, OSError) as error:
        return _refused(mailing, error)
    state = MailingState.EMPTY if message is None else MailingState.SENT
    Mailing.objects.filter(pk=pk).update(state=state, finished_at=timezone.now(), error="")
    return state


def _refused(mailing: Mailing, error: Exception) -> str:
    """Try again later or, after the last wait, give up and say so where the person looks."""
    logger.warning("Mail %d about saved searches was refused: %s", mailing.pk, error)
    reason = str(error)[:300]
    if mailing.attempts <= len(WAITS):
        later = timezone.now() + WAITS[mailing.attempts - 1]
        Mailing.objects.filter(pk=mailing.pk).update(state=MailingState.QUEUED, next_try_at=later, error=reason)
        return MailingState.QUEUED
    with transaction.atomic():
        Mailing.objects.filter(pk=mailing.pk).update(
            state=MailingState.FAILED, finished_at=timezone.now(), error=reason
        )
        Notification.objects.create(
            recipient=mailing.user,
            kind=NotificationKind.SYSTEM,
            title="检索提醒的邮件没有发出",
            body=f"试了 {mailing.attempts} 次，邮件服务器都没有收下发往 {mailing.user.email} 的邮件。"
            "新内容在「我的订阅」里都看得到；请核对邮箱地址，或告诉系统管理员。",
            url="/saved/",
        )
    return MailingState.FAILED
