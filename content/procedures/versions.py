"""From a signed draft to a version in force, and from a version in force to an obsolete one."""

import calendar
import datetime
import logging
from functools import partial

from django.db import transaction
from django.utils import timezone

from content.approvals.digests import digest_of_content
from content.approvals.models import Run, RunState
from content.approvals.subjects import key_of
from content.procedures.models import IssuedCode, ProcedurePage, ProcedureVersion, Reading
from content.procedures.snapshots import snapshot_of
from content.procedures.tasks import owe_readings

logger = logging.getLogger(__name__)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@transaction.atomic
def make_version(page: ProcedurePage, revision, on: datetime.date | None = None) -> ProcedureVersion:
    """Write the version of a revision that has just been published; running it again returns the same one.

    It takes effect on the day the page says, never before today. Versions before it end the day before; one that was
    still waiting for a later day never comes into force.
    """
    on = on or timezone.localdate()
    ProcedurePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    existing = ProcedureVersion.objects.filter(revision_id=revision.pk).first()
    if existing is not None:
        return existing
    page = revision.as_object()
    effective_from = max(page.effective_on or on, on)
    last = page.versions.order_by("-number").first()
    run = Run.objects.filter(
        **key_of(page), state=RunState.APPROVED, digest=digest_of_content(revision.content, ProcedurePage)
    ).first()
    eve = effective_from - datetime.timedelta(days=1)
    page.versions.exclude(effective_until__lt=effective_from).update(effective_until=eve)
    version = ProcedureVersion.objects.create(
        page=page,
        number=last.number + 1 if last else 1,
        content=snapshot_of(page),
        effective_from=effective_from,
        review_on=add_months(effective_from, page.review_months),
        run_id=run.pk if run else None,
        revision_id=revision.pk,
    )
    IssuedCode.objects.filter(code=page.code).update(title=page.title, retired_at=None)
    logger.info("Procedure %s is in force from %s", version, effective_from)
    transaction.on_commit(partial(owe_readings.enqueue, version.pk))
    return version


@transaction.atomic
def end_versions(page: ProcedurePage, on: datetime.date | None = None) -> int:
    """The procedure is withdrawn: nothing of it is in force any more; return how many versions ended."""
    on = on or timezone.localdate()
    eve = on - datetime.timedelta(days=1)
    versions = page.versions.exclude(effective_until__lt=on)
    ended = versions.update(effective_until=eve)
    open_readings = Reading.objects.filter(version__page=page, confirmed_at=None, closed_at=None)
    open_readings.update(closed_at=timezone.now())
    return ended


def version_on(page: ProcedurePage, on: datetime.date) -> ProcedureVersion | None:
    """The version in force on that day."""
    return page.versions.in_force(on).first()


def newest_run(page: ProcedurePage) -> Run | None:
    """The latest sign-off of the page."""
    return Run.objects.filter(**key_of(page)).order_by("-started_at", "-pk").first()


def draft_state(page: ProcedurePage) -> str:
    """«草稿», «签批中», «已退回» for what is being written now; empty where nothing is."""
    run = newest_run(page)
    if run is not None and run.state == RunState.RUNNING:
        return "签批中"
    if not page.has_unpublished_changes and page.live:
        return ""
    if run is not None and run.state == RunState.REFUSED:
        return "已退回，待修改"
    return "修订草稿" if page.live else "草稿"
