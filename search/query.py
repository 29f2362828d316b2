"""The query language: what a reader may type, as a grammar, a parser that takes anything, and a printer.

::

    query   = { group }                      all groups must match (a blank is AND)
    group   = term { or term }               any term of a group is enough
    or      = "|" | "｜" | "OR" | "或"        the two words stand alone between blanks
    term    = [ minus ] ( text | choice | range )
    minus   = "-" | "－"                      what matches is left out
    text    = [ "~" ] [ field ":" ] [ "~" ] ( chunk [ "*" ] | quoted )
    field   = "标题" | "正文" | "编号"
    choice  = facet ":" ( chunk | quoted )   facet is the label of one («地区», «状态»…) or «类别»
    range   = ( "日期" | "截止" | "金额" ) ":" ( end ".." end | sign end | end )        see search.ranges
    chunk   = characters without blank, quote or "|"      found as exactly this run of characters
    quoted  = '"' characters '"'             also “ ” and ＂; one phrase, blanks included

A colon may be full width and followed by blanks. «~» also finds the synonyms of what stands inside the chunk; «*» lets
its last word go on. A choice finds values that hold the chunk («地区:丽江»), one of several («地区:丽江、大理»), or
exactly the quoted value. The known names, with others that mean the same, are those of search.fields. There are no
parentheses: titles are full of them, and groups of «或» between blanks say all that readers were seen to need.

Nothing is an error: a lone quote is a blank, an unknown name is text, a minus or star without anything is dropped,
control characters are blanks, text beyond MAX_LENGTH characters and terms beyond MAX_TERMS are cut and `cut` says
so; a range nobody can read is left out and `unread` names it. `str(parse(text))` is a query that parses to the same.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Self

from search import fields, ranges
from search import text as texts
from search.fields import Field

__all__ = ["MAX_LENGTH", "MAX_TERMS", "Choice", "Expression", "Field", "Part", "Span", "Term", "parse"]

MAX_LENGTH = 300
MAX_TERMS = 20

_QUOTES = str.maketrans({"“": '"', "”": '"', "＂": '"', "｜": "|"})
_OR = re.compile(r'(?:\||(?:OR|或)(?=[\s"|]|$))')
_MINUS = re.compile(r"[-－]*")
_TILDE = re.compile(r"[~～]*")
_NAME = re.compile(rf'([^\s"|:：~～*＊－-][^\s"|:：]{{0,{fields.MAX_NAME - 1}}})[:：]+\s*')
_QUOTED = re.compile(r'"([^"]*)"')
_CHUNK = re.compile(r'[^\s"|]+')
_SIGNED = re.compile(r"[<>=＜＞＝≤≥]+\s+[^\s\"|]+")


@dataclass(frozen=True, slots=True)
class Term:
    """One chunk or quoted phrase as typed; `prefix` lets its last word go on, `similar` asks for synonyms inside it."""

    text: str
    field: Field = Field.ANY
    quoted: bool = False
    prefix: bool = False
    similar: bool = False

    def __str__(self) -> str:
        name = f"{self.field}:" if self.field else ""
        tilde = "~" if self.similar else ""
        if self.quoted:
            return f'{name}{tilde}"{self.text}"'
        return f"{name}{tilde}{self.text}{'*' if self.prefix else ''}"

    @property
    def folded(self) -> str:
        return texts.fold(self.text)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of the facet with this label (search.fields): one that holds the text, or exactly it if quoted."""

    name: str
    text: str
    quoted: bool = False

    def __str__(self) -> str:
        return f'{self.name}:"{self.text}"' if self.quoted else f"{self.name}:{self.text}"


@dataclass(frozen=True, slots=True)
class Span:
    """A range of «日期», «截止» or «金额» as typed: days like 今天 are those of the day one searches."""

    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name}:{self.text}"


Part = Term | Choice | Span


