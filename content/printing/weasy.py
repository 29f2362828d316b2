"""WeasyPrint, set up for us. Imported only by content.printing.engine, after the libraries are loaded."""

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urlsplit

import weasyprint
from django.conf import settings
from django.contrib.staticfiles import finders
from weasyprint.urls import URLFetcher, URLFetcherResponse

from content.printing import justify

VERSION = weasyprint.__version__
JUSTIFIES_CHINESE = justify.install()

# Folders of the media library that hold pictures; documents have readers of their own and are never drawn.
PICTURE_FOLDERS = ("images", "original_images")


class OwnFilesFetcher(URLFetcher):
    """Gives WeasyPrint the portal's pictures and static files and data: addresses; no network and no other file.

    `base_url` is the portal's own address, against which addresses in the HTML are resolved.
    """

    def __init__(self, base_url: str):
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self._base = urlsplit(base_url)

    def fetch(self, url, headers=None):
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        if (parts.scheme, parts.netloc) == (self._base.scheme, self._base.netloc):
            path = local_file(unquote(parts.path))
            if path is not None:
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        raise ValueError(f"Not a picture or static file of the portal: {url}")


def local_file(address: str) -> Path | None:
    """Return the file behind an address path such as /media/images/a.jpg or /static/css/print.css, if it may be drawn."""
    if address.startswith(settings.STATIC_URL):
        name = address.removeprefix(settings.STATIC_URL)
        root = Path(settings.STATIC_ROOT).resolve()
        collected = (root / name).resolve()
        if collected.is_file() and collected.is_relative_to(root):
            return collected
        # Not collected, as in development; finders refuse names that leave their folders.
        found = finders.find(name)
        return Path(found) if found else None
    if address.startswith(settings.MEDIA_URL):
        root = Path(settings.MEDIA_ROOT).resolve()
        path = (root / address.removeprefix(settings.MEDIA_URL)).resolve()
        if path.is_file() and any(path.is_relative_to(root / folder) for folder in PICTURE_FOLDERS):
            return path
    return None


def write_pdf(html: str, *, base_url: str) -> bytes:
    """Lay out one HTML document and return the PDF."""
    document = weasyprint.HTML(string=html, base_url=base_url, url_fetcher=OwnFilesFetcher(base_url))
    return document.write_pdf(pdf_tags=False)
