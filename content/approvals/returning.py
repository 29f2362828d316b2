"""Where a paper goes on refusal: to the drafter, or to an earlier node from which the signing is repeated."""

from content.approvals import log, notices, progress
from content.approvals.errors import SignOffError
from content.approvals.models import (
    MET_STATES,
    OPEN_STATES,
    Act,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    OnRefusal,
    Run,
    Verdict,
)

DRAFTER = "drafter"


def earlier_nodes(run: Run, node_index: int) -> list[tuple[int, str]]:
    """(place, title) of the nodes before this one that were signed, first to last."""
    skipped = _skipped(run)
    nodes = run.definition["nodes"]
    return [(place, nodes[place]["title"]) for place in range(node_index) if place not in skipped]


def choices(run: Run, assignment: Assignment) -> list[tuple[str, str]]:
    """Where this signer may send it back to, for a form; one entry where there is no choice."""
    if assignment.kind == AssignmentKind.DELEGATED:
        return [(DRAFTER, "不同意，答复委派人")]
    rule = _rule(run, assignment)
    before = earlier_nodes(run, assignment.node_index)
    if rule == OnRefusal.CHOOSE:
        return [(DRAFTER, "退回起草人"), *((str(place), f"退回「{title}」重签") for place, title in reversed(before))]
    place = target(run, assignment, None)
    title = run.definition["nodes"][place]["title"] if place is not None else ""
    return [(str(place), f"退回「{title}」重签")] if place is not None else [(DRAFTER, "退回起草人")]


def target(run: Run, assignment: Assignment, to: str | int | None) -> int | None:
    """Place of the node to be repeated from; None for the drafter. Raise SignOffError for a choice that is not allowed."""
    rule = _rule(run, assignment)
    before = [place for place, _ in earlier_nodes(run, assignment.node_index)]
    if rule == OnRefusal.CHOOSE:
        if to in (None, "", DRAFTER):
            return None
        if not str(to).isdigit() or int(to) not in before:
            raise SignOffError("只能退回起草人或前面已经签过的环节，请重新选择。")
        return int(to)
    if rule == OnRefusal.PREVIOUS:
        return before[-1] if before else None
    if rule.startswith("node:"):
        nodes = run.definition["nodes"]
        wanted = int(rule.removeprefix("node:"))
        place = next((i for i, node in enumerate(nodes) if node.get("origin", i) == wanted), None)
        # A node that was skipped has nobody to repeat it: the next one before it that has.
        return max((i for i in before if place is not None and i <= place), default=None)
    return None


def repeat_from(run: Run, place: int, decision: Decision) -> None:
    """Signatures from this node on count no more; its signers are asked again, then all that follow."""
    upto = decision.assignment.node_index
    rows = list(run.assignments.filter(node_index__gte=place, node_index__lte=upto))
    run.assignments.filter(node_index__gte=place, node_index__lte=upto, state__in=OPEN_STATES).update(
        state=AssignmentState.CLOSED
    )
    run.assignments.filter(node_index__gte=place, node_index__lte=upto, state__in=MET_STATES).update(
        state=AssignmentState.SUPERSEDED
    )
    latest: dict[int, int] = {}
    for row in rows:
        latest[row.node_index] = max(latest.get(row.node_index, 0), row.attempt)
    Assignment.objects.bulk_create(
        Assignment(
            run=run,
            node_index=row.node_index,
            node_title=row.node_title,
            attempt=row.attempt + 1,
            named_post_id=row.named_post_id,
            person_id=row.person_id,
            veto=row.veto,
            own_allowed=row.own_allowed,
            vacancy=row.vacancy,
            fallback_id=row.fallback_id,
            state=AssignmentState.SKIPPED if row.state == AssignmentState.SKIPPED else AssignmentState.WAITING,
            reason=row.reason if row.state == AssignmentState.SKIPPED else "",
        )
        for row in rows
        if row.kind == AssignmentKind.ROUTE and row.attempt == latest[row.node_index]
    )
    title = run.definition["nodes"][place]["title"]
    said = f"{decision.user}在「{decision.assignment.node_title}」退回到「{title}」重签：{decision.comment}"
    notices.stepped_back(run, decision, said)
    log.record(run, Act.STEPPED_BACK, by=decision.user, assignment=decision.assignment, text=said, to=place)
    progress.open_next(run)


def objections(run: Run, assignment: Assignment, decision: Decision) -> str:
    """«刘芳在「会签」退回：价格要核对», with all who said no in a vote."""
    against = Decision.objects.filter(
        assignment__run=run,
        assignment__node_index=assignment.node_index,
        assignment__attempt=assignment.attempt,
        assignment__state=AssignmentState.REFUSED,
        verdict=Verdict.REFUSE,
    ).exclude(assignment__kind=AssignmentKind.DELEGATED)
    others = [other for other in against.select_related("user") if other.pk != decision.pk]
    said = f"{decision.user}在「{assignment.node_title}」退回：{decision.comment}"
    return said + "".join(f"；{other.user}：{other.comment}" for other in others)


def _rule(run: Run, assignment: Assignment) -> str:
    return str(run.definition["nodes"][assignment.node_index].get("on_refusal", OnRefusal.DRAFTER.value))


def _skipped(run: Run) -> set[int]:
    """Nodes nobody signs in this run."""
    states: dict[int, set[str]] = {}
    for place, state in run.assignments.values_list("node_index", "state"):
        states.setdefault(place, set()).add(state)
    return {place for place, found in states.items() if found == {AssignmentState.SKIPPED}}
