"""A paper comes back after a refusal: from the start, or first to the one who refused («先回到退回的人»).

A signature counts only for the text signed. So after coming back to the one who refused, earlier signatures count
again where nothing was changed; where something was, those signers are asked to confirm the new text afterwards.
"""

from typing import Any

from content.approvals import subjects
from content.approvals.definitions import fingerprint, normal
from content.approvals.models import MET_STATES, AssignmentState, Decision, Resubmission, Run, RunState

Carried = dict[tuple[int, int], Decision]


def plan(definition: dict, subject: Any, digest: str) -> tuple[dict, Carried]:
    """(the definition in the order of this submission, signatures that count again). Reads, changes nothing."""
    definition = normal(definition)
    if definition["resubmit"] != Resubmission.RESUME:
        return definition, {}
    last = Run.objects.filter(**subjects.key_of(subject)).order_by("-started_at", "-pk").first()
    if last is None or last.state != RunState.REFUSED or fingerprint(definition) != fingerprint_asked(last):
        return definition, {}
    refused = last.assignments.filter(state=AssignmentState.REFUSED).order_by("-decision__at", "-pk").first()
    if refused is None:
        return definition, {}
    asked = last.definition["nodes"]
    origin = asked[refused.node_index].get("origin", refused.node_index)
    if origin >= len(definition["nodes"]):
        return definition, {}
    nodes = [{**node, "origin": index} for index, node in enumerate(definition["nodes"])]
    first = {**nodes[origin], "afresh": True}
    ordered = [first, *nodes[:origin], *nodes[origin + 1 :]]
    carried = _signatures(last, origin) if last.digest == digest else {}
    return {**definition, "nodes": ordered, "resumed": last.pk}, carried


def fingerprint_asked(run: Run) -> str:
    """Fingerprint of the rule a run followed, its nodes back in the order of the rule."""
    nodes = run.definition["nodes"]
    ordered = sorted(enumerate(nodes), key=lambda pair: pair[1].get("origin", pair[0]))
    plain = [{key: value for key, value in node.items() if key != "afresh"} for _, node in ordered]
    return fingerprint({**run.definition, "nodes": plain})


def _signatures(run: Run, but: int) -> Carried:
    """Signatures of a run by (place of the node in its route, named post), without the node that refused."""
    rows = run.assignments.filter(state__in=MET_STATES).select_related("decision__user", "covered_by__user")
    found: Carried = {}
    for row in rows:
        origin = run.definition["nodes"][row.node_index].get("origin", row.node_index)
        decision = row.covered_by or getattr(row, "decision", None)
        if row.is_counted and origin != but and decision is not None and decision.digest == run.digest:
            named = row
            while (
                named.origin_id is not None and named.origin is not None
            ):  # handed on: counts for the post it came from
                named = named.origin
            found[(origin, named.named_post_id)] = decision
    return found
