"""Cases: starting one, filling in the form while it saves itself, following it, findings, printing, the dry run."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.approvals.notices import path_url
from content.approvals.paths import resolve_path
from content.core.access import readers_only
from content.printing import engine
from content.procedures import case_printing, cases, form_values
from content.procedures.case_signing import file_counts, shortcomings_for
from content.procedures.case_view import cases_of, detail_context, form_fields, may_see, open_findings, with_runs
from content.procedures.chart_svg import charts_of
from content.procedures.dry_run import DryCase, people_to_try
from content.procedures.listing import rows_for
from content.procedures.models import Case, CaseFile, Finding
from content.procedures.snapshots import ProcedureText, snapshot_of
from content.procedures.views import page_for
from content.users.models import User

PAGE_SIZE = 20


def case_for(request: HttpRequest, pk: int) -> Case:
    """The case, for those who may see it (403 for the rest)."""
    case = get_object_or_404(Case.objects.select_related("version__page__owner_post", "drafter"), pk=pk)
    if not may_see(request.user, case):
        raise PermissionDenied
    return case


def own_case(request: HttpRequest, pk: int) -> Case:
    """The case, for its drafter."""
    case = get_object_or_404(Case.objects.select_related("version__page__owner_post", "drafter"), pk=pk)
    if case.drafter_id != request.user.pk:
        raise PermissionDenied
    return case


@require_safe
@readers_only("staff")
def case_list(request: HttpRequest) -> HttpResponse:
    """What I started, and what I may start."""
    page_obj = Paginator(cases_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    startable = [row for row in rows_for(request.user) if not _why_not(request, row)]
    context = {
        "page_obj": page_obj,
        "cases": with_runs(list(page_obj)),
        "startable": startable,
        "findings": open_findings().count(),
    }
    return render(request, "procedures/cases/list.html", context)


def _why_not(request: HttpRequest, row) -> str:
    return cases.why_not_startable(request.user, row.page, row.version)


@require_POST
@readers_only("staff")
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a case by the version of today and go to its form."""
    page = page_for(request, code)
    try:
        case = cases.start_case(page, request.user)
    except cases.CaseError as error:
        messages.error(request, str(error))
        return redirect(page.url) if page.live else redirect("cases:list")
    return redirect("cases:edit", pk=case.pk)


@require_safe
@readers_only("staff")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the case stands, on the chart and in words; what was filled in."""
    case = case_for(request, pk)
    context = detail_context(case, request.user)
    context["charts"] = charts_of(context["text"], context["step_states"], base=case.version.get_absolute_url())
    return render(request, "procedures/cases/detail.html", {**context, "path_url": path_url(case)})


@require_http_methods(["GET", "HEAD", "POST"])
@readers_only("staff")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. «保存» keeps what is there; «下一步» checks it and leads to the path."""
    case = own_case(request, pk)
    reason = cases.why_not_editable(request.user, case, cases.newest_run(case))
    if reason:
        messages.info(request, reason)
        return redirect(case)
    errors: list[str] = []
    missing: list[str] = []
    if request.method == "POST":
        case, errors = _save(request, case)
        if not errors and "next" in request.POST:
            missing = shortcomings_for(case)
            if not missing:
                cases.note_findings(case)
                return redirect(path_url(case))
        elif not errors:
            messages.success(request, "已保存。")
            return redirect("cases:edit", pk=pk)
    status = 422 if errors or missing else 200
    return render(request, "procedures/cases/edit.html", _form_context(case, errors, missing), status=status)


def _form_context(case: Case, errors: list[str], missing: list[str]) -> dict:
    fields = case.version.content["fields"]
    problems = form_values.problems(fields, case.values, file_counts(case)) if missing else {}
    return {
        "case": case,
        "text": ProcedureText(case.version.content),
        "fields": form_fields(fields, case.values, list(case.files.all()), problems),
        "states": form_values.CHECK_STATES,
        "errors": errors,
        "missing": missing,
        "title_problem": bool(missing) and not case.title.strip(),
    }


def _save(request: HttpRequest, case: Case) -> tuple[Case, list[str]]:
    """Keep what was typed and sent; the sentences are about files that could not be kept."""
    errors = []
    try:
        case = cases.save_values(case, request.user, request.POST)
    except cases.StaleForm as error:
        # Shown again as typed, on top of what is stored now.
        fields = case.version.content["fields"]
        case.refresh_from_db()
        case.title, case.values = request.POST.get("title", ""), form_values.read(fields, request.POST)
        return case, [str(error)]
    except cases.CaseError as error:
        return case, [str(error)]
    for name in request.FILES:
        parts = name.removeprefix("file-").split("-")
        item = int(parts[1]) if len(parts) == 2 and parts[1].isdigit() else None
        for upload in request.FILES.getlist(name):
            try:
                cases.attach(case, request.user, parts[0], upload, item)
            except cases.CaseError as error:
                errors.append(str(error))
    return case, errors


