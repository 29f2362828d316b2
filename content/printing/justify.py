"""Justified Chinese: let a line grow between Chinese characters, not only at its few Latin spaces.

WeasyPrint 70 stretches U+0020 and U+00A0 alone, so a justified Chinese paragraph has ragged edges and one huge gap
beside each Latin word. install() replaces three functions of its line layout. They are private, so their source is
compared with SUPPORTED: a WeasyPrint that changes them prints unjustified text and fails a test, instead of printing
nonsense.
"""

import hashlib
import inspect
import re

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi, pango

# Fingerprint of the three functions replaced here and of the two that call them, as of WeasyPrint 70.0.
SUPPORTED = "46b096162ad783e6"

_CJK = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff"
_WIDE = re.compile(f"[{_CJK}]")
_SPACE = re.compile("[ \u00a0]")
# A line is left alone if every gap would have to grow by more than this share of the font size: a heading of three
# characters must not be blown up over the page.
_WIDEST_GAP = 0.6

_original_justify_line = inline.justify_line
_original_count = inline.count_expandable_spaces
_original_set_text = line_break.Layout.set_text


def fingerprint() -> str:
    """Hash of the source of the replaced functions and their callers, to notice when WeasyPrint changes them."""
    functions = [
        _original_justify_line,
        _original_count,
        _original_set_text,
        inline.add_word_spacing,
        line_break.create_layout,
    ]
    source = "".join(inspect.getsource(function) for function in functions)
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def stretch_points(text: str, *, line_end: bool) -> list[int]:
    """Indexes of the characters of `text` after which a line may grow.

    Around every Chinese character and at spaces, but never inside «——» and «……», and not after the last character of
    the line (`line_end`), which would push the margin instead of filling it.
    """
    points = []
    for i, character in enumerate(text):
        following = text[i + 1] if i + 1 < len(text) else ""
        if not following and line_end:
            break
        if character == following and character in "—…":
            continue
        wide = _WIDE.match(character) or (_WIDE.match(following) if following else None)
        if wide or _SPACE.match(character):
            points.append(i)
    return points


def _text_boxes(box):
    """Text boxes of a line in reading order, without what floats or is positioned."""
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _text_boxes(child)


def _justify_line(context, line, extra_width):
    texts = [box for box in _text_boxes(line) if box.text]
    if not any(_WIDE.search(box.text) for box in texts):
        _original_justify_line(context, line, extra_width)
        return
    count = 0
    for box in texts:
        box.stretch_points = stretch_points(box.text, line_end=box is texts[-1])
        count += len(box.stretch_points)
    if not count or extra_width / count > _WIDEST_GAP * line.style["font_size"]:
        return
    inline.add_word_spacing(context, line, extra_width / count, 0)
    for box in texts:
        # Drawing lays the text out again from the Layout alone, so it has to know the points too.
        box.pango_layout.stretch_points = box.stretch_points


def _count_expandable_spaces(box):
    points = getattr(box, "stretch_points", None)
    return len(points) if points is not None else _original_count(box)


def _set_text(self, text, justify=False):
    points = getattr(self, "stretch_points", None)
    if not (justify and self.justification_spacing and points is not None):
        _original_set_text(self, text, justify)
        return
    spacing, self.justification_spacing = self.justification_spacing, 0
    try:
        _original_set_text(self, text, True)
    finally:
        self.justification_spacing = spacing
    if not points:
        return
    attributes = pango.pango_layout_get_attributes(self.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    letter_spacing = self.style["letter_spacing"]
    letter_spacing = 0 if letter_spacing == "normal" else letter_spacing
    offsets = [0]
    for character in self.text:
        offsets.append(offsets[-1] + len(character.encode()))
    for first, last in _runs(points):
        attribute = pango.pango_attr_letter_spacing_new(int((spacing + letter_spacing) * TO_UNITS))
        attribute.start_index, attribute.end_index = offsets[first], offsets[last + 1]
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(self.layout, attributes)


def _runs(points: list[int]):
    """Neighbouring indexes as (first, last), so that Pango gets few attributes."""
    first = last = points[0]
    for point in points[1:]:
        if point != last + 1:
            yield first, last
            first = point
        last = point
    yield first, last


def install() -> bool:
    """Replace WeasyPrint's justification; False, and nothing changed, if this WeasyPrint is not the one known here."""
    if fingerprint() != SUPPORTED:
        return False
    for owner, function in (
        (inline, _justify_line),
        (inline, _count_expandable_spaces),
        (line_break.Layout, _set_text),
    ):
        setattr(owner, function.__name__.removeprefix("_"), function)
    return True
