"""Holdings begin and end by date, without anyone saving anything; the clock process looks once an hour."""

import datetime

from content.core.schedule import every
from content.organization.membership import sync_groups


@every(datetime.timedelta(hours=1))
def follow_holdings_by_date() -> int:
    """Let groups follow the holdings in force today; return how many memberships changed."""
    return sync_groups()
