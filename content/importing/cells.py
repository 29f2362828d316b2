"""From a cell of a table to plain text: one spelling for what CSV and XLSX hold alike."""

import datetime
import html
import re
from decimal import Decimal

import nh3

Cell = str | int | float | bool | Decimal | datetime.datetime | datetime.date | datetime.time | None

ERROR_VALUES = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_BREAKING_TAG = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b\u2060\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\u3000\xa0]+")


def cell_text(value: Cell) -> str:
    """Text of a cell: dates as «2026-03-05 09:30», whole numbers without «.0», markup taken off, blanks tidied.

    Excel's error values (#N/A …) count as empty. A value that looks like a formula stays the text it is.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = plain_text(str(value))
    return "" if text in ERROR_VALUES else text


def plain_text(text: str) -> str:
    """`text` without HTML (scripts dropped, other tags stripped, their text kept), control characters and stray blanks."""
    if _MARKUP.search(text):
        text = _BREAKING_TAG.sub("\n", text)
        text = html.unescape(nh3.clean(text, tags=set()))
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    # The apostrophe our own exports put before «=», «+», «-», «@» (see spreadsheets.py).
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text
