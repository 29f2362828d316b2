"""The list of tenders, one tender, the department's opinion on it, the list as a spreadsheet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from content.importing.spreadsheets import CONTENT_TYPE
from content.tenders.access import ADD, CHANGE, tender_readers_only
from content.tenders.export import export_file
from content.tenders.filters import DEADLINES, SORTS, Filters, chips, choice_groups, narrowed, ordered
from content.tenders.forms import OpinionForm
from content.tenders.merging import timeline
from content.tenders.models import TenderProcess
from content.tenders.opinions import write_opinion

PAGE_SIZE = 20


@tender_readers_only
@require_safe
def tender_list(request):
    """Tenders, narrowed and sorted by the address."""
    filters = Filters.from_query(request.GET)
    page_obj = Paginator(ordered(narrowed(filters), filters), PAGE_SIZE).get_page(request.GET.get("page"))
    query = filters.as_query()
    context = {
        "filters": filters,
        "page_obj": page_obj,
        "querystring": f"{query}&" if query else "",
        "query": query,
        "groups": choice_groups(filters),
        "chips": chips(filters),
        "sorts": [(key, label, filters.as_query(sort=key), key == filters.sort) for key, (label, _) in SORTS.items()],
        "deadlines": DEADLINES.items(),
        "may_import": request.user.has_perm(ADD),
    }
    return render(request, "tenders/tender_list.html", context)


@tender_readers_only
@require_safe
def detail(request, pk: int):
    """One tender with everything known and unknown about it."""
    process = _process_or_404(pk)
    return render(request, "tenders/tender_detail.html", _detail_context(request, process))


@tender_readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request, pk: int):
    """Write the department's opinion; on an error what was typed stays."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    process = _process_or_404(pk)
    if request.method == "POST":
        # A second object: validation writes into the instance, and the act compares with what is stored.
        form = OpinionForm(request.POST, instance=TenderProcess(pk=pk))
        if form.is_valid():
            if write_opinion(process, request.user, form.cleaned_data):
                messages.success(request, "市场部意见已保存。")
            return redirect(process)
    else:
        form = OpinionForm(instance=process)
    context = {"process": process, "form": form}
    return render(request, "tenders/opinion_form.html", context, status=422 if form.errors else 200)


@tender_readers_only
@require_safe
def export(request):
    """The narrowed list as XLSX."""
    filters = Filters.from_query(request.GET)
    content = export_file(ordered(narrowed(filters), filters).defer(None))
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"招标信息-{timezone.localdate():%Y%m%d}.xlsx")
    return response


def _process_or_404(pk: int) -> TenderProcess:
    return get_object_or_404(
        TenderProcess.objects.select_related("division__parent__parent", "opinion_by").prefetch_related(
            "subjects", "qualifications"
        ),
        pk=pk,
    )


def _detail_context(request, process: TenderProcess) -> dict:
    releases = list(process.releases.select_related("batch").defer("payload"))
    return {
        "process": process,
        "steps": list(reversed(timeline(releases))),
        "qualification_groups": _grouped(process.qualifications.all()),
        "may_change": request.user.has_perm(CHANGE),
        "may_edit_in_admin": request.user.has_perm("wagtailadmin.access_admin") and request.user.has_perm(CHANGE),
    }


def _grouped(requirements) -> list[list]:
    """Requirements by group: alternatives together."""
    groups: dict[int, list] = {}
    for requirement in requirements:
        groups.setdefault(requirement.group, []).append(requirement)
    return list(groups.values())
