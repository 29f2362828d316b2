"""Take a whole result along: a short one at once, a long one when the worker has made it."""

import itertools
import tempfile

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

import search
from search.engines.base import EngineUnavailable
from search.export_files import CONTENT_TYPES, ExportFormat, csv_lines
from search.export_jobs import (
    KEPT,
    TooManyExports,
    asked_of,
    delete_export,
    found_hits,
    is_allowed,
    is_stalled,
    resume_export,
    start_export,
    write_export,
)
from search.export_rows import table_for
from search.forms import Parameters
from search.models import SearchExport
from search.panels import chips
from search.readers import Reader, reader_for

AT_ONCE = 2_000  # rows made while the reader waits, about a second; more is the worker's
PAGE_SIZE = 20


def start(request: HttpRequest) -> HttpResponseBase:
    """Export the search the form names; a long one leads to the page that shows its progress."""
    if request.method != "POST":  # from the login page, or by hand: back to the search
        return redirect(f"{reverse('search:results')}{Parameters.read(request.GET).address()}")
    asked = Parameters.read(request.POST)
    results = f"{reverse('search:results')}{asked.address()}"
    if not request.user.is_authenticated:
        return redirect_to_login(results)
    format = request.POST.get("format")
    if format not in ExportFormat.values:
        format = ExportFormat.XLSX
    reader = reader_for(request.user)
    found = search.search(asked.text, reader=reader, page_size=1, **asked.narrowed())
    if not found.total:
        messages.warning(request, found.note or "没有可以导出的内容。")
        return redirect(results)
    site = request.build_absolute_uri("/").rstrip("/")
    if found.total > AT_ONCE:
        try:
            export = start_export(asked, ExportFormat(format), request.user, total=found.total, site=site)
        except TooManyExports as error:
            messages.error(request, str(error))
            return redirect("search:exports")
        return redirect(export)
    try:
        return _at_once(asked, ExportFormat(format), reader, site)
    except EngineUnavailable:
        messages.error(request, "检索正在修复，没有导出。请过一会儿再试。")
        return redirect(results)


def _at_once(asked: Parameters, format: ExportFormat, reader: Reader, site: str) -> HttpResponseBase:
    hits = found_hits(asked, reader)
    first = list(itertools.islice(hits, 1))  # a dead index shows here, before anything is sent
    hits = itertools.chain(first, hits)
    if format == ExportFormat.CSV:
        table = table_for(asked.kinds, site)
        response: HttpResponseBase = StreamingHttpResponse(
            csv_lines(table, table.rows(hits)), content_type=CONTENT_TYPES[format]
        )
    else:
        out = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        write_export(asked, format, hits, out, site=site)
        out.seek(0)
        response = FileResponse(out, content_type=CONTENT_TYPES[format])
    return _as_download(response, asked.text, format)


@login_required
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """My exports, newest first."""
    page_obj = Paginator(SearchExport.objects.filter(owner=request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"export": export, **_in_words(export)} for export in page_obj]
    return render(request, "search/exports.html", {"page_obj": page_obj, "rows": rows, "days": KEPT.days})


@login_required
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """How an export stands; refreshes itself while it is made."""
    found = _mine_or_404(request, pk)
    context = {
        "export": found,
        **_in_words(found),
        "stalled": is_stalled(found),
        "until": timezone.localtime(found.created_at + KEPT),
        "results_url": f"{reverse('search:results')}{found.address}",
    }
    response = render(request, "search/export.html", context)
    patch_cache_control(response, private=True, no_store=True)
    return response


@login_required
@require_safe
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, for who asked for it and as long as that person may still read all that is in it."""
    found = _mine_or_404(request, pk)
    if not found.file:
        raise Http404
    if not is_allowed(found, reader_for(request.user)):
        messages.error(request, "导出之后您的阅读范围有变化，这个文件不能再下载；请重新导出。")
        return redirect(found)
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        messages.error(request, "文件已不在服务器上，请重新导出。")
        return redirect(found)
    format = ExportFormat(found.format)
    return _as_download(FileResponse(file, content_type=CONTENT_TYPES[format]), _in_words(found)["text"], format)


@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an export or delete its file."""
    if request.method != "POST":
        return redirect("search:exports")
    found = _mine_or_404(request, pk)
    messages.success(request, "已取消导出。" if found.is_unfinished else "已删除导出的文件。")
    delete_export(found)
    return redirect("search:exports")


@login_required
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a stalled export again."""
    if request.method != "POST":
        return redirect("search:exports")
    found = _mine_or_404(request, pk)
    if is_stalled(found):
        resume_export(found)
    return redirect(found)


def _mine_or_404(request: HttpRequest, pk: int) -> SearchExport:
    return get_object_or_404(SearchExport, pk=pk, owner=request.user)


def _in_words(export: SearchExport) -> dict:
    asked = asked_of(export)
    return {"text": asked.text, "conditions": [chip.label for chip in chips(asked)]}


def _as_download(response: HttpResponseBase, text: str, format: ExportFormat) -> HttpResponseBase:
    words = "".join(char for char in text if char.isalnum() or char in " -_")[:30].strip()
    name = "-".join(filter(None, ("检索", words, f"{timezone.localdate():%Y%m%d}")))
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{format}")
    patch_cache_control(response, private=True, no_store=True)
    return response
