"""Handover sheets as both sides, the superior and site managers meet them; the check of disabled accounts."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.core.access import readers_only, refusal
from content.handovers import checking, sheets
from content.handovers.forms import SuccessorForm
from content.handovers.leavings import Room, rooms
from content.handovers.models import MANAGERS, Finding, HandoverItem, HandoverSheet
from content.handovers.rights import manages, may_sign_as_leaver, sheets_of, stands_above
from content.organization.models import RoleDescriptionPage
from content.printing.engine import PrintingUnavailable, render_pdf
from content.users.models import User
from search.readers import reader_for

PAGE_SIZE = 20


@dataclass(slots=True)
class Part:
    """The things of one room on a sheet."""

    room: Room
    items: list[HandoverItem] = field(default_factory=list)


def _sheet(pk: int) -> HandoverSheet:
    people = ("leaver", "successor", "post__unit", "holding", "superior__unit", "leaver_signed_by", "opened_by")
    return get_object_or_404(HandoverSheet.objects.select_related(*people), pk=pk)


def _content(sheet: HandoverSheet, user) -> dict:
    """What screen and paper show alike; three queries where the role description may be read, else two."""
    items = list(sheet.items.all())
    parts = [Part(room, [row for row in items if row.room == room.name]) for room in rooms()]
    role = RoleDescriptionPage.objects.live().filter(post=sheet.post_id).first() if sheet.post_id else None
    if role is not None and not reader_for(user).may_read(role.audience_tokens()):
        role = None
    badge, state = sheet.state
    return {
        "sheet": sheet,
        "badge": badge,
        "state": state,
        "parts": [part for part in parts if part.items],
        "role": role,
        "duties": list(role.duty_groups.all()) if role else [],
        "moving": sum(row.moves and row.chosen for row in items),
        "following": sum(not row.moves for row in items),
        "seen": sheets.list_digest(items),
    }


@require_safe
@login_required
def sheet_list(request: HttpRequest) -> HttpResponse:
    """The sheets that concern the reader, unfinished ones first."""
    rows = sheets_of(request.user).annotate(
        moving=Count("items", filter=Q(items__moves=True, items__chosen=True)),
        following=Count("items", filter=Q(items__moves=False)),
    )
    page_obj = Paginator(
        rows.order_by(F("completed_at").desc(nulls_first=True), "-created_at", "-pk"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    context = {"page_obj": page_obj, "rows": list(page_obj), "manages": manages(request.user), "querystring": ""}
    return render(request, "handovers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet; a POST with `act` is save, leaver, successor, relist or recall."""
    sheet = _sheet(pk)
    refused = refusal(request, sheet.audience_tokens())
    if refused is not None:
        return refused
    error, typed = "", None
    if request.method == "POST":
        try:
            said = _act(sheet, request)
        except sheets.HandoverError as problem:
            error, typed = str(problem), request.POST
            sheet = _sheet(pk)
        else:
            messages.success(request, said)
            return redirect(sheet)
    context = {
        **_content(sheet, request.user),
        "writes": sheet.completed_at is None
        and sheet.leaver_signed_at is None
        and may_sign_as_leaver(request.user, sheet),
        "signs_for": request.user.pk != sheet.leaver_id,
        "takes": sheet.completed_at is None
        and sheet.successor_signed_at is None
        and request.user.pk == sheet.successor_id,
        "recalls": sheet.completed_at is None
        and (
            (sheet.leaver_signed_at is not None and sheet.leaver_signed_by_id == request.user.pk)
            or (sheet.successor_signed_at is not None and sheet.successor_id == request.user.pk)
        ),
        "names": sheet.completed_at is None and stands_above(request.user, sheet),
        "form": SuccessorForm(),
        "error": error,
        "note": typed.get("note", "") if typed and "note" in typed else sheet.note,
    }
    return render(request, "handovers/detail.html", context, status=422 if error else 200)


