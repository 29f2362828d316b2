"""What the clock does for running sign-offs."""

import datetime

from content.approvals import deadlines
from content.core.schedule import every


@every(datetime.timedelta(minutes=15))
def watch_terms() -> tuple[int, int]:
    """Remind and escalate; return how many of each."""
    return deadlines.remind(), deadlines.escalate()


@every(datetime.timedelta(hours=1))
def watch_contents() -> int:
    """Void the signatures of content changed since; return how many runs ended."""
    return deadlines.void_changed()
