"""What helps a reader whose conditions leave nothing: which of them nothing fulfils, and what each one costs."""

from typing import Any

import search
from search.forms import AMOUNTS, PERIODS, Parameters
from search.panels import Link, chips
from search.readers import Reader

MOST = 6  # conditions tried: each is a search of its own


def lost_values(asked: Parameters, found: Any, reader: Reader) -> list[tuple[str, str]]:
    """Name and value of every chosen value of a facet that no document this reader may see has (any more).

    Only values without a hit under the other conditions are asked for; of an index that cannot answer, none.
    """
    if found.unavailable or "kind" not in found.facets:
        return []
    empty = [
        (name, value)
        for name, values in sorted(asked.filters.items())
        for value in values
        if value not in dict(found.facets.get(name, ()))
    ]
    return [(name, value) for name, value in empty[:MOST] if not _total(Parameters(filters={name: (value,)}), reader)]


def ways_out(asked: Parameters, reader: Reader) -> list[Link]:
    """For each condition that can be dropped so that something is found: its name, the search without it, how many."""
    found = []
    for label, without in _each_dropped(asked)[:MOST]:
        total = _total(without, reader)
        if total:
            found.append(Link(label, without.address(), count=total))
    return sorted(found, key=lambda link: -(link.count or 0))


def _each_dropped(asked: Parameters) -> list[tuple[str, Parameters]]:
    """The label of every condition with the search without it: values of one facet together, ends of a range too."""
    dropped: list[tuple[str, Parameters]] = []
    if asked.kinds:
        dropped.append((_label(Parameters(kinds=asked.kinds)), asked.changed(kinds=())))
    for name, values in sorted(asked.filters.items()):
        others = {key: kept for key, kept in asked.filters.items() if key != name}
        dropped.append((_label(Parameters(filters={name: values})), asked.changed(filters=others)))
    for name in dict.fromkeys(end.rsplit("_", 1)[0] for end in (*PERIODS, *AMOUNTS)):
        ends = {f"{name}_from": getattr(asked, f"{name}_from"), f"{name}_to": getattr(asked, f"{name}_to")}
        if any(end is not None for end in ends.values()):
            dropped.append((_label(Parameters(**ends)), asked.without(name)))
    return dropped


def _label(condition: Parameters) -> str:
    return "、".join(chip.label for chip in chips(condition))


def _total(asked: Parameters, reader: Reader) -> int:
    return search.search(asked.text, reader=reader, page_size=1, **asked.narrowed()).total
