"""What waits for one person, asked of the database so that the work grows with the page shown, not with the past.

Who signs follows from posts, holdings and, where an author sits on the way, from who wrote the text. `plain` are the
assignments the posts alone decide; the few others are looked at one by one.
"""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from content.approvals.models import Assignment, AssignmentState, RunAuthor, RunState, Vacancy
from content.approvals.staffing import Staffing


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader narrowed the list to; ids, None or empty for all."""

    overdue: bool = False
    content_type: int | None = None
    drafter: int | None = None
    words: str = ""

    @property
    def given(self) -> bool:
        return bool(self.overdue or self.content_type or self.drafter or self.words)

    def apply(self, rows: QuerySet[Assignment], now: datetime.datetime) -> QuerySet[Assignment]:
        if self.overdue:
            rows = rows.filter(due_at__lt=now)
        if self.content_type:
            rows = rows.filter(run__content_type_id=self.content_type)
        if self.drafter:
            rows = rows.filter(run__drafter_id=self.drafter)
        if self.words:
            rows = rows.filter(run__title__icontains=self.words)
        return rows


class ToDo:
    """The signatures one person may give now."""

    def __init__(self, user, staffing: Staffing | None = None):
        self.user = user
        self.able = bool(getattr(user, "is_authenticated", False)) and user.is_active
        self.staffing = staffing or Staffing()

    @cached_property
    def answered(self) -> set[int]:
        return self.staffing.posts_answered_by(self.user)

    @cached_property
    def _mine(self) -> dict[str, set[int]]:
        """Posts this person signs for while no author is in the way: by the common rule, and where vacancy stops."""
        own = self.staffing.held_by(self.user)
        usual = {
            post_id
            for post_id in self.answered
            if self.staffing.seat(self.staffing.posts[post_id]).holder(self.user) is not None
        }
        return {"own": own, "usual": usual}

    @cached_property
    def _near(self) -> tuple[set[int], set[int]]:
        """Whose authorship changes who signs: fellow holders of my posts, and who sits right below them."""
        own = self._mine["own"]
        beside = {holder.user.pk for post_id in own for holder in self.staffing.holders(post_id)}
        below: set[int] = set()
        for post_id in self.answered - own:
            holders = self.staffing.holders(post_id)
            if holders and self.staffing.staffed_above(post_id) in own:
                below |= {holder.user.pk for holder in holders}
        return beside, below

    @staticmethod
    def _pending() -> QuerySet[Assignment]:
        return Assignment.objects.filter(state=AssignmentState.PENDING, run__state=RunState.RUNNING)

    @property
    def _odd(self) -> Q:
        """Rows whose signer is not told by the posts alone."""
        beside, below = self._near
        usual, others = self._mine["usual"], self.answered - self._mine["usual"]
        return (
            Q(Q(named_post__in=usual), _written_by(beside))
            | Q(Q(named_post__in=others), _written_by(below))
            | Q(fallback__isnull=False)
            | Q(escalated_to__isnull=False)
            | Q(person__isnull=False)
            | Q(own_allowed=True)
        )

    def _plain(self) -> Q:
        mine = self._mine
        usual = Q(vacancy=Vacancy.SUPERIOR, named_post__in=mine["usual"])
        return (usual | Q(named_post__in=mine["own"] & mine["usual"])) & ~self._odd

    @cached_property
    def _looked_at(self) -> list[int]:
        """Ids of the odd ones that are this person's."""
        rows = self._pending().filter(
            Q(named_post__in=self.answered) | Q(fallback__in=self.answered) | Q(escalated_to__in=self.answered)
        )
        rows = rows.filter(self._odd).select_related("run", "named_post").defer("run__note")
        return [row.pk for row in rows if self.staffing.seat_of(row, row.run.authors).holder(self.user) is not None]

    def rows(self, filters: Filters | None = None) -> QuerySet[Assignment]:
        """All of them, oldest first; reading it costs one query besides that for the odd ones."""
        if not self.able or not self.answered:
            return Assignment.objects.none()
        rows = self._pending().filter(self._plain() | Q(pk__in=self._looked_at))
        rows = (filters or Filters()).apply(rows, timezone.now())
        return rows.select_related("run__drafter", "run__content_type", "named_post__unit", "taken_by").order_by(
            "opened_at", "pk"
        )

    def count(self) -> int:
        return self.rows().count()


def _written_by(people: set[int]) -> Q:
    return Q(Exists(RunAuthor.objects.filter(run=OuterRef("run"), user__in=people)))
