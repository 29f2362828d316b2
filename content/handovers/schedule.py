"""What the clock does for handovers: open sheets in time, follow appointments, move on the day, look at accounts."""

import datetime

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from content.core.schedule import every
from content.handovers.checking import check_accounts
from content.handovers.models import HandoverSheet
from content.handovers.sheets import complete_if_due, follow_holdings, move_later_leavings, open_sheet
from content.organization.models import Holding, HoldingKind

AHEAD = datetime.timedelta(days=14)
# What ended longer ago was settled before there were sheets; disabled accounts are looked at however old.
BACK = datetime.timedelta(days=60)


@every(datetime.timedelta(hours=6))
def open_sheets_in_time() -> int:
    """A sheet for each regular holding that ends within 14 days or has ended; return how many were opened.

    One that goes on in the next holding of the same person and post needs none.
    """
    today = timezone.localdate()
    goes_on = Holding.objects.filter(
        post=OuterRef("post"), user=OuterRef("user"), kind=HoldingKind.REGULAR, since__gt=OuterRef("since")
    )
    ending = Holding.objects.filter(
        kind=HoldingKind.REGULAR, until__gte=today - BACK, until__lte=today + AHEAD, handover=None
    ).exclude(Exists(goes_on))
    holdings = list(ending.select_related("post__superior", "user"))
    for holding in holdings:
        open_sheet(holding)
    return len(holdings)


@every(datetime.timedelta(hours=6))
def carry_on() -> int:
    """Withdraw sheets of holdings that were prolonged, follow appointments, move what is due; return the moved sheets.

    A sheet somebody opened by hand is never withdrawn.
    """
    prolonged = HandoverSheet.objects.filter(
        completed_at=None, opened_by=None, leaver_signed_at=None, successor_signed_at=None, leaver__is_active=True
    )
    late = timezone.localdate() + AHEAD
    for sheet in prolonged.select_related("holding"):
        if sheet.ends_on is None or sheet.ends_on > late:
            sheet.delete()
    done = 0
    for sheet in HandoverSheet.objects.filter(completed_at=None):
        follow_holdings(sheet)
        done += complete_if_due(sheet)
    return done


@every(datetime.timedelta(hours=24))
def look_at_accounts() -> int:
    """Move what turned up after a handover, then tell of what is still tied to disabled accounts."""
    latest: dict[int, HandoverSheet] = {}
    for sheet in HandoverSheet.objects.filter(completed_at__isnull=False).order_by(F("completed_at").asc()):
        latest[sheet.leaver_id] = sheet
    for sheet in latest.values():
        move_later_leavings(sheet)
    return check_accounts()
