"""The PDF of a page, under the same rights as the page."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from wagtail.models import Page

from content.core.access import refusal
from content.printing import engine, pages


@require_safe
def page_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the PDF of a page; with ``?draft=1`` of its latest draft, for those who edit or sign it.

    ``?download=1`` saves the file instead of opening it. 503 with a page that says what to do if printing is not set up.
    """
    page = get_object_or_404(Page, pk=pk).specific
    if not pages.is_printable(page):
        raise Http404("这类页面没有打印版")
    draft = "draft" in request.GET
    refusal = _refuse(request, page, draft=draft)
    if refusal is not None:
        return refusal
    if draft:
        page = page.get_latest_revision_as_object()
    try:
        key, content = pages.pdf_of(page, draft=draft)
    except engine.PrintingUnavailable as error:
        return render(request, "printing/unavailable.html", {"status": error.status, "page": page}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = file_name(page, draft=draft)
    response["Content-Disposition"] = content_disposition_header("download" in request.GET, name) or ""
    # The browser may keep the file, but asks every time: rights may have been withdrawn, the text changed.
    response["Cache-Control"] = "private, no-cache"
    etag = f'"{key}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def file_name(page: Page, *, draft: bool) -> str:
    """«标题.pdf», without what file systems forbid."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", page.title)
    name = " ".join(name.split()).strip(". ")[:80] or "文件"
    return f"{name}（草稿）.pdf" if draft else f"{name}.pdf"


def _refuse(request: HttpRequest, page: Page, *, draft: bool) -> HttpResponse | None:
    """The answer for a reader without rights; None if the page may be read."""
    if draft:
        return None if pages.may_read_draft(request.user, page) else refusal(request, frozenset())
    if page.live:
        return refusal(request, _audience(page))
    if pages.may_read_draft(request.user, page):
        raise Http404("这个页面还没有发布，请打开草稿的打印版")
    raise Http404("没有这个页面")


def _audience(page: Page) -> frozenset[str]:
    tokens = getattr(page, "audience_tokens", None)
    return tokens() if tokens is not None else frozenset()
