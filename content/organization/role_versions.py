"""Versions of role descriptions: kept as they are published, shown again, and compared in words."""

import datetime
import difflib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from content.organization.models import RoleDescriptionPage, RoleVersion


def snapshot(page: RoleDescriptionPage) -> dict:
    """Everything a reader sees of a role description, as plain values that stay readable whatever becomes of records."""
    post = page.post
    return {
        "title": page.title,
        "number": page.number,
        "unit": post.unit.name,
        "post": post.title,
        "superior": post.superior.title if post.superior else "",
        "subordinates": [other.title for other in post.subordinates.order_by("sort_order", "pk")],
        "purpose": page.purpose,
        "duties": [{"title": group.title, "items": group.duty_list()} for group in page.duty_groups.all()],
        "indicators": [
            {"name": row.indicator.name, "explanation": row.explanation or row.indicator.explanation}
            for row in page.indicators.all()
        ],
        "flow": page.flow_steps(),
        "trail": [
            {"label": label, "name": str(person) if person else "", "date": day.isoformat() if day else ""}
            for label, person, day in page.trail()
        ],
    }


@transaction.atomic
def keep(page: RoleDescriptionPage, *, on: datetime.date | None = None) -> RoleVersion | None:
    """Keep the published text as a new version; None if it says the same as the last one.

    Published twice on one day both stay, the earlier one in force for no day.
    """
    on = on or timezone.localdate()
    content = snapshot(page)
    last = RoleVersion.objects.select_for_update().filter(page=page).first()
    if last is not None:
        if last.content == content:
            return None
        last.until = on - datetime.timedelta(days=1)
        last.save(update_fields=["until"])
    number = last.number + 1 if last else 1
    return RoleVersion.objects.create(page=page, number=number, content=content, published_on=on)


def version_on(page: RoleDescriptionPage, day: datetime.date) -> RoleVersion | None:
    """The version in force at the end of a day; None before the first."""
    return RoleVersion.objects.filter(page=page, published_on__lte=day).order_by("-published_on", "-number").first()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in words: `what` («新增», «删去», «改为», «移动位置»), where, the text before and after."""

    what: str
    where: str
    before: str = ""
    after: str = ""


_SINGLE = (
    ("title", "标题"), ("number", "文件编号"), ("unit", "所属单位"), ("post", "岗位名称"), ("superior", "直接上级"),
    ("purpose", "岗位目的"),
)  # fmt: skip


def compare(before: dict, after: dict) -> list[Change]:
    """What changed between two snapshots, in the order of the form; who signed when is no change of content."""
    changes = [
        Change("改为", label, before[name], after[name]) for name, label in _SINGLE if before[name] != after[name]
    ]
    changes += _lists("直接下级", before["subordinates"], after["subordinates"])
    changes += _groups(before["duties"], after["duties"])
    changes += _indicators(before["indicators"], after["indicators"])
    changes += _lists("工作流程", before["flow"], after["flow"])
    if not changes and {**before, "trail": None} != {**after, "trail": None}:
        return [Change("移动位置", "职责分组与考核指标", after="内容不变，只调整了次序")]
    return changes


def _groups(before: list[dict], after: list[dict]) -> list[Change]:
    # Two groups of one name are read as one.
    old, new = _by_title(before), _by_title(after)
    changes = [Change("删去", "职责分组", f"{title}：{'；'.join(old[title])}") for title in old if title not in new]
    for title, items in new.items():
        if title in old:
            changes += _lists(f"职责“{title}”", old[title], items)
        else:
            changes.append(Change("新增", "职责分组", after=f"{title}：{'；'.join(items)}"))
    return changes


def _by_title(groups: list[dict]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for group in groups:
        found.setdefault(group["title"], []).extend(group["items"])
    return found


def _indicators(before: list[dict], after: list[dict]) -> list[Change]:
    old = {row["name"]: row["explanation"] for row in before}
    new = {row["name"]: row["explanation"] for row in after}
    changes = [Change("删去", "考核指标", f"{name}：{old[name]}") for name in old if name not in new]
    changes += [Change("新增", "考核指标", after=f"{name}：{new[name]}") for name in new if name not in old]
    changes += [
        Change("改为", f"考核指标“{name}”", old[name], new[name])
        for name in new
        if name in old and old[name] != new[name]
    ]
    return changes


def _lists(where: str, before: list[str], after: list[str]) -> list[Change]:
    """Lines added, taken away, moved, or put in another's place (where they resemble each other)."""
    gone: list[str] = []
    come: list[str] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += before[i:j]
            come += after[k:m]
    changes: list[Change] = []
    for line in list(gone):
        if line in come:
            gone.remove(line)
            come.remove(line)
            changes.append(Change("移动位置", where, after=line))
    for line in list(come):
        near = difflib.get_close_matches(line, gone, n=1, cutoff=0.5)
        if near:
            gone.remove(near[0])
            come.remove(line)
            changes.append(Change("改为", where, near[0], line))
    changes += [Change("删去", where, line) for line in gone]
    changes += [Change("新增", where, after=line) for line in come]
    return changes
