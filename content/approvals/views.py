"""Pages for signers and drafters. No admin right is needed to sign."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.approvals import acting, editions, queries, returning, signing, subjects, talking
from content.approvals.errors import AlreadyDecided, SignOffError
from content.approvals.forms import DecisionForm, ToDoForm
from content.approvals.models import (
    OPEN_STATES,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Attachment,
    Run,
    RunState,
)
from content.approvals.print_trail import print_context
from content.approvals.rendering import render_content
from content.approvals.staffing import Staffing
from content.approvals.taking_part import takes_part
from content.approvals.todo import Filters, ToDo
from content.printing import engine

PER_PAGE = 20


def _refuse_access(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "approvals/no_access.html", {"sentence": sentence}, status=403)


def inbox_context(user, filters: Filters | None = None, page: str | int = 1) -> dict:
    """Everything the inbox shows of this user; a fixed number of queries, however much waits or is past."""
    staffing = Staffing()
    todo = ToDo(user, staffing)
    page_obj = Paginator(todo.rows(filters), PER_PAGE).get_page(page)
    waiting = queries.waiting_of(page_obj.object_list, staffing)
    return {
        "page_obj": page_obj,
        "waiting": waiting,
        "any_batch": any(item.may_batch for item in waiting),
        "total": page_obj.paginator.count,
        "choices": queries.choices_of(todo),
        "under_way": [
            {"run": run, "now": queries.now_with(run, staffing)}
            for run in queries.with_stages(queries.under_way_of(user))
        ],
        "decided": list(queries.decided_by(user)),
        "finished": list(queries.finished_of(user)),
        "copies": list(queries.copies_for(user)),
        "lacking": queries.lacking_people(staffing) if subjects.manages_routes(user) else [],
    }


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for me, what of mine is under way, what was decided lately."""
    form = ToDoForm(request.GET)
    filters = form.filters()
    context = inbox_context(request.user, filters, request.GET.get("page", 1))
    if not filters.given:
        queries.remember_count(request.user, context["total"])
    given = {key: value for key, value in request.GET.items() if key != "page" and value}
    context |= {
        "form": form,
        "filters": filters,
        "querystring": f"{urlencode(given)}&" if given else "",
        "manages": subjects.manages_routes(request.user),
    }
    return render(request, "approvals/inbox.html", context)


