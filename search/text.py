"""Chinese text for searching: folding, the one token stream both sides use, and highlighting.

Folding (`fold`) makes writings equal that readers think equal: full width and half width, capitals, traditional and
simplified characters. Index and query are folded alike, so it may be coarse; offsets back to the original are kept.

The stream (`stream`) is plain words between blanks, so any engine with a whitespace analyser and positions can hold
it. A run of Han characters gives its pairs between its first and its last character: «旅游规划» → ``旅 旅游 游规 规划 划``;
a run of one character is that character. So every character begins a token wherever it stands (which is how one
character is found), and the two single characters make a break that no phrase crosses, at half the size of an index
of all characters and pairs. Words of other scripts and figures are one token each, and what is written together
(«GB/T50378-2019») is neighbours, so 50378 finds it too; «C++» and «C#» keep their signs. A string occurs in a text
exactly if its units (`units`) occur at the same distances. Words of a dictionary (`words`) only rank: measured, they
miss every third place name.

`VERSION` changes with anything that changes tokens; an index built by another version must be rebuilt.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from operator import add

import rjieba

VERSION = 2
MAX_WORD = 64  # longer words of other scripts are cut into neighbours, so no token grows without bound
HIGHLIGHT_CHARS = 5_000  # highlighting looks no further; 20 documents then cost a few milliseconds

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DIGIT = r"\d"
_LETTER = rf"[^\W\d_{HAN}]"
_SIGN = rf"(?:\+\+|\#)(?![^\W_{HAN}])"
_WORD = rf"{_DIGIT}{{1,{MAX_WORD}}}|{_LETTER}{{1,{MAX_WORD}}}(?:{_SIGN})?"
_RUN = re.compile(rf"[{HAN}]+|{_WORD}")
_HAN_START = re.compile(rf"[{HAN}]")

# Characters that compose with the one before though they are no combining marks (NFC_Quick_Check=Maybe, class 0).
_COMPOSING = frozenset(
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1b35"
    "\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
) | {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}


def _fold_table() -> dict[int, int | None]:
    """Traditional to simplified, one character to one character, plus what is dropped or replaced."""
    table: dict[int, int | None] = {}
    source = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    for line in source.splitlines():
        traditional, _, simplified = line.partition("\t")
        first = simplified.split(" ")[0]
        if len(traditional) == 1 and len(first) == 1 and traditional != first:
            table[ord(traditional)] = ord(first)
    # Characters both scripts use with different meanings; as both sides are folded, folding them only widens.
    table.update({ord("乾"): ord("干"), ord("藉"): ord("借"), ord("瞭"): ord("了"), ord("著"): ord("着")})
    # A chain (A → B, B → C) would make folding twice differ from folding once.
    for code, target in list(table.items()):
        seen = {code}
        while target in table and target not in seen:
            seen.add(target)
            target = table[target]
        table[code] = target
    table[ord("ς")] = ord("σ")  # lower() writes the final sigma by context; one letter folds alike everywhere
    table.update(dict.fromkeys(range(0xD800, 0xE000), 0xFFFD))  # lone surrogates cannot be stored as UTF-8
    invisible = [0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
    table.update(dict.fromkeys(invisible))  # zero-width marks and glyph variants stand inside words and mean nothing
    return table


_TABLE = _fold_table()
_jieba = rjieba.Jieba()
# The full-width marks of almost every Chinese text; without them normalising is 20 times faster, and the same.
_MARKS = tuple((chr(code), chr(code - 0xFEE0)) for code in map(ord, "，：（）；！？"))


def fold(text: str) -> str:
    """Return the text as compared: NFKC, lower case, simplified characters, invisible marks dropped."""
    for wide, narrow in _MARKS:
        text = text.replace(wide, narrow)
    return unicodedata.normalize("NFKC", text).lower().translate(_TABLE)


@lru_cache(maxsize=4096)
def _continues(char: str) -> bool:
    """Tell whether normalising may join this character to the one before."""
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.combining(first) != 0 or first in _COMPOSING


@lru_cache(maxsize=16384)
def _fold_piece(piece: str) -> str:
    return fold(piece)


# What folds to one character each, whatever stands beside it: almost all of almost every Chinese text.
_PLAIN = re.compile(r"[\x00-\x7f\u3400-\u4dbf\u4e00-\u9fff\u3001-\u3011\u2014\u201c\u201d\uff01-\uff5e]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, per folded character, the original span [starts[i], ends[i]) it came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold_with_offsets(text: str) -> Folded:
    """Fold and remember where each folded character stood; `fold_with_offsets(t).text == fold(t)`."""
    if _PLAIN.fullmatch(text):
        return Folded(fold(text), range(len(text)), range(1, len(text) + 1))
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position, length = 0, len(text)
    while position < length:
        plain = _PLAIN.match(text, position)
        if plain and plain.end() - position > 1:
            # The last of them may still take a mark that follows.
            end = plain.end() if plain.end() == length else plain.end() - 1
            parts.append(fold(text[position:end]))
            starts.extend(range(position, end))
            ends.extend(range(position + 1, end + 1))
            position = end
            continue
        end = position + 1
        while end < length and _continues(text[end]):
            end += 1
        folded = _fold_piece(text[position:end])
        parts.append(folded)
        starts.extend([position] * len(folded))
        ends.extend([end] * len(folded))
        position = end
    return Folded("".join(parts), starts, ends)


def runs(folded: str) -> list[str]:
    """Return the runs of a folded text: stretches of Han characters and single words of other scripts."""
    return _RUN.findall(folded)


def is_han(run: str) -> bool:
    return _HAN_START.match(run) is not None


def stream(folded: str) -> str:
    """Return the token stream of a folded text, tokens parted by blanks (see the module)."""
    out: list[str] = []
    for run in _RUN.findall(folded):
        if len(run) > 1 and _HAN_START.match(run):
            out.append(run[0])
            out.extend(map(add, run, run[1:]))
            out.append(run[-1])
        else:
            out.append(run)
    return " ".join(out)


def words(folded: str) -> list[str]:
    """Return dictionary words (and words of other scripts) for ranking; nothing is ever matched by them alone."""
    out: list[str] = []
    for run in _RUN.findall(folded):
        if _HAN_START.match(run):
            out.extend(_jieba.cut_for_search(run, False))
        else:
            out.append(run)
    return out


def segments(run: str) -> list[str]:
    """Return a folded Han run cut into dictionary words, one after the other; what is in no word is single."""
    return _jieba.cut(run, False)


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing a phrase demands: a token of the stream and its position relative to the phrase's first token.

    `opens` is True for a single character asked for alone: any token that begins with it will do.
    """

    token: str
    position: int
    opens: bool = False


