"""What the address of a results page asks for. Any address is read: what makes no sense is left out and said so."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict

from search.api import Narrowed
from search.registry import all_facets, all_indexes

SORTS = {"relevance": "最相关", "newest": "最新", "deadline": "截止日期最近"}
MAX_TEXT = 2_000  # kept in addresses and shown again; how much of it is used, the parser says
MAX_VALUES = 50  # per facet: more than any screen offers, and a bound for hand-made addresses
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(?:(\d{1,2})\s*日?)?)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AMOUNT = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(元|万元?|亿元?)?")
_UNITS = {"元": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
PERIODS = ("date_from", "date_to", "deadline_from", "deadline_to")
AMOUNTS = ("amount_from", "amount_to")


@dataclass(frozen=True, slots=True)
class Parameters:
    """A search as the reader asked for it; `notes` are Chinese sentences on what could not be used.

    Amounts are in yuan; in the address they stand in 万元, as the form asks for them.
    """

    text: str = ""
    kinds: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    deadline_from: datetime.date | None = None
    deadline_to: datetime.date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    sort: str = ""
    page: int = 1
    notes: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Read the query string of a results page; never fails."""
        notes: list[str] = []
        text = query.get("q", "").replace("\x00", "").strip()[:MAX_TEXT]
        known_kinds = [index.kind for index in all_indexes()]
        asked_kinds = query.getlist("kind")[:MAX_VALUES]
        kinds = tuple(kind for kind in known_kinds if kind in asked_kinds)
        if any(kind.strip() and kind not in known_kinds for kind in asked_kinds):
            notes.append("地址里有一个内容类别已不存在，没有按它筛选。")
        names = {facet.name for facet in all_facets()}
        filters = {
            name: tuple(dict.fromkeys(value[:200] for value in query.getlist(name)[:MAX_VALUES] if value.strip()))
            for name in sorted(names & set(query))
        }
        sort = query.get("sort", "")
        date_from, date_to = _period(query, "date_from", "date_to", notes)
        deadline_from, deadline_to = _period(query, "deadline_from", "deadline_to", notes)
        amount_from, amount_to = _amounts(query, notes)
        return cls(
            text=text,
            kinds=kinds,
            filters={name: values for name, values in filters.items() if values},
            date_from=date_from,
            date_to=date_to,
            deadline_from=deadline_from,
            deadline_to=deadline_to,
            amount_from=amount_from,
            amount_to=amount_to,
            sort=sort if sort in SORTS else "",
            page=_page(query.get("page", "")),
            notes=tuple(notes),
        )

    @property
    def effective_sort(self) -> str:
        """The order asked for; without words nothing is more relevant than the rest, so newest comes first."""
        return self.sort or ("relevance" if self.text else "newest")

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the words and the order narrows the results."""
        return bool(self.kinds or self.filters or any(getattr(self, name) is not None for name in (*PERIODS, *AMOUNTS)))

    def narrowed(self) -> Narrowed:
        """What search.search and search.scan are to be asked besides the words."""
        return Narrowed(
            kinds=self.kinds,
            filters=self.filters,
            date_from=self.date_from,
            date_to=self.date_to,
            deadline_from=self.deadline_from,
            deadline_to=self.deadline_to,
            amount_from=self.amount_from,
            amount_to=self.amount_to,
            sort=self.effective_sort,
        )

    def changed(self, **changes) -> Self:
        """The same search with some parts changed, on its first page."""
        return replace(self, **{"page": 1, "notes": (), **changes})

    def toggled(self, name: str, value: str) -> Self:
        """The same search with this value of a facet (or of «kind») switched on or off.

        In a tree a value takes the place of those above and below it: who has chosen 云南省 and then chooses 丽江市
        wants less, not both.
        """
        chosen = self.kinds if name == "kind" else self.filters.get(name, ())
        if value in chosen:
            chosen = tuple(v for v in chosen if v != value)
        else:
            chosen = (*(v for v in chosen if not _on_one_branch(name, v, value)), value)
        if name == "kind":
            return self.changed(kinds=chosen)
        others = {key: values for key, values in self.filters.items() if key != name}
        return self.changed(filters={**others, name: chosen} if chosen else others)

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value of every part, in the order they stand in the address; the page is left out."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [("kind", kind) for kind in self.kinds]
        pairs += [(name, value) for name, values in sorted(self.filters.items()) for value in values]
        pairs += [(name, getattr(self, name).isoformat()) for name in PERIODS if getattr(self, name)]
        pairs += [(name, in_wan(getattr(self, name))) for name in AMOUNTS if getattr(self, name) is not None]
        if self.sort:
            pairs.append(("sort", self.sort))
        return pairs

    def address(self) -> str:
        """The permanent query string of this search, starting with «?»; the same search always has the same one."""
        return "?" + urlencode(self.pairs(), safe="/:")

    def without(self, name: str, value: str = "") -> Self:
        """The same search without one of its conditions: a value of a facet or kind, a period («date»), the amounts."""
        if value:
            return self.toggled(name, value)
        return self.changed(**{f"{name}_from": None, f"{name}_to": None})


def parse_date(text: str, *, end: bool = False) -> datetime.date | None:
    """Read a date as people write it: 2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日, 20260131.

    A month alone (2026-01, 2026年1月) is its first day, or with `end` its last. None where it is no date.
    """
    text = text.strip()
    match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        first = datetime.date(int(year), int(month), int(day or 1))
        if day or not end:
            return first
        return (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def parse_amount(text: str) -> Decimal | None:
    """Read an amount as people write it, in yuan: «50» and «50万» are 500,000, «1.2亿», «8600元». None if it is none."""
    match = _AMOUNT.fullmatch(text.strip().replace(",", "").replace("，", ""))
    if match is None:
        return None
    return Decimal(match[1]) * _UNITS[(match[2] or "万")[0]]


def in_wan(amount: Decimal) -> str:
    """An amount of yuan in 万元, as short as it can be written: «50», «0.86»."""
    return f"{(amount / 10_000).normalize():f}"


def _on_one_branch(name: str, one: str, other: str) -> bool:
    """Tell whether, in a tree facet, one of the values lies under the other."""
    if not any(facet.tree for facet in all_facets() if facet.name == name):
        return False
    return one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _amounts(query: QueryDict, notes: list[str]) -> tuple[Decimal | None, Decimal | None]:
    amounts = []
    for name in AMOUNTS:
        typed = query.get(name, "").strip()
        amount = parse_amount(typed)
        if typed and amount is None:
            notes.append(f"金额“{typed[:20]}”无法识别，没有按它筛选；请填以万元为单位的数字，例如 50。")
        amounts.append(amount)
    low, high = amounts
    if low is not None and high is not None and low > high:
        notes.append("最低金额大于最高金额，已经对调。")
        low, high = high, low
    return low, high


def _period(
    query: QueryDict, start_name: str, end_name: str, notes: list[str]
) -> tuple[datetime.date | None, datetime.date | None]:
    dates = []
    for name in (start_name, end_name):
        typed = query.get(name, "").strip()
        date = parse_date(typed, end=name == end_name)
        if typed and date is None:
            notes.append(f"日期“{typed[:20]}”无法识别，没有按它筛选；请写成 2026-01-31 这样。")
        dates.append(date)
    start, end = dates
    if start and end and start > end:
        notes.append("开始日期晚于结束日期，已经对调。")
        start, end = end, start
    return start, end


def _page(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) and int(text) > 0 else 1
