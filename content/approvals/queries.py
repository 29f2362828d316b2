"""What waits for whom, and where a run stands. Every list here costs a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Prefetch, Q, QuerySet

from content.approvals.models import (
    MET_STATES,
    OPEN_STATES,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Copy,
    Decision,
    LogEntry,
    Run,
    RunAuthor,
    RunState,
    Vacancy,
)
from content.approvals.paths import rule_label
from content.approvals.staffing import Seat, Staffing
from content.approvals.todo import ToDo


@dataclass(frozen=True, slots=True)
class Waiting:
    """An assignment that waits for this reader, and in whose place the reader would sign."""

    assignment: Assignment
    seat: Seat

    @property
    def run(self) -> Run:
        return self.assignment.run

    @property
    def may_batch(self) -> bool:
        """May it be signed from the list, as the route has it?"""
        node = self.run.definition["nodes"][self.assignment.node_index]
        return bool(node.get("batch")) and not node.get("reauth")


@dataclass(frozen=True, slots=True)
class Line:
    """One post in one stage of a run, as shown."""

    assignment: Assignment
    seat: Seat
    decision: Decision | None

    @property
    def is_open(self) -> bool:
        return self.assignment.state in OPEN_STATES

    @property
    def problem(self) -> str:
        """Whom an open assignment lacks."""
        return self.seat.problem if self.is_open and self.assignment.state != AssignmentState.HELD else ""

    @property
    def kind(self) -> str:
        """«转办», «前加签»…; nothing for those the route names."""
        return "" if self.assignment.kind == AssignmentKind.ROUTE else self.assignment.get_kind_display()


@dataclass(frozen=True, slots=True)
class Stage:
    """One node of a run, as shown; `state` is done, now, waiting, skipped or refused. `earlier`: attempts before."""

    title: str
    rule: str
    state: str
    reason: str
    evidence: tuple[str, ...]
    lines: tuple[Line, ...]
    earlier: tuple[Line, ...] = ()
    count: int | None = None
    reauth: bool = False
    act: str = ""  # «task» where something is carried out rather than signed (a step of a procedure)

    @property
    def rule_label(self) -> str:
        voting = [
            line.assignment
            for line in self.lines
            if line.assignment.is_counted
            and line.assignment.state not in (AssignmentState.HANDED_ON, AssignmentState.SKIPPED)
        ]
        return rule_label(self.rule, len(voting), self.count, sum(row.veto for row in voting))


def pending_for(user, staffing: Staffing | None = None, *, run: Run | None = None) -> list[Waiting]:
    """Assignments this user may sign now, oldest first."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    staffing = staffing or Staffing()
    rows = ToDo(user, staffing).rows()
    if run is not None:
        rows = rows.filter(run=run)
    return waiting_of(rows, staffing)


def waiting_of(rows: Iterable[Assignment], staffing: Staffing) -> list[Waiting]:
    """Rows of a to-do list with the seats they are signed from."""
    return [Waiting(row, staffing.seat_of(row, row.run.authors)) for row in rows]


def pending_count(user) -> int:
    """How many papers wait for this user's signature: one query when nothing waits for anybody, else five."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return 0
    known = getattr(user, "_waiting_count", None)
    if known is not None:  # the to-do page has counted already
        return known
    if not Assignment.objects.filter(state=AssignmentState.PENDING, run__state=RunState.RUNNING).exists():
        return 0
    return ToDo(user).count()


def remember_count(user: Any, count: int) -> None:
    """Spare the header of the page that has just counted the same once more."""
    user._waiting_count = count


def under_way_of(user, limit: int = 30) -> QuerySet[Run]:
    """Runs this user submitted that are still going, latest first."""
    runs = Run.objects.filter(drafter=user, state=RunState.RUNNING).select_related("content_type", "drafter")
    return runs.order_by("-started_at", "-pk")[:limit]


def finished_of(user, limit: int = 10) -> QuerySet[Run]:
    """Runs this user submitted that ended, latest first."""
    runs = Run.objects.filter(drafter=user, finished_at__isnull=False).select_related("content_type", "drafter")
    return runs.order_by("-finished_at", "-pk")[:limit]


def decided_by(user, limit: int = 10) -> QuerySet[Decision]:
    """What this user signed or refused lately."""
    rows = Decision.objects.filter(user=user).select_related("assignment__run__drafter", "post__unit")
    return rows.order_by("-at", "-pk")[:limit]


def copies_for(user, limit: int = 10) -> QuerySet[Copy]:
    """Runs shown to this user, unread first, then the latest."""
    rows = Copy.objects.filter(recipient=user).select_related("run__drafter", "sender")
    return rows.order_by(F("read_at").asc(nulls_first=True), "-at")[:limit]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a to-do list can be narrowed to."""

    kinds: tuple[tuple[int, str], ...]
    drafters: tuple[tuple[int, str], ...]


