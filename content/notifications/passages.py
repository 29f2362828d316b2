"""A passage of a text with marked words, kept as plain text: the marks are two characters no text means anything by."""

import html
import re

MARK_ON, MARK_OFF = "\ue000", "\ue001"
_MARKS = re.compile(f"[{MARK_ON}{MARK_OFF}]")
_MARKED = re.compile(f"{MARK_ON}([^{MARK_ON}{MARK_OFF}]*){MARK_OFF}")


def from_html(marked: str) -> str:
    """Return the passage of escaped HTML whose only element is <mark>, as search.text makes it."""
    plain = _MARKS.sub("", marked)
    return html.unescape(plain.replace("<mark>", MARK_ON).replace("</mark>", MARK_OFF))


def to_html(passage: str) -> str:
    """Return it as HTML again, everything but the marks escaped; marks without a partner go."""
    return _MARKS.sub("", _MARKED.sub(r"<mark>\1</mark>", html.escape(passage)))


def to_text(passage: str) -> str:
    """Return it without marks."""
    return _MARKS.sub("", passage)
