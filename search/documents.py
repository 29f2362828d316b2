"""What goes into the index and what comes out: plain data, no engine, no model."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found.

    `key` is «app.model:pk»; `audience` are the tokens of search.readers; `facets` map a facet name to its values as
    shown on screen (a value may carry a path with «/» for a tree, e.g. «云南省/丽江市»); `keywords` are codes, numbers
    and names that should be found like a title but are not shown in it.
    """

    key: str
    kind: str
    title: str
    url: str
    audience: frozenset[str]
    body: str = ""
    keywords: str = ""
    date: datetime.date | None = None
    deadline: datetime.date | None = None
    amount: Decimal | None = None
    place: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
