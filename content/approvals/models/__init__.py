"""Sign-off engine: Route → Node → Assignment → Decision; the definition is frozen in each Run.

Wagtail's own workflow has no joint sign-off, no condition and no frozen definition, so this small engine does the
signing and one bridge task lets Wagtail's workflow wait for it (docs/decisions/0003).
"""

from content.approvals.models.routes import (
    Node,
    OnRefusal,
    OwnWork,
    Repeat,
    Resubmission,
    Route,
    Rule,
    Vacancy,
)
from content.approvals.models.runs import (
    COUNTED_KINDS,
    MET_STATES,
    OPEN_STATES,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    Run,
    RunAuthor,
    RunState,
    Verdict,
)

from content.approvals.models.log import Act, Attachment, Copy, LogEntry, LogHead, LogIsFinal  # isort: skip

# Last: the bridge calls the engine, and the engine needs the models above.
from content.approvals.models.bridge import RouteTask  # isort: skip

__all__ = [
    "COUNTED_KINDS",
    "MET_STATES",
    "OPEN_STATES",
    "Act",
    "Assignment",
    "AssignmentKind",
    "AssignmentState",
    "Attachment",
    "Copy",
    "Decision",
    "LogEntry",
    "LogHead",
    "LogIsFinal",
    "Node",
    "OnRefusal",
    "OwnWork",
    "Repeat",
    "Resubmission",
    "Route",
    "RouteTask",
    "Rule",
    "Run",
    "RunAuthor",
    "RunState",
    "Vacancy",
    "Verdict",
]
