"""What a printed signature table shows. Other rooms: ``{**print_context(run), …}`` and include approvals/print_trail.html."""

from dataclasses import dataclass

from content.approvals import queries
from content.approvals.models import AssignmentState, Decision, Run
from content.approvals.staffing import Staffing


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One line of the table: a decision, or why there is none."""

    stage: str
    post: str
    decision: Decision | None
    note: str


_NOTES = {
    AssignmentState.SKIPPED: "不必签批",
    AssignmentState.CLOSED: "不再需要",
    AssignmentState.HANDED_ON: "已转办",
    AssignmentState.REMOVED: "已减签",
    AssignmentState.WAITING: "未到",
    AssignmentState.PENDING: "待签",
    AssignmentState.HELD: "等答复",
}


def print_context(run: Run, staffing: Staffing | None = None) -> dict:
    """`run` (give one from queries.with_stages) and `rows`, PrintedRow in order of the nodes."""
    rows = []
    for stage in queries.stages(run, staffing or Staffing()):
        for line in (*stage.earlier, *stage.lines):
            row, decision = line.assignment, line.decision
            covered = row.reason if row.state == AssignmentState.COVERED else ""
            skipped = stage.reason if stage.state == "skipped" else row.reason
            note = covered or _NOTES.get(AssignmentState(row.state), "")
            if row.state == AssignmentState.SKIPPED and skipped:
                note = f"{note}：{skipped}"
            if row.state == AssignmentState.SUPERSEDED:
                note = "退回前面的环节后已重签"
            post = str(decision.post if decision else row.named_post)
            rows.append(PrintedRow(stage.title, f"{post}{f'（{line.kind}）' if line.kind else ''}", decision, note))
    return {"run": run, "rows": rows}
