"""Facets that several kinds have in common, so that one choice on the results page narrows them all."""

import datetime

from search.registry import Facet

PLACE = Facet("place", "地区", tree=True)  # values as «云南省/丽江市/古城区»
UNIT = Facet("unit", "单位")
PUBLISHED = Facet("year", "发布时间", tree=True)


def month_path(date: datetime.date | None) -> tuple[str, ...]:
    """The value of a date in a tree of years and months, «2026年/03月»; none without a date."""
    return (f"{date.year}年/{date:%m}月",) if date else ()
