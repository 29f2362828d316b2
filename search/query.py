"""The query language: what a reader may type, as a grammar, a parser that takes anything, and a printer.

::

    query   = { group }                      all groups must match (a blank is AND)
    group   = term { or term }               any term of a group is enough
    or      = "|" | "｜" | "OR" | "或"        the two words stand alone between blanks
    term    = [ minus ] [ field ] ( chunk [ "*" ] | quoted )
    minus   = "-" | "－"                      what matches is left out
    field   = ( "标题" | "正文" | "title" | "body" ) ( ":" | "：" )      blanks may follow
    chunk   = characters without blank, quote or "|"      found as exactly this run of characters
    quoted  = '"' characters '"'             also “ ” and ＂; one phrase, blanks included

Nothing is an error: a lone quote is a blank, an unknown field is text, a minus or star without anything is dropped,
control characters are blanks, text beyond MAX_LENGTH characters and terms beyond MAX_TERMS are cut and `cut` says
so. `str(parse(text))` is a query that parses to the same expression.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from search import text as texts

MAX_LENGTH = 300
MAX_TERMS = 20


class Field(StrEnum):
    """Where a term is looked for; ANY is title, keywords and body."""

    ANY = ""
    TITLE = "标题"
    BODY = "正文"


_FIELDS = {"标题": Field.TITLE, "title": Field.TITLE, "正文": Field.BODY, "body": Field.BODY}
_BARE_FIELD = re.compile(r"(?:标题|正文|title|body)[:：]+", re.IGNORECASE)
_QUOTES = str.maketrans({"“": '"', "”": '"', "＂": '"', "｜": "|"})
_TOKEN = re.compile(
    r"""
    (?P<or>\||(?:OR|或)(?=[\s"|]|$))
    | (?P<minus>[-－]*)
      (?:(?P<field>标题|正文|title|body)[:：]\s*)?
      (?: "(?P<quoted>[^"]*)" | (?P<chunk>[^\s"|]+) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OR_WORD = re.compile(r"(?:OR|或)\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """One chunk or quoted phrase as typed; `prefix` lets its last word go on."""

    text: str
    field: Field = Field.ANY
    quoted: bool = False
    prefix: bool = False

    def __str__(self) -> str:
        field = f"{self.field}:" if self.field else ""
        if self.quoted:
            return f'{field}"{self.text}"'
        return f"{field}{self.text}{'*' if self.prefix else ''}"

    @property
    def folded(self) -> str:
        return texts.fold(self.text)


@dataclass(frozen=True, slots=True)
class Expression:
    """All `groups` must match, each by any of its terms; nothing in `excluded` may.

    `cut` tells that the text was longer than is read. An expression without groups and exclusions matches everything
    if nothing was typed (`typed` is False) and nothing if only signs were.
    """

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    cut: bool = field(default=False, compare=False)
    typed: bool = field(default=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.groups or self.excluded)

    def __str__(self) -> str:
        parts = [" | ".join(str(term) for term in group) for group in self.groups]
        parts += [f"-{term}" for term in self.excluded]
        return " ".join(parts)

    def positive(self) -> Iterator[Term]:
        """Every term that may match, for highlighting."""
        for group in self.groups:
            yield from group


def parse(text: str) -> Expression:
    """Read any text as a query; see the module for the grammar. Never fails."""
    typed = bool(text.strip())
    cut = len(text) > MAX_LENGTH
    text = "".join(" " if unicodedata.category(char) in {"Cc", "Cs"} else char for char in text[:MAX_LENGTH])
    text = text.translate(_QUOTES)
    if text.count('"') % 2:  # a lone quote is a blank: the last one has no partner
        at = text.rindex('"')
        text = f"{text[:at]} {text[at + 1 :]}"

    groups: list[list[Term]] = []
    excluded: list[Term] = []
    joining = False
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _match(text, position)
        if match is None:
            position += 1
            continue
        position = match.end()
        if match["or"]:
            joining = bool(groups)
            continue
        term = _term(match)
        if term is None:
            continue
        if sum(map(len, groups)) + len(excluded) == MAX_TERMS:
            cut = True
            break
        if match["minus"]:
            excluded.append(term)
        elif joining:
            groups[-1].append(term)
        else:
            groups.append([term])
        joining = False
    unique = tuple(tuple(dict.fromkeys(group)) for group in groups)
    return Expression(unique, tuple(dict.fromkeys(excluded)), cut, typed)


def _match(text: str, position: int) -> re.Match[str] | None:
    match = _TOKEN.match(text, position)
    if match and match["or"] and match["or"] != "|":
        # OR in capitals and 或 are operators only between blanks; «or» in small letters is a word.
        alone = position == 0 or text[position - 1].isspace() or text[position - 1] in '"|'
        if not (alone and _OR_WORD.match(match["or"])):
            return _CHUNK_ONLY.match(text, position)
    return match


_CHUNK_ONLY = re.compile(
    r'(?P<or>(?!))?(?P<minus>(?!))?(?P<field>(?!))?(?P<quoted>(?!))?(?P<chunk>[^\s"|]+)', re.VERBOSE
)


def _term(match: re.Match[str]) -> Term | None:
    """Return the term of a match, or None if there is nothing in it that can be looked for."""
    field = _FIELDS[match["field"].lower()] if match["field"] else Field.ANY
    quoted = match["quoted"]
    if quoted is not None:
        value, prefix = " ".join(quoted.split()), False
    else:
        value = match["chunk"].rstrip("*＊")
        prefix = value != match["chunk"]
    if _BARE_FIELD.fullmatch(value) or not texts.units(texts.fold(value)):
        return None
    return Term(value, field, quoted is not None, prefix)
