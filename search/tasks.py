"""Background work of search."""

import time

from django_tasks import task

from search import outbox
from search.engines.base import EngineBusy

PATIENCE = 60.0  # seconds the task waits for another writer, a rebuild say, before it fails and is shown as failed


@task()
def drain_outbox() -> int:
    """Empty the outbox into the index. Running it twice, or two at a time, does no harm."""
    done = 0
    until = time.monotonic() + PATIENCE
    while True:
        try:
            count = outbox.drain()
        except EngineBusy:
            if time.monotonic() >= until:
                raise
            time.sleep(0.2)
            continue
        if not count:
            return done
        done += count
