"""Papers a person sent round, and what waits at the post: told on the handover sheet. The record of signing names who
submitted and is never changed; what waits follows the post by itself."""

from django.urls import reverse

from content.approvals.models import Assignment, AssignmentState, Run, RunState
from content.handovers.leavings import Leaving
from content.organization.models import Post
from content.users.models import User


def find_papers(user: User, post: Post | None) -> list[Leaving]:
    """Papers of this person's being signed, and those sent back that were not submitted again; one query."""
    runs = Run.objects.filter(drafter=user, state__in=[RunState.RUNNING, RunState.REFUSED]).order_by("pk")
    latest: dict[tuple[int, str], Run] = {(run.content_type_id, run.object_id): run for run in runs}
    later = Run.objects.filter(
        content_type__in={key[0] for key in latest}, object_id__in={key[1] for key in latest}
    ).values_list("content_type", "object_id", "pk")
    newest: dict[tuple[int, str], int] = {}
    for content_type, object_id, pk in later:
        newest[content_type, object_id] = max(pk, newest.get((content_type, object_id), 0))
    return [
        Leaving(
            key=str(run.pk),
            title=run.title,
            url=reverse("approvals:path", args=key),
            detail=(
                "签批中：提交人留痕不改，请接手人跟进"
                if run.state == RunState.RUNNING
                else "已退回：由接手人修改后重新提交"
            ),
        )
        for key, run in latest.items()
        if newest[key] == run.pk
    ]


def find_waiting(user: User, post: Post | None) -> list[Leaving]:
    """What waits at the post for a signature; none without a post. One query."""
    if post is None:
        return []
    rows = Assignment.objects.filter(
        named_post=post, state=AssignmentState.PENDING, run__state=RunState.RUNNING
    ).select_related("run")
    return [
        Leaving(
            key=str(row.pk),
            title=row.run.title,
            url=reverse("approvals:run", args=[row.run_id]),
            detail="随岗位走：继任者登录就能在“待我办理”里看到，不用移交",
        )
        for row in rows.order_by("opened_at", "pk")
    ]
