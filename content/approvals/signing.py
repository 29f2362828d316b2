"""The acts: submit, sign, refuse, withdraw. Each is one transaction that holds the run's row.

Wagtail's workflow is told once per run, by `_finish`, `_send_back` and `withdraw`; nothing else calls it.
"""

import datetime
import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from content.approvals import notices, subjects
from content.approvals.errors import AlreadyDecided, ContentChanged, NotYours, SignOffError, SignOffRequired
from content.approvals.models import Assignment, AssignmentState, Decision, Route, Rule, Run, RunState, Verdict
from content.approvals.paths import Path, freeze, resolve_path
from content.approvals.staffing import Staffing

logger = logging.getLogger(__name__)

CHANGED_NOTE = "内容在签批期间有改动，此前的签名作废；请起草人核对后重新提交，所有人重新签批。"


def preview(subject: Any, by, route: Route | None = None) -> Path:
    """The path this subject would take if this person submitted it now. Changes nothing."""
    route = route or _route_for(subject)
    return resolve_path(route, subjects.as_signed(subject), drafter=by, authors=subjects.authors_of(subject))


@transaction.atomic
def submit(subject: Any, by, route: Route | None = None) -> Run:
    """Send a page, snippet or record on its way; return the run. Raise SignOffError with the reason if it cannot go.

    Pages and snippets take the route of their workflow; a plain record is given one.
    """
    if not subjects.may_submit(by, subject):
        raise NotYours("您没有编辑这份内容的权限，不能提交签批。")
    # Two submissions at once wait for each other here; the second one finds the run of the first.
    subject = type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    if Run.objects.filter(**subjects.key_of(subject), state=RunState.RUNNING).exists():
        raise AlreadyDecided("这份内容已经在签批中，不必重复提交。")
    own_route = _route_for(subject) if route is None else route
    if subjects.latest_revision(subject) is None and hasattr(subject, "save_revision"):
        subject.save_revision(user=by, clean=False)
    missing = subjects.shortcomings(subjects.as_signed(subject))
    if missing:
        raise SignOffError("提交前请先补全：" + "；".join(missing))
    path = preview(subject, by, own_route)
    if path.blocked:
        raise SignOffError(path.blocked)
    if route is not None:
        return begin(route, subject, by)
    state = subject.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=by)
    else:
        subject.get_workflow().start(subject, by)
    return Run.objects.get(**subjects.key_of(subject), state=RunState.RUNNING)


@transaction.atomic
def begin(route: Route, subject: Any, by, task_state: TaskState | None = None) -> Run:
    """Freeze the route and open its first node. Raise SignOffError, having changed nothing, if there is no path."""
    if by is None:
        raise SignOffError("不知道起草人是谁，不能提交签批；请由起草人本人提交。")
    key = subjects.key_of(subject)
    if Run.objects.filter(**key, state=RunState.RUNNING).exists():
        raise AlreadyDecided("这份内容已经在签批中，不必重复提交。")
    content, revision = subjects.as_signed(subject), subjects.latest_revision(subject)
    definition = freeze(route)
    authors = subjects.authors_of(subject) | {by.pk}
    path = resolve_path(definition, content, drafter=by, authors=authors)
    if path.blocked:
        raise SignOffError(path.blocked)
    definition["authors"] = [] if route.own_work_allowed else sorted(authors)
    for node, step in zip(definition["nodes"], path.steps, strict=True):
        node["outcome"] = {"holds": not step.skipped, "reason": step.reason, "evidence": list(step.evidence)}
    last = Run.objects.filter(**key).order_by("-started_at", "-pk").first()
    run = Run.objects.create(
        **key,
        route=route,
        definition=definition,
        title=str(content)[:255],
        digest=subjects.current_digest(subject),
        revision_id=revision.pk if revision else None,
        drafter=by,
        round=last.round + 1 if last and last.state != RunState.APPROVED else 1,
        task_state_id=task_state.pk if task_state else None,
    )
    Assignment.objects.bulk_create(
        Assignment(
            run=run,
            node_index=index,
            node_title=step.title,
            named_post=seat.named,
            state=AssignmentState.SKIPPED if step.skipped else AssignmentState.WAITING,
            reason=step.reason if step.skipped else seat.reason,
        )
        for index, step in enumerate(path.steps)
        for seat in step.seats
    )
    logger.info("Run %s of route %s began: %s", run.pk, route.code, run.title)
    _open_next(run)
    return run


def sign(assignment: Assignment, by, *, digest: str, comment: str = "") -> Decision:
    """Sign. `digest` is that of the content the signer read (the hidden field of the page)."""
    return _decide(assignment, by, Verdict.SIGN, comment, digest)


