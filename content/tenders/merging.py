"""The state of a process is the merge of its releases: by date, the later word on each field counts.

`facts` are plain JSON, by name of a TenderProcess field: text, numbers as text, moments in ISO 8601, and
`qualifications` as a list of {kind, grade, and_above, group}. A missing name says nothing; None says the value is void.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from content.tenders.models import Consortium, QualificationGrade, TenderProcess, TenderRelease, TenderStatus

Facts = Mapping[str, Any]

MOMENTS = ("published_at", "enquiry_end", "registration_end", "tender_end", "opening_at")
AMOUNTS = ("value_amount", "award_amount")
TEXTS = (
    "project_number", "title", "description", "status", "procuring_entity", "agency", "procurement_method_details",
    "place_text", "value_currency", "value_note", "registration_documents", "qualification_text", "consortium",
    "consortium_note", "awarded_to", "source_url", "source_name",
)  # fmt: skip
FIELDS = (*TEXTS, *AMOUNTS, *MOMENTS)
# What the timeline tells of, in this order, and in which words.
_TOLD = (
    ("title", "项目名称"), ("status", "状态"), ("tender_end", "投标截止"), ("registration_end", "报名截止"),
    ("enquiry_end", "询问截止"), ("opening_at", "开标时间"), ("value_amount", "预算金额"), ("value_note", "预算说明"),
    ("procuring_entity", "采购人"), ("agency", "委托单位"), ("project_number", "项目编号"),
    ("procurement_method_details", "采购方式"), ("place_text", "地区"), ("qualifications", "资质要求"),
    ("consortium", "联合体"), ("consortium_note", "联合体说明"), ("registration_documents", "报名资料"),
    ("awarded_to", "中标单位"), ("award_amount", "中标金额"), ("description", "项目简介"), ("source_url", "原文链接"),
)  # fmt: skip


def latest_copies(releases: Iterable[TenderRelease]) -> list[TenderRelease]:
    """Of each release the copy received last, in the order of their dates."""
    copies: dict[str, TenderRelease] = {}
    for release in sorted(releases, key=lambda release: release.pk):
        copies[release.release_id] = release
    return sorted(copies.values(), key=lambda release: (release.date, release.pk))


def merge(facts_in_order: Iterable[Facts]) -> dict[str, Any]:
    """Merge facts, earliest first. The first publication stays the day of publication; all else is the later word."""
    state: dict[str, Any] = {}
    for facts in facts_in_order:
        published = state.get("published_at")
        state.update(facts)
        if published:
            state["published_at"] = published
    return state


def apply_changes(process: TenderProcess, before: Facts, after: Facts) -> set[str]:
    """Set on `process` what the merge says anew; return the names of the fields touched (nothing is saved).

    A field whose merged value did not change is left alone, so that what a person mended by hand stays.
    """
    touched = set()
    for name in FIELDS:
        if name not in after or (name in before and before[name] == after[name]):
            continue
        value = _to_python(name, after[name])
        if getattr(process, name) != value:
            setattr(process, name, value)
            touched.add(name)
    if "qualifications" in after and before.get("qualifications") != after["qualifications"]:
        touched.add("qualifications")
    return touched


def _to_python(name: str, value: Any) -> Any:
    if name in MOMENTS:
        return datetime.datetime.fromisoformat(value) if value else None
    if name in AMOUNTS:
        return Decimal(value) if value is not None else None
    if value is None:
        return TenderProcess._meta.get_field(name).get_default()
    limit = TenderProcess._meta.get_field(name).max_length
    return str(value)[:limit] if limit else str(value)


@dataclass(frozen=True, slots=True)
class Change:
    """One field a release changed, in words for the screen."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Step:
    """A release in the timeline of its process, with what it changed against all before it."""

    release: TenderRelease
    changes: tuple[Change, ...]
    is_first: bool


def timeline(releases: Sequence[TenderRelease]) -> list[Step]:
    """Releases by date with what each changed; the first states, the later ones change."""
    steps: list[Step] = []
    seen: list[Facts] = []
    for release in latest_copies(releases):
        before, after = merge(seen), merge([*seen, release.facts])
        changes = tuple(
            Change(label, in_words(name, before), in_words(name, after))
            for name, label in _TOLD
            if in_words(name, before) != in_words(name, after)
        )
        steps.append(Step(release, changes if seen else (), not seen))
        seen.append(release.facts)
    return steps


def in_words(name: str, facts: Facts) -> str:
    """A merged value as the screen says it; empty where nothing is known."""
    value = facts.get(name)
    if value in (None, "", []):
        return ""
    if name in MOMENTS:
        return timezone.localtime(datetime.datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M")
    if name in AMOUNTS:
        return amount_in_words(Decimal(value), facts.get("value_currency") or "CNY")
    if name == "status":
        return str(TenderStatus(value).label)
    if name == "consortium":
        return "" if value == Consortium.UNSTATED else str(Consortium(value).label)
    if name == "qualifications":
        return qualifications_in_words(value)
    return str(value)


CURRENCY_WORDS = {"CNY": "元", "GBP": "英镑", "USD": "美元", "EUR": "欧元", "HKD": "港元", "JPY": "日元"}


def amount_in_words(amount: Decimal, currency: str = "CNY") -> str:
    """«120 万元», «1.2 亿元», «8,500 元», «372,032 英镑»: no digit of the sum is lost."""
    word = CURRENCY_WORDS.get(currency, currency)
    for size, unit in ((100_000_000, "亿"), (10_000, "万")):
        if currency == "CNY" and amount >= size and int((amount / size).as_tuple().exponent) >= -4:
            return f"{_plain(amount / size)} {unit}{word}"
        if currency == "CNY" and amount >= size and (scaled := (amount / size).normalize()) == round(scaled, 4):
            return f"{_plain(scaled)} {unit}{word}"
    return f"{_plain(amount)} {word}"


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def qualifications_in_words(items: Sequence[Mapping[str, Any]]) -> str:
    """«旅游规划乙级及以上或城乡规划甲级；并且风景园林乙级»."""
    groups: dict[int, list[str]] = {}
    for item in items:
        grade = QualificationGrade(item["grade"]).label if item["grade"] else ""
        groups.setdefault(item["group"], []).append(f"{item['kind']}{grade}{'及以上' if item['and_above'] else ''}")
    return "，并且".join("或".join(group) for group in groups.values())
