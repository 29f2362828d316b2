"""Background work of search."""

import time

from django_tasks import task

from search import export_jobs, operations, outbox
from search.engines import is_embedded
from search.engines.base import EngineBusy, EngineUnavailable

PATIENCE = (
    60.0  # seconds the task waits for another writer or a server that is away, before it fails and is shown as failed
)
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 10.0


@task()
def drain_outbox() -> int:
    """Empty the outbox into the index. Running it twice, or two at a time, does no harm."""
    done = 0
    wait = _FIRST_WAIT
    until = time.monotonic() + PATIENCE
    while True:
        try:
            count = outbox.drain()
        except EngineBusy:
            if time.monotonic() >= until:
                raise
            time.sleep(_FIRST_WAIT)
            continue
        except EngineUnavailable:
            # An embedded index does not mend itself; a server that is away often comes back.
            if is_embedded() or time.monotonic() + wait >= until:
                raise
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
            continue
        if not count:
            return done
        done += count
        wait = _FIRST_WAIT


@task()
def run_export(export_id: int) -> None:
    """Make the file of an export; a finished or deleted one is left alone."""
    export_jobs.run_job(export_id)


@task()
def maintain_index(run_pk: int) -> str:
    """Do the checking or rebuilding of a MaintenanceRun; returns how it ended. Idempotent."""
    run = operations.perform(run_pk)
    return run.state if run else ""
