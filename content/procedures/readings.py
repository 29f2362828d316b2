"""Who has to read what, and confirming it.

Everybody who holds a post of the procedure reads its first version whole. Who has confirmed a version reads of a later
one only the steps that changed since and touch the reader's posts, and confirms each of them.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from content.notifications.models import NotificationKind
from content.notifications.sending import notify
from content.organization.holders import holdings_on
from content.procedures.differences import Differences, StepChange, differences
from content.procedures.models import ProcedurePage, ProcedureVersion, Reading, ReadingItem
from content.procedures.snapshots import ProcedureText, Step


class ReadingError(Exception):
    """Not confirmed; `str(error)` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to confirm as shown: the whole text (`step` is None), or a step with what changed in it."""

    item: ReadingItem
    step: Step | None
    change: StepChange | None


def people_concerned(text: ProcedureText, on: datetime.date | None = None) -> dict:
    """User → ids of the posts of this procedure the user holds on that day; one query."""
    found: dict = {}
    for holding in holdings_on(on).filter(post_id__in=text.post_ids()):
        found.setdefault(holding.user, set()).add(holding.post_id)
    return found


@transaction.atomic
def owe(version: ProcedureVersion) -> int:
    """Make the reading duties of a version that do not exist yet, tell the people; return how many. Idempotent."""
    today = timezone.localdate()
    if version.effective_until is not None and version.effective_until < today:
        return 0
    text = ProcedureText(version.content)
    concerned = people_concerned(text)
    have = set(version.readings.values_list("user_id", flat=True))
    new = {user: posts for user, posts in concerned.items() if user.pk not in have}
    earlier = Reading.objects.filter(version__page_id=version.page_id, version__number__lt=version.number)
    earlier.filter(confirmed_at=None, closed_at=None).update(closed_at=timezone.now())
    basis: dict[int, ProcedureVersion] = {}
    confirmed = earlier.filter(user__in=new).exclude(confirmed_at=None).select_related("version")
    for reading in confirmed.order_by("version__number"):
        basis[reading.user_id] = reading.version
    compared: dict[int, Differences] = {}
    told = []
    for user, posts in new.items():
        known = basis.get(user.pk)
        keys = [""]
        if known is not None:
            if known.pk not in compared:
                compared[known.pk] = differences(known.content, version.content)
            keys = touching(compared[known.pk], known, version, posts)
            if not keys:
                continue
        reading = Reading.objects.create(
            version=version,
            user=user,
            basis=known,
            due_on=today + datetime.timedelta(days=version.content["reading_days"]),
        )
        ReadingItem.objects.bulk_create(ReadingItem(reading=reading, step_key=key) for key in keys)
        told.append((user, reading, keys))
    for user, reading, keys in told:
        what = "请通读全文并确认" if keys == [""] else f"有 {len(keys)} 处与您岗位有关的改动，请逐条确认"
        notify(
            [user],
            kind=NotificationKind.READ,
            title=f"请阅读：{version.code}《{version.title}》第 {version.number} 版",
            body=f"{what}，{reading.due_on:%m月%d日}前完成。自 {version.effective_from:%Y-%m-%d} 起施行。",
            url=version.get_absolute_url(),
        )
    return len(told)


def touching(changes: Differences, old: ProcedureVersion, new: ProcedureVersion, posts: set[int]) -> list[str]:
    """Keys of the changed steps in which one of these posts acts, before or after.

    Posts that are only named as further readers act in no step; they are shown every change.
    """
    before, after = ProcedureText(old.content), ProcedureText(new.content)
    acting = {post for text in (before, after) for step in text.steps for post in step.post_ids}
    if not posts & acting:
        return [change.step.key for change in changes.steps]
    found = []
    for change in changes.steps:
        sides = (before.by_key.get(change.step.key), after.by_key.get(change.step.key))
        if any(step.post_ids & posts for step in sides if step is not None):
            found.append(change.step.key)
    return found


@transaction.atomic
def confirm(reading: Reading, user, keys: set[str] | None = None) -> Reading:
    """The reader confirms some items (all by default); with the last one the version counts as read."""
    reading = Reading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    if reading.user_id != user.pk:
        raise ReadingError("这份阅读确认是发给别人的，不能代为确认。")
    if reading.closed_at is not None:
        raise ReadingError("这一版已有更新的版本，不必再确认；请阅读现行版本。")
    if reading.confirmed_at is not None:
        return reading
    now = timezone.now()
    items = reading.items.filter(confirmed_at=None)
    if keys is not None:
        if not keys:
            raise ReadingError("还没有勾选：请先勾选已读懂的内容，再点确认。")
        items = items.filter(step_key__in=keys)
    items.update(confirmed_at=now)
    if not reading.items.filter(confirmed_at=None).exists():
        reading.confirmed_at = now
        reading.save(update_fields=["confirmed_at"])
    return reading


def open_readings_of(user) -> QuerySet[Reading]:
    """What this person still has to read, the most urgent first."""
    rows = Reading.objects.filter(user=user, confirmed_at=None, closed_at=None)
    return rows.select_related("version__page").order_by("due_on", "pk")


def open_reading(user, version: ProcedureVersion) -> Reading | None:
    if not getattr(user, "is_authenticated", False):
        return None
    rows = version.readings.filter(user=user, confirmed_at=None, closed_at=None).select_related("basis", "version")
    return rows.prefetch_related(Prefetch("items", ReadingItem.objects.order_by("pk"))).first()


def parts_of(reading: Reading) -> list[Part]:
    """The items of a reading with the steps and changes they are about, in the order of the steps."""
    text = ProcedureText(reading.version.content)
    changes: dict[str, StepChange] = {}
    if reading.basis is not None:
        compared = differences(reading.basis.content, reading.version.content)
        changes = {change.step.key: change for change in compared.steps}
    parts = [Part(item, text.by_key.get(item.step_key), changes.get(item.step_key)) for item in reading.items.all()]
    return sorted(parts, key=lambda part: part.step.number if part.step else 0)


def readings_for_owner(version: ProcedureVersion) -> list[Reading]:
    """Everybody who had or has to read this version, the missing ones first."""
    rows = version.readings.select_related("user").prefetch_related("items").order_by("confirmed_at", "due_on", "pk")
    return sorted(rows, key=lambda row: (row.closed_at is not None, row.confirmed_at is not None, row.due_on))


@transaction.atomic
def follow_people(page: ProcedurePage) -> int:
    """Bring duties into line with today's holdings: new holders are told, former ones released; return how many told."""
    today = timezone.localdate()
    told = 0
    for version in page.versions.exclude(effective_until__lt=today):
        people = people_concerned(ProcedureText(version.content))
        left = version.readings.filter(confirmed_at=None, closed_at=None).exclude(user__in=list(people))
        left.update(closed_at=timezone.now())
        back = version.readings.filter(confirmed_at=None, user__in=list(people)).exclude(closed_at=None)
        if not page.versions.filter(number__gt=version.number).exists():
            back.update(closed_at=None)
        told += owe(version) if not page.versions.filter(number__gt=version.number).exists() else 0
    return told
