"""Who wrote, signed and when: the trail under a version."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from content.approvals.models import Decision, Run, Verdict
from content.procedures.models import ProcedureVersion


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of the trail."""

    role: str
    name: str
    post: str
    day: datetime.date
    comment: str = ""


def trail_of(version: ProcedureVersion) -> list[Signature]:
    """The drafter and every signature of the run this version came from, in order; two queries."""
    if version.run_id is None:
        return []
    return trail_of_run(Run.objects.filter(pk=version.run_id).select_related("drafter").first())


def trail_of_run(run: Run | None) -> list[Signature]:
    """The same for any run; empty for none."""
    if run is None:
        return []
    rows = Decision.objects.filter(assignment__run=run, verdict=Verdict.SIGN)
    rows = rows.select_related("user", "post__unit", "assignment").order_by("at", "pk")
    drafted = Signature("编制", str(run.drafter), "", timezone.localdate(run.started_at))
    return [
        drafted,
        *(
            Signature(row.assignment.node_title, str(row.user), str(row.post), timezone.localdate(row.at), row.comment)
            for row in rows
        ),
    ]
