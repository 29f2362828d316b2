"""«我的订阅»: saved searches listed, saved, changed, paused, deleted, and stopped by the link in a mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from content.alerts import conditions, listing, saving, stopping
from content.alerts.backtest import back_test
from content.alerts.followers import searches_of
from content.alerts.forms import SavedSearchForm
from content.alerts.models import Alert, MailRhythm, MailStop, SavedSearch
from content.core.access import refusal
from search.readers import reader_for

PAGE_SIZE = 20


@require_safe
@login_required
def saved_list(request: HttpRequest) -> HttpResponse:
    """The searches this person follows, each with its newest hits."""
    page_obj = Paginator(searches_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page_obj,
        "lines": listing.lines(page_obj, request.user),
        "mail_stopped": MailStop.objects.filter(user=request.user).exists(),
        "refused": listing.refused_mail(request.user),
    }
    return render(request, "alerts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def create(request: HttpRequest) -> HttpResponse:
    """Save the search of the results page this came from; its address follows the «?»."""
    asked = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    query = conditions.canonical(asked)
    words = conditions.described(query)
    tested = back_test(query, reader_for(request.user))
    if request.method == "POST":
        form = SavedSearchForm(request.POST, owner=request.user)
        if form.is_valid():
            search = saving.save_search(form.save(commit=False), request.user, query)
            messages.success(request, f"已保存「{search.name}」，有新内容会告诉您。")
            return redirect(search)
    else:
        initial: dict[str, object] = {"name": words.suggested_name}
        if tested is not None and tested.is_too_wide:
            initial |= {"inbox": False, "mail": MailRhythm.DAILY}
        form = SavedSearchForm(initial=initial, owner=request.user)
    context = {
        "form": form,
        "conditions": words,
        "query": query,
        "tested": tested,
        "notes": conditions.notes(asked),
    }
    return render(request, "alerts/form.html", context, status=422 if form.errors else 200)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One search: its conditions, what it finds, what it has told this person of."""
    search = _search(pk)
    refused = refusal(request, search.audience_tokens())
    if refused:
        return refused
    alerts = Alert.objects.filter(user=request.user, search=search)
    page_obj = Paginator(alerts, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "line": listing.lines([search], request.user)[0],
        "page_obj": page_obj,
        "told": listing.told_of(page_obj, request.user, search.asked.text),
        "tested": back_test(search.query, reader_for(request.user)),
    }
    return render(request, "alerts/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name, sharing and reminders; on an error what was typed stays."""
    search = _search(pk)
    refused = refusal(request, frozenset({f"user:{search.owner_id}"}))
    if refused:
        return refused
    if request.method == "POST":
        form = SavedSearchForm(request.POST, instance=_search(pk), owner=search.owner)
        if form.is_valid():
            saving.save_search(form.save(commit=False), search.owner)
            messages.success(request, "已保存修改。")
            return redirect(search)
    else:
        form = SavedSearchForm(instance=search, owner=search.owner)
    context = {
        "form": form,
        "search": search,
        "conditions": conditions.described(search.query),
        "query": search.query,
        "tested": back_test(search.query, reader_for(request.user)),
    }
    return render(request, "alerts/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause for all who follow it, or go on (`go_on` in the form); who comes back here from the login sees the search."""
    search = _search(pk)
    refused = refusal(request, frozenset({f"user:{search.owner_id}"}))
    if refused:
        return refused
    if request.method == "POST":
        if "go_on" in request.POST:
            saving.go_on(search)
            messages.success(request, f"「{search.name}」恢复提醒，从现在起的新内容会告诉您。")
        else:
            saving.pause(search)
            messages.success(request, f"「{search.name}」已暂停。")
    return redirect(search)


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the reminders for oneself alone, or take them up again (`go_on` in the form)."""
    search = _search(pk)
    refused = refusal(request, search.audience_tokens())
    if refused:
        return refused
    if request.method == "POST":
        if "go_on" in request.POST:
            stopping.resume(request.user, search)
            messages.success(request, f"「{search.name}」从现在起的新内容会告诉您。")
        else:
            stopping.stop(request.user, search)
            messages.success(request, f"不再为「{search.name}」提醒您。")
    return redirect(search)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete."""
    search = _search(pk)
    refused = refusal(request, frozenset({f"user:{search.owner_id}"}))
    if refused:
        return refused
    if request.method == "POST":
        saving.delete(search)
        messages.success(request, f"已删除「{search.name}」。")
        return redirect("alerts:list")
    return render(request, "alerts/delete.html", {"search": search})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def resume_mail(request: HttpRequest) -> HttpResponse:
    """Send mail again, or none at all (`stop` in the form)."""
    if request.method == "POST":
        if "stop" in request.POST:
            stopping.stop(request.user, None)
            messages.success(request, "不再给您发检索邮件；消息照旧。")
        else:
            stopping.resume(request.user, None)
            messages.success(request, "检索邮件已恢复。")
    return redirect("alerts:list")


# The signed token is the right to act, and mail programs post here of themselves («one click»), without our cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail: a GET only asks, so that nothing is stopped by a program that looks at links in advance."""
    try:
        found = stopping.read_token(token)
    except (signing.BadSignature, TypeError, ValueError):
        return _stop_page(request, {"wrong": True}, status=404)
    if found.gone or found.user is None:
        return _stop_page(request, {"gone": True})
    if request.method == "POST":
        (stopping.resume if "undo" in request.POST else stopping.stop)(found.user, found.search)
    return _stop_page(request, {"search": found.search, "stopped": found.stopped, "posted": request.method == "POST"})


def _stop_page(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    response = render(request, "alerts/stop.html", context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    response["Referrer-Policy"] = "no-referrer"  # the address is a key
    return response


def _search(pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.select_related("owner", "post__unit"), pk=pk)
