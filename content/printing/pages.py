"""The PDF of a page: which pages have one, who may have it, and where the finished file is kept.

A page class is printable when it names a template in `print_template`. The finished PDF is kept under the hash of the
HTML it was made from, of the style sheet and of the fonts, so it is made anew exactly when something on it changed,
even what belongs to another record (the superior of a post, the name of a unit).
"""

import hashlib
import logging
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from wagtail.models import Page

from content.printing import engine
from content.printing.pango import FONTS_DIR

logger = logging.getLogger(__name__)

_IMAGE = re.compile(r"<img\b[^>]*>")
_SRC = re.compile(r'\ssrc="[^"]*"')
_SRCSET = re.compile(r'\ssrcset="([^"]*)"')

STYLE_SHEET = "css/pdf.css"
# The published PDF, and those of a few drafts that are being read for signature.
KEPT_FILES = 4

_draft_readers: list[Callable[[object, Page], bool]] = []


def register_draft_reader(may_read_draft: Callable[[object, Page], bool]) -> None:
    """Let `may_read_draft(user, page)` open drafts, for rooms above that have signers; editors may always."""
    _draft_readers.append(may_read_draft)


def may_read_draft(user, page: Page) -> bool:
    """Tell whether the user may read the page's unpublished text: editors, and whom another room names."""
    if not user.is_authenticated or not user.is_active:
        return False
    return page.permissions_for_user(user).can_edit() or any(test(user, page) for test in _draft_readers)


def is_printable(page: Page) -> bool:
    return bool(getattr(page, "print_template", None))


def site_url(page: Page) -> str:
    """Address of the site a page belongs to, with a trailing slash; of the portal if it has none yet."""
    full_url = page.get_full_url() or settings.WAGTAILADMIN_BASE_URL
    parts = urlsplit(full_url)
    return f"{parts.scheme}://{parts.netloc}/"


def html_of(page: Page, *, draft: bool = False) -> str:
    """The HTML a page is printed from. Nothing in it may change by itself (no «printed at»): it is the cache key."""
    context = {
        "page": page,
        "self": page,
        "draft": draft,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "page_url": "" if draft else (page.get_full_url() or ""),
        "printing": True,
    }
    return largest_pictures(render_to_string(getattr(page, "print_template", ""), context))


def largest_pictures(html: str) -> str:
    """Give each responsive picture its largest file: paper needs three times the pixels of a screen."""
    return _IMAGE.sub(_with_largest, html)


def _with_largest(match: re.Match) -> str:
    tag = match[0]
    found = _SRCSET.search(tag)
    if found is None:
        return tag
    sizes = [candidate.split() for candidate in found[1].split(",")]
    widths = {int(size[:-1]): address for address, size in (s for s in sizes if len(s) == 2) if size[:-1].isdigit()}
    if not widths:
        return tag
    # A function, so that a backslash in an address is no escape.
    return _SRC.sub(lambda _found: f' src="{widths[max(widths)]}"', _SRCSET.sub("", tag), count=1)


@cache
def _look_version() -> str:
    """Hash of WeasyPrint's version and the fonts; part of every key, so that new ones make new files."""
    digest = hashlib.sha256(version("weasyprint").encode())
    for path in sorted(FONTS_DIR.iterdir()):
        digest.update(f"{path.name}:{path.stat().st_size}".encode())
    return digest.hexdigest()


def key_of(html: str) -> str:
    """Name of the finished file of this HTML."""
    digest = hashlib.sha256(html.encode())
    digest.update(_look_version().encode())
    style = finders.find(STYLE_SHEET) or Path(settings.STATIC_ROOT) / STYLE_SHEET
    if Path(style).is_file():
        digest.update(Path(style).read_bytes())
    return digest.hexdigest()[:32]


def store_dir() -> Path:
    return Path(settings.VAR_DIR) / "pdf"


def folder_of(page_id: int) -> Path:
    return store_dir() / str(page_id)


def pdf_of(page: Page, *, draft: bool = False) -> tuple[str, bytes]:
    """Return (key, PDF) of a page as it stands in `page`; from the store if it was made before.

    Raises engine.PrintingUnavailable when it must be made and cannot.
    """
    html = html_of(page, draft=draft)
    key = key_of(html)
    path = folder_of(page.pk) / f"{key}.pdf"
    try:
        return key, path.read_bytes()
    except OSError:
        pass
    content = engine.html_to_pdf(html, base_url=site_url(page))
    _store(path, content)
    return key, content


def forget(page_id: int) -> None:
    """Remove the finished files of a page that is no longer to be read."""
    shutil.rmtree(folder_of(page_id), ignore_errors=True)


def _store(path: Path, content: bytes) -> None:
    """Write whole or not at all, and drop the oldest files of the page."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as scratch:
            try:
                scratch.write(content)
                scratch.close()
                Path(scratch.name).replace(path)
            except OSError:
                Path(scratch.name).unlink(missing_ok=True)
                raise
        finished = sorted(path.parent.glob("*.pdf"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in finished[KEPT_FILES:]:
            old.unlink(missing_ok=True)
    except OSError:
        # A full disk must not keep the reader from the PDF that was just made.
        logger.exception("The finished PDF %s could not be kept", path)
