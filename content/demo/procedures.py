"""Puts the demo's procedures in force, signed by the five managers; run again it adds only what is missing."""

import datetime

from django.utils import timezone

from content.approvals import signing
from content.approvals.models import Assignment, AssignmentState, Decision, Run, RunState
from content.approvals.staffing import Staffing
from content.core.choices import Audience
from content.demo import cases as demo_cases
from content.demo.data.procedure_shapes import F, ProcedureData, S
from content.demo.data.procedures_marketing import MARKETING
from content.demo.data.procedures_operations import OPERATIONS
from content.demo.data.procedures_sales import SALES
from content.organization.models import Post, Unit
from content.procedures.models import (
    Case,
    CodeSeries,
    ProcedureField,
    ProcedureIndexPage,
    ProcedurePage,
    ProcedureStep,
    ProcedureVersion,
)
from content.procedures.readings import confirm, owe
from content.procedures.versions import add_months
from content.users.models import User

PROCEDURES = (*MARKETING, *SALES, *OPERATIONS)


REVISED = "业务费用与提成"
NOTE = "差旅和招待标准去年已放宽，小额不必再到总监；直接主管两天内审完即可。"


def load() -> int:
    """Write, sign and publish the procedures that are not there yet, by title; return how many were added.

    One of them has been revised lately, so that there is something to compare and to read again; a few cases are
    under way.
    """
    index = ProcedureIndexPage.objects.get()
    posts = {post.code: post for post in Post.objects.select_related("unit")}
    units = {unit.code: unit for unit in Unit.objects.all()}
    known = set(ProcedurePage.objects.values_list("title", flat=True))
    added = 0
    for data in PROCEDURES:
        if data.title not in known:
            page = write(index, data, posts, units)
            sign(page, data.age)
            added += 1
            if data.title == REVISED:
                revise(page)
    if added and not Case.objects.exists():
        demo_cases.load()
    return added


def revise(page: ProcedurePage) -> None:
    """A second version, in force since three days ago."""
    writer = User.objects.get(username="site-manager")
    draft = ProcedurePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    steps = list(draft.steps.all())
    steps[1].days = 2
    steps[1].text = "事由是否属实，标准是否超限；招待须写明客户和人数。"
    steps[2].condition_value = "5000"
    draft.steps.set(steps)
    draft.change_note = NOTE
    draft.save_revision(user=writer)
    page = ProcedurePage.objects.get(pk=page.pk)
    old = page.versions.get()
    version = sign(page, 3)
    eve = version.effective_from - datetime.timedelta(days=1)
    ProcedureVersion.objects.filter(pk=old.pk).update(effective_until=eve)


def write(
    index: ProcedureIndexPage, data: ProcedureData, posts: dict[str, Post], units: dict[str, Unit]
) -> ProcedurePage:
    """The draft, saved by the site manager as its writer."""
    writer = User.objects.get(username="site-manager")
    page = ProcedurePage(
        title=data.title,
        series=CodeSeries.objects.get(prefix=data.prefix),
        audience=Audience.STAFF,
        live=False,
        owner=writer,
        summary=data.summary,
        owner_unit=units[data.unit],
        owner_post=posts[data.owner],
        purpose=data.purpose,
        scope=data.scope,
    )
    page.steps.set([_step(step, order, posts) for order, step in enumerate(data.steps)])
    page.form_fields.set([_field(field, order) for order, field in enumerate(data.fields)])
    index.add_child(instance=page)
    page.save_revision(user=writer)
    return ProcedurePage.objects.get(pk=page.pk)


def _when(when: tuple[str, str, str] | None) -> dict:
    label, operator, value = when or ("", "is", "")
    return {"condition_field": label, "condition_operator": operator, "condition_value": value}


def _step(data: S, order: int, posts: dict[str, Post]) -> ProcedureStep:
    names = (data.posts,) if isinstance(data.posts, str) else data.posts
    who, level = "posts", 1
    if names[0] == "drafter":
        who = "drafter"
    elif names[0].startswith("superior:"):
        who, level = "superior", int(names[0].removeprefix("superior:"))
    recurrence, day = data.every or ("", None)
    step = ProcedureStep(
        sort_order=order,
        title=data.title,
        kind="sign" if data.sign else "task",
        who=who,
        level=level,
        rule=data.rule,
        needed=data.needed,
        text=data.text,
        document=data.document,
        inputs=data.inputs,
        outputs=data.outputs,
        days=data.days,
        refusal_step=data.back_to,
        recurrence=recurrence,
        recurrence_day=day,
        **_when(data.when),
    )
    step.posts = [posts[name] for name in names] if who == "posts" else []
    return step


def _field(data: F, order: int) -> ProcedureField:
    return ProcedureField(
        sort_order=order,
        label=data.label,
        kind=data.kind,
        options="\n".join(data.options),
        required=data.required,
        help_text=data.help,
        **_when(data.when),
    )


def sign(page: ProcedurePage, age: int) -> ProcedureVersion:
    """All five sign; then everything is moved back to when it would have happened, and most people have read it."""
    run = signing.submit(page, User.objects.get(username="site-manager"))
    while run.state == RunState.RUNNING:
        assignment = run.assignments.filter(state=AssignmentState.PENDING).select_related("named_post").first()
        person = Staffing().seat(assignment.named_post, run.authors).people[0]
        signing.sign(assignment, person, digest=run.digest)
        run.refresh_from_db()
    version = page.versions.order_by("-number")[0]
    _backdate(version, run, age)
    _have_read(version)
    return version


def _backdate(version: ProcedureVersion, run: Run, age: int) -> None:
    end = timezone.now() - datetime.timedelta(days=age)
    start = end - datetime.timedelta(days=3)
    day = timezone.localdate(end)
    Run.objects.filter(pk=run.pk).update(started_at=start, finished_at=end)
    Assignment.objects.filter(run=run, opened_at__isnull=False).update(opened_at=start)
    Decision.objects.filter(assignment__run=run).update(at=end)
    ProcedureVersion.objects.filter(pk=version.pk).update(
        effective_from=day,
        created_at=end,
        review_on=add_months(day, version.content["review_months"]),
    )
    ProcedurePage.objects.filter(pk=version.page_id).update(
        first_published_at=end, last_published_at=end, latest_revision_created_at=start
    )
    version.refresh_from_db()


def _have_read(version: ProcedureVersion) -> None:
    """Everybody but one in five has confirmed."""
    owe(version)
    for number, reading in enumerate(version.readings.select_related("user").order_by("user_id")):
        if (number + version.page_id) % 5:
            confirm(reading, reading.user)
