"""Synonyms: words that mean the same, kept by the site manager and put to use when a query is read.

A group is written «旅游规划 = 旅游总体规划 = 总规». A chunk that is one of the words also finds the others; with «~», or
where nothing else is found, so does a chunk that holds one. What is quoted is found as it stands. A word can lead to
others in one group only and expansion takes one step, so there are no chains and nothing runs in circles.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps

from search import text as texts
from search.query import Term

MAX_WORDS = 12  # of a group
MAX_CHARS = 40  # of a word
MAX_ALTERNATIVES = 16  # of a term: what an engine is asked instead of one phrase
_BETWEEN = re.compile(r"[=＝,，、;；|\n]+")
Row = tuple[str, bool]  # words as written, and whether only the first leads to the others


def read_words(written: str) -> list[str]:
    """Return the words of a group as written by hand; the same word twice, in any writing, counts once."""
    words: dict[str, str] = {}
    for part in _BETWEEN.split(written):
        word = " ".join(part.split())
        if word:
            words.setdefault(texts.fold(word), word)
    return list(words.values())


def write_words(words: Iterable[str]) -> str:
    """Return the one form in which groups are kept; `read_words` reads it."""
    return " = ".join(words)


def problem_of(words: Sequence[str]) -> str:
    """Return one Chinese sentence on why these words make no group, empty if they do."""
    for word in words:
        if not texts.units(texts.fold(word)):
            return f"“{word[:MAX_CHARS]}”里没有可以检索的文字，请删去。"
        if len(word) > MAX_CHARS:
            return f"“{word[:MAX_CHARS]}…”太长：一个词最多 {MAX_CHARS} 个字。"
        if '"' in word or "“" in word or "”" in word:
            return f"“{word}”里有引号，请去掉。"
    if len(words) < 2:
        return "请至少写两个不同的词，用“=”或逗号隔开，例如：旅游规划 = 旅游总体规划。"
    if len(words) > MAX_WORDS:
        return f"一组最多 {MAX_WORDS} 个词，现在有 {len(words)} 个；请只留常用的。"
    return ""


def conflict_of(words: Sequence[str], one_way: bool, others: Iterable[Row]) -> str:
    """Return one Chinese sentence on which other group these words contradict, empty if none.

    A word leads to others in one group only, and no way through several groups leads back to where it began.
    """
    mine = [texts.fold(word) for word in words]
    ways: dict[str, list[str]] = {}
    for written, other_one_way in others:
        theirs = [texts.fold(word) for word in read_words(written)]
        leading = theirs[:1] if other_one_way else theirs
        for word in mine[:1] if one_way else mine:
            if word in leading:
                return f"“{words[mine.index(word)]}”已经在“{written}”这一组里，请把词加到那一组，或先从那一组删去。"
        ways.update((word, theirs) for word in leading)
    if one_way and (through := _way_back(mine[0], mine[1:], ways)):
        return f"“{through}”又会扩展回“{words[0]}”，绕成了圈；请把它们并成一组。"
    return ""


def _way_back(goal: str, starts: Sequence[str], ways: dict[str, list[str]]) -> str:
    """Return from which of the words one comes to the goal, in however many steps; empty if from none."""
    for start in starts:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            word = waiting.pop()
            if word == goal:
                return start
            if word not in seen:
                seen.add(word)
                waiting += ways.get(word, ())
    return ""


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """The groups in force: each folded word with the words it leads to, as they are written."""

    others: dict[str, tuple[str, ...]]

    def whole(self, term: Term) -> tuple[str, ...]:
        """Return what else a term finds: the synonyms of the whole chunk or, after «~», of every word inside it."""
        if term.similar:
            return self.inside(term)
        return () if term.quoted or term.prefix else self.others.get(term.folded, ())[:MAX_ALTERNATIVES]

    def inside(self, term: Term) -> tuple[str, ...]:
        """Return the chunk with synonyms in the place of the words it holds, in every combination up to a limit."""
        folded = term.folded
        if (term.quoted and not term.similar) or not self.others:
            return ()
        if folded in self.others:
            return self.others[folded][:MAX_ALTERNATIVES]
        made = [folded]
        for word, others in sorted(self.others.items(), key=lambda item: (-len(item[0]), item[0])):
            pattern = texts.pattern_of(word) if word in folded else None
            if pattern is None or not pattern.search(folded):
                continue
            folded = pattern.sub("\x00", folded)  # a word inside a longer one that is replaced is not replaced again
            made += [
                pattern.sub(lambda _, other=other: texts.fold(other), one) for one in list(made) for other in others
            ]
        return tuple(dict.fromkeys(made[1 : MAX_ALTERNATIVES + 1]))


NONE = Thesaurus({})


def current() -> Thesaurus:
    """Return the groups as the database has them now, in one small query: a change counts at once in every process."""
    groups = apps.get_model("search", "SynonymGroup")
    return _thesaurus(tuple(groups.objects.filter(active=True).order_by("pk").values_list("words", "one_way")))


@lru_cache(maxsize=2)
def _thesaurus(rows: tuple[Row, ...]) -> Thesaurus:
    others: dict[str, tuple[str, ...]] = {}
    for written, one_way in rows:
        words = read_words(written)
        for word in words[:1] if one_way else words:
            others.setdefault(texts.fold(word), tuple(other for other in words if other != word))
    return Thesaurus(others)
