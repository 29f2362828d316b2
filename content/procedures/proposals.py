"""Anyone may say what should be different; the owner answers."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from content.notifications.models import NotificationKind
from content.notifications.sending import notify
from content.organization.holders import holders_of, posts_of
from content.procedures.models import ChangeProposal, ProcedurePage, ProcedureVersion, ProposalState
from content.procedures.rights import manages, owns


class ProposalError(Exception):
    """Not done; `str(error)` says why and what to do."""


def owners_of(page: ProcedurePage) -> list:
    """Who answers for the procedure today: holders of the owner post, else of its superiors, else site managers."""
    post, seen = page.owner_post, set()
    while post is not None and post.pk not in seen:
        people = [holder.user for holder in holders_of(post)]
        if people:
            return people
        seen.add(post.pk)
        post = post.superior
    managers = get_user_model().objects.with_perm(
        "procedures.change_codeseries", backend="django.contrib.auth.backends.ModelBackend"
    )
    return list(managers)


@transaction.atomic
def propose(version: ProcedureVersion, by, text: str, step_key: str = "") -> ChangeProposal:
    """Write down a proposal and put it on the owner's desk."""
    text = text.strip()
    if not text:
        raise ProposalError("请写下您的修改建议，再提交。")
    if len(text) > 2000:
        raise ProposalError(f"建议最多 2000 字，现在有 {len(text)} 字，请精简后再提交。")
    known = {step["key"] for step in version.content["steps"]}
    proposal = ChangeProposal.objects.create(
        page=version.page, version=version, author=by, text=text, step_key=step_key if step_key in known else ""
    )
    notify(
        owners_of(version.page),
        kind=NotificationKind.DUTY,
        title=f"修改建议：{version.code}《{version.title}》",
        body=f"{by}：{text[:200]}",
        url=f"{reverse('procedures:proposals')}#proposal-{proposal.pk}",
    )
    return proposal


@transaction.atomic
def answer(proposal: ChangeProposal, by, *, state: str, text: str) -> ChangeProposal:
    """The owner accepts or declines with an answer, which reaches the author."""
    proposal = ChangeProposal.objects.select_for_update(of=("self",)).select_related("page").get(pk=proposal.pk)
    if not owns(by, proposal.page):
        raise ProposalError("只有这份制度的负责岗位可以答复修改建议。")
    if proposal.state != ProposalState.OPEN:
        raise ProposalError(f"这条建议已由{proposal.answered_by}答复，不必重复答复。")
    if state not in (ProposalState.ACCEPTED, ProposalState.DECLINED):
        raise ProposalError("请选择采纳或不采纳。")
    if not text.strip():
        raise ProposalError("请写一句答复，提出建议的人才知道结果和理由。")
    proposal.state, proposal.answer = state, text.strip()[:2000]
    proposal.answered_by, proposal.answered_at = by, timezone.now()
    proposal.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    notify(
        [proposal.author],
        kind=NotificationKind.SIGNED,
        title=f"修改建议{proposal.get_state_display()}：{proposal.page.code}《{proposal.page.title}》",
        body=f"{by}：{proposal.answer}",
        url=f"{reverse('procedures:mine')}#proposals",
        mail=False,
    )
    return proposal


def proposals_for_owner(user) -> QuerySet[ChangeProposal]:
    """Proposals this user answers, open ones first, then the latest."""
    rows = ChangeProposal.objects.select_related("page", "version", "author", "answered_by")
    if not manages(user):
        rows = rows.filter(page__owner_post__in=[post.pk for post in posts_of(user)])
    return rows.order_by(F("answered_at").desc(nulls_first=True), "-created_at", "-pk")


def proposals_of(user) -> QuerySet[ChangeProposal]:
    """What this user proposed, latest first."""
    return ChangeProposal.objects.filter(author=user).select_related("page", "version", "answered_by")[:20]
