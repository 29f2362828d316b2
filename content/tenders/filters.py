"""Narrow the list of tenders: what the address asks for, and how many there are of each choice."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from content.places.models import Division, DivisionLevel
from content.taxonomy.models import Subject
from content.tenders.models import QualificationGrade, TenderProcess, TenderStatus

SORTS = {
    "newest": ("最新公告", (F("published_at").desc(nulls_last=True), "-pk")),
    "deadline": ("截止最近", (F("tender_end").asc(nulls_last=True), "-pk")),
    "amount": ("金额从高到低", (F("value_amount").desc(nulls_last=True), "-pk")),
    "updated": ("最近更新", ("-updated_at", "-pk")),
}
DEADLINES = {"open": "未截止", "week": "七天内截止", "month": "三十天内截止", "past": "已截止"}
STATES = {
    "open": "可投标", "planned": "预告", "closed": "已截止", "complete": "已结束", "cancelled": "已取消",
    "unsuccessful": "流标", "withdrawn": "已撤回",
}  # fmt: skip
TEN_THOUSAND = 10_000
_CHOICES_COUNTED = 30
_CHOICES_SHOWN = 8  # the others unfold


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; a value nobody understands is left out, never an error."""

    q: str = ""
    place: str = ""  # code of a division
    subject: str = ""  # slug
    qualification: str = ""  # «旅游规划设计:b»
    state: str = ""
    deadline: str = ""
    low: Decimal | None = None  # 万元, of budgets in yuan
    high: Decimal | None = None
    source: str = ""
    sort: str = "newest"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Filters":
        def text(name: str) -> str:
            return query.get(name, "").replace("\x00", "").strip()[:100]

        place = text("place")
        return cls(
            q=text("q"),
            place=place if len(place) == 6 and place.isascii() and place.isdigit() else "",
            subject=text("subject"),
            qualification=text("qualification"),
            state=text("state") if text("state") in STATES else "",
            deadline=text("deadline") if text("deadline") in DEADLINES else "",
            low=_number(text("low")),
            high=_number(text("high")),
            source=text("source"),
            sort=text("sort") if text("sort") in SORTS else "newest",
        )

    def as_query(self, **changes) -> str:
        """Query string of these filters with some changed; the page starts anew."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__} | changes
        kept = {name: value for name, value in values.items() if value not in ("", None)}
        if kept.get("sort") == "newest":
            del kept["sort"]
        return urlencode(kept)

    @property
    def is_narrowed(self) -> bool:
        return any(getattr(self, name) not in ("", None) for name in self.__dataclass_fields__ if name != "sort")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number < 10**11 else None


def narrowed(filters: Filters, *, without: str = "") -> QuerySet[TenderProcess]:
    """The processes these filters leave, unordered; `without` names one filter to leave out (for its own counts)."""
    now = timezone.now()
    found = TenderProcess.objects.order_by()
    if filters.q:
        for word in filters.q.split():
            found = found.filter(
                Q(title__icontains=word) | Q(project_number__icontains=word) | Q(procuring_entity__icontains=word)
                | Q(agency__icontains=word)
            )  # fmt: skip
    if filters.place and without != "place":
        found = found.filter(division__code__startswith=_code_prefix(filters.place))
    if filters.subject and without != "subject":
        found = found.filter(subjects__slug=filters.subject)
    if filters.qualification and without != "qualification":
        kind, _, grade = filters.qualification.partition(":")
        wanted = Q(qualifications__kind=kind)
        if grade:
            wanted &= Q(qualifications__grade=grade)
        found = found.filter(pk__in=TenderProcess.objects.filter(wanted).values("pk"))
    if filters.state and without != "state":
        found = _in_state(found, filters.state, now)
    if filters.deadline:
        found = _by_deadline(found, filters.deadline, now)
    if filters.low is not None:
        found = found.filter(value_currency="CNY", value_amount__gte=filters.low * TEN_THOUSAND)
    if filters.high is not None:
        found = found.filter(value_currency="CNY", value_amount__lte=filters.high * TEN_THOUSAND)
    if filters.source and without != "source":
        found = found.filter(source_name=filters.source)
    return found


def ordered(found: QuerySet[TenderProcess], filters: Filters) -> QuerySet[TenderProcess]:
    """Sorted as asked, with everything a row of the list shows."""
    return (
        found.order_by(*SORTS[filters.sort][1])
        .select_related("division__parent__parent")
        .prefetch_related("subjects", "qualifications")
        .defer("description", "registration_documents", "qualification_text")
    )


def _in_state(found, state: str, now: datetime.datetime):
    if state == "open":
        return found.open(now).filter(status=TenderStatus.ACTIVE)
    if state == "closed":
        return found.closed(now)
    if state == "planned":
        return found.open(now).filter(status=TenderStatus.PLANNED)
    return found.filter(status=state)


def _by_deadline(found, deadline: str, now: datetime.datetime):
    if deadline == "past":
        return found.filter(tender_end__lt=now)
    found = found.open(now)
    if deadline == "open":
        return found
    days = 7 if deadline == "week" else 30
    return found.filter(tender_end__isnull=False, tender_end__lte=now + datetime.timedelta(days=days))


def _code_prefix(code: str) -> str:
    """Codes nest: two digits are the province, four the prefecture, six the county."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter: its words, how many tenders it leaves, the query string that picks or drops it."""

    label: str
    count: int
    query: str
    is_on: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """One filter with its choices: those shown at once and those that unfold."""

    title: str
    choices: list[Choice] = field(default_factory=list)

    @property
    def first(self) -> list[Choice]:
        return self.choices[: self._fold]

    @property
    def rest(self) -> list[Choice]:
        return self.choices[self._fold :]

    @property
    def _fold(self) -> int:
        """A chosen value never hides below the fold, nor does a remainder of one or two."""
        on = [index for index, choice in enumerate(self.choices) if choice.is_on or choice.depth]
        fold = max(_CHOICES_SHOWN, on[-1] + 1 if on else 0)
        return fold if len(self.choices) > fold + 2 else len(self.choices)


