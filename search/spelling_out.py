"""How a name may be typed: by its characters, their pinyin, the beginnings of it, and all of these mixed.

«丽江市» is begun by 丽, lijiang, lij, ljs, 丽j and lijs alike, from any of its characters on.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from search import pinyin
from search import text as texts

MAX_TYPED = 40
_DROPPED = re.compile(r"[\W_]+")
_INITIAL = r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])"
_FINAL = (
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|van|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|ve|er|"
    r"a|o|e|i|u|v)"
)
# A syllable, or its beginning, or a letter; so that «lijs» falls into li, j, s.
_PIECE = re.compile(rf"{_INITIAL}?{_FINAL}(?![aeiouv])|{_INITIAL}|[a-z]|\d+")
T = TypeVar("T")


def typed_form(text: str) -> str:
    """What is compared: folded, without blanks and signs."""
    return _DROPPED.sub("", texts.fold(texts.clean(text[:MAX_TYPED])))


@dataclass(frozen=True, slots=True)
class Spelled:
    """A name as folded characters, and for each the pinyin it is read as (empty for all but Han)."""

    characters: tuple[str, ...]
    syllables: tuple[str, ...]

    def begins(self, typed: str, at: int, position: int = 0) -> bool:
        """Tell whether the name goes on from its character `at` as `typed` does from `position`."""
        if position == len(typed):
            return True
        if at == len(self.characters):
            return False
        if typed[position] == self.characters[at] and self.begins(typed, at + 1, position + 1):
            return True
        syllable = self.syllables[at]
        for taken in range(_common(syllable, typed, position), 0, -1):
            if self.begins(typed, at + 1, position + taken):
                return True
        return False

    def found(self, typed: str) -> int | None:
        """Return from which of its characters on the name may be typed so; None from none."""
        return next((at for at in range(len(self.characters)) if typed and self.begins(typed, at)), None)


def _common(syllable: str, typed: str, position: int) -> int:
    """How many letters of a syllable stand in what is typed, from its first on."""
    taken = 0
    for letter in syllable:
        if position + taken == len(typed) or typed[position + taken] != letter:
            break
        taken += 1
    return taken


@lru_cache(maxsize=65536)
def spell(name: str) -> Spelled:
    """Return how a name is spelled; at most the first 60 characters count."""
    characters: list[str] = []
    syllables: list[str] = []
    for run in texts.runs(texts.fold(name)[:60]):
        characters.extend(run)
        syllables.extend(pinyin.of_each(run) if texts.is_han(run) else [""] * len(run))
    return Spelled(tuple(characters), tuple(syllables))


class Names(Generic[T]):
    """Many names to be found by what is typed, in well under a millisecond for some thousand."""

    def __init__(self, named: Iterable[tuple[str, T]]) -> None:
        self._values: list[T] = []
        self._by_first: dict[str, list[tuple[int, Spelled, int]]] = {}
        for number, (name, value) in enumerate(named):
            self._values.append(value)
            spelled = spell(name)
            for at, (character, syllable) in enumerate(zip(spelled.characters, spelled.syllables, strict=True)):
                for first in {character, syllable[:1]} - {""}:
                    self._by_first.setdefault(first, []).append((at, spelled, number))

    def find(self, text: str) -> list[tuple[int, T]]:
        """Return every name that may be typed so, with the character from which on, the earliest first."""
        typed = typed_form(text)
        found: dict[int, int] = {}
        for at, spelled, number in self._by_first.get(typed[:1], ()):
            if number not in found and spelled.begins(typed, at):
                found[number] = at
        return sorted(((at, self._values[number]) for number, at in found.items()), key=lambda one: one[0])


def other_readings(text: str) -> Sequence[str]:
    """Return letters that titles typed so may be looked up by, where the text itself is neither all characters nor all
    pinyin: whole syllables, and initials. They find too much; `Spelled.found` tells which."""
    typed = typed_form(text)
    if not re.search(r"[a-z]", typed):
        return ()
    whole: list[str] = []
    first: list[str] = []
    for run in texts.runs(typed):
        if texts.is_han(run):
            read = pinyin.of_each(run)
            whole += read
            first += [syllable[:1] for syllable in read]
        elif run.isascii():
            whole.append(run)
            first += [piece if piece.isdigit() else piece[:1] for piece in _PIECE.findall(run)]
        else:
            return ()
    return [
        letters for letters in dict.fromkeys(("".join(whole), "".join(first))) if len(letters) > 1 and letters != typed
    ]
