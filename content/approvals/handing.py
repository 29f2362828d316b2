"""Handing a signature on: to another post for good, for advice, to further signers, and back."""

from django.db import transaction
from django.utils import timezone

from content.approvals import log, notices, progress
from content.approvals.errors import AlreadyDecided, NotYours, SignOffError
from content.approvals.models import (
    OPEN_STATES,
    Act,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Run,
    RunState,
)
from content.approvals.signing import check_turn
from content.approvals.staffing import Staffing
from content.organization.models import Post
from content.organization.working_days import Calendar


def transfer(assignment: Assignment, by, post: Post, note: str = "") -> Assignment:
    """转办: the other post signs instead, and this one is done with it."""
    return _hand(assignment, by, post, note, AssignmentKind.TRANSFERRED)


def delegate(assignment: Assignment, by, post: Post, note: str = "") -> Assignment:
    """委派: the other post gives its opinion, then it comes back to this one, which decides."""
    return _hand(assignment, by, post, note, AssignmentKind.DELEGATED)


def add_before(assignment: Assignment, by, post: Post, note: str = "") -> Assignment:
    """前加签: the other post signs first, then it is this one's turn again."""
    return _hand(assignment, by, post, note, AssignmentKind.BEFORE)


def add_after(assignment: Assignment, by, post: Post, note: str = "") -> Assignment:
    """后加签: the other post signs once this one has."""
    return _hand(assignment, by, post, note, AssignmentKind.AFTER)


_ACTS = {
    AssignmentKind.TRANSFERRED: (Act.TRANSFERRED, "转办给"),
    AssignmentKind.DELEGATED: (Act.DELEGATED, "委派"),
    AssignmentKind.BEFORE: (Act.ADDED, "签批前加签"),
    AssignmentKind.AFTER: (Act.ADDED, "签批后加签"),
}


@transaction.atomic
def _hand(assignment: Assignment, by, post: Post, note: str, kind: AssignmentKind) -> Assignment:
    run, assignment = _held(assignment)
    check_turn(run, assignment, by)
    staffing = Staffing()
    seat = _free_seat(run, assignment, by, post, staffing)
    now = timezone.now()
    node = run.definition["nodes"][assignment.node_index]
    due_at = Calendar().deadline(now, node["days"]) if node.get("days") else None
    row = Assignment(
        run=run,
        node_index=assignment.node_index,
        node_title=assignment.node_title,
        attempt=assignment.attempt,
        kind=kind,
        origin=assignment,
        given_by=by,
        note=note.strip(),
        named_post=post,
        state=AssignmentState.WAITING if kind == AssignmentKind.AFTER else AssignmentState.PENDING,
        opened_at=None if kind == AssignmentKind.AFTER else now,
        reason=seat.reason,
        due_at=due_at,
    )
    if kind == AssignmentKind.TRANSFERRED:
        # It stands where the old one stood: its weight in the rule, its term, and what hangs on it.
        row.veto, row.due_at = assignment.veto, assignment.due_at
        if not assignment.is_counted:
            row.kind, row.origin = assignment.kind, assignment.origin
        assignment.state = AssignmentState.HANDED_ON
    elif kind != AssignmentKind.AFTER:
        assignment.state = AssignmentState.HELD
    row.save()
    assignment.taken_by = None
    assignment.save(update_fields=["state", "taken_by"])
    if kind == AssignmentKind.TRANSFERRED:
        assignment.offspring.filter(kind=AssignmentKind.AFTER, state=AssignmentState.WAITING).update(origin=row)
    if assignment.state != AssignmentState.PENDING:
        notices.decided(assignment)
    if row.state == AssignmentState.PENDING:
        notices.asked(run, row, staffing)
    act, word = _ACTS[kind]
    said = f"{word}「{post}」{'：' + note.strip() if note.strip() else '。'}"
    notices.handed(run, by, said)
    log.record(run, act, by=by, assignment=row, post=post, text=said, kind=str(kind.value), origin=assignment.pk)
    return row


@transaction.atomic
def remove(assignment: Assignment, by) -> None:
    """减签: whoever added or delegated takes it back, as long as it is not answered."""
    run, assignment = _held(assignment)
    if assignment.kind not in (AssignmentKind.BEFORE, AssignmentKind.AFTER, AssignmentKind.DELEGATED):
        raise SignOffError("只能撤销加签或委派；路线所列的岗位不能减去。")
    if not run.is_running:
        raise AlreadyDecided(f"这次签批已经结束（{run.get_state_display()}），不必再减签。")
    if assignment.given_by_id != by.pk and not _sits_above(assignment, by, run):
        raise NotYours("只有加签或委派的人可以撤销。")
    if assignment.state not in OPEN_STATES:
        raise AlreadyDecided("对方已经签过或这一签已经结束，不能再撤销。")
    rows = progress.rows_of(run, assignment.node_index)
    notices.decided(assignment)
    assignment.state = AssignmentState.REMOVED
    assignment.save(update_fields=["state"])
    progress.close_below([assignment], rows)
    log.record(run, Act.REMOVED, by=by, assignment=assignment, post=assignment.named_post,
               text=f"撤销对「{assignment.named_post}」的{assignment.get_kind_display()}。")  # fmt: skip
    notices.removed(run, assignment, by)
    progress.release_waiting(run, assignment)


@transaction.atomic
def take(assignment: Assignment, by) -> bool:
    """«正在处理»: tell the others of the post that somebody is on it; a second time lays it down. True when taken."""
    run, assignment = _held(assignment)
    check_turn(run, assignment, by)
    taken = assignment.taken_by_id != by.pk
    assignment.taken_by = by if taken else None
    assignment.save(update_fields=["taken_by"])
    log.record(run, Act.TAKEN if taken else Act.RELEASED, by=by, assignment=assignment)
    return taken


def _held(assignment: Assignment) -> tuple[Run, Assignment]:
    run = Run.objects.select_for_update(of=("self",)).get(pk=assignment.run_id)
    rows = Assignment.objects.select_related("named_post__unit", "origin")
    return run, rows.get(pk=assignment.pk)


def _free_seat(run: Run, assignment: Assignment, by, post: Post, staffing: Staffing):
    """The seat of the post that is asked; raise SignOffError where asking it leads nowhere."""
    taken = run.assignments.filter(
        node_index=assignment.node_index, attempt=assignment.attempt, named_post=post
    ).first()  # fmt: skip
    if taken is not None:
        raise SignOffError(f"「{post}」已经在本环节里，请换一个岗位。")
    seat = staffing.seat(post, run.authors)
    if seat.problem:
        raise SignOffError(seat.problem)
    if all(user.pk == by.pk for user in seat.people):
        raise SignOffError(f"「{post}」也由您签批，不必转给自己；请换一个岗位。")
    return seat


def _sits_above(assignment: Assignment, by, run: Run) -> bool:
    """The signer whose place the added one hangs on may take it back too (a successor of who added it)."""
    if assignment.origin is None or run.state != RunState.RUNNING:
        return False
    return Staffing().seat_of(assignment.origin, run.authors).holder(by) is not None