def _act(sheet: HandoverSheet, request: HttpRequest) -> str:
    """Do what was asked and return what to say."""
    act, user, post = request.POST.get("act"), request.user, request.POST
    if act == "recall":
        sheets.recall(sheet, user)
        return "已收回您的签名。"
    if act == "successor":
        signed = sheets.sign(sheet, user, side="successor", seen=post.get("seen", ""))
    elif act == "relist" and "note" not in post:
        sheets.relist(sheet, user)
        return "已重新清点。"
    elif act in ("save", "leaver", "relist"):
        staying = set(sheet.items.filter(moves=True).values_list("pk", flat=True))
        staying -= {int(pk) for pk in post.getlist("item") if pk.isdigit()}
        written = {"note": post.get("note", ""), "left_out": staying, "at_once": "at_once" in post}
        if act != "leaver":
            sheets.write(sheet, user, **written)
            if act == "relist":
                sheets.relist(sheet, user)
            return "已重新清点，填写的内容也已保存。" if act == "relist" else "已保存，还没有签名。"
        signed = sheets.sign(sheet, user, side="leaver", seen=post.get("seen", ""), written=written)
    else:
        raise sheets.HandoverError("没有看懂要做什么，请刷新页面后重试。")
    signed.refresh_from_db()
    if signed.completed_at:
        return "双方都已签名，已移交。"
    return "已签名。" + ("到离任日自动移交。" if signed.is_signed else "")


@require_POST
def successor(request: HttpRequest, pk: int) -> HttpResponse:
    """Those above name another successor; what was typed comes back when it cannot be taken."""
    sheet = _sheet(pk)
    refused = refusal(request, sheet.audience_tokens())
    if refused is not None:
        return refused
    form = SuccessorForm(request.POST)
    if form.is_valid():
        try:
            sheets.choose_successor(sheet, request.user, form.cleaned_data["person"])
        except sheets.HandoverError as problem:
            form.add_error("person", str(problem))
        else:
            messages.success(request, f"已指定{form.cleaned_data['person']}接手，并通知了本人。")
            return redirect(sheet)
    names = sheet.completed_at is None and stands_above(request.user, sheet)
    context = {**_content(sheet, request.user), "names": names, "form": form, "note": sheet.note}
    return render(request, "handovers/detail.html", context, status=422)


@require_safe
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet on paper, with the signatures given so far."""
    sheet = _sheet(pk)
    refused = refusal(request, sheet.audience_tokens())
    if refused is not None:
        return refused
    context = {
        **_content(sheet, request.user),
        "site_name": settings.WAGTAIL_SITE_NAME,
        "page_url": request.build_absolute_uri(sheet.get_absolute_url()),
    }
    try:
        content = render_pdf("print/handover.html", context, base_url=request.build_absolute_uri("/"))
    except PrintingUnavailable as error:
        return render(request, "printing/unavailable.html", {"status": error.status}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"交接单 {sheet.leaver}.pdf") or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@readers_only(f"perm:{MANAGERS}")
def check(request: HttpRequest) -> HttpResponse:
    """Disabled accounts with something left; a POST opens a sheet for one (`user`) or looks again."""
    if request.method == "POST":
        if not request.POST.get("user"):
            checking.check_accounts()
            messages.success(request, "已重新核查。")
            return redirect("handovers:check")
        pk = request.POST["user"]
        user = get_object_or_404(User, pk=int(pk) if pk.isdigit() else 0, is_active=False)
        sheet = sheets.open_for_account(user, request.user)
        checking.check_account(user)
        return redirect(sheet)
    accounts: dict[User, list[Finding]] = {}
    for finding in Finding.objects.select_related("user"):
        accounts.setdefault(finding.user, []).append(finding)
    rows = [
        (user, found, next((row.url for row in found if row.key.startswith("sheet:")), ""))
        for user, found in accounts.items()
    ]
    return render(request, "handovers/check.html", {"rows": rows})