@require_POST
@readers_only("staff")
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Called while typing: keeps what is there, and shows or hides the fields whose condition has changed."""
    case = own_case(request, pk)
    fields = case.version.content["fields"]
    before = form_values.applicable(fields, case.values)
    try:
        case = cases.save_values(case, request.user, request.POST, by_itself=True)
    except cases.CaseError as error:
        return render(request, "procedures/cases/_saved.html", {"error": str(error)})
    after = form_values.applicable(fields, case.values)
    changed = [
        one
        for one in form_fields(fields, case.values, list(case.files.all()))
        if (one.field["key"] in before) != (one.field["key"] in after)
    ]
    context = {"case": case, "changed": changed, "now": timezone.localtime(), "states": form_values.CHECK_STATES}
    return render(request, "procedures/cases/_saved.html", context)


@require_POST
@readers_only("staff")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a draft."""
    case = own_case(request, pk)
    try:
        cases.discard(case, request.user)
    except cases.CaseError as error:
        messages.error(request, str(error))
        return redirect("cases:detail", pk=pk)
    messages.success(request, f"草稿 {case.number} 已删除。")
    return redirect("cases:list")


@require_safe
@readers_only("staff")
def file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse | FileResponse:
    """A file of a case, for those who may see the case."""
    case = case_for(request, pk)
    row = get_object_or_404(CaseFile, pk=file_pk, case=case)
    shown = row.name.rsplit(".", 1)[-1].lower() in cases.PHOTO_KINDS | {"pdf"}
    response = FileResponse(row.file.open("rb"))
    response["Content-Disposition"] = content_disposition_header(not shown, row.name) or ""
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@readers_only("staff")
def remove_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    case = own_case(request, pk)
    try:
        cases.detach(case, request.user, file_pk)
    except cases.CaseError as error:
        messages.error(request, str(error))
        return redirect(case)
    messages.success(request, "附件已移除。")
    return redirect("cases:edit", pk=pk)


@require_safe
@readers_only("staff")
def findings(request: HttpRequest) -> HttpResponse:
    """What inspections found and is not mended yet: it stays here until somebody closes it."""
    page_obj = Paginator(open_findings(), PAGE_SIZE).get_page(request.GET.get("page"))
    closed = Finding.objects.exclude(closed_at=None).select_related("case", "closed_by").order_by("-closed_at")[:20]
    return render(request, "procedures/cases/findings.html", {"page_obj": page_obj, "closed": list(closed)})


@require_POST
@readers_only("staff")
def close_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one finding with what was done; anyone on the staff may report that it is mended, by name."""
    finding = get_object_or_404(Finding.objects.select_related("case__version__page"), pk=pk)
    try:
        cases.close_finding(finding, request.user, request.POST.get("remedy", ""))
    except cases.CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已关闭，谢谢。")
    return redirect("cases:findings")


@require_safe
@readers_only("staff")
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The case on paper with all signatures."""
    case = case_for(request, pk)
    try:
        content = case_printing.case_pdf(case)
    except engine.PrintingUnavailable as error:
        return render(request, "printing/unavailable.html", {"status": error.status, "page": case}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{case.number}.pdf") or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@readers_only("staff")
def dry_run(request: HttpRequest, code: str) -> HttpResponse:
    """Try the latest draft before it is signed: fill in, choose who starts, see the path. Nothing is kept."""
    page = page_for(request, code)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    content = snapshot_of(draft)
    text = ProcedureText(content)
    values = form_values.read(content["fields"], request.POST) if request.method == "POST" else {}
    drafter = User.objects.filter(pk=request.POST.get("drafter") or request.user.pk, is_active=True).first()
    case = DryCase(text, values)
    path, states = None, {}
    if request.method == "POST" and drafter is not None:
        path = resolve_path(case.sign_off_definition(), case, drafter=drafter)
        states = case.states(path)
    context = {
        "page": page,
        "text": text,
        "fields": form_fields(content["fields"], values, [], {}),
        "states": form_values.CHECK_STATES,
        "people": people_to_try(),
        "drafter": drafter,
        "path": path,
        "problems": form_values.problems(content["fields"], values, {}) if path else {},
        "shortcomings": draft.further_shortcomings(),
        "charts": charts_of(text, states) if text.steps else None,
    }
    return render(request, "procedures/cases/dry_run.html", context)
