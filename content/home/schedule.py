"""What of the portal's own records is not kept for ever."""

import datetime

from content.core.schedule import every
from search import missed


@every(datetime.timedelta(days=1))
def forget_old_missed_searches() -> int:
    """Delete searches that found nothing and were not asked for again since long."""
    return missed.forget_old()
