"""The organisation chart and the page of a post, on today's or any other day (?on=2026-05-01); for staff."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from content.core.access import readers_only
from content.organization.chart_sheets import lay_out_sheets
from content.organization.chart_svg import charts, draw
from content.organization.days import Day
from content.organization.holders import posts_of
from content.organization.models import Post, RoleDescriptionPage, Unit
from content.organization.structure import Branch, branches, past_states, place_of, within
from content.printing.engine import PrintingUnavailable, render_pdf
from search.readers import reader_for


@require_safe
@readers_only("staff")
def chart(request):
    """The whole organisation, or with ?unit=<code> one unit and everything below it."""
    day = Day.asked_in(request.GET)
    everything, shown, unit = _shown(request, day)
    seats = [seat for branch in shown for seat in branch.seats]
    context = {
        "day": day,
        "unit": unit,
        "keep": [("unit", unit.code)] if unit else [],
        "units": choices(everything),
        "branches": [branch for branch in shown if branch.seats],
        "charts": charts(shown) if seats else None,
        "post_count": len(seats),
        "people_count": len({holder.user.pk for seat in seats for holder in seat.holders}),
        "vacant_count": sum(seat.vacant for seat in seats),
        "unit_count": sum(bool(branch.seats) for branch in shown),
    }
    return render(request, "organization/chart.html", context)


@require_safe
@readers_only("staff")
def chart_pdf(request):
    """The same chart on paper: one sheet of A4 or A3 where it can be read, else several."""
    day = Day.asked_in(request.GET)
    _everything, shown, unit = _shown(request, day)
    sheets = lay_out_sheets(shown)
    if not sheets:
        raise Http404("没有岗位可以画")
    context = {
        "unit": unit,
        "day": day,
        "sheets": [
            draw(sheet.chart, name=f"sheet-{number}", printed=True) for number, sheet in enumerate(sheets, start=1)
        ],
        "size": sheets[0].size,
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    try:
        content = render_pdf("print/organization_chart.html", context, base_url=request.build_absolute_uri("/"))
    except PrintingUnavailable as error:
        return render(request, "printing/unavailable.html", {"status": error.status}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{unit.name if unit else '组织机构'}图（{day.date:%Y-%m-%d}）.pdf"
    response["Content-Disposition"] = content_disposition_header("download" in request.GET, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


def _shown(request, day: Day) -> tuple[list[Branch], list[Branch], Unit | None]:
    """All branches of the day, those asked for with ?unit=, and that unit; 404 where it did not exist."""
    everything = branches(day.past_or_future)
    if not request.GET.get("unit"):
        return everything, everything, None
    unit = next((branch.unit for branch in everything if branch.unit.code == request.GET["unit"]), None)
    if unit is None:
        raise Http404("没有这个单位")
    return everything, within(everything, unit), unit


def choices(everything: list[Branch]) -> list[Unit]:
    """The large units whose chart shows some, but not all, of the posts."""
    total = sum(len(branch.seats) for branch in everything)
    sizes = {branch.unit: sum(len(part.seats) for part in within(everything, branch.unit)) for branch in everything}
    return [branch.unit for branch in everything if branch.depth <= 1 and 0 < sizes[branch.unit] < total]


@require_safe
@readers_only("staff")
def post(request, code: str):
    """One post: who holds it, whom it reports to, who reports to it, its role description."""
    day = Day.asked_in(request.GET)
    found = get_object_or_404(Post.objects.select_related("unit__parent"), code=code)
    role = RoleDescriptionPage.objects.live().filter(post=found).first()
    if role is not None and not reader_for(request.user).may_read(role.audience_tokens()):
        role = None
    place = place_of(found, day.past_or_future)
    context = {
        "post": place.seat.post,
        "place": place,
        "day": day,
        "existed": place.existed,
        "past_states": past_states(found),
        "role": role,
        "is_mine": found in posts_of(request.user),
    }
    return render(request, "organization/post.html", context)


@require_safe
@readers_only("staff")
def mine(request):
    """«我的岗位»: straight to the post for who holds one, a choice for who holds several."""
    posts = list(dict.fromkeys(posts_of(request.user)))
    if len(posts) == 1:
        return redirect(posts[0])
    reader = reader_for(request.user)
    roles = {
        role.post_id: role
        for role in RoleDescriptionPage.objects.live().filter(post__in=posts).select_related("post")
        if reader.may_read(role.audience_tokens())
    }
    return render(request, "organization/mine.html", {"posts": [(found, roles.get(found.pk)) for found in posts]})
