"""The desk's pages on the text of files: which could not be read and why, what was read of one, another try."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from wagtail.permissions import policy_registry

from content.media.models import Document, DocumentText, TextState
from content.media.readers import audience_of
from content.media.texts import ask_for_text
from search.readers import reader_for

_PER_PAGE = 30
_PARTS_PER_PAGE = 20


def _policy():
    return policy_registry.get_by_type(Document)


def may_look(user) -> bool:
    """Tell whether somebody looks after files of the library."""
    return _policy().user_has_any_permission(user, ["change", "delete"])


@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Files this editor may change, those that could not be read first; ?state= shows those of one state."""
    if not may_look(request.user):
        raise PermissionDenied
    mine = _policy().instances_user_has_any_permission_for(request.user, ["change", "delete"])
    rows = DocumentText.objects.filter(document__in=mine)
    counts = dict.fromkeys(TextState, 0)
    for state in rows.values_list("state", flat=True):
        counts[TextState(state)] += 1
    asked = request.GET.get("state", "")
    if asked in TextState.values:
        rows = rows.filter(state=asked)
    page = Paginator(rows.select_related("document").order_by("-asked_at", "-pk"), _PER_PAGE)
    return render(
        request,
        "media/admin/texts.html",
        {
            "page_obj": page.get_page(request.GET.get("p")),
            "states": [(state.value, state.label, count) for state, count in counts.items() if count],
            "asked": asked,
            "total": sum(counts.values()),
        },
    )


@require_safe
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """State of one file and what was read of it, as far as this editor may open the file."""
    document = _changeable(request, pk)
    row = DocumentText.objects.filter(document=document).first()
    readable = reader_for(request.user).may_read(audience_of(document))
    parts = row.parts.defer("folded") if row and readable else ()
    page = Paginator(parts, _PARTS_PER_PAGE).get_page(request.GET.get("p"))
    context = {"document": document, "row": row, "page_obj": page, "readable": readable}
    response = render(request, "media/admin/text.html", context)
    if row and row.state == TextState.WAITING:
        response["Refresh"] = "3"  # works without scripts
    return response


@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the text of a file read once more."""
    document = _changeable(request, pk)
    ask_for_text(document, again=True)
    messages.success(request, f"“{document.title}”已排队，几秒后再看结果。")
    return redirect("media_text", document.pk)


def _changeable(request: HttpRequest, pk: int) -> Document:
    document = get_object_or_404(Document.objects.select_related("collection"), pk=pk)
    if not _policy().user_has_permission_for_instance(request.user, "change", document):
        raise PermissionDenied
    return document