def choices_of(todo: ToDo) -> Choices:
    """Kinds of content and drafters among what waits; one query."""
    found = todo.rows().order_by().values_list("run__content_type", "run__drafter", "run__drafter__name").distinct()
    kinds: dict[int, str] = {}
    drafters: dict[int, str] = {}
    for content_type, drafter, name in found:
        model = ContentType.objects.get_for_id(content_type).model_class()
        kinds[content_type] = str(model._meta.verbose_name) if model else "其他"
        drafters[drafter] = name
    return Choices(
        tuple(sorted(kinds.items(), key=lambda item: item[1])),
        tuple(sorted(drafters.items(), key=lambda item: item[1])),
    )


def lacking_people(staffing: Staffing | None = None) -> list[Line]:
    """Open assignments of running runs that nobody can sign, for site managers; two queries besides the staffing."""
    staffing = staffing or Staffing()
    posts = staffing.posts.values()
    unstaffed = {post.pk for post in posts if not staffing.holders(post.pk)}
    hopeless = {post.pk for post in posts if staffing.seat(post).problem}
    # Where the last who could step in is an author, nobody is left above.
    topmost = {
        holder.user.pk
        for post in posts
        if post.pk not in unstaffed and staffing.staffed_above(post.pk) is None
        for holder in staffing.holders(post.pk)
    }
    still_open = Assignment.objects.order_by().filter(
        run__state=RunState.RUNNING, state__in=[AssignmentState.PENDING, AssignmentState.WAITING]
    )
    odd = Q(named_post__in=unstaffed) & ~Q(vacancy=Vacancy.SUPERIOR)
    by_post = still_open.filter(Q(named_post__in=hopeless) | odd)
    by_author = still_open.filter(
        run__in=RunAuthor.objects.filter(user__in=topmost, run__state=RunState.RUNNING).values("run")
    )
    found = by_post.values_list("pk").union(by_author.values_list("pk"))
    rows = Assignment.objects.filter(pk__in=[pk for (pk,) in found]).select_related("run__drafter", "named_post__unit")
    lines = (Line(row, staffing.seat_of(row, row.run.authors), None) for row in rows)
    return [line for line in lines if line.problem]


def with_stages(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Prefetch what `stages` reads."""
    rows = Assignment.objects.select_related(
        "named_post__unit", "decision__user", "decision__post__unit", "given_by", "taken_by", "escalated_to"
    )
    return runs.prefetch_related(Prefetch("assignments", queryset=rows.order_by("node_index", "attempt", "pk")))


def stages(run: Run, staffing: Staffing) -> list[Stage]:
    """The run node by node; give a run from `with_stages`."""
    by_node: dict[int, list[Assignment]] = {}
    for assignment in run.assignments.all():
        by_node.setdefault(assignment.node_index, []).append(assignment)
    return [_stage(node, by_node.get(index, []), run, staffing) for index, node in enumerate(run.definition["nodes"])]


def _stage(node: dict, assignments: Iterable[Assignment], run: Run, staffing: Staffing) -> Stage:
    every = [Line(row, staffing.seat_of(row, run.authors), getattr(row, "decision", None)) for row in assignments]
    latest = max((line.assignment.attempt for line in every), default=1)
    lines = tuple(line for line in every if line.assignment.attempt == latest)
    states = {line.assignment.state for line in lines}
    if states & {AssignmentState.PENDING, AssignmentState.HELD}:
        state = "now"
    elif run.state == RunState.REFUSED and AssignmentState.REFUSED in states:
        state = "refused"
    elif AssignmentState.WAITING in states:
        state = "waiting"
    elif states & set(MET_STATES):
        state = "done"
    else:
        state = "skipped" if AssignmentState.SKIPPED in states else "waiting"
    outcome = node.get("outcome", {})
    return Stage(
        node["title"],
        node["rule"],
        state,
        outcome.get("reason", ""),
        tuple(outcome.get("evidence", [])),
        lines,
        tuple(line for line in every if line.assignment.attempt != latest and line.decision is not None),
        node.get("count"),
        bool(node.get("reauth")),
        node.get("act", ""),
    )


def now_with(run: Run, staffing: Staffing) -> str:
    """«部门审核：王敏» — where the run waits and for whom; give a run from `with_stages`."""
    for stage in stages(run, staffing):
        if stage.state == "now":
            names = {
                str(user): None
                for line in stage.lines
                if line.assignment.state == AssignmentState.PENDING
                for user in line.seat.people
            }
            return f"{stage.title}：{'、'.join(names) or '暂时无人可签'}"
    return ""


def log_of(run: Run) -> QuerySet[LogEntry]:
    """Everything done with a run, in order, with its files."""
    rows = run.log.select_related("actor", "post__unit", "assignment").prefetch_related("attachments")
    return rows.order_by("number")
