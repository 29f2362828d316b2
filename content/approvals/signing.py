"""The acts: submit (see submitting), sign, refuse, withdraw. Each is one transaction that holds the run's row.

Wagtail's workflow is told once per run, by `_finish`, `_send_back` and `withdraw`; nothing else calls it. Handing a
signature to others is in handing, talking about it in talking.
"""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from content.approvals import attachments, log, notices, progress, returning, subjects, talking
from content.approvals.errors import (
    AlreadyDecided,
    ContentChanged,
    NotYours,
    PasswordNeeded,
    SignOffError,
    SignOffRequired,
)
from content.approvals.models import (
    OPEN_STATES,
    Act,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    Run,
    RunState,
    Verdict,
)
from content.approvals.staffing import Staffing
from content.approvals.submitting import begin, definition_for, preview, submit

__all__ = [
    "begin",
    "cancelled_elsewhere",
    "check_turn",
    "content_changed",
    "definition_for",
    "preview",
    "refuse",
    "sign",
    "subject_deleted",
    "submit",
    "withdraw",
]

logger = logging.getLogger(__name__)

CHANGED_NOTE = "内容在签批期间有改动，此前的签名作废；请起草人核对后重新提交，所有人重新签批。"


def sign(
    assignment: Assignment, by, *, digest: str, comment: str = "", files=(), reauthenticated: bool = False
) -> Decision:
    """Sign. `digest` is that of the content the signer read (the hidden field of the page).

    `files` are uploads that go with the signature; `reauthenticated` says the password has just been checked.
    """
    return _decide(assignment, by, Verdict.SIGN, comment, digest, files, reauthenticated)


def refuse(
    assignment: Assignment, by, *, digest: str, comment: str, to: str | int | None = None, files=(),
    reauthenticated: bool = False,
) -> Decision:  # fmt: skip
    """Say no, with a comment. It goes back to where the node says; `to` is the choice where there is one.

    `to`: "drafter" (everybody signs again after the next submission) or the place of an earlier node, from which the
    signing is repeated.
    """
    if not comment.strip():
        raise SignOffError("退回必须写明理由，起草人才知道要改什么。")
    return _decide(assignment, by, Verdict.REFUSE, comment, digest, files, reauthenticated, to)


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
    log.record(run, Act.WITHDRAWN, by=by, text=run.note)
    _tell_record(run)


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
        log.record(run, Act.WITHDRAWN, by=by, text=run.note)


@transaction.atomic
def subject_deleted(subject: Any) -> None:
    """Whatever was on its way with this subject ends with it."""
    running = Run.objects.filter(**subjects.key_of(subject), state=RunState.RUNNING)
    for run in running.select_for_update(of=("self",)):
        _end(run, RunState.CANCELLED, "内容已被删除。")
        notices.withdrawn(run, None)
        log.record(run, Act.WITHDRAWN, text=run.note)