def refuse(assignment: Assignment, by, *, digest: str, comment: str) -> Decision:
    """Send it back to the drafter with a comment; everybody signs again after the next submission."""
    if not comment.strip():
        raise SignOffError("退回必须写明理由，起草人才知道要改什么。")
    return _decide(assignment, by, Verdict.REFUSE, comment, digest)


@transaction.atomic
def withdraw(run: Run, by) -> None:
    """The drafter takes the paper back; everyone who was asked is told."""
    run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.drafter_id != by.pk and not subjects.manages_routes(by):
        raise NotYours("只有起草人可以撤回。")
    if not run.is_running:
        raise AlreadyDecided(f"这次签批已经结束（{run.get_state_display()}），不能再撤回。")
    _end(run, RunState.CANCELLED, f"{by}撤回。")
    notices.withdrawn(run, by)
    task_state = _task_state(run)
    if task_state is not None:
        task_state.workflow_state.cancel(user=by)


@transaction.atomic
def cancelled_elsewhere(task_state: TaskState, by) -> None:
    """Wagtail cancelled the workflow (its own button, a deactivated task, a deleted page): the run ends too."""
    # Held like every act: a last signature given at this moment is not written over.
    run = (
        Run.objects.select_for_update(of=("self",)).filter(task_state_id=task_state.pk, state=RunState.RUNNING).first()
    )
    if run is not None:
        _end(run, RunState.CANCELLED, f"{by}撤回。" if by else "已撤回。")
        notices.withdrawn(run, by)


@transaction.atomic
def subject_deleted(subject: Any) -> None:
    """Whatever was on its way with this subject ends with it."""
    running = Run.objects.filter(**subjects.key_of(subject), state=RunState.RUNNING)
    for run in running.select_for_update(of=("self",)):
        _end(run, RunState.CANCELLED, "内容已被删除。")
        notices.withdrawn(run, None)


def _route_for(subject: Any) -> Route:
    route = subjects.route_of(subject)
    if route is None:
        raise SignOffError("这类内容还没有签批路线，暂时不能提交；请联系系统管理员。")
    return route


def _decide(assignment: Assignment, by, verdict: Verdict, comment: str, digest: str) -> Decision:
    changed = False
    try:
        with transaction.atomic():
            run = Run.objects.select_for_update(of=("self",)).get(pk=assignment.run_id)
            assignment = Assignment.objects.select_related("named_post").get(pk=assignment.pk)
            holder, post = _check(run, assignment, by, digest)
            _hold_workflow(run)
            subject = subjects.find(run.content_type_id, run.object_id)
            if subject is None:
                raise SignOffError("这份内容已被删除，不再需要签批。")
            changed = subjects.current_digest(subject) != run.digest
            if changed:
                _void(run, by)
            else:
                decision = Decision.objects.create(
                    assignment=assignment, user=by, post=post, capacity=holder.kind, verdict=verdict,
                    comment=comment.strip(), digest=run.digest,
                )  # fmt: skip
                if verdict == Verdict.SIGN:
                    _signed(run, assignment, decision)
                else:
                    _refused(run, assignment, decision)
    except IntegrityError as error:
        # Two requests passed the check at once (SQLite holds no row lock): the unique key kept the second one out.
        if Decision.objects.filter(assignment=assignment).exists():
            raise AlreadyDecided("这一签已经记下，不必重复提交。") from error
        raise
    except OperationalError as error:
        # PostgreSQL ends one of two transactions that wait for each other, e.g. with a cancelled workflow.
        logger.warning("A decision on run %s gave way: %s", assignment.run_id, error)
        raise SignOffError("同一时刻有人在处理这份内容，您的签名没有记入；请刷新页面后再签一次。") from error
    except (ValidationError, SignOffRequired) as error:
        reason = "；".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise SignOffError(
            f"您的签名没有记入，因为稿件发布时出错：{reason} 请告知起草人撤回修改后重新提交。"
        ) from error
    if changed:
        raise ContentChanged("您的签名没有记入：" + CHANGED_NOTE)
    return decision


def _check(run: Run, assignment: Assignment, by, digest: str):
    """Return (holder, post) if this person may decide on this content now."""
    decision = Decision.objects.filter(assignment=assignment).select_related("user").first()
    if decision is not None:
        who = "您" if decision.user_id == by.pk else str(decision.user)
        raise AlreadyDecided(f"这一签{who}已经{'签准' if decision.verdict == Verdict.SIGN else '退回'}，不必重复提交。")
    seat = Staffing().seat(assignment.named_post, run.authors)
    holder = seat.holder(by) if by.is_active else None
    if holder is None:
        raise NotYours("这份内容不由您签批。")
    if not run.is_running:
        raise AlreadyDecided(f"这次签批已经结束（{run.get_state_display()}），不再需要您签批。")
    if assignment.state == AssignmentState.CLOSED:
        raise AlreadyDecided("本环节已由其他人签批，不再需要您签批。")
    if assignment.state != AssignmentState.PENDING:
        raise SignOffError("还没有轮到这一环节，请等前面的环节签完。")
    if digest != run.digest:
        raise ContentChanged("您打开页面之后内容已经换了版本，您的签名没有记入；请重新阅读后再签。")
    return holder, seat.post


