"""The nightly look at disabled accounts: nothing stays with them unnoticed."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from content.handovers.leavings import left_by
from content.handovers.models import MANAGERS, Finding, HandoverSheet
from content.notifications.models import NotificationKind
from content.notifications.sending import notify
from content.organization.models import Holding
from content.users.models import User

# key → (what to read, link)
Found = dict[str, tuple[str, str]]


def findings_of(user: User) -> Found:
    """What is still tied to this account: holdings going on, things that should move, sheets nobody has signed."""
    today = timezone.localdate()
    found: Found = {}
    going_on = Holding.objects.filter(user=user).filter(Q(until__isnull=True) | Q(until__gte=today))
    for holding in going_on.select_related("post__unit"):
        until = f"到 {holding.until:%Y-%m-%d}" if holding.until else "没有止日"
        found[f"holding:{holding.pk}"] = f"任职还在：{holding.post}（{until}）", holding.post.get_absolute_url()
    counts: dict[str, tuple[str, int]] = {}
    for room, leaving in left_by(user):
        if leaving.moves:
            label, number = counts.get(room.name, (room.label, 0))
            counts[room.name] = label, number + 1
    for name, (label, number) in counts.items():
        found[f"leavings:{name}"] = f"{label} {number} 项还在名下", ""
    for sheet in HandoverSheet.objects.filter(leaver=user, completed_at=None).select_related("post__unit", "holding"):
        found[f"sheet:{sheet.pk}"] = f"交接单没有办完：{sheet.state[1]}", sheet.get_absolute_url()
    return found


@transaction.atomic
def check_account(user: User) -> list[Finding]:
    """Bring the findings of one account into line; return those that are new."""
    found = {} if user.is_active else findings_of(user)
    rows = {row.key: row for row in Finding.objects.filter(user=user)}
    Finding.objects.filter(pk__in=[row.pk for key, row in rows.items() if key not in found]).delete()
    new = []
    for key, (text, url) in found.items():
        row = rows.get(key)
        if row is None:
            new.append(Finding.objects.create(user=user, key=key, text=text[:200], url=url))
        elif (row.text, row.url) != (text[:200], url):
            row.text, row.url = text[:200], url
            row.save(update_fields=["text", "url"])
    return new


def check_accounts() -> int:
    """Look at every disabled account; tell site managers once of what is new. Return how much is new."""
    Finding.objects.filter(user__is_active=True).delete()
    new = [row for user in get_user_model().objects.filter(is_active=False) for row in check_account(user)]
    if new:
        names = "、".join(dict.fromkeys(str(row.user) for row in new))
        managers = get_user_model().objects.with_perm(MANAGERS, backend="django.contrib.auth.backends.ModelBackend")
        notify(
            managers,
            kind=NotificationKind.SYSTEM,
            title=f"停用账号还有 {len(new)} 件事没有交接",
            body=f"{names[:200]}：\n" + "\n".join(f"· {row}" for row in new[:20]),
            url=reverse("handovers:check"),
        )
    return len(new)
