"""Terms: a reminder before one ends, the superior post when it is over. Run by the clock; twice does no harm."""

import datetime
import logging

from django.db import transaction
from django.utils import timezone

from content.approvals import log, notices, signing, subjects
from content.approvals.models import Act, Assignment, AssignmentState, Run, RunState
from content.approvals.staffing import Staffing
from content.organization.working_days import Calendar

logger = logging.getLogger(__name__)


def remind(now: datetime.datetime | None = None) -> int:
    """Remind once of what is due within one working day; return how many assignments were."""
    now = now or timezone.now()
    soon = Calendar().deadline(now, 1)
    rows = _due(soon).filter(due_at__gt=now, reminded_at=None)
    return sum(_remind(row, now) for row in rows)


def escalate(now: datetime.datetime | None = None) -> int:
    """Open what is overdue to the superior post as well, once; return how many assignments were."""
    now = now or timezone.now()
    return sum(_escalate(row, now) for row in _due(now).filter(escalated_at=None))


def _due(before: datetime.datetime):
    return Assignment.objects.filter(
        state=AssignmentState.PENDING, run__state=RunState.RUNNING, due_at__lte=before
    ).order_by("due_at", "pk")  # fmt: skip


@transaction.atomic
def _remind(row: Assignment, now: datetime.datetime) -> bool:
    run, row = _fresh(row)
    if row.state != AssignmentState.PENDING or row.reminded_at is not None or not run.is_running:
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    notices.reminded(run, row, Staffing())
    log.record(run, Act.REMINDED, assignment=row, post=row.named_post)
    return True


@transaction.atomic
def _escalate(row: Assignment, now: datetime.datetime) -> bool:
    run, row = _fresh(row)
    if row.state != AssignmentState.PENDING or row.escalated_at is not None or not run.is_running:
        return False
    staffing = Staffing()
    seat = staffing.seat_of(row, run.authors)
    above = staffing.posts.get(seat.post.superior_id)
    while above is not None and staffing.seat(above, run.authors).post.pk == seat.post.pk:
        above = staffing.posts.get(above.superior_id)
    row.escalated_at, row.escalated_to = now, above
    row.save(update_fields=["escalated_at", "escalated_to"])
    notices.escalated(run, row, staffing)
    said = f"逾期，上报「{above}」。" if above is not None else "逾期；没有更上级的岗位可以上报。"
    log.record(run, Act.ESCALATED, assignment=row, post=above, text=said)
    return True


def _fresh(row: Assignment) -> tuple[Run, Assignment]:
    run = Run.objects.select_for_update(of=("self",)).get(pk=row.run_id)
    return run, Assignment.objects.select_related("named_post", "run").get(pk=row.pk)


def void_changed() -> int:
    """End runs whose content was changed behind the signatures (by a script, an import); return how many ended."""
    ended = 0
    for run in Run.objects.filter(state=RunState.RUNNING).iterator(chunk_size=200):
        subject = subjects.find(run.content_type_id, run.object_id)
        try:
            ended += subject is not None and signing.content_changed(subject)
        except Exception:
            # One record that cannot be read must not keep the others from being looked at.
            logger.exception("Run %s could not be compared with its content", run.pk)
    return ended
