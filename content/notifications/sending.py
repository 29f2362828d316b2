"""Tell people something: inbox at once, mail by the worker."""

from collections.abc import Iterable

from django.db import transaction

from content.notifications.models import Notification, NotificationKind
from content.notifications.tasks import mail_notifications


def notify(recipients: Iterable, *, kind: NotificationKind, title: str, body: str = "", url: str = "") -> None:
    """Put one message into the inbox of each active recipient (each person once) and queue its mail after commit."""
    people = {user.pk: user for user in recipients if user.is_active}
    rows = Notification.objects.bulk_create(
        Notification(recipient=user, kind=kind, title=title[:200], body=body, url=url) for user in people.values()
    )
    ids = [row.pk for row in rows if row.recipient.email]
    if ids:
        transaction.on_commit(lambda: mail_notifications.enqueue(ids))
