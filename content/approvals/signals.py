"""Wagtail's lifecycle: the two ways a run ends without any of the engine's acts, and Wagtail's own mails."""

from django.db.models.signals import post_delete
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_cancelled, task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from content.approvals import signing
from content.approvals.guard import SignOffGuard


def end_cancelled_run(sender, instance: TaskState, user=None, **kwargs) -> None:
    signing.cancelled_elsewhere(instance, user)


def end_run_of_deleted(sender, instance, **kwargs) -> None:
    if isinstance(instance, SignOffGuard):
        signing.subject_deleted(instance)


def stay_silent(sender, **kwargs) -> None:
    """Takes the place of a mail of Wagtail's."""


# Wagtail mails the drafter inside the request, without the comment. Its receivers are connected after ours under
# these names, and a name that is taken is not connected again.
_MAILS = [
    ("group_approval_task_submitted_email_notification", task_submitted, TaskState),
    ("workflow_state_submitted_email_notification", workflow_submitted, WorkflowState),
    ("workflow_state_rejected_email_notification", workflow_rejected, WorkflowState),
    ("workflow_state_approved_email_notification", workflow_approved, WorkflowState),
]


def connect() -> None:
    """Called once when apps are ready."""
    task_cancelled.connect(end_cancelled_run, sender=TaskState, dispatch_uid="approvals_end_cancelled_run")
    post_delete.connect(end_run_of_deleted, dispatch_uid="approvals_end_run_of_deleted")
    for name, signal, sender in _MAILS:
        signal.connect(stay_silent, sender=sender, dispatch_uid=name)
