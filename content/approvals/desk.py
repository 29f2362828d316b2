"""What Wagtail's editors offer for papers under a route: «提交签批…» in place of Wagtail's own moderation buttons."""

from wagtail.admin.action_menu import ActionMenuItem as PageMenuItem
from wagtail.snippets.action_menu import ActionMenuItem as SnippetMenuItem

from content.approvals import subjects
from content.approvals.models import RouteTask, Run, RunState
from content.approvals.notices import path_url

SUBMIT = "action-sign-off"

# Wagtail's own buttons that start, restart or cancel a workflow, or publish, without showing the path.
REPLACED = {"action-submit", "action-restart-workflow", "action-cancel-workflow"}


def subject_of(context: dict):
    """The page or snippet being edited, None while it is being created."""
    return context.get("page") or context.get("instance")


def takes_a_route(context: dict) -> bool:
    """Tell whether what is edited (or created here) goes through a route."""
    subject = subject_of(context)
    if subject is None or subject.pk is None:
        parent = context.get("parent_page")
        if parent is not None:
            return subjects.route_of(parent.specific) is not None
        model = context.get("model")
        workflow = model.get_default_workflow() if hasattr(model, "get_default_workflow") else None
        return workflow is not None and RouteTask.objects.filter(workflow_tasks__workflow=workflow).exists()
    return subjects.route_of(subject) is not None


class _Submit:
    """Saves the draft, then leads to the path page."""

    name = SUBMIT
    label = "提交签批…"
    icon_name = "resubmit"

    def is_shown(self, context):
        if context["view"] not in ("create", "edit") or context.get("locked_for_user"):
            return False
        return takes_a_route(context)


class _Follow:
    """Leads to the path page while a run is going: where it stands, withdrawing."""

    name = "action-follow-sign-off"
    label = "签批进程、撤回…"
    icon_name = "tasks"

    def is_shown(self, context):
        subject = subject_of(context)
        if context["view"] != "edit" or subject is None:
            return False
        return Run.objects.filter(**subjects.key_of(subject), state=RunState.RUNNING).exists()

    def get_url(self, parent_context):
        return path_url(subject_of(parent_context))


class SubmitPage(_Submit, PageMenuItem):
    pass


class FollowPage(_Follow, PageMenuItem):
    pass


class SubmitSnippet(_Submit, SnippetMenuItem):
    pass


class FollowSnippet(_Follow, SnippetMenuItem):
    pass
