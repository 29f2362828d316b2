"""Pages for signers and drafters. No admin right is needed to sign."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from content.approvals import queries, signing, subjects
from content.approvals.errors import AlreadyDecided, SignOffError
from content.approvals.forms import DecisionForm
from content.approvals.models import Assignment, AssignmentState, Run, RunState, Verdict
from content.approvals.rendering import render_content
from content.approvals.staffing import Staffing


def _refuse_access(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "approvals/no_access.html", {"sentence": sentence}, status=403)


def inbox_context(user) -> dict:
    """Everything the inbox shows of this user; a fixed number of queries."""
    staffing = Staffing()
    return {
        "waiting": queries.pending_for(user, staffing),
        "under_way": [
            {"run": run, "now": queries.now_with(run, staffing)}
            for run in queries.with_stages(queries.under_way_of(user))
        ],
        "decided": list(queries.decided_by(user)),
        "finished": list(queries.finished_of(user)),
        "lacking": queries.lacking_people(staffing) if subjects.manages_routes(user) else [],
    }


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for me, what of mine is under way, what was decided lately."""
    return render(request, "approvals/inbox.html", inbox_context(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the content, see who signed, sign or send back."""
    assignment = get_object_or_404(
        Assignment.objects.select_related("run__drafter", "named_post__unit", "decision__user"), pk=pk
    )
    run = queries.with_stages(Run.objects.filter(pk=assignment.run_id).select_related("drafter")).get()
    staffing = Staffing()
    if not _takes_part(request.user, run, staffing):
        return _refuse_access(request, "这份内容不由您签批，您不能查看；如有疑问，请联系起草人。")
    seat = staffing.seat(assignment.named_post, run.authors)
    form, error = DecisionForm(), ""
    if request.method == "POST":
        form = DecisionForm(request.POST)
        if form.is_valid():
            error = _act(request, assignment, form.cleaned_data)
            if not error:
                return redirect("approvals:sign", pk=pk)
        else:
            error = " ".join(str(message) for errors in form.errors.values() for message in errors)
        assignment.refresh_from_db()
        run = queries.with_stages(Run.objects.filter(pk=run.pk).select_related("drafter")).get()
    content = subjects.content_of_run(run)
    holder = seat.holder(request.user)
    open_now = run.is_running and assignment.state == AssignmentState.PENDING
    context = {
        "assignment": assignment,
        "run": run,
        "seat": seat,
        "holder": holder,
        "can_act": open_now and content is not None and holder is not None,
        "content": render_content(content, request) if content is not None else "",
        "stages": queries.stages(run, staffing),
        "decision": getattr(assignment, "decision", None),
        "next": next((w for w in queries.pending_for(request.user, staffing) if w.assignment.pk != pk), None),
        "form": form,
        "comment": request.POST.get("comment", ""),
        "error": error,
    }
    return render(request, "approvals/sign.html", context, status=422 if error else 200)


def _act(request: HttpRequest, assignment: Assignment, data: dict) -> str:
    """Do what the form says; return the sentence to show if it was not done, else an empty text."""
    act = signing.sign if data["verdict"] == Verdict.SIGN else signing.refuse
    try:
        act(assignment, request.user, digest=data["digest"], comment=data["comment"])
    except AlreadyDecided as error:
        messages.info(request, str(error))
    except SignOffError as error:
        return str(error)
    else:
        done = "已签准。" if data["verdict"] == Verdict.SIGN else "已退回起草人，您的理由已一并送达。"
        messages.success(request, done)
    return ""


def _takes_part(user, run: Run, staffing: Staffing) -> bool:
    """The drafter, everyone who is or was asked, and site managers."""
    if user.pk == run.drafter_id or subjects.manages_routes(user):
        return True
    for assignment in run.assignments.all():
        decision = getattr(assignment, "decision", None)
        if decision is not None and decision.user_id == user.pk:
            return True
        if staffing.seat(assignment.named_post, run.authors).holder(user):
            return True
    return False


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
    if not may_submit and not (run and _takes_part(request.user, run, staffing)):
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
