"""The bridge between Wagtail's workflow and the engine: one task, approved or rejected once per run."""

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from wagtail.forms import TaskStateCommentForm
from wagtail.locks import WorkflowLock
from wagtail.models import Task, TaskState

from content.approvals import notices, queries, signing, subjects
from content.approvals.errors import AlreadyDecided, SignOffError
from content.approvals.models.routes import Route
from content.approvals.models.runs import Run, RunState

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class RouteLock(WorkflowLock):
    """While a run is going nobody edits: the signatures are for what stands there."""

    def for_user(self, user):
        return True

    def get_message(self, user):
        return "正在签批，签完、退回或撤回之前不能修改。"

    def get_locked_by(self, user, can_lock=False):
        return "签批中"

    def get_description(self, user, can_lock=False):
        return "要修改，请起草人先撤回。"


class RefusalForm(TaskStateCommentForm):
    """Wagtail's dialog for sending back: the reason is required."""

    comment = forms.CharField(label="退回理由", widget=forms.Textarea({"rows": 3}))


class RouteTask(Task):
    """Waits until a Run of the route is decided."""

    route = models.ForeignKey(Route, verbose_name="签批路线", on_delete=models.PROTECT, related_name="tasks")

    admin_form_fields = [*Task.admin_form_fields, "route"]
    lock_class = RouteLock

    task_states: "RelatedManager[TaskState]"

    class Meta:
        verbose_name = "签批路线任务"
        verbose_name_plural = "签批路线任务"

    @classmethod
    def get_description(cls):
        return "按签批路线逐岗位签批，全部签准后自动发布。"

    def start(self, workflow_state, user=None):
        """Begin a run. If there is no path, the paper goes straight back to the drafter with the reason."""
        task_state = super().start(workflow_state, user=user)
        subject = subjects.find(workflow_state.content_type_id, workflow_state.object_id)
        try:
            signing.begin(self.route, subject, user or task_state.revision.user, task_state)
        except SignOffError as error:
            task_state.status = TaskState.STATUS_REJECTED
            task_state.comment = str(error)
            task_state.finished_at = timezone.now()
            task_state.save()
            notices.not_started(subject, user, str(error))
        return task_state

    def on_action(self, task_state, user, action_name, comment="", **kwargs):
        """An act in Wagtail's own screens signs this user's one assignment; the engine decides what follows."""
        run = Run.objects.filter(task_state_id=task_state.pk).first()
        waiting = queries.pending_for(user, run=run) if run else []
        if run is None or not waiting:
            raise PermissionDenied("这份内容现在不由您签批。")
        assignment = waiting[0].assignment
        try:
            if action_name == "approve":
                signing.sign(assignment, user, digest=run.digest, comment=comment)
            elif action_name == "reject":
                signing.refuse(assignment, user, digest=run.digest, comment=comment)
        except AlreadyDecided:
            pass
        except SignOffError as error:
            raise PermissionDenied(str(error)) from error
        return notices.sign_url(assignment)

    def get_actions(self, obj, user):
        run = Run.objects.filter(task_state_id__in=self._open_states_of(obj), state=RunState.RUNNING).first()
        if run is None or not queries.pending_for(user, run=run):
            return []
        return [("reject", "退回…", True), ("approve", "签准", False), ("approve", "签准并批注", True)]

    def _open_states_of(self, obj):
        states = self.task_states.filter(workflow_state__in=obj.workflow_states, status=TaskState.STATUS_IN_PROGRESS)
        return states.values_list("pk", flat=True)

    def get_form_for_action(self, action):
        return RefusalForm if action == "reject" else super().get_form_for_action(action)

    def get_task_states_user_can_moderate(self, user, **kwargs):
        runs = [waiting.run.task_state_id for waiting in queries.pending_for(user)]
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS, pk__in=[pk for pk in runs if pk])

    def locked_for_user(self, obj, user):
        return True
