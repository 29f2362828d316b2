"""Loads the demo's releases. Nothing goes round the sign-off: each is submitted and signed by the people of the posts."""

import datetime
import io
from html import escape

from django.contrib.auth import get_user_model
from django.core.files.images import ImageFile
from django.utils import timezone

import search
from content.approvals import signing
from content.approvals.models import Assignment, AssignmentState, Decision, Run
from content.approvals.staffing import Staffing
from content.demo.data.releases import RELEASES, Draft
from content.demo.pictures import SCENES, paint
from content.media.models import Image
from content.organization.models import Unit
from content.releases.models import NewsroomPage, ReleasePage


def load() -> int:
    """Create the releases that are not there yet, by title; return how many were made."""
    newsroom = NewsroomPage.objects.get()
    existing = set(ReleasePage.objects.values_list("draft_title", flat=True))
    made = 0
    # Oldest first, as it happened.
    for draft in sorted(RELEASES, key=lambda draft: -draft.days):
        if draft.title not in existing:
            _make(draft, newsroom)
            made += 1
    return made


def _make(draft: Draft, newsroom: NewsroomPage) -> None:
    drafter = get_user_model().objects.get(username=draft.drafter)
    written = timezone.now() - datetime.timedelta(days=draft.days + 2)
    page = ReleasePage(
        title=draft.title,
        kind=draft.kind,
        issuer=Unit.objects.get(code=draft.issuer),
        dateline=draft.place,
        summary=draft.summary,
        cover=_picture(draft.picture),
        cover_alt=SCENES[draft.picture].title if draft.picture else "",
        cover_caption=SCENES[draft.picture].title if draft.picture else "",
        body=_body(draft, written.date()),
        owner=drafter,
        live=False,
        go_live_at=_tomorrow_morning() if draft.state == "scheduled" else None,
    )
    newsroom.add_child(instance=page)
    page.save_revision(user=drafter, log_action="wagtail.create")
    if draft.state == "draft":
        return
    run = signing.submit(page, drafter)
    if draft.state == "refused":
        assignment, person = _next_signer(run)
        signing.refuse(assignment, person, digest=run.digest, comment=draft.refusal)
    elif draft.state == "running":
        for _ in range(draft.signed):
            _sign_node(run)
    else:
        while _sign_node(run):
            pass
    _backdate(page, run, draft)


def _sign_node(run: Run) -> bool:
    """Have everyone at the run's present node sign; False if nobody is left to."""
    node = run.assignments.filter(state=AssignmentState.PENDING).values_list("node_index", flat=True).first()
    if node is None:
        return False
    while (found := _next_signer(run, node)) is not None:
        assignment, person = found
        signing.sign(assignment, person, digest=run.digest, comment="")
    return True


def _next_signer(run: Run, node: int | None = None):
    """(assignment, person) of the next pending signature, or None."""
    pending = run.assignments.filter(state=AssignmentState.PENDING)
    if node is not None:
        pending = pending.filter(node_index=node)
    assignment = pending.select_related("named_post").first()
    if assignment is None:
        return None
    run.refresh_from_db()
    return assignment, Staffing().seat(assignment.named_post, run.authors).people[0]


def _picture(name: str) -> Image | None:
    if not name:
        return None
    scene = SCENES[name]
    picture = Image.objects.filter(title=scene.title).first()
    if picture is None:
        picture = Image.objects.create(
            title=scene.title,
            file=ImageFile(io.BytesIO(paint(name)), name=f"{name}.jpg"),
            credit="市场部（程序绘制）",
            rights_note="可随稿件转载",
        )
    return picture


def _body(draft: Draft, as_of: datetime.date) -> list[dict]:
    """Sections of the demo data as stored StreamField data."""
    blocks: list[dict] = []
    for kind, *values in draft.sections:
        if kind == "heading":
            blocks.append({"type": "section_heading", "value": values[0]})
        elif kind == "paragraph":
            blocks.append({"type": "paragraphs", "value": f"<p>{escape(values[0])}</p>"})
        elif kind == "list":
            items = "".join(f"<li>{escape(item)}</li>" for item in values[0])
            blocks.append({"type": "paragraphs", "value": f"<ul>{items}</ul>"})
        elif kind == "quote":
            text, who, post = values
            blocks.append({"type": "quote", "value": {"text": text, "who": who, "post": post}})
        elif kind == "figures":
            figures = [
                {"value": value, "unit": unit, "label": label, "source": "项目组统计", "as_of": as_of.isoformat()}
                for value, unit, label in values[0]
            ]
            blocks.append({"type": "key_figures", "value": {"figures": figures}})
    return blocks


def _tomorrow_morning() -> datetime.datetime:
    return timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + datetime.timedelta(days=1)


def _backdate(page: ReleasePage, run: Run, draft: Draft) -> None:
    """Spread what has just happened over the past days, so that archive, week and timelines read like a real one."""
    end = timezone.now() - datetime.timedelta(days=draft.days)
    start = end - datetime.timedelta(days=1)
    Run.objects.filter(pk=run.pk).update(started_at=start)
    Run.objects.filter(pk=run.pk, finished_at__isnull=False).update(finished_at=end)
    Assignment.objects.filter(run=run, opened_at__isnull=False).update(opened_at=start)
    decisions = list(Decision.objects.filter(assignment__run=run).order_by("pk"))
    for number, decision in enumerate(decisions, start=1):
        moment = start + (end - start) * number / len(decisions)
        Decision.objects.filter(pk=decision.pk).update(at=moment)
    pages = ReleasePage.objects.filter(pk=page.pk)
    pages.update(latest_revision_created_at=start)
    if draft.state == "published":
        pages.update(first_published_at=end, last_published_at=end)
    search.touch(pages)
