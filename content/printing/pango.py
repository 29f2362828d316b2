"""Find the layout libraries (pango, harfbuzz-subset) and point fontconfig at the bundled fonts.

Must run before WeasyPrint is imported. Libraries come from the system or, where nobody may install packages, from
VAR_DIR/pango, filled by `python -m content.printing.fetch_pango`. Nothing here needs Django.
"""

import ctypes
import os
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

FONTS_DIR = Path(__file__).resolve().parent / "fonts"
APT_LINE = "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

# In the order of their dependence: each is loaded globally, so the next one finds its symbols without LD_LIBRARY_PATH.
LIBRARIES = [
    "libffi.so.8",
    "libpcre2-8.so.0",
    "libglib-2.0.so.0",
    "libgmodule-2.0.so.0",
    "libgobject-2.0.so.0",
    "libgio-2.0.so.0",
    "libexpat.so.1",
    "libpng16.so.16",
    "libbrotlicommon.so.1",
    "libbrotlidec.so.1",
    "libfreetype.so.6",
    "libfontconfig.so.1",
    "libgraphite2.so.3",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfribidi.so.0",
    "libdatrie.so.1",
    "libthai.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
]

# What WeasyPrint itself opens; the others are wanted by these and may have other names on another release.
ESSENTIAL = [
    "libgobject-2.0.so.0",
    "libfontconfig.so.1",
    "libharfbuzz.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
]
SUBSETTER = "libharfbuzz-subset.so.0"

# Noto first for the generic families; system fonts stay reachable for characters the subsets lack.
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
</fontconfig>
"""


def load_libraries(folder: Path) -> list[str]:
    """Load the libraries from the system, else from `folder` or below it; return the names of those found nowhere."""
    missing = []
    for name in LIBRARIES:
        for candidate in (name, *(str(path) for path in sorted(folder.rglob(name)))):
            try:
                ctypes.CDLL(candidate, mode=ctypes.RTLD_GLOBAL)
            except OSError:
                continue
            break
        else:
            missing.append(name)
    return missing


def write_fonts_conf(folder: Path) -> Path:
    """Write the fontconfig file into `folder` and name it in FONTCONFIG_FILE; fontconfig reads it at its first use."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "fonts.conf"
    text = FONTS_CONF.format(fonts=escape(str(FONTS_DIR)), cache=escape(str(folder / "cache")))
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        # Web server and worker may start together: neither may read half a file.
        scratch = path.with_suffix(f".{os.getpid()}")
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)
    os.environ["FONTCONFIG_FILE"] = str(path)
    return path


@cache
def prepare(var_dir: Path) -> tuple[str, ...]:
    """Make libraries and fonts ready once per process; return the names of the libraries that are missing."""
    write_fonts_conf(var_dir / "fontconfig")
    return tuple(load_libraries(var_dir / "pango"))
