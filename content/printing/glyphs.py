"""Characters no font can draw: replaced, so that a printed page never shows empty boxes.

Must run after content.printing.pango.prepare, which decides what fontconfig sees.
"""

import ctypes
import re
import unicodedata
from functools import cache

from content.printing.pango import FONTS_DIR

# The mark Chinese and Japanese printers set for a character they have no type for.
MISSING = "〓"
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_JOINERS = {"\u200d", "\ufe0e", "\ufe0f", "\u20e3"}


@cache
def bundled() -> frozenset[str]:
    """Characters of the bundled fonts."""
    return frozenset((FONTS_DIR / "characters.txt").read_text(encoding="utf-8")) - {"\n"}


@cache
def drawable(character: str) -> bool:
    """Tell whether the bundled fonts or a font of the system can draw the character."""
    if character in bundled() or unicodedata.category(character)[0] in "ZC":
        return True
    library = _fontconfig()
    charset = library.FcCharSetCreate()
    pattern = library.FcPatternCreate()
    objects = library.FcObjectSetCreate()
    try:
        library.FcCharSetAddChar(charset, ord(character))
        library.FcPatternAddCharSet(pattern, b"charset", charset)
        library.FcObjectSetAdd(objects, b"file")
        fonts = library.FcFontList(None, pattern, objects)
        try:
            return fonts.contents.count > 0
        finally:
            library.FcFontSetDestroy(fonts)
    finally:
        library.FcObjectSetDestroy(objects)
        library.FcPatternDestroy(pattern)
        library.FcCharSetDestroy(charset)


def printable(text: str) -> str:
    """Return the text with emoji left out, and MISSING for every other character that no font can draw."""
    return _BEYOND_ASCII.sub(_replacement, text)


def _replacement(match: re.Match) -> str:
    character = match[0]
    if drawable(character):
        # Joiners only glue emoji together; alone they would leave gaps.
        return "" if character in _JOINERS else character
    # Emoji are «other symbols» and modifiers; a sentence reads well without them, but not without a character.
    return "" if unicodedata.category(character) in {"So", "Sk", "Mn", "Me"} else MISSING


class _FontSet(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("size", ctypes.c_int), ("fonts", ctypes.c_void_p)]


@cache
def _fontconfig():
    library = ctypes.CDLL("libfontconfig.so.1")
    pointer = ctypes.c_void_p
    for name, result, arguments in [
        ("FcCharSetCreate", pointer, []),
        ("FcCharSetAddChar", ctypes.c_int, [pointer, ctypes.c_uint32]),
        ("FcCharSetDestroy", None, [pointer]),
        ("FcPatternCreate", pointer, []),
        ("FcPatternAddCharSet", ctypes.c_int, [pointer, ctypes.c_char_p, pointer]),
        ("FcPatternDestroy", None, [pointer]),
        ("FcObjectSetCreate", pointer, []),
        ("FcObjectSetAdd", ctypes.c_int, [pointer, ctypes.c_char_p]),
        ("FcObjectSetDestroy", None, [pointer]),
        ("FcFontList", ctypes.POINTER(_FontSet), [pointer, pointer, pointer]),
        ("FcFontSetDestroy", None, [ctypes.POINTER(_FontSet)]),
    ]:
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library