@dataclass(frozen=True, slots=True)
class Expression:
    """All `groups` must match, each by any of its parts; nothing in `excluded` may.

    `cut` tells that the text was longer than is read, `unread` names ranges that were left out. An expression without
    groups and exclusions matches everything if nothing was typed (`typed` is False) and nothing if only signs were.
    """

    groups: tuple[tuple[Part, ...], ...] = ()
    excluded: tuple[Part, ...] = ()
    cut: bool = field(default=False, compare=False)
    typed: bool = field(default=False, compare=False)
    unread: tuple[str, ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        return bool(self.groups or self.excluded)

    def __str__(self) -> str:
        parts = [" | ".join(str(part) for part in group) for group in self.groups]
        parts += [f"-{part}" for part in self.excluded]
        return " ".join(parts)

    def positive(self) -> Iterator[Term]:
        """Every text that may match, for highlighting."""
        for group in self.groups:
            yield from (part for part in group if isinstance(part, Term))

    def opened(self) -> Self:
        """The same with the last word still being typed: it may go on."""
        if not self.groups or not isinstance(last := self.groups[-1][-1], Term):
            return self
        group = (*self.groups[-1][:-1], replace(last, prefix=not last.quoted))
        return replace(self, groups=(*self.groups[:-1], group))

    def replaced(self, old: Part, new: Part) -> Self:
        """The same with one part in the place of another wherever it may match."""
        groups = tuple(tuple(new if part == old else part for part in group) for group in self.groups)
        return replace(self, groups=groups)


def parse(text: str, *, names: bool = True) -> Expression:
    """Read any text as a query; see the module for the grammar. Never fails.

    Without `names` only «标题:» and «正文:» are read before a colon (for indexes without facets and ranges).
    """
    typed = bool(text.strip())
    cut = len(text) > MAX_LENGTH
    text = "".join(" " if unicodedata.category(char) in {"Cc", "Cs"} else char for char in text[:MAX_LENGTH])
    text = text.translate(_QUOTES)
    if text.count('"') % 2:  # a lone quote is a blank: the last one has no partner
        at = text.rindex('"')
        text = f"{text[:at]} {text[at + 1 :]}"

    groups: list[list[Part]] = []
    excluded: list[Part] = []
    unread: list[str] = []
    joining = False
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        if operator := _operator(text, position):
            position, joining = operator, bool(groups)
            continue
        start = _end(_MINUS, text, position)
        minus = start > position
        part, position = _part(text, start, names=names)
        if isinstance(part, str):
            unread.append(part)
        if part is None or isinstance(part, str):
            continue
        if sum(map(len, groups)) + len(excluded) == MAX_TERMS:
            cut = True
            break
        if minus:
            excluded.append(part)
        elif joining:
            groups[-1].append(part)
        else:
            groups.append([part])
        joining = False
    unique = tuple(tuple(dict.fromkeys(group)) for group in groups)
    return Expression(unique, tuple(dict.fromkeys(excluded)), cut, typed, tuple(unread))


def _operator(text: str, position: int) -> int:
    """Return where an OR that stands here ends, 0 if none does: its words are operators only between blanks."""
    match = _OR.match(text, position)
    if match is None:
        return 0
    alone = position == 0 or text[position - 1].isspace() or text[position - 1] in '"|'
    return match.end() if match[0] == "|" or alone else 0


def _part(text: str, position: int, *, names: bool) -> tuple[Part | str | None, int]:
    """Return the part that begins here and where it ends: a range nobody can read as a string, None if there is
    nothing that can be looked for."""
    start = _end(_TILDE, text, position)
    similar = start > position
    match = _NAME.match(text, start)
    name = fields.named(match[1]) if match else None
    if match and name and (names or name.field in (Field.TITLE, Field.BODY)):
        if name.range:
            found = _span(name, text, match.end())
            if found:
                return found
        else:
            at = _end(_TILDE, text, match.end())
            value = _value(text, at)
            if value and name.facets:
                chosen, quoted, _, end = value
                return (Choice(name.label, chosen, quoted) if _readable(chosen) else None), end
            if value and name.field:
                return _term(value, name.field, similar=similar or at > match.end())
    value = _value(text, start)
    return _term(value, Field.ANY, similar=similar) if value else (None, start)


def _value(text: str, position: int) -> tuple[str, bool, bool, int] | None:
    """Return the text of the chunk or quotes that begin here, whether quoted, whether with a star, and the end."""
    if match := _QUOTED.match(text, position):
        return " ".join(match[1].split()), True, False, match.end()
    if match := _CHUNK.match(text, position):
        value = match[0].rstrip("*＊")
        return value, False, value != match[0], match.end()
    return None


def _term(value: tuple[str, bool, bool, int], field: Field, *, similar: bool) -> tuple[Term | None, int]:
    text, quoted, prefix, end = value
    if not quoted and text[-1:] in (":", "：") and fields.named(text.rstrip(":：")):
        text = text.rstrip(
            ":："
        )  # a name without anything after it is a word; printed with its colon it would take one
    return (Term(text, field, quoted, prefix, similar) if _readable(text) else None), end


def _span(name: fields.Name, text: str, position: int) -> tuple[Span | str, int] | None:
    """Return the range that stands here; None if what stands here is not even like one."""
    ends = [match for pattern in (_SIGNED, _QUOTED, _CHUNK) if (match := pattern.match(text, position))]
    for match in ends:
        value = texts.fold("".join(match[0].replace('"', "").split())).rstrip(",;。、")
        if value and read_span(name.range, value, _ANY_DAY):
            return Span(name.label, value), match.end()
    if ends and ranges.looks_like_range(texts.fold(ends[-1][0].strip('"'))):
        return f"{name.label}:{ends[-1][0]}", ends[-1].end()
    return None


def read_span(name: str, text: str, today: datetime.date):
    """Return low and high of a range («date», «deadline», «amount») on this day, None where it cannot be read."""
    if name == "amount":
        return ranges.read_amounts(text)
    return ranges.read_dates(text, today, ahead=name == "deadline")


def _readable(text: str) -> bool:
    return bool(texts.units(texts.fold(text)))


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Return where the match ends of a pattern that always matches."""
    match = pattern.match(text, position)
    return match.end() if match else position


_ANY_DAY = datetime.date(2000, 1, 1)  # whether a range can be read does not depend on the day
