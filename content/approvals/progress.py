"""How a run moves from node to node: when a node is met, when it has failed, what opens next. Called by the acts only."""

import logging

from django.utils import timezone

from content.approvals import log, notices
from content.approvals.models import (
    MET_STATES,
    OPEN_STATES,
    Act,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    Repeat,
    Rule,
    Run,
    Verdict,
)
from content.approvals.paths import needed
from content.approvals.staffing import Staffing
from content.organization.working_days import Calendar

logger = logging.getLogger(__name__)

ADDED_KINDS = (AssignmentKind.BEFORE, AssignmentKind.AFTER)


def rows_of(run: Run, node_index: int) -> list[Assignment]:
    """The assignments of a node in its latest attempt, fresh from the database."""
    rows = list(run.assignments.filter(node_index=node_index).select_related("named_post__unit"))
    latest = max((row.attempt for row in rows), default=1)
    return [row for row in rows if row.attempt == latest]


def rule_is_met(node: dict, rows: list[Assignment]) -> bool:
    """Are there as many signatures as the rule asks for, all that must be there among them?"""
    counted = [row for row in rows if row.is_counted and row.state not in (AssignmentState.HANDED_ON,)]
    voters = [row for row in counted if row.state != AssignmentState.SKIPPED]
    met = [row for row in voters if row.state in MET_STATES]
    if any(row.veto and row.state not in MET_STATES for row in voters):
        return False
    return len(met) >= needed(node, len(voters))


def rule_has_failed(node: dict, rows: list[Assignment]) -> bool:
    """Can it no longer be met? Outside a vote any «no» is the end; in a vote it is when too few are left."""
    if node["rule"] != Rule.COUNT:
        return any(row.state == AssignmentState.REFUSED for row in rows if row.kind != AssignmentKind.DELEGATED)
    if any(row.state == AssignmentState.REFUSED and (row.veto or row.kind in ADDED_KINDS) for row in rows):
        return True
    voters = [row for row in rows if row.is_counted and row.state != AssignmentState.SKIPPED]
    voters = [row for row in voters if row.state != AssignmentState.HANDED_ON]
    possible = [row for row in voters if row.state in (*MET_STATES, *OPEN_STATES)]
    return len(possible) < needed(node, len(voters))


def release_waiting(run: Run, assignment: Assignment) -> None:
    """An assignment is signed or gone: open those added after it, give back what waited for it."""
    now = timezone.now()
    if assignment.state in MET_STATES:
        for after in assignment.offspring.filter(kind=AssignmentKind.AFTER, state=AssignmentState.WAITING):
            after.state, after.opened_at = AssignmentState.PENDING, now
            after.save(update_fields=["state", "opened_at"])
            notices.asked(run, after, Staffing())
    origin = assignment.origin
    if origin is None or origin.state != AssignmentState.HELD:
        return
    waits_for = origin.offspring.filter(
        kind__in=[AssignmentKind.BEFORE, AssignmentKind.DELEGATED], state__in=OPEN_STATES
    )
    if not waits_for.exists():
        origin.state, origin.opened_at = AssignmentState.PENDING, now
        origin.save(update_fields=["state", "opened_at"])
        notices.asked(run, origin, Staffing(), again=True)


def advance(run: Run, node_index: int) -> bool:
    """Go on from a node if its rule is met; True when no node is left to be signed."""
    node = run.definition["nodes"][node_index]
    cover(run, node_index)
    rows = rows_of(run, node_index)
    if not rule_is_met(node, rows):
        return False
    needless = [row for row in rows if row.is_counted and row.state in OPEN_STATES]
    close(needless)
    close_below(needless, rows)
    if any(row.state in OPEN_STATES for row in rows):
        return False  # somebody added has still to sign
    return not open_next(run)


def close(rows: list[Assignment]) -> None:
    for row in rows:
        notices.decided(row)
        row.state = AssignmentState.CLOSED
        row.save(update_fields=["state"])


def close_below(gone: list[Assignment], rows: list[Assignment]) -> None:
    """Close whatever hangs on assignments that are no longer to be signed."""
    ids = {row.pk for row in gone}
    while below := [row for row in rows if row.origin_id in ids and row.pk not in ids]:
        ids |= {row.pk for row in below}
        close([row for row in below if row.state in OPEN_STATES])


def open_next(run: Run) -> bool:
    """Open the next node that waits for anybody; False if there is none left."""
    while True:
        first = run.assignments.filter(state=AssignmentState.WAITING, origin=None).order_by("node_index").first()
        if first is None:
            return False
        node, index = run.definition["nodes"][first.node_index], first.node_index
        now = timezone.now()
        due_at = Calendar().deadline(now, node["days"]) if node["days"] else None
        run.assignments.filter(node_index=index, state=AssignmentState.WAITING, origin=None).update(
            state=AssignmentState.PENDING, opened_at=now, due_at=due_at
        )
        cover(run, index)
        rows = rows_of(run, index)
        if not rule_is_met(node, rows):
            notices.opened(run, index, Staffing())
            return True
        close([row for row in rows if row.state in OPEN_STATES])


def cover(run: Run, node_index: int) -> None:
    """Where one signature of a person suffices: strike what is asked once more of somebody who has signed."""
    definition = run.definition
    node = definition["nodes"][node_index]
    if definition.get("repeat") != Repeat.ONCE or node.get("reauth") or node.get("afresh"):
        return
    signed: dict[int, Decision] = {}
    decisions = Decision.objects.filter(
        assignment__run=run, assignment__state=AssignmentState.SIGNED, verdict=Verdict.SIGN
    ).exclude(assignment__kind=AssignmentKind.DELEGATED)
    for decision in decisions.select_related("user", "assignment"):
        signed.setdefault(decision.user_id, decision)
    if not signed:
        return
    staffing = Staffing()
    for row in rows_of(run, node_index):
        if row.state != AssignmentState.PENDING or not row.is_counted:
            continue
        people = staffing.seat_of(row, run.authors).people
        decision = next((signed[user.pk] for user in people if user.pk in signed), None)
        if decision is None:
            continue
        where = f"「{decision.assignment.node_title}」" if decision.assignment.node_index != node_index else "本环节"
        row.state, row.covered_by = AssignmentState.COVERED, decision
        row.reason = f"{decision.user}已在{where}签准，同一人不必重签。"
        row.save(update_fields=["state", "covered_by", "reason"])
        notices.decided(row)
        log.record(run, Act.COVERED, assignment=row, text=row.reason, by_decision=decision.pk)
        release_waiting(run, row)
