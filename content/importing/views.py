"""Bring a file in, follow its import, read what became of each row."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from content.importing.forms import MAX_BYTES, UploadForm
from content.importing.models import ImportBatch
from content.importing.reading import MAX_ROWS
from content.importing.registry import Importer, importer_for, importers_for
from content.importing.report_files import rejected_file, template_file
from content.importing.spreadsheets import CONTENT_TYPE
from content.importing.starting import is_stalled, resume_import, start_import

PAGE_SIZE = 20
ROWS_SHOWN = 50


@login_required
@require_safe
def batch_list(request):
    """Imports of the kinds this user may import; `?whose=mine` for the user's own."""
    importers = importers_for(request.user)
    if not importers:
        raise PermissionDenied
    labels = {importer.code: importer.label for importer in importers}
    batches = ImportBatch.objects.filter(kind__in=labels).select_related("uploaded_by")
    mine = request.GET.get("whose") == "mine"
    if mine:
        batches = batches.filter(uploaded_by=request.user)
    page_obj = Paginator(batches, PAGE_SIZE).get_page(request.GET.get("page"))
    for batch in page_obj:
        batch.kind_label = labels[batch.kind]
    context = {
        "importers": importers,
        "page_obj": page_obj,
        "mine": mine,
        "querystring": "whose=mine&" if mine else "",
    }
    return render(request, "importing/batch_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, kind: str):
    """Choose a file of one kind; the report follows."""
    importer = _importer_or_error(request.user, kind)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, importer=importer)
    if form.is_valid():
        batch = start_import(kind, form.cleaned_data["file"], request.user)
        return redirect("importing:report", pk=batch.pk)
    context = {
        "importer": importer,
        "form": form,
        "max_mb": MAX_BYTES // 1024 // 1024,
        "max_rows": MAX_ROWS,
    }
    return render(request, "importing/upload.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def template(request, kind: str):
    """The template of a kind of import, as XLSX."""
    importer = _importer_or_error(request.user, kind)
    return _download(template_file(importer), f"{importer.label}导入模板.xlsx", CONTENT_TYPE)


@login_required
@require_safe
def report(request, pk: int):
    """How an import stands or what it did; refreshes itself while it runs."""
    batch, importer = _batch_or_error(request.user, pk)
    page_obj = Paginator(batch.rejected_rows.all(), ROWS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "importer": importer,
        "page_obj": page_obj,
        "stalled": is_stalled(batch),
        "list_url": reverse(importer.list_url_name) if importer.list_url_name else "",
    }
    return render(request, "importing/report.html", context)


@login_required
@require_safe
def rejected(request, pk: int):
    """The rejected rows as a file to mend and import again."""
    batch, _importer = _batch_or_error(request.user, pk)
    if batch.is_running or not batch.rejected_count:
        raise Http404
    content, extension = rejected_file(batch)
    stem = batch.file_name.rsplit(".", 1)[0]
    kind = CONTENT_TYPE if extension == "xlsx" else "application/json"
    return _download(content, f"{stem}-退回.{extension}", kind)


@login_required
def resume(request, pk: int):
    """Go on with an import whose worker died; who comes back here from the login page sees the report."""
    batch, _importer = _batch_or_error(request.user, pk)
    if request.method == "POST" and is_stalled(batch):
        resume_import(batch)
    return redirect("importing:report", pk=batch.pk)


def _importer_or_error(user, kind: str) -> type[Importer]:
    importer = importer_for(kind)
    if importer is None:
        raise Http404
    if not user.has_perm(importer.permission):
        raise PermissionDenied
    return importer


def _batch_or_error(user, pk: int) -> tuple[ImportBatch, type[Importer]]:
    batch = get_object_or_404(ImportBatch.objects.select_related("uploaded_by"), pk=pk)
    return batch, _importer_or_error(user, batch.kind)


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
