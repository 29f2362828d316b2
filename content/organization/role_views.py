"""Versions of a role description, for those who may read it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from content.core.access import refusal
from content.organization.days import Day
from content.organization.models import RoleDescriptionPage, RoleVersion
from content.organization.role_versions import compare, version_on


@require_safe
def versions(request, page_id: int):
    """All versions with what each changed; ?on=2026-05-01 leads to the one in force that day."""
    page, refused = _page(request, page_id)
    if refused is not None:
        return refused
    day = Day.asked_in(request.GET)
    if day.past_or_future is not None:
        found = version_on(page, day.date)
        if found is not None:
            return redirect(found)
    kept = list(page.versions.all())
    rows = [
        (version, compare(older.content, version.content) if older else None)
        for version, older in zip(kept, [*kept[1:], None], strict=True)
    ]
    context = {"page": page, "rows": rows, "day": day, "none_that_day": day.past_or_future is not None}
    return render(request, "organization/role_versions.html", context)


@require_safe
def version(request, page_id: int, number: int):
    """One version as it was published, and what has changed since (or ?against=<number>)."""
    page, refused = _page(request, page_id)
    if refused is not None:
        return refused
    shown = get_object_or_404(RoleVersion, page=page, number=number)
    latest = page.versions.first()
    against = request.GET.get("against", "")
    other = page.versions.filter(number=int(against)).first() if against.isascii() and against.isdecimal() else latest
    if other is None:
        raise Http404("没有要对比的版本")
    before, after = sorted((shown, other), key=lambda kept: kept.number)
    context = {
        "page": page,
        "version": shown,
        "content": shown.content,
        "is_current": shown == latest,
        "other": other,
        "before": before,
        "after": after,
        "changes": compare(before.content, after.content) if before != after else [],
    }
    return render(request, "organization/role_version.html", context)


def _page(request, page_id: int):
    """The published role description and, for who may not read it, the answer instead."""
    page = get_object_or_404(RoleDescriptionPage.objects.live().select_related("post__unit"), pk=page_id)
    return page, refusal(request, page.audience_tokens())
