"""Suggestions as one types, and the page where one looks after one's own earlier searches."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from search import remembering
from search.models import RememberedSearch
from search.readers import reader_for
from search.suggestions import Group, shown, suggest

MAX_PREFIX = 100
_OWN = 3  # own searches among other offers
_LATEST = 6  # own searches while nothing is typed


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Offers for what is being typed: an HTML fragment for the search box, or with ?format=json data for others.

    With nothing typed, the reader's own latest searches.
    """
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_PREFIX]
    reader = reader_for(request.user)
    own = remembering.offers(typed, reader.user_id, _OWN if typed else _LATEST)
    groups = [Group("own", "我检索过" if typed else "最近检索", tuple(own))] if own else []
    groups += suggest(typed, reader)
    if request.GET.get("format") == "json":
        response: HttpResponse = JsonResponse({"q": typed, "suggestions": _as_data(groups)})
    else:
        context = {"q": typed, "groups": [shown(group, typed) for group in groups]}
        response = render(request, "search/suggestions.html", context)
    # What one reader may see must not be shown from the browser's cache to the next one at the same desk.
    patch_cache_control(response, private=True, no_store=True)
    return response


def _as_data(groups: list[Group]) -> list[dict[str, str]]:
    return [
        {
            "label": offer.label,
            "url": offer.url,
            "detail": offer.detail,
            "group": group.name,
            "group_label": group.label,
        }
        for group in groups
        for offer in group.offers
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest) -> HttpResponse:
    """My earlier searches: look, forget one or all, switch remembering on and off."""
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "forget" and request.POST.get("search", "").isdecimal():
            remembering.forget(request.user, int(request.POST["search"][:18]))
        elif act == "clear":
            remembering.forget(request.user)
            messages.success(request, "检索记录已清除。")
        elif act in ("on", "off"):
            remembering.switch(request.user, on=act == "on")
            messages.success(request, "以后的检索会记住。" if act == "on" else "不再记住检索，已有的记录也已清除。")
        return redirect("search:history")
    context = {
        "searches": RememberedSearch.objects.filter(user=request.user)[: remembering.KEPT],
        "is_on": remembering.is_on(request.user),
        "kept": remembering.KEPT,
    }
    return render(request, "search/history.html", context)