@require_POST
@login_required
def batch(request: HttpRequest) -> HttpResponse:
    """Sign several at once, each for itself: one that cannot be signed does not keep the others back."""
    chosen = [value for value in request.POST.getlist("chosen") if value.count(":") == 1][:PER_PAGE]
    if not chosen:
        messages.error(request, "请先勾选要签准的内容。")
    acting.sign_together(request, chosen)
    return redirect("approvals:inbox")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the content, see who signed; sign, send back, hand on."""
    rows = Assignment.objects.select_related(
        "run__drafter", "named_post__unit", "decision__user", "given_by", "taken_by", "origin__named_post__unit"
    )
    assignment = get_object_or_404(rows, pk=pk)
    run = _with_stages(assignment.run_id)
    staffing = Staffing()
    if not takes_part(request.user, run, staffing, run.assignments.all()):
        return _refuse_access(request, "这份内容不由您签批，您不能查看；如有疑问，请联系起草人。")
    form, error = DecisionForm(), ""
    if request.method == "POST":
        form, error = _handle(request, assignment)
        if not error:
            return redirect("approvals:sign", pk=pk)
        assignment, run = rows.get(pk=pk), _with_stages(assignment.run_id)
    talking.mark_read(run, request.user)
    return render(request, "approvals/sign.html", {
        **_sign_context(request, assignment, run, staffing), "form": form, "error": error,
    }, status=422 if error else 200)  # fmt: skip


def _with_stages(pk: int) -> Run:
    return queries.with_stages(Run.objects.filter(pk=pk).select_related("drafter", "route")).get()


def _handle(request: HttpRequest, assignment: Assignment) -> tuple[DecisionForm, str]:
    """Do what was sent; (form, sentence to show if it was not done)."""
    if "act" in request.POST:
        return DecisionForm(), acting.act_on_assignment(request, assignment)
    form = DecisionForm(request.POST)
    if form.is_valid():
        return form, acting.decide(request, assignment, form.cleaned_data)
    return form, " ".join(str(message) for errors in form.errors.values() for message in errors)


def _sign_context(request: HttpRequest, assignment: Assignment, run: Run, staffing: Staffing) -> dict:
    seat = staffing.seat_of(assignment, run.authors)
    holder = seat.holder(request.user)
    content = subjects.content_of_run(run)
    open_now = run.is_running and assignment.state == AssignmentState.PENDING
    can_act = open_now and content is not None and holder is not None
    todo = ToDo(request.user, staffing)
    following = next(iter(todo.rows().exclude(pk=assignment.pk)[:1]), None)
    return {
        "assignment": assignment,
        "run": run,
        "node": run.definition["nodes"][assignment.node_index],
        "seat": seat,
        "holder": holder,
        "acting_post": seat.post_for(request.user),
        "can_act": can_act,
        "content": render_content(content, request) if content is not None else "",
        "stages": queries.stages(run, staffing),
        "decision": getattr(assignment, "decision", None),
        "next": following,
        "refusals": returning.choices(run, assignment) if can_act else [],
        "posts": posts_to_choose(staffing) if can_act else [],
        "added": [row for row in run.assignments.all() if row.origin_id == assignment.pk and row.state in OPEN_STATES],
        "advice": assignment.kind == AssignmentKind.DELEGATED,
        "comment": request.POST.get("comment", ""),
        "changed": editions.change_since(run, subjects.find(run.content_type_id, run.object_id)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def path(request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
    """Before submitting: who will sign and why. Afterwards: where it stands, and withdrawing."""
    subject = subjects.find(content_type_id, object_id)
    if subject is None:
        raise Http404("没有这份内容，可能已被删除。")
    run = queries.with_stages(
        Run.objects.filter(**subjects.key_of(subject)).select_related("drafter", "route").order_by("-started_at", "-pk")
    ).first()
    may_submit = subjects.may_submit(request.user, subject)
    staffing = Staffing()
    if not may_submit and not (run and takes_part(request.user, run, staffing, run.assignments.all())):
        return _refuse_access(request, "您没有编辑这份内容的权限，不能查看它的签批路线；需要时请联系起草人。")
    error = ""
    if request.method == "POST":
        error = _submit_or_withdraw(request, subject, run)
        if not error:
            return redirect("approvals:path", content_type_id=content_type_id, object_id=object_id)
    context = {
        "subject": subject,
        "content": subjects.as_signed(subject),
        "edit_url": subjects.edit_url(subject) if may_submit else "",
        "public_url": subjects.public_url(subject),
        "run": run,
        "stages": queries.stages(run, staffing) if run else [],
        "followed": run.followed if run else "",
        "changed": editions.change_since(run, subject) if run and run.is_running else "",
        "may_withdraw": bool(run and run.is_running)
        and (run.drafter_id == request.user.pk or subjects.manages_routes(request.user)),
        "error": error,
        **_preview(request, subject, run, may_submit),
    }
    return render(request, "approvals/path.html", context, status=422 if error else 200)


def _preview(request: HttpRequest, subject, run: Run | None, may_submit: bool) -> dict:
    """The path to be taken, if there is anything to submit."""
    if not may_submit or (run and run.is_running):
        return {}
    content = subjects.as_signed(subject)
    if run and run.state == RunState.APPROVED and subjects.current_digest(subject) == run.digest:
        return {"unchanged": True}
    try:
        preview = signing.preview(subject, request.user)
    except SignOffError as error:
        return {"no_route": str(error)}
    return {
        "preview": preview,
        "asked": signing.definition_for(subject),
        "route": subjects.route_of(subject),
        "shortcomings": subjects.shortcomings(content),
    }


def _submit_or_withdraw(request: HttpRequest, subject, run: Run | None) -> str:
    try:
        if request.POST.get("act") == "withdraw":
            if run is None:
                raise SignOffError("还没有提交过签批，不必撤回。")
            signing.withdraw(run, request.user)
            messages.success(request, "已撤回，收到签批请求的人都已得到通知；现在可以继续修改。")
        else:
            signing.submit(subject, request.user)
            messages.success(request, "已提交签批，第一个环节的签批人已得到通知。")
    except AlreadyDecided as error:
        messages.info(request, str(error))
    except SignOffError as error:
        return str(error)
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def trail(request: HttpRequest, pk: int) -> HttpResponse:
    """The content and everything that was done with it, for all concerned; leaving a word, reminding, copying."""
    run = get_object_or_404(queries.with_stages(Run.objects.select_related("drafter", "route")), pk=pk)
    staffing = Staffing()
    if not takes_part(request.user, run, staffing, run.assignments.all()):
        return _refuse_access(request, "这次签批与您无关，您不能查看；如有疑问，请联系起草人。")
    error = ""
    if request.method == "POST":
        error = acting.act_on_run(request, run)
        if not error:
            return redirect("approvals:run", pk=pk)
    talking.mark_read(run, request.user)
    context = {"error": error, "comment": request.POST.get("text", ""), **_run_context(request, run, staffing)}
    return render(request, "approvals/run.html", context, status=422 if error else 200)


def _run_context(request: HttpRequest, run: Run, staffing: Staffing) -> dict:
    """What the trail shows of a run, besides its content."""
    content = subjects.content_of_run(run)
    managing = subjects.manages_routes(request.user)
    return {
        "run": run,
        "content": render_content(content, request) if content is not None else "",
        "stages": queries.stages(run, staffing),
        "entries": queries.log_of(run),
        "copies": list(run.copies.select_related("recipient", "post__unit", "sender")),
        "changed": editions.change_since(run, subjects.find(run.content_type_id, run.object_id)),
        "may_urge": run.is_running and (run.drafter_id == request.user.pk or managing),
        "posts": posts_to_choose(staffing),
    }


def posts_to_choose(staffing: Staffing) -> list[tuple[int, str]]:
    """(id, «市场部 部门经理（李经理）») of every staffed post, for handing on and copying."""
    return [
        (post.pk, f"{post}（{'、'.join(str(holder.user) for holder in staffing.holders(post.pk))}）")
        for post in staffing.posts.values()
        if staffing.holders(post.pk)
    ]


@require_safe
@login_required
def attachment(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """A file given with an act, to all who take part in the run; always as a download."""
    row = get_object_or_404(Attachment.objects.select_related("entry__run"), pk=pk)
    if not takes_part(request.user, row.entry.run):
        return _refuse_access(request, "这个附件属于与您无关的签批，您不能查看。")
    try:
        file = row.file.open("rb")
    except OSError as error:
        raise Http404("附件不在了，请联系系统管理员。") from error
    response = FileResponse(file, as_attachment=True, filename=row.name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@login_required
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign-off sheet as PDF: who signed what when, in what capacity, with the digest of the content."""
    run = get_object_or_404(queries.with_stages(Run.objects.select_related("drafter", "route")), pk=pk)
    staffing = Staffing()
    if not takes_part(request.user, run, staffing, run.assignments.all()):
        return _refuse_access(request, "这次签批与您无关，您不能查看；如有疑问，请联系起草人。")
    context = {**print_context(run, staffing), "site_name": settings.WAGTAIL_SITE_NAME, "printing": True}
    try:
        content = engine.render_pdf("approvals/sheet.html", context, base_url=request.build_absolute_uri("/"))
    except engine.PrintingUnavailable as error:
        return render(request, "printing/unavailable.html", {"status": error.status, "page": run}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = "".join(" " if char in '\\/:*?"<>|' else char for char in run.title)[:60].strip()
    response["Content-Disposition"] = content_disposition_header(False, f"签批单 {name}.pdf") or ""
    response["Cache-Control"] = "private, no-cache"
    return response
