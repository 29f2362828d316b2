"""Background work of saved searches."""

from django_tasks import task

from content.alerts import matching
from content.alerts.mailing import send


@task()
def match_waiting() -> int:
    """Compare all waiting documents with the saved searches. Running it twice, or two at a time, does no harm."""
    done = 0
    while count := matching.match_batch():
        done += count
    return done


@task()
def send_mailing(pk: int) -> str:
    """Send one mail, if it is still to be sent; returns the state it is in then."""
    return send(pk)
