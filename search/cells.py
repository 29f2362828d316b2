"""What may stand in a cell of a spreadsheet. It lives here because every room that writes one may import search."""

import re

MAX_TEXT = 32_767  # Excel's limit for one cell
MAX_ROWS = 1_048_576  # Excel's limit for one sheet, headings included
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_text(value: str) -> str:
    """Text no spreadsheet takes for a formula, also after it was saved as CSV: an apostrophe goes before it.

    What cannot stand in a cell (control characters, half a surrogate pair) is left out.
    """
    value = _ILLEGAL.sub("", value)
    return (f"'{value}" if value.startswith(_FORMULA_STARTS) else value)[:MAX_TEXT]
