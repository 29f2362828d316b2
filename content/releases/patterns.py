"""The small pattern language of the headquarters rules: words a site manager can write without knowing any syntax.

A line is a word or phrase as it stands in the text. Two signs have a meaning: «#» is a number (3.2, 1,280, 三百, with
约 / 超 / 近 before and 万 / 亿 after it) and «…» is up to GAP characters inside the same sentence. Text is compared without
spaces, in half width and lower case, so that «集 团», «ＴＯＰ１０» and a bold tag inside a word hide nothing.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

GAP = 16
MAX_GAPS = 2  # bounds the work of one match: GAP² per starting point
MAX_LENGTH = 60

_SENTENCE_END = "。！？!?；;\n"
_NUMBER = (
    "(?:大约|将近|接近|超过|突破|达到|高达|逾|约|近|超|达|破)?"
    "(?:[0-9][0-9,.]{0,15}|[零〇一二两三四五六七八九十百千]{1,8}(?:点[零〇一二三四五六七八九]{1,4})?)"
    "(?:余|多|几)?[十百千万亿]{0,2}(?:余|多)?"
)


class PatternError(ValueError):
    """A pattern that cannot be used; the message is the sentence for the site manager."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made comparable, and where each of its characters stands in the original."""

    text: str
    offsets: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Span in the original text of the folded characters start..end (end excluded, at least one character)."""
        return self.offsets[start], self.offsets[end - 1] + 1


def _folded_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "" if folded.isspace() or unicodedata.category(character) in {"Cf", "Cc"} else folded


def fold(text: str) -> Folded:
    """Half width, lower case, no spaces and no invisible characters; line breaks stay, they end a sentence."""
    characters: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        for folded in "\n" if character == "\n" else _folded_character(character):
            characters.append(folded)
            offsets.append(position)
    return Folded(text="".join(characters), offsets=tuple(offsets))


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile one line; raises PatternError with the reason where the line would match nothing or everything."""
    pattern = pattern.replace("……", "…").replace("...", "…").replace("＃", "#")
    if len(pattern) > MAX_LENGTH:
        raise PatternError(f"“{pattern[:12]}…”太长：一行最多 {MAX_LENGTH} 个字，请拆成几行。")
    if pattern.count("…") > MAX_GAPS:
        raise PatternError(f"“{pattern}”里省略号太多：一行最多用 {MAX_GAPS} 个“…”。")
    words = [fold(word).text for word in re.split("[…#]", pattern)]
    if not any(len(word) >= 2 for word in words):
        raise PatternError(f"“{pattern}”太宽：除了“#”和“…”，至少要有两个相连的字。")
    if pattern[0] == "…" or pattern[-1] == "…":
        raise PatternError(f"“{pattern}”的省略号要放在两个词的中间。")
    expression = ""
    for part in re.split("([…#])", pattern):
        if part == "…":
            expression += f"[^{_SENTENCE_END}]{{0,{GAP}}}?"
        elif part == "#":
            expression += _NUMBER
        else:
            expression += re.escape(fold(part).text)
    return re.compile(expression)


def lines_of(text: str) -> list[str]:
    """The patterns of a text field: one a line, blank lines left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def spans(folded: Folded, patterns: list[str], exceptions: list[str]) -> list[tuple[int, int]]:
    """Places of the folded text where a pattern matches and no exception covers it: sorted, overlaps joined."""
    spared = [match.span() for line in exceptions for match in compile_pattern(line).finditer(folded.text)]
    found = sorted(
        match.span()
        for line in patterns
        for match in compile_pattern(line).finditer(folded.text)
        if not any(start <= match.start() and match.end() <= end for start, end in spared)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
