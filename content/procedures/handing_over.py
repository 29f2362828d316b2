"""Cases go to the successor of who started them; proposals are told."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.urls import reverse

from content.approvals.models import Run, RunState
from content.handovers.leavings import Leaving
from content.organization.models import Post
from content.procedures.models import Case, ChangeProposal, ProposalState
from content.users.models import User


def _cases_of(user: User):
    """Cases of this person's that are not finished, with `under_way` for those being signed."""
    runs = Run.objects.filter(
        content_type=ContentType.objects.get_for_model(Case),
        object_id=Cast(OuterRef("pk"), CharField(max_length=64)),
    )
    return (
        Case.objects.filter(drafter=user)
        .annotate(
            under_way=Exists(runs.filter(state=RunState.RUNNING)),
            done=Exists(runs.filter(state=RunState.APPROVED)),
            submitted=Exists(runs),
        )
        .filter(done=False)
        .select_related("version")
        .order_by("pk")
    )


def find_cases(user: User, post: Post | None) -> list[Leaving]:
    """Drafts and cases that came back move; those under way keep their drafter until they do; one query."""
    return [
        Leaving(
            key=str(case.pk),
            title=str(case),
            url=reverse("cases:detail", args=[case.pk]),
            detail=(
                "正在办理：发起人留痕不改，请接手人跟进"
                if case.under_way
                else "退回或撤回，待修改"
                if case.submitted
                else "还没有提交"
            ),
            moves=not case.under_way,
        )
        for case in _cases_of(user)
    ]


def move_cases(user: User, successor: User, keys: Iterable[str]) -> list[str]:
    """Make the successor the drafter of what is not being signed."""
    rows = _cases_of(user).filter(pk__in=list(keys), under_way=False)
    moved = [str(pk) for pk in rows.values_list("pk", flat=True)]
    Case.objects.filter(pk__in=moved).update(drafter=successor)
    return moved


def find_proposals(user: User, post: Post | None) -> list[Leaving]:
    """Proposals without an answer; one query."""
    rows = ChangeProposal.objects.filter(author=user, state=ProposalState.OPEN).select_related("page", "version")
    return [
        Leaving(
            key=str(row.pk),
            title=f"{row.page.code}　{row.text[:60]}",
            url=row.version.get_absolute_url(),
            detail="提出人留痕不改；负责岗位会答复，请接手人留意",
        )
        for row in rows.order_by("pk")
    ]
