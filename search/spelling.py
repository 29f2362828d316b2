"""«您是不是要找»: what may have been meant where nothing holds what was typed.

There is no vocabulary: every candidate comes from, or is counted among, the documents this very reader may see, so a
suggestion never tells of others. A run of characters that nothing holds is taken, in this order, for: a homophone of
a title's words (or typed pinyin); the same with one character replaced by a homophone, two swapped, or one too many;
the same with one character wrong; a longer text with one word mistyped.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from search import homophones, pinyin
from search import text as texts
from search.clauses import Clause, Sound, any_of, clauses_of, phrase_of
from search.documents import Query, SearchDocument
from search.engines.base import Engine
from search.query import Expression, Field, Term
from search.readers import Reader
from search.steps import can_widen

LONGEST = 12  # characters of a run that is looked at
_MOST = 3  # runs of a query that are looked at
_SHORT = 6  # characters of a run whose every character may be the wrong one
_SHOWN = 20  # documents candidates are read from
_SAME, _ALIKE, _SWAPPED, _TOO_MANY = range(4)  # how far a candidate is from what was typed


def meant(expression: Expression, engine: Engine, reader: Reader) -> str:
    """Return the query that may have been meant, empty if there is no better one than what was typed.

    Of a query with several words only those nothing holds are changed. Raises EngineUnavailable.
    """
    asked = _Asked(engine, reader)
    terms = [term for term in dict.fromkeys(expression.positive()) if not term.quoted]
    runs = [(term, run) for term in terms for run in texts.runs(term.folded) if _is_word(run)]
    missing = [pair for pair, count in zip(runs, asked.counts(_phrases(runs)), strict=True) if not count]
    better = expression
    for term, run in missing[:_MOST]:
        if found := _corrected(run, term.field, asked):
            changed = replace(term, text=term.folded.replace(run, found, 1), similar=False)
            better = better.replaced(term, changed)
    if better == expression:
        return ""
    (holding,) = asked.counts([clauses_of(better, natural=can_widen(better))])
    return str(better) if holding else ""


def _phrases(runs: Iterable[tuple[Term, str]]) -> list[Clause]:
    return [phrase_of(run, term.field, prefix=term.prefix) for term, run in runs]


def _is_word(run: str) -> bool:
    if texts.is_han(run):
        return 2 <= len(run) <= LONGEST
    return run.isascii() and run.isalpha() and 3 <= len(run) <= 6 * LONGEST


@dataclass(frozen=True, slots=True)
class _Asked:
    """The engine, asked as this reader."""

    engine: Engine
    reader: Reader

    def counts(self, clauses: list[Clause]) -> list[int]:
        return self.engine.count_each(clauses, reader=self.reader) if clauses else []

    def documents(self, clause: Clause) -> list[SearchDocument]:
        query = Query(Expression(), self.reader.tokens, everything=self.reader.everything, clause=clause, limit=_SHOWN)
        return [found.document for found in self.engine.search(query).found]


def _corrected(run: str, field: Field, asked: _Asked) -> str:
    if not texts.is_han(run):
        return _sounding(run, run, [], asked)
    syllables = [syllable for each in pinyin.syllables(run) for syllable in each]
    ways: list[Callable[[], str]] = [
        lambda: _sounding(run, "".join(syllables), syllables, asked),
        lambda: _edited(run, field, asked),
        lambda: _one_wrong(run, field, asked),
        lambda: _one_word_wrong(run, field, asked),
    ]
    return next((found for way in ways if (found := way())), "")


def _sounding(run: str, letters: str, syllables: list[str], asked: _Asked) -> str:
    """Return the words of a title that are pronounced like this: syllable by syllable, or as pinyin in one go."""
    found: Counter[str] = Counter()
    for document in asked.documents(Sound(letters)):
        title = texts.fold(document.title)
        found.update(set(_windows(title, letters, syllables)))
    if _is_one_word(run):
        found = Counter({one: count for one, count in found.items() if _is_one_word(one)})
    return max(found, key=lambda one: (found[one], one), default="")


def _windows(title: str, letters: str, syllables: list[str]) -> Iterator[str]:
    runs = [run for run in texts.runs(title) if texts.is_han(run) or run.isascii()]
    for run, spoken in zip(runs, pinyin.syllables(title), strict=True):
        if not texts.is_han(run) or len(run) != len(spoken):
            continue
        for start in range(len(run)):
            for end in range(start + 2, min(len(run), start + LONGEST) + 1):
                if spoken[start:end] == syllables or (not syllables and "".join(spoken[start:end]) == letters):
                    yield run[start:end]


def _edited(run: str, field: Field, asked: _Asked) -> str:
    """Return the run with one character replaced by a homophone, two swapped, or one left out, as documents hold it.

    Characters no dictionary word holds are tried first: they are where slips show.
    """
    odd = _in_no_word(run)
    others = [at for at in range(len(run)) if at not in odd] if len(run) <= _SHORT else []
    for places in (odd, others):
        candidates = dict(_edits(run, places))
        if _is_one_word(run):
            candidates = {one: distance for one, distance in candidates.items() if _is_one_word(one)}
        counts = asked.counts([phrase_of(one, field) for one in candidates])
        held = [
            (distance, -count, one) for (one, distance), count in zip(candidates.items(), counts, strict=True) if count
        ]
        if held:
            return min(held)[2]
    return ""


def _edits(run: str, places: list[int]) -> Iterator[tuple[str, int]]:
    """Yield what the run becomes by one edit at these places (or by swapping anywhere), the nearest last so that it
    counts."""
    for at in range(1, len(run)):
        yield run[: at - 1] + run[at] + run[at - 1] + run[at + 1 :], _SWAPPED
    for at in places:
        if len(run) > 3 and 0 < at < len(run) - 1:  # less an end, it is a shorter text, not another
            yield run[:at] + run[at + 1 :], _TOO_MANY
        for distance, others in ((_ALIKE, homophones.alike(run[at])), (_SAME, homophones.homophones(run[at]))):
            yield from ((run[:at] + other + run[at + 1 :], distance) for other in others)


def _one_wrong(run: str, field: Field, asked: _Asked) -> str:
    """Return the run with one character as it stands in documents that hold all the others."""
    if len(run) < 4:
        return ""
    holes = [(run[:at], run[at + 1 :]) for at in _in_no_word(run)]
    sides = dict.fromkeys(side for hole in holes for side in hole if len(side) > 1)
    patterns = [re.compile(f"{before}([{texts.HAN}]){after}") for before, after in holes]
    found: Counter[str] = Counter()
    for document in asked.documents(any_of(phrase_of(side, field) for side in sides)):
        folded = texts.fold(f"{document.title}\n{document.body}")
        found.update({match[0] for pattern in patterns for match in pattern.finditer(folded)})
    return max(found, key=lambda one: (found[one], one), default="")


def _one_word_wrong(run: str, field: Field, asked: _Asked) -> str:
    """Return the run with a homophone that makes a word documents hold, in the place of a character in no word."""
    made: dict[str, set[str]] = {}  # a word to the runs it is in
    odd = _in_no_word(run)
    for at in odd:
        for other in homophones.homophones(run[at]):
            candidate = run[:at] + other + run[at + 1 :]
            if len(word := _word_at(candidate, at)) > 1:
                made.setdefault(word, set()).add(candidate)
    counts = asked.counts([phrase_of(word, field) for word in made])
    best = max(zip(counts, made, strict=True), default=(0, ""))
    if not best[0]:
        return ""
    found = min(made[best[1]])
    return _one_word_wrong(found, field, asked) or found if len(_in_no_word(found)) < len(odd) else found


def _in_no_word(run: str) -> list[int]:
    """Return the places of characters no dictionary word holds: where something was mistyped, they are."""
    found, start = [], 0
    for word in texts.segments(run):
        if len(word) == 1:
            found.append(start)
        start += len(word)
    return found


def _is_one_word(run: str) -> bool:
    """Tell whether a short run is a word of the dictionary: then only another one can have been meant."""
    return texts.is_han(run) and len(run) < 4 and len(texts.segments(run)) == 1


def _word_at(run: str, at: int) -> str:
    """Return the dictionary word this character is in."""
    start = 0
    for word in texts.segments(run):
        if start <= at < start + len(word):
            return word
        start += len(word)
    return ""