def _hold_workflow(run: Run) -> None:
    """Keep Wagtail's side still while a signature counts. It cancels in two steps, and the run hears of the second.

    Without this a last signature between the two would end as approved and never be published.
    """
    if run.task_state_id is not None and not _workflow_is_held(run):
        raise AlreadyDecided("这次签批刚刚被撤回，不再需要您签批。")


def _workflow_is_held(run: Run) -> bool:
    """Lock the workflow of the run; False if it is no longer in progress. Wagtail's cancelling begins there too."""
    workflows = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS).select_for_update(of=("self",))
    return workflows.filter(task_states=run.task_state_id).first() is not None


def _signed(run: Run, assignment: Assignment, decision: Decision) -> None:
    assignment.state = AssignmentState.SIGNED
    assignment.save(update_fields=["state"])
    notices.decided(assignment)
    node = run.definition["nodes"][assignment.node_index]
    fellows = run.assignments.filter(node_index=assignment.node_index, state=AssignmentState.PENDING)
    if node["rule"] == Rule.ANY:
        for fellow in fellows:
            notices.decided(fellow)
        fellows.update(state=AssignmentState.CLOSED)
    elif fellows.exists():
        notices.progress(run, decision)
        return
    if _open_next(run):
        notices.progress(run, decision)
    else:
        _finish(run, decision.user)


def _refused(run: Run, assignment: Assignment, decision: Decision) -> None:
    assignment.state = AssignmentState.REFUSED
    assignment.save(update_fields=["state"])
    _end(run, RunState.REFUSED, f"{decision.user}在「{assignment.node_title}」退回：{decision.comment}")
    notices.refused(run, decision)
    _send_back(run, decision.user, decision.comment)


def _void(run: Run, by) -> None:
    _end(run, RunState.VOIDED, CHANGED_NOTE)
    notices.voided(run)
    _send_back(run, by, CHANGED_NOTE)


def _open_next(run: Run) -> bool:
    """Open the next node that is not skipped; False if there is none left."""
    now = timezone.now()
    first = run.assignments.filter(state=AssignmentState.WAITING).order_by("node_index").first()
    if first is None:
        return False
    node = run.definition["nodes"][first.node_index]
    due_at = now + datetime.timedelta(days=node["days"]) if node["days"] else None
    run.assignments.filter(node_index=first.node_index, state=AssignmentState.WAITING).update(
        state=AssignmentState.PENDING, opened_at=now, due_at=due_at
    )
    notices.opened(run, first.node_index, Staffing())
    return True


def _finish(run: Run, by) -> None:
    _end(run, RunState.APPROVED, "")
    task_state = _task_state(run)
    if run.task_state_id is None:
        finished = getattr(subjects.find(run.content_type_id, run.object_id), "sign_off_finished", None)
        if finished is not None:
            finished(run)
    elif task_state is None:
        raise AlreadyDecided("这次签批刚刚被撤回，不再需要您签批。")
    else:
        # Saved again without a change: Wagtail would ask for approval anew because the revision is another one.
        newest = subjects.latest_revision(subjects.find(run.content_type_id, run.object_id))
        if newest is not None and newest.pk != task_state.revision_id:
            task_state.revision = newest
            task_state.save(update_fields=["revision"])
        task_state.approve(user=by)
    notices.approved(run, subjects.find(run.content_type_id, run.object_id))


def _send_back(run: Run, by, comment: str) -> None:
    task_state = _task_state(run)
    if task_state is not None:
        task_state.reject(user=by, comment=comment)


def _task_state(run: Run) -> TaskState | None:
    """Wagtail's side of the run, fresh from the database (a stale one leaves its workflow stuck)."""
    if run.task_state_id is None or not _workflow_is_held(run):
        return None
    task_state = TaskState.objects.filter(pk=run.task_state_id, status=TaskState.STATUS_IN_PROGRESS).first()
    return task_state.specific if task_state else None


def _end(run: Run, state: RunState, note: str) -> None:
    run.state, run.note, run.finished_at = state, note, timezone.now()
    run.save(update_fields=["state", "note", "finished_at"])
    run.assignments.filter(state__in=[AssignmentState.WAITING, AssignmentState.PENDING]).update(
        state=AssignmentState.CLOSED
    )
    logger.info("Run %s ended: %s", run.pk, state)
