"""Procedures for readers and owners: own steps, versions, comparison, reading, proposals, copies, the check of a print."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.core.access import readers_only
from content.organization.holders import posts_of
from content.printing import engine
from content.procedures import copies, proposals, readings
from content.procedures.differences import differences
from content.procedures.forms import AnswerForm, CopyForm, ProposalForm
from content.procedures.listing import rows_for
from content.procedures.models import (
    ChangeProposal,
    CodeSeries,
    ControlledCopy,
    ProcedurePage,
    ProcedureVersion,
    ProposalState,
    Reading,
)
from content.procedures.models.versions import VersionState
from content.procedures.reading_view import version_context
from content.procedures.rights import owns
from content.procedures.snapshots import ProcedureText
from search.readers import reader_for


def page_for(request: HttpRequest, code: str) -> ProcedurePage:
    """The procedure of this code; 403 for staff the page is not meant for."""
    page = get_object_or_404(ProcedurePage.objects.select_related("owner_post__unit", "owner_unit"), code=code.upper())
    if not reader_for(request.user).may_read(page.audience_tokens()):
        raise PermissionDenied
    return page


def owned_page(request: HttpRequest, code: str) -> ProcedurePage:
    """The same for its owner only."""
    page = page_for(request, code)
    if not owns(request.user, page):
        raise PermissionDenied
    return page


@require_safe
@readers_only("staff")
def mine(request: HttpRequest) -> HttpResponse:
    """«我的步骤»: what I have to read, every step of my posts, what I proposed."""
    posts = {post.pk: post for post in posts_of(request.user)}
    rows = [row for row in rows_for(request.user) if row.my_steps]
    context = {
        "posts": list(posts.values()),
        "readings": list(readings.open_readings_of(request.user)),
        "procedures": [
            {"row": row, "steps": ProcedureText(row.version.content).steps_of(posts), "mine": posts} for row in rows
        ],
        "proposals": list(proposals.proposals_of(request.user)),
    }
    return render(request, "procedures/mine.html", context)


@require_safe
@readers_only("staff")
def register(request: HttpRequest) -> HttpResponse:
    """Every code ever issued, series by series, also those no longer in use."""
    series = CodeSeries.objects.prefetch_related("issued")
    pages = list(ProcedurePage.objects.live())
    codes = {page.code: page for page in pages if _readable(request, page)}
    hidden = {page.code for page in pages} - set(codes)
    rows = [
        (one, [(issued, codes.get(issued.code), _says(issued, hidden)) for issued in one.issued.all()])
        for one in series
    ]
    return render(request, "procedures/register.html", {"series": rows})


def _readable(request: HttpRequest, page: ProcedurePage) -> bool:
    return reader_for(request.user).may_read(frozenset({str(page.audience)}))


def _says(issued, hidden: set[str]) -> str:
    """The title of a line; a number that is not for this reader stays in its place without one."""
    return "" if issued.code in hidden else issued.title


@require_safe
@readers_only("staff")
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version at the address it keeps for good, also when it is over or the procedure is withdrawn."""
    page = page_for(request, code)
    found = get_object_or_404(ProcedureVersion, page=page, number=number)
    context = version_context(page, found, request)
    return render(request, "procedures/version.html", {"page": page, **context})


@require_safe
@readers_only("staff")
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """What changed between two versions; without numbers, between the latest two."""
    page = page_for(request, code)
    versions = list(page.versions.order_by("number"))
    by_number = {str(one.number): one for one in versions}
    new = by_number.get(request.GET.get("to", "")) or (versions[-1] if versions else None)
    old = by_number.get(request.GET.get("from", ""))
    if old is None and new is not None:
        old = next((one for one in reversed(versions) if one.number < new.number), None)
    context = {
        "page": page,
        "versions": versions,
        "old": old,
        "new": new,
        "changes": differences(old.content, new.content) if old and new else None,
        "text": ProcedureText(new.content) if new else None,
    }
    return render(request, "procedures/compare.html", context)


@require_POST
@readers_only("staff")
def confirm_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader ticks what has been read."""
    reading = get_object_or_404(Reading.objects.select_related("version__page"), pk=pk, user=request.user)
    keys = None if request.POST.get("all") else set(request.POST.getlist("step"))
    try:
        reading = readings.confirm(reading, request.user, keys)
    except readings.ReadingError as error:
        messages.error(request, str(error))
    else:
        done = reading.confirmed_at is not None
        messages.success(request, "已确认阅读，谢谢。" if done else "已记下，还有未确认的改动。")
    return redirect(f"{reading.version.get_absolute_url()}#reading")


@require_POST
@readers_only("staff")
def propose(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Anyone who may read it proposes a change; nothing typed is lost when it cannot be taken."""
    page = page_for(request, code)
    found = get_object_or_404(ProcedureVersion.objects.select_related("page__owner_post"), page=page, number=number)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        context = {**version_context(page, found, request), "proposal_form": form}
        return render(request, "procedures/version.html", {"page": page, **context}, status=422)
    proposals.propose(found, request.user, form.cleaned_data["text"], form.cleaned_data["step_key"])
    messages.success(request, "建议已送到负责岗位，答复会发到您的消息里。")
    return redirect(found)


