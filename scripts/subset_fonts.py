"""Make the four fonts of content/printing/fonts from the full Noto fonts.

Usage: subset_fonts.py FOLDER OUT [HANZI], FOLDER holding the unpacked npm packages
@expo-google-fonts/noto-sans-sc and @expo-google-fonts/noto-serif-sc (they carry plain TTF; see fonts/README.md).
OUT/characters.txt lists every visible character kept, 64 a line: without HANZI (a file whose characters are all wanted) the
list that is already there is used, so running the script again gives the same fonts.
"""

import subprocess
import sys
import unicodedata
from pathlib import Path

FACES = {
    "NotoSansSC-Regular.ttf": "NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "NotoSansSC_700Bold.ttf",
    "NotoSerifSC-Regular.ttf": "NotoSerifSC_400Regular.ttf",
    "NotoSerifSC-Bold.ttf": "NotoSerifSC_700Bold.ttf",
}
# chws and vchw squeeze neighbouring full-width punctuation; vert is for vertical forms; kern and liga for Latin.
FEATURES = "ccmp,locl,liga,kern,mark,chws,vchw,halt,vhal,palt,vert,vrt2,fwid,hwid,pwid"
# Spaces and invisible marks, given apart because they would not survive in a text file.
INVISIBLE = "U+20,U+A0,U+AD,U+2002-200D,U+2028,U+2029,U+202F,U+2060,U+3000,U+FEFF"
SYMBOL_RANGES = [
    (0x0020, 0x007E), (0x00A0, 0x017F), (0x0391, 0x03C9), (0x0401, 0x0451), (0x2000, 0x206F), (0x20A0, 0x20BF),
    (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x257F),
    (0x2580, 0x25FF), (0x2600, 0x266F), (0x2700, 0x27BF), (0x3000, 0x303F), (0x3220, 0x32FF), (0x3300, 0x33FF),
    (0xFF00, 0xFFEF),
]  # fmt: skip


def gb2312() -> set[str]:
    """Every character of GB 2312: hanzi, punctuation, numbers in circles, Greek, Cyrillic, kana."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def wanted(extra: str) -> list[str]:
    """The characters to keep, in code point order."""
    characters = gb2312() | set(extra)
    for first, last in SYMBOL_RANGES:
        characters |= {chr(code) for code in range(first, last + 1)}
    unlisted = {"Cc", "Cf", "Cn", "Co", "Cs", "Zs", "Zl", "Zp"}
    return sorted(c for c in characters if unicodedata.category(c) not in unlisted)


def main(folder: Path, out: Path, hanzi: Path | None) -> None:
    listing = out / "characters.txt"
    if hanzi is not None:
        kept = wanted(hanzi.read_text(encoding="utf-8"))
        lines = ["".join(kept[i : i + 64]) for i in range(0, len(kept), 64)]
        listing.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for target, source in FACES.items():
        [path] = folder.rglob(source)
        subprocess.run(
            [
                sys.executable, "-m", "fontTools.subset", str(path), f"--output-file={out / target}",
                f"--text-file={listing}", f"--unicodes={INVISIBLE}",
                f"--layout-features={FEATURES}", "--no-hinting", "--desubroutinize",
                "--drop-tables+=DSIG", "--name-IDs=*",
            ],
            check=True,
        )  # fmt: skip
        print(f"{target} {(out / target).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
