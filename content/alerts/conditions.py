"""What a saved address asks for today, and what of it cannot be asked any more."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from search import panels
from search.alerts import clause_of
from search.clauses import Clause, Nothing
from search.forms import Parameters
from search.query import MAX_LENGTH, MAX_TERMS, parse
from search.synonyms import Thesaurus

MAX_ADDRESS = 20_000  # characters; an address of a results page with 2,000 characters of words fits nine times over
_NOT_ASKED = frozenset({"page", "sort", "format"})  # they order and cut, they do not narrow


def read(query: str) -> Parameters:
    """Return what a query string asks for; never fails."""
    return Parameters.read(_raw(query))


def _raw(query: str) -> QueryDict:
    return QueryDict(query[:MAX_ADDRESS].encode("utf-8", "replace"))


def canonical(query: str) -> str:
    """Return the one query string for all that ask the same: known parts in their order, without page and order."""
    asked = read(query)
    return urlencode([pair for pair in asked.changed(sort="").pairs() if pair[0] not in _NOT_ASKED])


def lost(query: str) -> list[str]:
    """Return names of what the saved address asks for and no results page knows any more (a kind or a facet that is
    gone). Without them the search would find more than was meant, so it finds nothing until it is mended."""
    saved = {(name, value) for name, values in _raw(query).lists() for value in values if value.strip()}
    asked = read(query)
    known = {name for name, _ in asked.pairs()}
    gone = {name for name, _ in saved if name not in known | _NOT_ASKED}
    gone |= {value for name, value in saved if name == "kind" and value not in asked.kinds}
    return sorted(gone)


def meaning(query: str, thesaurus: Thesaurus | None = None) -> Clause:
    """Return the clause of a saved address with the synonyms in force; one that has lost a part means nothing."""
    return Nothing() if lost(query) else clause_of(read(query), thesaurus)


def notes(query: str) -> list[str]:
    """Return sentences on what of the address cannot be used, to be said before it is saved."""
    asked = read(query)
    expression = parse(asked.text)
    found = list(asked.notes)
    if expression.typed and not expression:
        found.append("检索词里没有可以检索的文字，这样保存永远不会有新内容。")
    if expression.cut:
        found.append(f"检索词过长，只用前 {MAX_LENGTH} 个字（最多 {MAX_TERMS} 个词）。")
    found += [f"“{part}”无法识别，没有按它筛选。" for part in expression.unread]
    return found


@dataclass(frozen=True, slots=True)
class Conditions:
    """A search in words: what was typed, and one label for everything that narrows it."""

    text: str
    labels: tuple[str, ...]

    @property
    def suggested_name(self) -> str:
        """A name made of what is asked for, at most 60 characters."""
        parts = [self.text.strip('"“” '), *(label.rpartition("：")[2].rpartition("› ")[2] for label in self.labels)]
        name = " ".join(part for part in parts if part) or "全部内容"
        return name if len(name) <= 60 else f"{name[:59]}…"


def described(query: str) -> Conditions:
    """Return the conditions as people read them."""
    asked = read(query)
    return Conditions(asked.text, tuple(chip.label for chip in panels.chips(asked)))
