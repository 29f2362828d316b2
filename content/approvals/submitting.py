"""Submitting: the definition a paper is to follow is resolved, frozen, and its first node opened."""

import logging
from typing import Any

from django.db import transaction
from wagtail.models import TaskState, WorkflowState

from content.approvals import editions, log, progress, resubmission, subjects
from content.approvals.definitions import from_route, normal
from content.approvals.errors import AlreadyDecided, NotYours, SignOffError
from content.approvals.models import (
    Act,
    Assignment,
    AssignmentState,
    OwnWork,
    Route,
    Run,
    RunAuthor,
    RunState,
)
from content.approvals.paths import Path, resolve_path

logger = logging.getLogger(__name__)


def preview(subject: Any, by, route: Route | None = None, definition: dict | None = None) -> Path:
    """The path this subject would take if this person submitted it now. Changes nothing."""
    asked = definition_for(subject, route, definition)
    asked, carried = resubmission.plan(asked, subject, subjects.current_digest(subject))
    return resolve_path(
        asked, subjects.as_signed(subject), drafter=by, authors=subjects.authors_of(subject), carried=carried
    )


def definition_for(subject: Any, route: Route | None = None, definition: dict | None = None) -> dict:
    """What the subject is to follow: what is given, else what the record says itself, else the route of its workflow."""
    if definition is not None:
        return normal(definition)
    if route is None and hasattr(subject, "sign_off_definition"):
        return normal(subject.sign_off_definition())
    route = route or _route_for(subject)
    return {**normal(from_route(route)), "edition": editions.label_of(route)}


@transaction.atomic
def submit(subject: Any, by, route: Route | None = None, definition: dict | None = None) -> Run:
    """Send a page, snippet or record on its way; return the run. Raise SignOffError with the reason if it cannot go.

    Pages and snippets take the route of their workflow. A plain record is given a route or a definition (see
    content.approvals.definitions), or says its own by `sign_off_definition()`.
    """
    if not subjects.may_submit(by, subject):
        raise NotYours("您没有编辑这份内容的权限，不能提交签批。")
    # Two submissions at once wait for each other here; the second one finds the run of the first.
    subject = type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    if Run.objects.filter(**subjects.key_of(subject), state=RunState.RUNNING).exists():
        raise AlreadyDecided("这份内容已经在签批中，不必重复提交。")
    own_way = route is not None or definition is not None or subjects.route_of(subject) is None
    asked = definition_for(subject, route, definition)
    if subjects.latest_revision(subject) is None and hasattr(subject, "save_revision"):
        subject.save_revision(user=by, clean=False)
    missing = subjects.shortcomings(subjects.as_signed(subject))
    if missing:
        raise SignOffError("提交前请先补全：" + "；".join(missing))
    path = preview(subject, by, definition=asked)
    if path.blocked:
        raise SignOffError(path.blocked)
    if own_way:
        return begin(route, subject, by, definition=asked)
    state = subject.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=by)
    else:
        subject.get_workflow().start(subject, by)
    return Run.objects.get(**subjects.key_of(subject), state=RunState.RUNNING)


@transaction.atomic
def begin(
    route: Route | None, subject: Any, by, task_state: TaskState | None = None, definition: dict | None = None
) -> Run:
    """Freeze the definition and open its first node. Raise SignOffError, having changed nothing, if there is no path."""
    if by is None:
        raise SignOffError("不知道起草人是谁，不能提交签批；请由起草人本人提交。")
    key = subjects.key_of(subject)
    if Run.objects.filter(**key, state=RunState.RUNNING).exists():
        raise AlreadyDecided("这份内容已经在签批中，不必重复提交。")
    content, revision = subjects.as_signed(subject), subjects.latest_revision(subject)
    digest = subjects.current_digest(subject)
    definition = definition_for(subject, route, definition)
    if route is not None:
        definition["edition"] = editions.label_of(editions.keep(route))
    definition, carried = resubmission.plan(definition, subject, digest)
    authors = subjects.authors_of(subject) | {by.pk}
    path = resolve_path(definition, content, drafter=by, authors=authors, carried=carried)
    if path.blocked:
        raise SignOffError(path.blocked)
    own_allowed = all(node["own_work"] == OwnWork.SIGN for node in definition["nodes"])
    definition["authors"] = [] if own_allowed else sorted(authors)
    for node, step in zip(definition["nodes"], path.steps, strict=True):
        node["outcome"] = {"holds": not step.skipped, "reason": step.reason, "evidence": list(step.evidence)}
    last = Run.objects.filter(**key).order_by("-started_at", "-pk").first()
    run = Run.objects.create(
        **key,
        route=route,
        definition=definition,
        title=str(content)[:255],
        digest=digest,
        revision_id=revision.pk if revision else None,
        drafter=by,
        round=last.round + 1 if last and last.state != RunState.APPROVED else 1,
        task_state_id=task_state.pk if task_state else None,
    )
    RunAuthor.objects.bulk_create(RunAuthor(run=run, user_id=pk) for pk in definition["authors"])
    Assignment.objects.bulk_create(_assignment(run, index, step, seat)
                                   for index, step in enumerate(path.steps) for seat in step.seats)  # fmt: skip
    log.record(run, Act.SUBMITTED, by=by, text=run.followed, digest=digest, round=run.round, code=definition["code"])
    logger.info("Run %s of %s began: %s", run.pk, definition["code"], run.title)
    progress.open_next(run)
    return run


def _assignment(run: Run, index: int, step, seat) -> Assignment:
    """The row of one seat foreseen by the path."""
    state, reason = AssignmentState.WAITING, seat.reason
    if step.skipped or seat.skipped:
        state, reason = AssignmentState.SKIPPED, seat.skipped or step.reason
    elif seat.covering is not None:
        state, reason = AssignmentState.COVERED, seat.covered
    return Assignment(
        run=run,
        node_index=index,
        node_title=step.title[:60],
        named_post=seat.named,
        person_id=seat.rules.person_id,
        veto=seat.veto,
        own_allowed=seat.rules.own_work == OwnWork.SIGN,
        vacancy=seat.rules.vacancy,
        fallback_id=seat.rules.fallback_id,
        state=state,
        reason=reason,
        covered_by_id=seat.covering if state == AssignmentState.COVERED else None,
    )


def _route_for(subject: Any) -> Route:
    route = subjects.route_of(subject)
    if route is None:
        raise SignOffError("这类内容还没有签批路线，暂时不能提交；请联系系统管理员。")
    return route
