"""The page of the desk where a site manager sees how the search is, and has it checked or rebuilt."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import permission_required

from search import operations, registry
from search.models import MaintenanceRun
from search.status import search_status

PERMISSION = "search.operate_search"
_REFRESH = 2  # seconds between two looks at the progress
_SHOWN = 10
_ENGINES = {"tantivy": "本机内嵌（tantivy）", "elasticsearch": "Elasticsearch"}


@require_safe
@permission_required(PERMISSION)
def status(request: HttpRequest) -> HttpResponse:
    """State of index and outbox, the latest maintenance, two buttons; shows itself anew while one is running."""
    found = search_status()
    response = render(
        request,
        "search/admin/status.html",
        {
            "status": found,
            "engine": _ENGINES.get(found.readers.name, found.readers.name),
            "kinds": [(index.label, index.model._meta.verbose_name) for index in registry.all_indexes()],
            "runs": MaintenanceRun.objects.all()[:_SHOWN],
        },
    )
    if found.active:
        response["Refresh"] = str(_REFRESH)  # works without scripts
    return response


@require_POST
@permission_required(PERMISSION)
def maintain(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin a checking or rebuilding in the worker."""
    label = MaintenanceRun.Kind(kind).label
    try:
        operations.ask(kind, request.user.get_full_name() or str(request.user))
    except operations.AlreadyRunning as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{label}”已经开始，期间检索和编辑照常。")
    return redirect("search_status")
