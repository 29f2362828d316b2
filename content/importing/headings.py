"""Find the row of headings in a table and say which column is which."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from content.importing.cells import Cell, cell_text
from content.importing.registry import Column

# Titles, notes and merged group headings may stand above the headings, but not more than this.
ROWS_SEARCHED = 20
# Headings our own file of rejected rows adds; they are no data when the mended file comes back.
REASON_HEADING = "退回原因"
NUMBER_HEADING = "原行号"

_BRACKETS = re.compile(r"[(\[【〔{]([^)\]】〕}]*)[)\]】〕}]")
_NOISE = re.compile(r"[\s*:_\-·.、,;'\"“”‘’☆★※]+")
_EITHER = re.compile(r"[/|、或]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings are (0-based `index` of their last row) and what each position holds."""

    index: int
    columns: dict[int, Column]
    labels: dict[int, str]
    qualifiers: dict[str, str]
    ignored: frozenset[int] = frozenset()


def heading_key(text: str) -> str:
    """«* 预算金额（万元）» → «预算金额»: width, case, blanks, marks and brackets do not count."""
    text = unicodedata.normalize("NFKC", text).lower()
    return _NOISE.sub("", _BRACKETS.sub("", text))


def heading_qualifier(text: str) -> str:
    """What stands in brackets or after a slash-like unit in the heading: «预算金额（万元）» → «万元»."""
    return " ".join(part.strip() for part in _BRACKETS.findall(unicodedata.normalize("NFKC", text)) if part.strip())


def column_named(text: str, columns: Sequence[Column]) -> Column | None:
    """The column a heading names; «采购人/招标人» is understood by either of its parts."""
    text = unicodedata.normalize("NFKC", text)
    names = {heading_key(name): column for column in columns for name in (column.label, column.code, *column.synonyms)}
    return next((names[key] for part in (text, *_EITHER.split(text)) if (key := heading_key(part)) in names), None)


def find_header(rows: Sequence[Sequence[Cell]], columns: Sequence[Column]) -> Header | None:
    """The best row of headings among the first rows: it must hold every required column.

    Where headings take two rows (merged cells), the lower one counts and the upper one fills its gaps. None where no
    row will do.
    """
    texts = [[cell_text(cell) for cell in row] for row in rows[:ROWS_SEARCHED]]
    best: Header | None = None
    for index, row in enumerate(texts):
        candidates = [_header(index, row, columns)]
        if index + 1 < len(texts):
            below = texts[index + 1]
            joined = [
                lower if lower and (column_named(lower, columns) or not upper) else upper
                for upper, lower in _pad(row, below)
            ]
            if any(column_named(lower, columns) for lower in below if lower):
                candidates.append(_header(index + 1, joined, columns))
        for candidate in candidates:
            if candidate and (best is None or len(candidate.columns) > len(best.columns)):
                best = candidate
    return best


def _pad(one: list[str], two: list[str]):
    width = max(len(one), len(two))
    return zip(one + [""] * (width - len(one)), two + [""] * (width - len(two)), strict=True)


def _header(index: int, row: Sequence[str], columns: Sequence[Column]) -> Header | None:
    found: dict[int, Column] = {}
    labels: dict[int, str] = {}
    qualifiers: dict[str, str] = {}
    ignored: set[int] = set()
    for position, text in enumerate(row):
        if text in (REASON_HEADING, NUMBER_HEADING):
            ignored.add(position)
            continue
        if not text:
            continue
        label = text.replace("\n", "")
        # Two columns of one heading: both are kept, the second under a label of its own.
        labels[position] = label if label not in labels.values() else f"{label}（第 {position + 1} 列）"
        column = column_named(text, columns) if len(text) <= 40 else None
        if column and column not in found.values():
            found[position] = column
            qualifiers[column.code] = heading_qualifier(text)
    if any(column.required and column not in found.values() for column in columns):
        return None
    return Header(index, found, labels, qualifiers, frozenset(ignored))
