"""Who may read a draft because it waits for a signature: printing asks (content.printing.pages)."""

from wagtail.models import Page

from content.approvals import queries, subjects
from content.approvals.models import Run, RunState


def reads_draft(user, page: Page) -> bool:
    """Whoever is asked to sign, or has signed, the very draft that is the latest now."""
    run = Run.objects.filter(
        **subjects.key_of(page), state=RunState.RUNNING, revision_id=page.latest_revision_id
    ).first()
    if run is None:
        return False
    return bool(queries.pending_for(user, run=run)) or run.assignments.filter(decision__user_id=user.pk).exists()