def choice_groups(filters: Filters) -> list[ChoiceGroup]:
    """The filters beside the list, each counted under all the other filters."""
    groups = [_places(filters), _subjects(filters), _qualifications(filters), _states(filters), _sources(filters)]
    return [group for group in groups if group.choices]


def _choice(filters: Filters, name: str, value: str, label: str, count: int, depth: int = 0) -> Choice:
    is_on = getattr(filters, name) == value
    return Choice(label, count, filters.as_query(**{name: "" if is_on else value}), is_on, depth)


def _places(filters: Filters) -> ChoiceGroup:
    """Provinces; within a chosen province its prefectures too (counties of a municipality)."""
    found = narrowed(filters, without="place").filter(division__isnull=False)
    by_province = _counts(found.annotate(key=Substr("division__code", 1, 2)))
    prefix = filters.place[:2]
    inside: dict[str, int] = {}
    if prefix:
        inner = found.filter(division__code__startswith=prefix)
        inside = _counts(inner.annotate(key=Substr("division__code", 1, 4)))
        if filters.place[2:4] != "00":
            inside |= _counts(
                inner.filter(division__code__startswith=filters.place[:4]).annotate(key=F("division__code"))
            )
    codes = [f"{key:0<6}" for key in (*by_province, *inside)]
    divisions = {division.code: division for division in Division.objects.filter(code__in=codes)}
    choices = []
    for key, count in by_province.items():
        division = divisions.get(f"{key}0000")
        if division is None:
            continue
        choices.append(_choice(filters, "place", division.code, division.name, count))
        if key == prefix:
            for inner_key, inner_count in sorted(inside.items()):
                below = divisions.get(f"{inner_key:0<6}")
                if below is not None and below.level != DivisionLevel.PROVINCE and below.type != "pseudo":
                    depth = 1 if below.level == DivisionLevel.PREFECTURE else 2
                    choices.append(_choice(filters, "place", below.code, below.name, inner_count, depth))
    return ChoiceGroup("地区", choices)


