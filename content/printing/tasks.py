"""Work of the background worker: make the PDF of a page when it is published."""

import logging

from django_tasks import task
from wagtail.models import Page

from content.printing import engine, pages

logger = logging.getLogger(__name__)


@task()
def make_pdf(page_id: int) -> str:
    """Make and keep the PDF of a live page; return its key, or "" where there is nothing to make. Idempotent."""
    page = Page.objects.live().filter(pk=page_id).first()
    if page is None or not pages.is_printable(page.specific):
        return ""
    try:
        key, _content = pages.pdf_of(page.specific)
    except engine.PrintingUnavailable as error:
        logger.warning("%s %s", error.status.reason, error.status.remedy)
        return ""
    return key
