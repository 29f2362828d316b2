"""Tell people something: inbox at once, mail by the worker."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from content.notifications.models import Notification, NotificationKind
from content.notifications.tasks import mail_notifications


def notify(
    recipients: Iterable, *, kind: NotificationKind, title: str, body: str = "", url: str = "", mail: bool = True
) -> None:
    """Put one message into the inbox of each active recipient (each person once) and queue its mail after commit.

    `mail=False` is for news that can wait until the person looks: too much mail is read by nobody.
    """
    people = {user.pk: user for user in recipients if user.is_active}
    rows = Notification.objects.bulk_create(
        Notification(recipient=user, kind=kind, title=title[:200], body=body, url=url) for user in people.values()
    )
    ids = [row.pk for row in rows if mail and row.recipient.email]
    if ids:
        transaction.on_commit(lambda: mail_notifications.enqueue(ids))


def forget(url: str) -> None:
    """What was asked for at this address is settled: the requests to act there count as read."""
    Notification.objects.filter(url=url, kind=NotificationKind.SIGN, read_at=None).update(read_at=timezone.now())
