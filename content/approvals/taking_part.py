"""Who may see a run: the drafter, everyone who is or was asked, whom it was copied to, and site managers."""

from collections.abc import Iterable

from content.approvals import subjects
from content.approvals.models import Assignment, AssignmentState, Run
from content.approvals.staffing import Staffing


def takes_part(user, run: Run, staffing: Staffing | None = None, rows: Iterable[Assignment] | None = None) -> bool:
    """Tell whether the user may read the content of this run and its trail.

    `rows` are its assignments with decisions, where they are at hand already.
    """
    if user.pk == run.drafter_id or subjects.manages_routes(user):
        return True
    staffing = staffing or Staffing()
    if rows is None:
        rows = run.assignments.select_related("named_post", "decision")
    for row in rows:
        decision = getattr(row, "decision", None)
        if decision is not None and decision.user_id == user.pk:
            return True
        if row.given_by_id == user.pk:
            return True
        # Where somebody else's post has taken it over or given it back, the post has nothing to do with it any more.
        if row.state == AssignmentState.REMOVED:
            continue
        if staffing.seat_of(row, run.authors).holder(user):
            return True
    return run.copies.filter(recipient=user).exists()
