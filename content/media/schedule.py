"""Files nobody has asked the text of yet, and those whose task was lost, are looked for now and then."""

import datetime

from content.core.schedule import every
from content.media.texts import ask_for_missing_texts


@every(datetime.timedelta(minutes=10))
def read_missing_texts() -> int:
    """Queue them; returns how many."""
    return ask_for_missing_texts()
