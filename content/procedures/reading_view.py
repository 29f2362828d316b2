"""What a reader of one procedure sees: the version of the day, one's own steps, what to confirm, what may be done."""

import datetime

from django.utils import timezone

from content.organization.holders import posts_of
from content.procedures.cases import why_not_startable
from content.procedures.chart_svg import charts_of
from content.procedures.differences import differences
from content.procedures.models import ProcedurePage, ProcedureVersion
from content.procedures.models.versions import VersionState
from content.procedures.readings import open_reading, parts_of
from content.procedures.rights import owns
from content.procedures.snapshots import ProcedureText, snapshot_of
from content.procedures.trail import trail_of
from content.procedures.versions import draft_state, version_on

BADGES = {
    VersionState.SCHEDULED: "badge--info",
    VersionState.EFFECTIVE: "badge--ok",
    VersionState.OBSOLETE: "badge--danger",
}


def page_context(page: ProcedurePage, request) -> dict:
    """Context of the page itself: the version in force today, on the day of ``?on=``, or else the next one."""
    if page.pk is None or not page.live or getattr(request, "is_preview", False):
        return {**draft_context(page), "preview": True}
    on, problem = asked_day(request.GET.get("on", ""))
    version = version_on(page, on)
    waiting = None
    if version is None and not request.GET.get("on"):
        waiting = version = page.versions.exclude(effective_until__lt=on).order_by("effective_from").first()
    if version is None:
        return {
            "text": None,
            "on": on,
            "problem": problem or f"{on:%Y年%-m月%-d日}还没有施行中的版本。",
            "versions": _versions(page),
        }
    return {**version_context(page, version, request), "on": on if request.GET.get("on") else None,
            "problem": problem, "waiting": waiting}  # fmt: skip


def asked_day(text: str) -> tuple[datetime.date, str]:
    """The day in the address and a sentence where it is none; today without one."""
    today = timezone.localdate()
    if not text:
        return today, ""
    try:
        return datetime.date.fromisoformat(text), ""
    except ValueError:
        return today, f"“{text[:20]}”不是日期，已改看今天；日期请写成 2026-05-01 这样。"


def version_context(page: ProcedurePage, version: ProcedureVersion, request) -> dict:
    """One version as text, with chart, trail, and what this reader has to do with it."""
    text = ProcedureText(version.content)
    user = request.user
    posts = {post.pk for post in posts_of(user)}
    reading = open_reading(user, version)
    versions = _versions(page)
    owner = owns(user, page)
    return {
        "procedure": page,
        "version": version,
        "text": text,
        "charts": charts_of(text) if text.steps else None,
        "badge": BADGES[version.state],
        "is_current": version.state == VersionState.EFFECTIVE,
        "my_steps": text.steps_of(posts),
        "reading": reading,
        "parts": parts_of(reading) if reading else [],
        "trail": trail_of(version),
        "versions": versions,
        "newer": next((other for other in reversed(versions) if other.number > version.number), None),
        "current": next((other for other in versions if other.state == VersionState.EFFECTIVE), None),
        "is_owner": owner,
        "may_start": not why_not_startable(user, page, version),
        "draft_state": draft_state(page) if owner else "",
        "is_staff_reader": bool(posts) or user.is_superuser,
    }


def draft_context(page: ProcedurePage) -> dict:
    """A draft as it would be read, in the editor's preview."""
    text = ProcedureText(snapshot_of(page))
    return {"procedure": page, "text": text, "charts": charts_of(text) if text.steps else None, "version": None}


def sign_off_context(page: ProcedurePage) -> dict:
    """What the five managers read: the draft, and what it changes against the latest version."""
    context = draft_context(page)
    last = page.versions.order_by("-number").first()
    return {
        **context,
        "last": last,
        "changes": differences(last.content, context["text"].content) if last else None,
    }


def _versions(page: ProcedurePage) -> list[ProcedureVersion]:
    """All versions, newest first."""
    return list(page.versions.order_by("-number"))