def _counts(found: QuerySet) -> dict[str, int]:
    """Counts by the annotated `key`, most first."""
    rows = found.values("key").annotate(number=Count("pk", distinct=True)).order_by("-number", "key")
    return {row["key"]: row["number"] for row in rows}


def _subjects(filters: Filters) -> ChoiceGroup:
    counts = _counts(
        narrowed(filters, without="subject").filter(subjects__isnull=False).annotate(key=F("subjects__slug"))
    )
    names = dict(Subject.objects.values_list("slug", "name"))
    return ChoiceGroup(
        "主题",
        [_choice(filters, "subject", slug, names[slug], count) for slug, count in counts.items() if slug in names],
    )


def _qualifications(filters: Filters) -> ChoiceGroup:
    rows = (
        narrowed(filters, without="qualification")
        .filter(qualifications__isnull=False)
        .values("qualifications__kind", "qualifications__grade")
        .annotate(number=Count("pk", distinct=True))
        .order_by("-number", "qualifications__kind", "qualifications__grade")
    )
    choices = []
    for row in rows[:_CHOICES_COUNTED]:
        kind, grade = row["qualifications__kind"], row["qualifications__grade"]
        label = f"{kind}{QualificationGrade(grade).label if grade else ''}"
        choices.append(_choice(filters, "qualification", f"{kind}:{grade}" if grade else kind, label, row["number"]))
    return ChoiceGroup("资质", choices)


def _states(filters: Filters) -> ChoiceGroup:
    found = narrowed(filters, without="state")
    now = timezone.now()
    # One query for all: open and closed differ only by the deadline.
    past = Count("pk", filter=Q(tender_end__lt=now))
    counts = dict.fromkeys(STATES, 0)
    for row in found.values("status").annotate(number=Count("pk"), past=past).order_by():
        if row["status"] in (TenderStatus.ACTIVE, TenderStatus.PLANNED):
            counts["open" if row["status"] == TenderStatus.ACTIVE else "planned"] += row["number"] - row["past"]
            counts["closed"] += row["past"]
        else:
            counts[row["status"]] += row["number"]
    return ChoiceGroup(
        "状态", [_choice(filters, "state", key, STATES[key], count) for key, count in counts.items() if count]
    )


def _sources(filters: Filters) -> ChoiceGroup:
    counts = _counts(narrowed(filters, without="source").exclude(source_name="").annotate(key=F("source_name")))
    choices = [_choice(filters, "source", name, name, count) for name, count in list(counts.items())[:_CHOICES_COUNTED]]
    return ChoiceGroup("来源", choices)


def chips(filters: Filters) -> list[Choice]:
    """The filters that are on, each with the address without it."""
    on: list[Choice] = []

    def add(label: str, **without) -> None:
        on.append(Choice(label, 0, filters.as_query(**without), True))

    if filters.q:
        add(f"含「{filters.q}」", q="")
    if filters.place:
        division = Division.objects.select_related("parent__parent").filter(code=filters.place).first()
        add(division.full_name if division else filters.place, place="")
    if filters.subject:
        name = Subject.objects.filter(slug=filters.subject).values_list("name", flat=True).first()
        add(name or filters.subject, subject="")
    if filters.qualification:
        kind, _, grade = filters.qualification.partition(":")
        add(f"{kind}{dict(QualificationGrade.choices).get(grade, '') if grade else ''}", qualification="")
    if filters.state:
        add(STATES[filters.state], state="")
    if filters.deadline:
        add(DEADLINES[filters.deadline], deadline="")
    if filters.low is not None:
        add(f"预算 {filters.low:f} 万元以上", low=None)
    if filters.high is not None:
        add(f"预算 {filters.high:f} 万元以内", high=None)
    if filters.source:
        add(f"来源：{filters.source}", source="")
    return on