@lru_cache(maxsize=1024)
def units(folded: str) -> tuple[Unit, ...]:
    """Return the tokens, with positions in the stream, that occur together exactly where this text occurs.

    A Han run of n characters needs only every second pair: ⌈n/2⌉ tokens say as much as all of them. Where another run
    stands beside it, the single character at that end says that the run ends there.
    """
    found: list[Unit] = []
    every = _RUN.findall(folded)
    if len(every) == 1 and len(every[0]) == 1 and _HAN_START.match(every[0]):
        return (Unit(every[0], 0, opens=True),)
    position = 0
    for index, run in enumerate(every):
        length = len(run)
        if length == 1 or not _HAN_START.match(run):
            found.append(Unit(run, position))
            position += 1
            continue
        if index:
            found.append(Unit(run[0], position))
        starts = [*range(0, length - 1, 2)]
        if length % 2:
            starts.append(length - 2)
        found.extend(Unit(run[start : start + 2], position + 1 + start) for start in starts)
        if index < len(every) - 1:
            found.append(Unit(run[-1], position + length))
        position += length + 1
    if not found:
        return ()
    base = found[0].position
    return tuple(Unit(unit.token, unit.position - base) for unit in found)


def pairs(folded: str) -> list[str]:
    """Return the pairs of every Han run, single characters where a run has only one, and words of other scripts."""
    out: list[str] = []
    for run in _RUN.findall(folded):
        if _HAN_START.match(run) and len(run) > 1:
            out.extend(run[index : index + 2] for index in range(len(run) - 1))
        else:
            out.append(run)
    return out


