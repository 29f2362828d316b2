"""Who may see and do what with a handover sheet."""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from content.handovers.models import MANAGERS, HandoverSheet
from content.notifications.models import Notification
from content.users.models import User
from search.readers import reader_for


def manages(user) -> bool:
    """Site managers: whoever keeps the record of holdings."""
    return user.is_authenticated and user.is_active and user.has_perm(MANAGERS)


def stands_above(user, sheet: HandoverSheet) -> bool:
    """May name the successor: holders of the superior post except the leaver, and site managers."""
    if user.pk == sheet.leaver_id:
        return False
    above = sheet.superior_id is not None and f"post:{sheet.superior_id}" in reader_for(user).tokens
    return above or manages(user)


def may_sign_as_leaver(user, sheet: HandoverSheet) -> bool:
    """The leaver; those above only once the leaver cannot log in any more."""
    return stands_above(user, sheet) if not sheet.leaver.is_active else user.pk == sheet.leaver_id


def sheets_of(user: User) -> QuerySet[HandoverSheet]:
    """The sheets this person may see: the rule of HandoverSheet.audience_tokens as a question to the database."""
    rows = HandoverSheet.objects.select_related("leaver", "successor", "post__unit", "holding")
    if manages(user):
        return rows
    posts = [int(token.split(":")[1]) for token in reader_for(user).tokens if token.startswith("post:")]
    return rows.filter(Q(leaver=user) | Q(successor=user) | Q(superior__in=posts))


def unread_and_concerned(user: User, post_ids: Iterable[int]) -> tuple[int, bool]:
    """How many messages this person has not read, and whether a sheet is about them or a post below theirs; one query."""
    unread = Notification.objects.filter(recipient=OuterRef("pk"), read_at=None).order_by().values("recipient")
    sheets = HandoverSheet.objects.filter(Q(leaver=user) | Q(successor=user) | Q(superior__in=list(post_ids)))
    found = (
        User.objects.filter(pk=user.pk)
        .annotate(
            unread=Coalesce(Subquery(unread.annotate(number=Count("pk")).values("number")), 0),
            concerned=Exists(sheets),
        )
        .values_list("unread", "concerned")
        .first()
    )
    return found or (0, False)
