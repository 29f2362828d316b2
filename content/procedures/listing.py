"""The list of procedures as a reader sees it."""

from dataclasses import dataclass

from django.utils import timezone

from content.organization.holders import posts_of
from content.procedures.models import ProcedureIndexPage, ProcedurePage, ProcedureVersion
from content.procedures.readings import open_readings_of
from content.procedures.snapshots import ProcedureText
from search.readers import reader_for


@dataclass(frozen=True, slots=True)
class Row:
    """One procedure: the version shown, and what of it is mine."""

    page: ProcedurePage
    version: ProcedureVersion
    my_steps: int
    to_read: bool

    @property
    def scheduled(self) -> bool:
        return self.version.effective_from > timezone.localdate()


@dataclass(frozen=True, slots=True)
class Listing:
    units: list[tuple[str, list[Row]]]
    total: int
    only_mine: bool
    mine: int
    to_read: int


def rows_for(user, index: ProcedureIndexPage | None = None) -> list[Row]:
    """Every live procedure this user may read, in the order of codes, with the version of today; a fixed number of queries."""
    today = timezone.localdate()
    reader = reader_for(user)
    pages = ProcedurePage.objects.live().select_related("owner_unit", "owner_post__unit").order_by("code")
    if index is not None:
        pages = pages.child_of(index)
    readable = {page.pk: page for page in pages if reader.may_read(frozenset({str(page.audience)}))}
    shown: dict[int, ProcedureVersion] = {}
    versions = ProcedureVersion.objects.filter(page__in=readable).exclude(effective_until__lt=today)
    for version in versions.order_by("effective_from", "number"):
        known = shown.get(version.page_id)
        if known is None or version.effective_from <= today:
            shown[version.page_id] = version
    posts = {post.pk for post in posts_of(user)}
    signed_in = getattr(user, "is_authenticated", False)
    unread = set(open_readings_of(user).values_list("version_id", flat=True)) if signed_in else set()
    return [
        Row(readable[pk], shown[pk], len(ProcedureText(shown[pk].content).steps_of(posts)), shown[pk].pk in unread)
        for pk in readable
        if pk in shown
    ]


def listing_for(index: ProcedureIndexPage, user, query) -> Listing:
    """Grouped by unit; ``?mine=1`` keeps only what concerns the reader's posts."""
    rows = rows_for(user, index)
    mine = [row for row in rows if row.my_steps]
    only_mine = query.get("mine") == "1"
    units: dict[str, list[Row]] = {}
    for row in mine if only_mine else rows:
        units.setdefault(row.page.owner_unit.name, []).append(row)
    return Listing(list(units.items()), len(rows), only_mine, len(mine), sum(row.to_read for row in rows))
