"""Reading the inbox."""

from django.db.models import QuerySet

from content.notifications.models import Notification


def unread_count(user) -> int:
    """Number of unread messages, one query; 0 without a query for the anonymous."""
    if not getattr(user, "is_authenticated", False):
        return 0
    return Notification.objects.filter(recipient=user, read_at=None).count()


def inbox_of(user, *, unread_only: bool = False) -> QuerySet[Notification]:
    """Messages of this user, newest first."""
    rows = Notification.objects.filter(recipient=user)
    return rows.filter(read_at=None) if unread_only else rows