def content_changed(subject: Any) -> bool:
    """End the run of a subject whose content is no longer the one being signed, and tell everybody; True if it did.

    For rooms whose records are edited: an edit voids the signatures at once, not only when the next signer comes.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update(of=("self",)).filter(
            **subjects.key_of(subject), state=RunState.RUNNING
        ).first()  # fmt: skip
        if run is None or subjects.current_digest(subject) == run.digest:
            return False
        _void(run, None)
    return True


def _decide(
    assignment: Assignment, by, verdict: Verdict, comment: str, digest: str, files=(),
    reauthenticated: bool = False, to: str | int | None = None,
) -> Decision:  # fmt: skip
    changed = False
    kept = attachments.checked(files)
    try:
        with transaction.atomic():
            run = Run.objects.select_for_update(of=("self",)).get(pk=assignment.run_id)
            assignment = Assignment.objects.select_related("named_post", "origin").get(pk=assignment.pk)
            holder, post = check_turn(run, assignment, by, digest)
            node = run.definition["nodes"][assignment.node_index]
            if verdict == Verdict.SIGN and node.get("reauth") and not reauthenticated:
                raise PasswordNeeded("本环节签准须再输一次密码，请到签批页输入后再签。")
            _hold_workflow(run)
            subject = subjects.find(run.content_type_id, run.object_id)
            if subject is None:
                raise SignOffError("这份内容已被删除，不再需要签批。")
            changed = subjects.current_digest(subject) != run.digest
            if changed:
                _void(run, by)
            else:
                target = returning.target(run, assignment, to) if verdict == Verdict.REFUSE else None
                decision = Decision.objects.create(
                    assignment=assignment, user=by, post=post, capacity=holder.kind, verdict=verdict,
                    comment=comment.strip(), digest=run.digest, reauthenticated=reauthenticated,
                )  # fmt: skip
                if verdict == Verdict.SIGN:
                    _signed(run, assignment, decision, kept)
                else:
                    _refused(run, assignment, decision, target, kept)
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


def check_turn(run: Run, assignment: Assignment, by, digest: str | None = None):
    """Return (holder, post) if it is this person's turn; with a digest, if that content is still the one asked about."""
    decision = Decision.objects.filter(assignment=assignment).select_related("user").first()
    if decision is not None:
        who = "您" if decision.user_id == by.pk else str(decision.user)
        raise AlreadyDecided(f"这一签{who}已经{'签准' if decision.verdict == Verdict.SIGN else '退回'}，不必重复提交。")
    seat = Staffing().seat_of(assignment, run.authors)
    holder = seat.holder(by) if by.is_active else None
    if holder is None:
        raise NotYours("这份内容不由您签批。")
    if not run.is_running:
        raise AlreadyDecided(f"这次签批已经结束（{run.get_state_display()}），不再需要您签批。")
    said = {
        AssignmentState.CLOSED: "本环节已由其他人签批，不再需要您签批。",
        AssignmentState.COVERED: f"{assignment.reason}",
        AssignmentState.HANDED_ON: "这一签已经转办给别的岗位，不再需要您签批。",
        AssignmentState.REMOVED: "这一加签已被撤销，不再需要您签批。",
        AssignmentState.SUPERSEDED: "内容已退回前面的环节，轮到您时会再请您签。",
    }.get(AssignmentState(assignment.state))
    if said:
        raise AlreadyDecided(said)
    if assignment.state == AssignmentState.HELD:
        raise SignOffError("这一签在等您请的人答复，等到之后再签；也可以先撤销委派或加签。")
    if assignment.state != AssignmentState.PENDING:
        raise SignOffError("还没有轮到这一环节，请等前面的环节签完。")
    if digest is not None and digest != run.digest:
        raise ContentChanged("您打开页面之后内容已经换了版本，您的签名没有记入；请重新阅读后再签。")
    return holder, seat.post_for(by)


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


def _signed(run: Run, assignment: Assignment, decision: Decision, files: list) -> None:
    assignment.state = AssignmentState.SIGNED
    assignment.save(update_fields=["state"])
    notices.decided(assignment)
    progress.release_waiting(run, assignment)
    advice = assignment.kind == AssignmentKind.DELEGATED
    if not advice and progress.advance(run, assignment.node_index):
        # The log last: whoever writes to it holds back all others until the transaction ends.
        _finish(run, decision.user)
        _record(decision, Act.SIGNED, files)
        log.record(run, Act.APPROVED, digest=run.digest)
        talking.copy_at_the_end(run)
        return
    _record(decision, Act.ADVISED if advice else Act.SIGNED, files)
    notices.progress(run, decision)


def _record(decision: Decision, act: Act, files: list) -> None:
    attachments.keep(log.record_decision(decision, act, [file.digest for file in files]), files)


def _refused(run: Run, assignment: Assignment, decision: Decision, target: int | None, files: list) -> None:
    """`target` is the place of an earlier node, None the drafter."""
    assignment.state = AssignmentState.REFUSED
    assignment.save(update_fields=["state"])
    notices.decided(assignment)
    node = run.definition["nodes"][assignment.node_index]
    rows = progress.rows_of(run, assignment.node_index)
    if assignment.kind == AssignmentKind.DELEGATED:
        # Only advice: the one who asked decides.
        _record(decision, Act.ADVISED, files)
        progress.release_waiting(run, assignment)
        notices.progress(run, decision)
        return
    if not progress.rule_has_failed(node, rows):
        progress.close_below([assignment], rows)
        _record(decision, Act.OBJECTED, files)
        notices.progress(run, decision)
        return
    _record(decision, Act.REFUSED, files)
    if target is not None:
        returning.repeat_from(run, target, decision)
        return
    said = returning.objections(run, assignment, decision)
    _end(run, RunState.REFUSED, said)
    notices.refused(run, decision)
    _send_back(run, decision.user, decision.comment)
    _tell_record(run)


def _void(run: Run, by) -> None:
    _end(run, RunState.VOIDED, CHANGED_NOTE)
    notices.voided(run)
    _send_back(run, by, CHANGED_NOTE)
    log.record(run, Act.VOIDED, text=CHANGED_NOTE, noticed_by=by.pk if by else None)
    _tell_record(run)


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


def _tell_record(run: Run) -> None:
    """A plain record hears that its run ended without approval (it has no workflow of Wagtail's to be told by)."""
    if run.task_state_id is None:
        returned = getattr(subjects.find(run.content_type_id, run.object_id), "sign_off_returned", None)
        if returned is not None:
            returned(run)


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
    run.assignments.filter(state__in=OPEN_STATES).update(state=AssignmentState.CLOSED)
    logger.info("Run %s ended: %s", run.pk, state)
