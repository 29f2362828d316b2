"""Sign-off engine: Route → Node → Assignment → Decision; the definition is frozen in each Run.

Wagtail's own workflow has no joint sign-off, no condition and no frozen definition, so this small engine does the
signing and one bridge task lets Wagtail's workflow wait for it (docs/decisions/0003).
"""

from content.approvals.models.routes import Node, Route, Rule
from content.approvals.models.runs import Assignment, AssignmentState, Decision, Run, RunState, Verdict

# Last: the bridge calls the engine, and the engine needs the models above.
from content.approvals.models.bridge import RouteTask  # isort: skip

__all__ = [
    "Assignment",
    "AssignmentState",
    "Decision",
    "Node",
    "Route",
    "RouteTask",
    "Rule",
    "Run",
    "RunState",
    "Verdict",
]
