"""Mail is sent by the worker, never inside a request."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django_tasks import task

from content.notifications.models import Notification


@task()
def mail_notifications(ids: list[int]) -> int:
    """Mail the given notifications that were not mailed yet; return how many. Run twice, it mails once."""
    sent = 0
    for row in Notification.objects.filter(pk__in=ids, mailed_at__isnull=True).select_related("recipient"):
        # Claim first: of two workers only one mails. A crash in between loses the mail, not the inbox row.
        if not Notification.objects.filter(pk=row.pk, mailed_at__isnull=True).update(mailed_at=timezone.now()):
            continue
        link = f"\n\n{settings.WAGTAILADMIN_BASE_URL}{row.url}" if row.url else ""
        send_mail(row.title, f"{row.body}{link}", None, [row.recipient.email])
        sent += 1
    return sent
