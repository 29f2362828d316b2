"""HTML to PDF. The only way to WeasyPrint, which is imported late: its libraries may be missing on a machine."""

import logging
import threading
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string

from content.printing import glyphs, pango

logger = logging.getLogger(__name__)

# Pango and the replaced layout functions are not made for two threads at once.
_one_at_a_time = threading.Lock()


class PrintingUnavailable(Exception):
    """The layout libraries are missing; `status` says which and what to do."""

    def __init__(self, status: "Status"):
        super().__init__(status.reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Status:
    """Whether PDFs can be made; if not, why and what an administrator types. All in Chinese."""

    ok: bool
    reason: str = ""
    remedy: str = ""


@cache
def _weasy():
    """Import WeasyPrint once the libraries are loaded. Raises OSError where it cannot use them."""
    pango.prepare(settings.VAR_DIR)
    from content.printing import weasy  # noqa: PLC0415 (fails on machines without pango, so only when a PDF is wanted)

    if not weasy.JUSTIFIES_CHINESE:
        logger.warning(
            "WeasyPrint %s is not the version whose justification is known; Chinese text is set ragged.", weasy.VERSION
        )
    return weasy


def status() -> Status:
    """Tell whether PDFs can be made on this machine. Cheap: WeasyPrint itself is not imported."""
    missing = [name for name in pango.prepare(settings.VAR_DIR) if name in pango.ESSENTIAL]
    if missing:
        reason = f"这台服务器缺少排版组件（{'、'.join(missing)}），暂时不能生成 PDF。"
        return Status(ok=False, reason=reason, remedy=pango.APT_LINE)
    return Status(ok=True)


def subsetting_is_slow() -> bool:
    """Tell whether harfbuzz-subset is missing: PDFs are the same without it, but cost six times the work."""
    return pango.SUBSETTER in pango.prepare(settings.VAR_DIR)


def render_pdf(template_name: str, context: dict, *, base_url: str, request=None) -> bytes:
    """Render a template and lay it out; see html_to_pdf."""
    return html_to_pdf(render_to_string(template_name, context, request=request), base_url=base_url)


def html_to_pdf(html: str, *, base_url: str) -> bytes:
    """Return the PDF of an HTML document.

    `base_url` is the portal's address (https://host/), against which addresses are resolved; only its pictures and
    static files are loaded. Characters without a glyph are replaced. Raises PrintingUnavailable without pango.
    """
    found = status()
    if not found.ok:
        raise PrintingUnavailable(found)
    try:
        weasy = _weasy()
    except OSError as error:
        # The libraries load, but WeasyPrint wants another version or name of one.
        logger.exception("WeasyPrint cannot be loaded")
        reason = "这台服务器的排版组件版本不合用，暂时不能生成 PDF。"
        raise PrintingUnavailable(Status(ok=False, reason=reason, remedy=pango.APT_LINE)) from error
    with _one_at_a_time:
        return weasy.write_pdf(glyphs.printable(html), base_url=base_url)
