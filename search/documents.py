"""What goes into the index and what comes out: plain data, no engine, no model."""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from search.query import Expression

if TYPE_CHECKING:
    from search.clauses import Clause


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file that is found with a document.

    `key` is «app.model:pk» of the file itself. Engines index `text`, keep key and name, and give neither text back:
    passages are read where the files are (search.passages).
    """

    key: str
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found.

    `key` is «app.model:pk»; `audience` are the tokens of search.readers; `facets` map a facet name to its values as
    shown on screen (a value may carry a path with «/» for a tree, e.g. «云南省/丽江市»); `keywords` are codes, numbers
    and names that should be found like a title but are not shown in it. Whoever may read the document must be allowed
    to read each of its `files`, for they are found, and shown in passages, with its audience.
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
    files: tuple[FileText, ...] = ()

    def digest(self) -> str:
        """Return 32 hexadecimal digits that differ whenever anything a reader could notice differs."""
        values = [
            self.key, self.kind, self.title, self.url, sorted(self.audience), self.body, self.keywords,
            str(self.date), str(self.deadline), str(self.amount), self.place,
            sorted((name, sorted(values)) for name, values in self.facets.items()),
        ]  # fmt: skip
        if self.files:  # documents without files keep the digest they had
            values.append([[file.key, file.name, file.text] for file in self.files])
        text = json.dumps(values, ensure_ascii=False)
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Query:
    """What an engine is asked: an expression, who asks, and the filters of the results page.

    Engines read the expression through `search.clauses.clause_for`; a `clause` takes its place.
    `filters` map a facet name to the values of which one must be there; dates are inclusive; `natural` ranks by any
    of the words instead of demanding all; `sort` is «relevance», «newest» or «deadline» (still open first); `facets` names the facets to count besides «kind».
    """

    expression: Expression
    tokens: frozenset[str]
    everything: bool = False
    kinds: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    deadline_from: datetime.date | None = None
    deadline_to: datetime.date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = ()
    natural: bool = False
    today: datetime.date | None = None
    clause: "Clause | None" = None


@dataclass(frozen=True, slots=True)
class Found:
    """One document as an engine gives it back: what was stored, and its score (None when sorted by a date)."""

    document: SearchDocument
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine answers: the page asked for, the number of all, and the counts of each facet's values."""

    found: tuple[Found, ...] = ()
    total: int = 0
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FilePassage:
    """Where in a file a search matches: the file, the place in it («第 3 页», may be empty), the text around.

    `snippet_html` is escaped, matches in <mark>.
    """

    key: str
    name: str
    url: str
    place: str
    snippet_html: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the results page; `*_html` are escaped, matches in <mark>. `files` are passages of its files,
    `more_html` further passages of its own text."""

    key: str
    kind: str
    label: str
    icon: str
    title: str
    title_html: str
    snippet_html: str
    url: str
    date: datetime.date | None
    deadline: datetime.date | None
    amount: Decimal | None
    place: str
    facets: Mapping[str, tuple[str, ...]]
    score: float | None
    files: tuple[FilePassage, ...] = ()
    more_html: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits. `facets` has «kind» and every registered facet, values with counts, most frequent first;
    `note` is one Chinese sentence if the query was widened or cut, or the index cannot answer (`unavailable`); else empty. `expanded`
    are synonyms that were looked for as well; `suggestion` is what may have been meant where nothing holds what was
    typed, `widened` tells that the hits hold only some of the words."""

    hits: list[Hit]
    total: int
    facets: dict[str, list[tuple[str, int]]]
    parsed: Expression
    note: str
    page: int
    pages: int
    expanded: tuple[str, ...] = ()
    suggestion: str = ""
    widened: bool = False
    unavailable: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title offered while typing; choosing it opens `url`."""

    label: str
    url: str
    kind: str
