"""Numbered paper copies: handed out, checked by their code, called back when the version is over."""

import io

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from content.printing import engine
from content.procedures.chart_svg import pages_of
from content.procedures.models import ControlledCopy, ProcedurePage, ProcedureVersion
from content.procedures.models.versions import VersionState
from content.procedures.snapshots import ProcedureText, snapshot_of
from content.procedures.trail import trail_of


class CopyError(Exception):
    """Not done; `str(error)` says why and what to do."""


@transaction.atomic
def issue_copy(version: ProcedureVersion, by, holder: str, place: str = "") -> ControlledCopy:
    """Register the next numbered copy of a version. Obsolete versions are not handed out any more."""
    if not holder.strip():
        raise CopyError("请写明这份副本发给谁（单位、岗位或姓名）。")
    if version.state == VersionState.OBSOLETE:
        raise CopyError("这一版已经废止，不能再发受控副本；请发现行版本。")
    ProcedureVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    last = version.copies.aggregate(last=Max("number"))["last"] or 0
    return ControlledCopy.objects.create(
        version=version, number=last + 1, holder=holder.strip()[:80], place=place.strip()[:80], issued_by=by
    )


@transaction.atomic
def take_back(copy: ControlledCopy, by) -> ControlledCopy:
    """Write down that the paper came back; a second time changes nothing."""
    copy = ControlledCopy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if copy.returned_at is None:
        copy.returned_at, copy.returned_by = timezone.now(), by
        copy.save(update_fields=["returned_at", "returned_by"])
    return copy


def to_call_back(page: ProcedurePage) -> QuerySet[ControlledCopy]:
    """Copies of versions that are over and have not come back: the recall list."""
    today = timezone.localdate()
    rows = ControlledCopy.objects.filter(version__page=page, version__effective_until__lt=today, returned_at=None)
    return rows.select_related("version__page", "issued_by").order_by("version__number", "number")


def check_url(token: str) -> str:
    """The full address behind the printed code."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('procedure-check', args=[token])}"


def qr_of(token: str) -> SafeString:
    """The square code as SVG, to be printed at 18 mm or more."""
    out = io.BytesIO()
    segno.make(check_url(token), error="q", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        border=2,
        dark="#1b2422",
        svgclass="qr",
        lineclass=None,
    )
    return mark_safe(out.getvalue().decode())  # made by segno from our own address


def print_parts(version: ProcedureVersion, copy: ControlledCopy | None = None) -> dict:
    """What the printed form of a version shows; with a copy it is numbered, without one it says it is not controlled."""
    text = ProcedureText(version.content)
    token = copy.token if copy else version.token
    return {
        "version": version,
        "text": text,
        "copy": copy,
        "charts": pages_of(text) if text.steps else [],
        "trail": trail_of(version),
        "qr": qr_of(token),
        "check_url": check_url(token),
    }


def draft_parts(page: ProcedurePage) -> dict:
    """The same for a draft: no version, no code to check it by."""
    text = ProcedureText(snapshot_of(page))
    return {"version": None, "text": text, "copy": None, "charts": pages_of(text) if text.steps else [], "trail": []}


def copy_html(copy: ControlledCopy) -> str:
    """The HTML a numbered copy is printed from."""
    version = copy.version
    context = {
        "parts": print_parts(version, copy),
        "page": {"title": version.title, "summary": ""},
        "site_name": settings.WAGTAIL_SITE_NAME,
        "page_url": check_url(copy.token),
        "printing": True,
    }
    return render_to_string("print/procedure_copy.html", context)


def copy_pdf(copy: ControlledCopy) -> bytes:
    """The PDF of a numbered copy. Raises engine.PrintingUnavailable."""
    return engine.html_to_pdf(copy_html(copy), base_url=f"{settings.WAGTAILADMIN_BASE_URL}/")
