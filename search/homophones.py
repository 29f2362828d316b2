"""Characters that are taken for one another when typing pinyin: the same syllable, or one that sounds alike."""

import re
from functools import lru_cache

from pypinyin import Style
from pypinyin import pinyin as pinyin_of

from search.text import fold

MOST = 40  # of one character
_ALIKE = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"(?<=[aeiou])ng$"), "n"), (re.compile(r"^l"), "n"))


@lru_cache(maxsize=4096)
def homophones(char: str) -> tuple[str, ...]:
    """Return characters of the same syllable, whatever the tone, the common ones first."""
    return tuple(_others(char, alike=False)[:MOST])


@lru_cache(maxsize=4096)
def alike(char: str) -> tuple[str, ...]:
    """Return characters that sound alike but not the same: 山–三, 金–京, 林–宁."""
    same = {char, *homophones(char)}
    return tuple(other for other in _others(char, alike=True) if other not in same)[:MOST]


def _others(char: str, *, alike: bool) -> list[str]:
    groups = _groups(alike)
    keys = dict.fromkeys(_key(syllable, alike=alike) for syllable in _readings(char))
    return list(dict.fromkeys(other for key in keys for other in groups.get(key, ()) if other != char))


@lru_cache(maxsize=2)
def _groups(alike: bool) -> dict[str, list[str]]:
    """The characters of GB 2312 (those of everyday first) by syllable, each by every reading it has."""
    groups: dict[str, list[str]] = {}
    for lead in range(0xB0, 0xF8):
        for trail in range(0xA1, 0xFF):
            char = bytes((lead, trail)).decode("gb2312", errors="ignore")
            if char and fold(char) == char:
                for key in dict.fromkeys(_key(syllable, alike=alike) for syllable in _readings(char)):
                    groups.setdefault(key, []).append(char)
    return groups


@lru_cache(maxsize=8192)
def _readings(char: str) -> tuple[str, ...]:
    found = pinyin_of(char, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    return tuple(found[0]) if found else ()


def _key(syllable: str, *, alike: bool) -> str:
    if alike:
        for pattern, instead in _ALIKE:
            syllable = pattern.sub(instead, syllable)
    return syllable