@require_safe
@readers_only("staff")
def proposal_list(request: HttpRequest) -> HttpResponse:
    """What is proposed for the procedures I own."""
    return render(request, "procedures/proposals.html", _proposals_context(request))


def _proposals_context(request: HttpRequest) -> dict:
    rows = list(proposals.proposals_for_owner(request.user)[:100])
    return {
        "open": [row for row in rows if row.state == ProposalState.OPEN],
        "answered": [row for row in rows if row.state != ProposalState.OPEN],
    }


@require_POST
@readers_only("staff")
def answer_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner answers; an incomplete answer comes back with what was typed."""
    proposal = get_object_or_404(ChangeProposal.objects.select_related("page"), pk=pk)
    if not owns(request.user, proposal.page):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    error = ""
    if form.is_valid():
        try:
            proposals.answer(proposal, request.user, **form.cleaned_data)
        except proposals.ProposalError as problem:
            error = str(problem)
        else:
            messages.success(request, "已答复，提出人会收到消息。")
            return redirect("procedures:proposals")
    error = error or " ".join(str(said) for errors in form.errors.values() for said in errors)
    context = {**_proposals_context(request), "error": error, "error_pk": pk, "typed": request.POST}
    return render(request, "procedures/proposals.html", context, status=422)


@require_safe
@readers_only("staff")
def readers(request: HttpRequest, code: str) -> HttpResponse:
    """For the owner: who has read the version in force (or the one asked for), who is missing."""
    page = owned_page(request, code)
    versions = list(page.versions.order_by("-number"))
    asked = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.number) == asked), versions[0] if versions else None)
    rows = readings.readings_for_owner(shown) if shown else []
    counted = [row for row in rows if row.closed_at is None]
    context = {
        "page": page,
        "versions": versions,
        "version": shown,
        "rows": rows,
        "done": sum(row.confirmed_at is not None for row in counted),
        "missing": sum(row.confirmed_at is None for row in counted),
        "overdue": sum(row.is_overdue for row in counted),
    }
    return render(request, "procedures/readers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@readers_only("staff")
def copy_list(request: HttpRequest, code: str) -> HttpResponse:
    """For the owner: numbered copies, handing out another, and those to be called back."""
    page = owned_page(request, code)
    current = page.version_in_force() or page.versions.order_by("-number").first()
    form = CopyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if current is None:
                raise copies.CopyError("还没有签准的版本，不能发受控副本。")
            issued = copies.issue_copy(current, request.user, **form.cleaned_data)
        except copies.CopyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已登记第 {issued.number} 份，请打印后发出。")
            return redirect("procedures:copies", code=code)
    rows = ControlledCopy.objects.filter(version__page=page).select_related("version", "issued_by", "returned_by")
    context = {
        "page": page,
        "version": current,
        "form": form,
        "rows": list(rows.order_by("-version__number", "-number")),
        "recall": list(copies.to_call_back(page)),
    }
    return render(request, "procedures/copies.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
@readers_only("staff")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper came back."""
    copy = get_object_or_404(ControlledCopy.objects.select_related("version__page"), pk=pk)
    if not owns(request.user, copy.version.page):
        raise PermissionDenied
    copies.take_back(copy, request.user)
    messages.success(request, f"{copy}已登记收回。")
    return redirect("procedures:copies", code=copy.version.code.lower())


@require_safe
@readers_only("staff")
def copy_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbered copy as PDF, for the owner."""
    copy = get_object_or_404(ControlledCopy.objects.select_related("version__page"), pk=pk)
    page = copy.version.page
    if not owns(request.user, page):
        raise PermissionDenied
    try:
        content = copies.copy_pdf(copy)
    except engine.PrintingUnavailable as error:
        return render(request, "printing/unavailable.html", {"status": error.status, "page": page}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{copy.version.code} 第 {copy.version.number} 版 受控副本 {copy.number:02d}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the code on paper, for whoever holds it: in force or superseded. Says nothing of the text."""
    copy = ControlledCopy.objects.filter(token=token).select_related("version__page").first()
    found = copy.version if copy else ProcedureVersion.objects.filter(token=token).select_related("page").first()
    if found is None:
        return render(request, "procedures/check.html", {"found": None}, status=404)
    current = found.page.version_in_force()
    context = {
        "found": found,
        "copy": copy,
        "state": found.state,
        "in_force": found.state == VersionState.EFFECTIVE,
        "scheduled": found.state == VersionState.SCHEDULED,
        "current": current,
        "today": timezone.localdate(),
        "read_url": reverse("procedures:version", args=[found.code.lower(), found.number]),
    }
    return render(request, "procedures/check.html", context)
