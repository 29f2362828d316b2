"""What stands around the hits: tabs of kinds, facets, chips of what is switched on, orders. Each is a link."""

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from search.forms import SORTS, Parameters
from search.registry import Facet, SearchIndex, all_facets, all_indexes, index_of_kind

SHORT_LIST = 8  # values of a facet shown before «更多»
OPENED_LIST = 20  # values shown besides: chosen ones, and what lies below them in a tree
_YEAR_OR_MONTH = re.compile(r"\d{4}年(/?\d{2}月)?")
_AMOUNTS = ((None, 50), (50, 200), (200, 500), (500, None))  # 万元, ready to choose from
_RANGES = {"date": "发布日期", "deadline": "截止日期", "amount": "金额"}


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the page: `on` where it stands for something switched on, `address` switches it over; `lost` where it
    is a condition nothing the reader may see fulfils any more."""

    label: str
    address: str
    on: bool = False
    count: int | None = None
    depth: int = 0
    id: str = ""
    lost: bool = False


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """One facet with its values; `rest` are the values behind «更多»."""

    name: str
    label: str
    first: Sequence[Link]
    rest: Sequence[Link] = field(default=())


def kind_tabs(asked: Parameters, found: Any) -> list[Link]:
    """«全部» and one tab for every kind that has hits or is switched on; several can be on at once."""
    counts = dict(found.facets.get("kind", ()))
    shown = [index for index in all_indexes() if counts.get(index.kind) or index.kind in asked.kinds]
    tabs = [
        Link("全部", asked.changed(kinds=()).address(), on=not asked.kinds, count=sum(counts.values()), id="kind-all")
    ]
    for index in shown:
        tabs.append(
            Link(
                label=index.label,
                address=asked.toggled("kind", index.kind).address(),
                on=index.kind in asked.kinds,
                count=counts.get(index.kind, 0),
                id=f"kind-{index.kind}",
            )
        )
    return tabs


def facet_groups(asked: Parameters, found: Any) -> list[FacetGroup]:
    """The facets of the kinds shown, those that most hits have first, each with its values.

    A facet all of whose values every hit shares narrows nothing and is left out; a value switched on stays visible
    even without hits. Times stand last.
    """
    groups, rarer, times = [], [], []
    for facet in _facets_of(asked.kinds):
        chosen = asked.filters.get(facet.name, ())
        counts = dict(found.facets.get(facet.name, ()))
        counts.update({value: 0 for value in chosen if value not in counts})
        if not counts or (not chosen and set(counts.values()) == {found.total} and _is_one_branch(counts)):
            continue
        values = _tree_values(counts, chosen) if facet.tree else _flat_values(counts)
        links = [
            Link(
                label=value.rsplit("/", 1)[-1] if facet.tree else value,
                address=asked.toggled(facet.name, value).address(),
                on=value in chosen,
                count=counts[value],
                depth=value.count("/") if facet.tree else 0,
                id=f"{facet.name}-{'-'.join(value.split())}",
            )
            for value in values
        ]
        below = [link for link in links if link.on or link.depth][:OPENED_LIST]
        first = [link for at, link in enumerate(links) if at < SHORT_LIST or link in below]
        group = FacetGroup(facet.name, facet.label, first, [link for link in links if link not in first])
        covered = sum(count for value, count in counts.items() if not (facet.tree and "/" in value))
        if is_time(counts):
            times.append(group)
        else:
            (groups if chosen or covered * 2 >= found.total else rarer).append(group)
    return groups + rarer + times


def chips(asked: Parameters, lost: Collection[tuple[str, str]] = ()) -> list[Link]:
    """One chip for everything that narrows the search; its address takes it away. `lost` are names and values of
    facets that nothing has any more."""
    links = []
    for kind in asked.kinds:
        index = index_of_kind(kind)
        links.append(Link(index.label if index else kind, asked.toggled("kind", kind).address(), on=True))
    labels = {facet.name: facet.label for facet in _facets_of(())}
    for name, values in sorted(asked.filters.items()):
        for value in values:
            shown = value.replace("/", " › ")
            label = f"{labels.get(name, name)}：{shown}"
            links.append(Link(label, asked.toggled(name, value).address(), on=True, lost=(name, value) in lost))
    for name, label in _RANGES.items():
        words = range_text(getattr(asked, f"{name}_from"), getattr(asked, f"{name}_to"))
        if words:
            links.append(Link(f"{label}：{words}", asked.without(name).address(), on=True))
    return links


def range_text(low: datetime.date | Decimal | None, high: datetime.date | Decimal | None) -> str:
    """A range in words: «2026-03-01 至 2026-03-31», «50 万元以上», «2026-03-31 以前»; empty where it has no end."""
    ends = [_end_text(end) for end in (low, high)]
    if low is not None and low == high:
        return ends[0]
    if ends[0] and ends[1]:
        return f"{ends[0]} 至 {ends[1]}"
    after, before = ("以上", "以下") if isinstance(low if low is not None else high, Decimal) else (" 以后", " 以前")
    return f"{ends[0]}{after}" if ends[0] else f"{ends[1]}{before}" if ends[1] else ""


def _end_text(end: datetime.date | Decimal | None) -> str:
    if isinstance(end, Decimal):
        return amount_text(end) or "0 元"
    return end.isoformat() if end else ""


def sort_links(asked: Parameters, *, with_deadlines: bool = True) -> list[Link]:
    """The orders to choose from; the address of the default order does not name it."""
    default = asked.changed(sort="").effective_sort
    return [
        Link(label, asked.changed(sort="" if sort == default else sort).address(), on=asked.effective_sort == sort)
        for sort, label in SORTS.items()
        if (sort != "relevance" or asked.text)
        and (sort != "deadline" or with_deadlines or asked.effective_sort == "deadline")
    ]


def period_presets(asked: Parameters, name: str, today: datetime.date) -> list[Link]:
    """Ready periods for the publication («date») or the deadline («deadline»)."""
    day = datetime.timedelta(days=1)
    if name == "date":
        periods = [
            ("近一周", today - 7 * day, None),
            ("近一个月", today - 30 * day, None),
            ("近三个月", today - 90 * day, None),
            ("今年", today.replace(month=1, day=1), None),
        ]
    else:
        periods = [
            ("尚未截止", today, None),
            ("7 天内截止", today, today + 7 * day),
            ("30 天内截止", today, today + 30 * day),
        ]
    links = []
    for label, start, end in periods:
        on = (getattr(asked, f"{name}_from"), getattr(asked, f"{name}_to")) == (start, end)
        period = {f"{name}_from": None if on else start, f"{name}_to": None if on else end}
        links.append(Link(label, asked.changed(**period).address(), on=on))
    return links


def amount_presets(asked: Parameters) -> list[Link]:
    """Ready ranges of the amount."""
    links = []
    for ends in _AMOUNTS:
        low, high = (None if end is None else Decimal(end) * 10_000 for end in ends)
        on = (asked.amount_from, asked.amount_to) == (low, high)
        change = asked.without("amount") if on else asked.changed(amount_from=low, amount_to=high)
        links.append(Link(range_text(low, high).replace(" 万元 至 ", "–"), change.address(), on=on))
    return links


def deadline_text(deadline: datetime.date, today: datetime.date) -> tuple[str, str]:
    """How a deadline reads on a day, and the badge it wears: («还剩 3 天», «warn»)."""
    left = (deadline - today).days
    if left < 0:
        return "已截止", "muted"
    if left <= 1:
        return ("今天截止", "明天截止")[left], "danger"
    return f"还剩 {left} 天", "warn" if left <= 7 else "info"


def shown_kinds(asked: Parameters, found: Any) -> list[SearchIndex]:
    """The kinds the hits are of, as far as the choice of kinds allows."""
    counts = dict(found.facets.get("kind", ()))
    return [
        index for index in all_indexes() if index.kind in asked.kinds or (not asked.kinds and counts.get(index.kind))
    ]


def amount_text(amount: Decimal | None) -> str:
    """An amount in yuan as people say it: «320 万元», «1.25 亿元», «8,600 元»; empty where there is none."""
    if not amount:
        return ""
    for unit, name in ((Decimal(100_000_000), "亿元"), (Decimal(10_000), "万元"), (Decimal(1), "元")):
        if abs(amount) >= unit or unit == 1:
            number = f"{amount / unit:,.2f}".rstrip("0").rstrip(".")
            return f"{number} {name}"
    return ""


def _facets_of(kinds: Sequence[str]) -> list[Facet]:
    """Facets of these kinds (none: of all), each name once, in the order the kinds declare them."""
    if not kinds:
        return list(all_facets())
    names = {facet.name for index in all_indexes() if index.kind in kinds for facet in index.facets}
    return [facet for facet in all_facets() if facet.name in names]


def _flat_values(counts: dict[str, int]) -> list[str]:
    """Most frequent first; years and months by time, the latest first."""
    if is_time(counts):
        return sorted(counts, reverse=True)
    return sorted(counts, key=lambda value: (-counts[value], value))


def _tree_values(counts: dict[str, int], chosen: Sequence[str]) -> list[str]:
    """Values of a tree facet to show: the top level, and below it only what leads to or lies under a chosen value, or
    under the only one there is."""
    tops = [value for value in counts if "/" not in value]
    opened = [*chosen, *tops] if len(tops) == 1 else chosen
    shown = [value for value in counts if "/" not in value or _is_opened(value, opened)]
    if is_time(counts):
        return sorted(
            shown, key=lambda value: (-int(value[:4]), "/" in value, -int(value[-3:-1] if "/" in value else 0))
        )
    by_path = {
        value: [(-counts.get("/".join(value.split("/")[: n + 1]), 0), part) for n, part in enumerate(value.split("/"))]
        for value in shown
    }
    return sorted(shown, key=by_path.__getitem__)


def is_time(values: Iterable[str]) -> bool:
    """Tell whether these values of a facet are years and months."""
    return all(_YEAR_OR_MONTH.fullmatch(value) for value in values)


def _is_one_branch(counts: Collection[str]) -> bool:
    """Tell whether the values are one path down a tree (or a single value)."""
    longest = max(counts, key=len)
    return all(f"{longest}/".startswith(f"{value}/") for value in counts)


def _is_opened(value: str, chosen: Sequence[str]) -> bool:
    parent = value.rsplit("/", 1)[0]
    return any(one in (value, parent) or one.startswith(f"{parent}/") for one in chosen)
