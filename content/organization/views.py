"""The organisation chart and the page of a post; for staff."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from content.core.access import readers_only
from content.organization.chart_svg import charts
from content.organization.holders import posts_of
from content.organization.models import Post, RoleDescriptionPage, Unit
from content.organization.structure import Branch, branches, place_of, within
from search.readers import reader_for


@require_safe
@readers_only("staff")
def chart(request):
    """The whole organisation, or with ?unit=<code> one unit and everything below it."""
    everything = branches()
    unit = get_object_or_404(Unit, code=request.GET["unit"]) if request.GET.get("unit") else None
    shown = within(everything, unit) if unit else everything
    seats = [seat for branch in shown for seat in branch.seats]
    context = {
        "unit": unit,
        "units": choices(everything),
        "branches": [branch for branch in shown if branch.seats],
        "charts": charts(shown) if seats else None,
        "post_count": len(seats),
        "people_count": len({holder.user.pk for seat in seats for holder in seat.holders}),
        "vacant_count": sum(seat.vacant for seat in seats),
        "unit_count": sum(bool(branch.seats) for branch in shown),
    }
    return render(request, "organization/chart.html", context)


def choices(everything: list[Branch]) -> list[Unit]:
    """The large units whose chart shows some, but not all, of the posts."""
    total = sum(len(branch.seats) for branch in everything)
    sizes = {branch.unit: sum(len(part.seats) for part in within(everything, branch.unit)) for branch in everything}
    return [branch.unit for branch in everything if branch.depth <= 1 and 0 < sizes[branch.unit] < total]


@require_safe
@readers_only("staff")
def post(request, code: str):
    """One post: who holds it, whom it reports to, who reports to it, its role description."""
    found = get_object_or_404(Post.objects.select_related("unit__parent", "superior__unit"), code=code)
    role = RoleDescriptionPage.objects.live().filter(post=found).first()
    if role is not None and not reader_for(request.user).may_read(role.audience_tokens()):
        role = None
    context = {
        "post": found,
        "place": place_of(found),
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
