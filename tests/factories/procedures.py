"""Procedures as their sign-off leaves them: written, signed by the guard's own rule, and in force."""

from content.core.choices import Audience
from content.procedures.models import (
    CodeSeries,
    ProcedureField,
    ProcedureIndexPage,
    ProcedurePage,
    ProcedureStep,
    ProcedureVersion,
)
from tests.factories.organization import PostFactory, UnitFactory
from tests.factories.releases import sign_and_publish


def procedures_below(home) -> ProcedureIndexPage:
    """The list of procedures below the start page, made when missing."""
    index = ProcedureIndexPage.objects.first()
    if index is None:
        index = home.add_child(
            instance=ProcedureIndexPage(title="制度流程", slug="procedures", audience=Audience.STAFF)
        )
    return index


def step(title, *posts, **fields) -> ProcedureStep:
    """A step of these posts, not saved."""
    row = ProcedureStep(title=title, **fields)
    row.posts = posts
    return row


def field(label, kind="singleline", *options, **fields) -> ProcedureField:
    """A field of the form, not saved."""
    return ProcedureField(label=label, kind=kind, options="\n".join(options), **fields)


def procedure_draft(index, title="市场调研计划", *, steps=None, form_fields=(), prefix="SC", **fields) -> ProcedurePage:
    """A procedure nobody has signed; by default a marketer drafts it and the manager signs."""
    series, _ = CodeSeries.objects.get_or_create(prefix=prefix, defaults={"name": "市场策划"})
    fields.setdefault("owner_unit", UnitFactory(code="marketing", name="市场部"))
    fields.setdefault("owner_post", PostFactory(code="owner", title="产品营销经理"))
    fields.setdefault("purpose", "把调研做在前面。")
    page = ProcedurePage(title=title, series=series, live=False, **fields)
    if steps is None:
        steps = [
            step("起草调研计划", PostFactory(code="marketer", title="市场专员")),
            step("审核计划", PostFactory(code="manager", title="部门经理"), kind="sign"),
        ]
    for order, row in enumerate(steps):
        row.sort_order = order
    for order, row in enumerate(form_fields):
        row.sort_order = order
    page.steps = list(steps)
    page.form_fields = list(form_fields)
    index.add_child(instance=page)
    return page


def put_in_force(page: ProcedurePage) -> ProcedureVersion:
    """Sign and publish the latest draft; the version it makes."""
    sign_and_publish(page)
    return page.versions.order_by("-number").first()


def procedure(index, title="市场调研计划", **fields) -> ProcedurePage:
    """A procedure in force from today."""
    page = procedure_draft(index, title, **fields)
    put_in_force(page)
    return ProcedurePage.objects.get(pk=page.pk)


def change_step(draft: ProcedurePage, number: int, **fields) -> None:
    """Change one step of a draft in memory."""
    steps = list(draft.steps.all())
    for name, value in fields.items():
        setattr(steps[number - 1], name, value)
    draft.steps.set(steps)


def revise(page: ProcedurePage, change) -> ProcedureVersion:
    """Change the draft by `change(page)`, save it as a revision, sign and publish it."""
    draft = ProcedurePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    change(draft)
    draft.save_revision()
    return put_in_force(ProcedurePage.objects.get(pk=page.pk))
