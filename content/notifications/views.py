"""The inbox page."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from content.notifications.models import Notification
from content.notifications.queries import inbox_of, unread_count

PAGE_SIZE = 30


def inbox_context(user, unread_only: bool = False, page: str | None = None) -> dict:
    """One page of the messages of this user; three queries."""
    page_obj = Paginator(inbox_of(user, unread_only=unread_only), PAGE_SIZE).get_page(page)
    return {
        "page_obj": page_obj,
        "messages_shown": list(page_obj),
        "unread_only": unread_only,
        "unread": unread_count(user),
        "querystring": "unread=1&" if unread_only else "",
    }


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """All messages, newest first; `?unread=1` shows only those not read."""
    context = inbox_context(request.user, request.GET.get("unread") == "1", request.GET.get("page"))
    return render(request, "notifications/inbox.html", context)


@login_required
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message read and go where it leads; who comes back here from the login page sees the inbox."""
    if request.method != "POST":
        return redirect("notifications:inbox")
    message = get_object_or_404(Notification, pk=pk, recipient=request.user)
    Notification.objects.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    safe = url_has_allowed_host_and_scheme(message.url, allowed_hosts={request.get_host()})
    return redirect(message.url if message.url and safe else "notifications:inbox")


@login_required
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark all of my messages read; who comes back here from the login page sees the inbox."""
    if request.method != "POST":
        return redirect("notifications:inbox")
    Notification.objects.filter(recipient=request.user, read_at=None).update(read_at=timezone.now())
    return redirect("notifications:inbox")
