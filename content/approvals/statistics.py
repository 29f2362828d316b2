"""How signing goes: time per step, returns, overdue. Computed by the database, so the number of queries is fixed."""

import datetime
from dataclasses import dataclass

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from content.approvals.models import Assignment, AssignmentKind, AssignmentState, Decision, Run, RunState, Verdict


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step of one route over the period; times in hours."""

    route: str
    step: str
    decisions: int
    hours: float
    longest: float
    refused: int
    late: int

    @property
    def label(self) -> str:
        return f"{self.route} · {self.step}"

    @property
    def refused_share(self) -> float:
        return self.refused / self.decisions if self.decisions else 0.0

    @property
    def late_share(self) -> float:
        return self.late / self.decisions if self.decisions else 0.0


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Runs submitted in one month, by how they ended."""

    month: datetime.date
    approved: int
    refused: int
    other: int

    @property
    def total(self) -> int:
        return self.approved + self.refused + self.other


def steps_since(since: datetime.datetime, route_code: str = "") -> list[StepFigures]:
    """Figures of each step, slowest first; one query."""
    rows = Decision.objects.filter(at__gte=since, assignment__opened_at__isnull=False)
    rows = rows.exclude(assignment__kind=AssignmentKind.DELEGATED)
    if route_code:
        rows = rows.filter(assignment__run__definition__code=route_code)
    taken = ExpressionWrapper(F("at") - F("assignment__opened_at"), output_field=DurationField())
    found = (
        rows.order_by()
        .values("assignment__run__definition__name", "assignment__node_title")
        .annotate(
            decisions=Count("pk"),
            mean=Avg(taken),
            longest=Max(taken),
            refused=Count("pk", filter=Q(verdict=Verdict.REFUSE)),
            late=Count("pk", filter=Q(assignment__due_at__lt=F("at"))),
        )
    )
    figures = [
        StepFigures(
            route=row["assignment__run__definition__name"] or "未命名路线",
            step=row["assignment__node_title"],
            decisions=row["decisions"],
            hours=_hours(row["mean"]),
            longest=_hours(row["longest"]),
            refused=row["refused"],
            late=row["late"],
        )
        for row in found
    ]
    return sorted(figures, key=lambda step: (-step.hours, step.label))


def months_since(since: datetime.datetime) -> list[MonthFigures]:
    """Runs by month of submission, oldest first; one query."""
    rows = (
        Run.objects.filter(started_at__gte=since)
        .order_by()
        .annotate(month=TruncMonth("started_at"))
        .values("month")
        .annotate(
            approved=Count("pk", filter=Q(state=RunState.APPROVED)),
            refused=Count("pk", filter=Q(state=RunState.REFUSED)),
            total=Count("pk"),
        )
        .order_by("month")
    )
    return [
        MonthFigures(
            timezone.localtime(row["month"]).date(), row["approved"], row["refused"],
            row["total"] - row["approved"] - row["refused"],
        )
        for row in rows
    ]  # fmt: skip


def overdue_now() -> int:
    """How many signatures are past their term this moment; one query."""
    rows = Assignment.objects.filter(state=AssignmentState.PENDING, run__state=RunState.RUNNING)
    return rows.filter(due_at__lt=timezone.now()).count()


def _hours(duration: datetime.timedelta | None) -> float:
    return round(duration.total_seconds() / 3600, 1) if duration else 0.0