# --- Highlighting ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def pattern_of(phrase: str, prefix: bool = False) -> re.Pattern[str] | None:
    """Return the pattern that matches, in folded text, exactly where the index matches this folded phrase."""
    found = runs(phrase)
    if not found:
        return None
    out: list[str] = []
    for index, run in enumerate(found):
        han = is_han(run)
        if index:
            # Two Han runs are two only because something stands between; other neighbours may touch.
            separator = rf"[^\w{HAN}]|_"
            both_han = han and is_han(found[index - 1])
            out.append(rf"(?:{separator})+" if both_han else rf"(?:{separator})*")
        if han:
            out.append(re.escape(run))
        else:
            kind = _DIGIT if run[0].isdigit() else _LETTER
            before = after = ""
            if len(run) < MAX_WORD:
                before, after = f"(?<!{kind})", f"(?!{kind})"
                if kind is _LETTER and run[-1] not in "+#":
                    after += f"(?!{_SIGN})"
            if prefix and index == len(found) - 1:
                after = ""
            out.append(before + re.escape(run) + after)
    return re.compile("".join(out))


def _spans(folded: Folded, patterns: Iterable[re.Pattern[str]]) -> list[tuple[int, int]]:
    """Return the merged spans, in the original text, of everything the patterns match."""
    found: list[tuple[int, int]] = []
    for pattern in patterns:
        for match in pattern.finditer(folded.text):
            if match.end() > match.start():
                found.append((folded.starts[match.start()], folded.ends[match.end() - 1]))
    found.sort()
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _marked(text: str, spans: Iterable[tuple[int, int]], start: int, end: int) -> str:
    """Return text[start:end] escaped for HTML, the spans inside it in <mark>."""
    out: list[str] = []
    position = start
    for left, right in spans:
        left, right = max(left, start), min(right, end)
        if left >= right:
            continue
        out.append(html.escape(text[position:left]))
        out.append(f"<mark>{html.escape(text[left:right])}</mark>")
        position = right
    out.append(html.escape(text[position:end]))
    return "".join(out)


def highlight(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    """Return the whole text, escaped for HTML, with what the patterns match in <mark>."""
    text = clean(text)
    if not patterns:
        return html.escape(text)
    return _marked(text, _spans(fold_with_offsets(text), patterns), 0, len(text))


def snippet(text: str, patterns: Sequence[re.Pattern[str]], length: int = 140) -> str:
    """Return the passage of about `length` characters with the most different matches, escaped, matches in <mark>.

    Without a match it is the beginning of the text. Line breaks become blanks.
    """
    return snippets(text, patterns, length, most=1)[0]


def snippets(text: str, patterns: Sequence[re.Pattern[str]], length: int = 140, most: int = 3) -> list[str]:
    """Return at least one and up to `most` passages, the best first, made as `snippet` says.

    A further passage is given only where it stands apart from the others and holds a match whose words they lack.
    """
    text = " ".join(clean(text[:HIGHLIGHT_CHARS]).split())
    folded = fold_with_offsets(text) if patterns else None
    spans = _spans(folded, patterns) if folded else []
    made: list[str] = []
    seen: set[str] = set()
    left_over = list(spans)
    while not made or (left_over and len(made) < most):
        start = _best_start(text, left_over, length, first=not made)
        end = min(len(text), start + length)
        for left, right in spans:  # never cut through a match
            if left < end < right:
                end = right
        made.append(("…" if start else "") + _marked(text, spans, start, end) + ("…" if end < len(text) else ""))
        seen.update(text[left:right] for left, right in spans if start <= left < end)
        # What follows must stand clear of this passage on both sides.
        apart = [span for span in left_over if span[0] >= end + length // 8 or span[1] + length * 7 // 8 <= start]
        left_over = [span for span in apart if text[slice(*span)] not in seen]
    return made


def _best_start(text: str, spans: Sequence[tuple[int, int]], length: int, *, first: bool = True) -> int:
    """Return where the passage begins: before the densest group of matches, at a sentence's start if one is near."""
    if not spans or (first and spans[0][0] < length // 3):
        return 0
    best, best_score = 0, (-1, -1)
    for index, (left, _) in enumerate(spans):
        inside = [text[a:b] for a, b in _until(spans, index, left + length)]
        score = (len(set(inside)), len(inside))
        if score > best_score:
            best, best_score = left, score
    lead = length // 4
    for back in range(best, max(0, best - lead), -1):
        if text[back - 1] in "。！？；\n!?;":
            return back
    return max(0, best - length // 8)


def _until(spans: Sequence[tuple[int, int]], index: int, end: int) -> Iterator[tuple[int, int]]:
    for span in spans[index:]:
        if span[1] > end:
            return
        yield span


def clean(text: str) -> str:
    """Return the text without characters that cannot be stored or shown: lone surrogates and control characters."""
    if text.isprintable():
        return text
    return "".join(char if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"} else " " for char in text)
