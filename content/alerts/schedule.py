"""What the clock does for saved searches."""

import datetime

from django.db.models import Q
from django.utils import timezone

from content.alerts import mailing, waiting
from content.alerts.models import Alert, Mailing, MailingState, WaitingDocument
from content.core.schedule import every

KEPT_ALERTS = datetime.timedelta(days=730)
KEPT_MAILINGS = datetime.timedelta(days=90)


@every(datetime.timedelta(minutes=1))
def compare_what_was_left() -> bool:
    """Have documents compared whose task was lost; returns whether there were any."""
    left = WaitingDocument.objects.exists()
    if left:
        waiting.enqueue()
    return left


@every(datetime.timedelta(minutes=5))
def send_mails() -> int:
    """Make and send the mails of the morning, and those refused before."""
    return mailing.queue_due()


@every(datetime.timedelta(days=1))
def forget_old() -> int:
    """Delete alerts of two years ago and mails of three months ago that have ended."""
    now = timezone.now()
    old, _ = Alert.objects.filter(told_at__lt=now - KEPT_ALERTS).delete()
    ended = Q(state__in=[MailingState.SENT, MailingState.FAILED, MailingState.EMPTY])
    Mailing.objects.filter(ended, day__lt=timezone.localdate() - KEPT_MAILINGS).delete()
    return old
