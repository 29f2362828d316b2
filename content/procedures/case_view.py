"""What the pages of a case show: the form, what was filled in, where it stands, who may look."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from content.approvals import queries
from content.approvals.models import Assignment, Run, RunState
from content.approvals.staffing import Staffing
from content.approvals.subjects import key_of, manages_routes
from content.organization.holders import holdings_on
from content.organization.models import Post
from content.procedures import form_values
from content.procedures.models import Case, CaseFile, Finding
from content.procedures.models.steps import FieldKind
from content.procedures.rights import owns
from content.procedures.snapshots import ProcedureText, condition_label

STATES = {
    RunState.RUNNING: ("办理中", "badge--warn"),
    RunState.APPROVED: ("已办结", "badge--ok"),
    RunState.REFUSED: ("已退回，待修改", "badge--danger"),
    RunState.CANCELLED: ("已撤回", "badge--muted"),
    RunState.VOIDED: ("已作废，待重新提交", "badge--danger"),
}
SPARE_ROWS = 2


@dataclass(slots=True)
class FormField:
    """One field of the form as drawn: `rows` are prepared for tables and checklists."""

    field: dict
    raw: Any
    shown: bool
    problem: str = ""
    files: tuple[CaseFile, ...] = ()
    rows: tuple = ()
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"f-{self.field['key']}"

    @property
    def when(self) -> str:
        return condition_label(self.field["condition"])


def badge_of(run: Run | None) -> tuple[str, str]:
    """(words, style) of where a case stands."""
    return STATES[RunState(run.state)] if run is not None else ("草稿", "badge--muted")


def people_choices() -> tuple[tuple[str, str], ...]:
    """Everybody who holds a post today, for a field of kind person: (id, name with posts); one query."""
    found: dict[int, tuple[str, list[str]]] = {}
    for holding in holdings_on():
        found.setdefault(holding.user_id, (str(holding.user), []))[1].append(str(holding.post))
    return tuple((str(pk), f"{name}（{'、'.join(posts)}）") for pk, (name, posts) in sorted(found.items()))


def post_choices() -> tuple[tuple[str, str], ...]:
    return tuple((str(post.pk), str(post)) for post in Post.objects.select_related("unit"))


def form_fields(
    fields: list[dict], values: dict, files: list[CaseFile], problems: dict[str, str] | None = None
) -> list[FormField]:
    """The form, field by field; people and posts are read only if a field asks for them."""
    kinds = {field["kind"] for field in fields}
    people = people_choices() if FieldKind.PERSON in kinds else ()
    posts = post_choices() if FieldKind.POST in kinds else ()
    shown = form_values.applicable(fields, values)
    drawn = []
    for field in fields:
        mine = tuple(row for row in files if row.field_key == field["key"])
        one = FormField(
            field, values.get(field["key"]), field["key"] in shown, (problems or {}).get(field["key"], ""), mine
        )
        if field["kind"] == FieldKind.TABLE:
            rows = [*(one.raw or []), *([[""] * len(field["options"])] * SPARE_ROWS)]
            one.rows = tuple((number, list(enumerate(row))) for number, row in enumerate(rows))
        elif field["kind"] == FieldKind.CHECKLIST:
            one.rows = _checklist_rows(field, one.raw, mine)
        elif field["kind"] in (FieldKind.PERSON, FieldKind.POST):
            one.choices = people if field["kind"] == FieldKind.PERSON else posts
        drawn.append(one)
    return drawn


def _checklist_rows(field: dict, raw: Any, files: tuple[CaseFile, ...]) -> tuple:
    """(number, item, state, note, photos) of every item."""
    given = raw or []
    rows = []
    for number, item in enumerate(field["options"]):
        row = given[number] if number < len(given) else {"state": "", "note": ""}
        photos = [photo for photo in files if photo.item == number]
        rows.append((number, item, row["state"], row["note"], photos))
    return tuple(rows)


def content_context(case: Case) -> dict:
    """What was filled in, for reading: used on the case's page, while signing, and in print."""
    fields = case.version.content["fields"]
    files = list(case.files.all())
    names = _names(fields, case.values)
    answers = []
    for one in form_fields(fields, case.values, files):
        if not one.shown or (one.field["kind"] != FieldKind.FILE and form_values.is_blank(one.field, one.raw)):
            continue
        if one.field["kind"] == FieldKind.FILE and not one.files:
            continue
        answers.append({"form": one, "text": _text(one, names)})
    return {"case": case, "answers": answers, "states": dict(form_values.CHECK_STATES)}


def _names(fields: list[dict], values: dict) -> dict[tuple[str, str], str]:
    """Names of the people and posts that were chosen, whoever holds what today."""
    chosen = {
        kind: [values.get(f["key"]) for f in fields if f["kind"] == kind and str(values.get(f["key"], "")).isdigit()]
        for kind in (FieldKind.PERSON, FieldKind.POST)
    }
    names: dict[tuple[str, str], str] = {}
    if chosen[FieldKind.PERSON]:
        for user in get_user_model().objects.filter(pk__in=chosen[FieldKind.PERSON]):
            names[FieldKind.PERSON, str(user.pk)] = str(user)
    if chosen[FieldKind.POST]:
        for post in Post.objects.filter(pk__in=chosen[FieldKind.POST]).select_related("unit"):
            names[FieldKind.POST, str(post.pk)] = str(post)
    return names


def _text(one: FormField, names: dict[tuple[str, str], str]) -> str:
    """The answer as one line of text; tables, checklists and files are drawn by the template."""
    kind, raw = FieldKind(one.field["kind"]), one.raw
    if kind in (FieldKind.TABLE, FieldKind.CHECKLIST, FieldKind.FILE):
        return ""
    if kind in (FieldKind.PERSON, FieldKind.POST):
        return names.get((kind, str(raw)), "（已不存在）")
    if kind == FieldKind.CHECKBOX:
        return "是" if raw else "否"
    if kind == FieldKind.CHECKBOXES:
        return "、".join(raw)
    if kind == FieldKind.DATERANGE:
        return f"{raw['from']} 至 {raw['to']}"
    if kind == FieldKind.MONEY:
        number = form_values.number_of(raw)
        return f"{number:,.2f} 元" if number is not None else str(raw)
    return str(raw)


def step_states(case: Case, run: Run | None, staffing: Staffing) -> dict[str, str]:
    """Where the case stands on the chart: step key → done, now, skipped, refused or waiting."""
    steps = case.version.content["steps"]
    if not steps:
        return {}
    first = steps[0]["key"]
    if run is None:
        return {first: "now"}
    states = {first: "now" if run.state in (RunState.REFUSED, RunState.CANCELLED, RunState.VOIDED) else "done"}
    for node, stage in zip(run.definition["nodes"], queries.stages(run, staffing), strict=False):
        key = node.get("step")
        if key and states.get(key) != "now":
            states[key] = stage.state
    return states


def run_with_stages(case: Case) -> Run | None:
    """The latest run of the case with everything `stages` reads."""
    runs = Run.objects.filter(**key_of(case)).select_related("drafter").order_by("-started_at", "-pk")
    return queries.with_stages(runs).first()


def may_see(user, case: Case, staffing: Staffing | None = None) -> bool:
    """The drafter, whoever is or was asked (and may answer for the post), the procedure's owner, site managers."""
    if not user.is_active:
        return False
    if user.pk == case.drafter_id or manages_routes(user) or owns(user, case.version.page):
        return True
    asked = Assignment.objects.filter(**{f"run__{name}": value for name, value in key_of(case).items()})
    if asked.filter(decision__user=user).exists():
        return True
    return asked.filter(named_post__in=(staffing or Staffing()).posts_answered_by(user)).exists()


def cases_of(user) -> QuerySet[Case]:
    """What this person started, latest first."""
    return Case.objects.filter(drafter=user).select_related("version")


def with_runs(cases: list[Case]) -> list[dict]:
    """Each case with its latest run and where it stands; two queries for all."""
    if not cases:
        return []
    runs: dict[str, Run] = {}
    key = key_of(cases[0])
    rows = Run.objects.filter(content_type=key["content_type"], object_id__in=[str(case.pk) for case in cases])
    for run in queries.with_stages(rows.order_by("started_at", "pk")):
        runs[run.object_id] = run
    staffing = Staffing()
    listed = []
    for case in cases:
        run = runs.get(str(case.pk))
        words, style = badge_of(run)
        now = queries.now_with(run, staffing) if run is not None and run.state == RunState.RUNNING else ""
        listed.append({"case": case, "run": run, "state": words, "badge": style, "now": now})
    return listed


def open_findings() -> QuerySet[Finding]:
    """What inspections that were handed in found and nobody has mended yet, oldest first."""
    # A run names its subject in words, whatever the key of the subject's table is.
    number = Cast(OuterRef("case_id"), CharField())
    submitted = Run.objects.filter(content_type=key_of(Case())["content_type"], object_id=number)
    rows = Finding.objects.filter(Exists(submitted), closed_at=None)
    return rows.select_related("case__version", "case__drafter").order_by("found_at", "pk")


def detail_context(case: Case, user) -> dict:
    """Everything on the page of a case."""
    staffing = Staffing()
    run = run_with_stages(case)
    words, style = badge_of(run)
    text = ProcedureText(case.version.content)
    mine = queries.pending_for(user, staffing, run=run) if run is not None else []
    return {
        **content_context(case),
        "text": text,
        "run": run,
        "state": words,
        "badge": style,
        "stages": queries.stages(run, staffing) if run is not None else [],
        "step_states": step_states(case, run, staffing),
        "mine": mine[0] if mine else None,
        "editable": user.pk == case.drafter_id
        and (run is None or run.state not in (RunState.RUNNING, RunState.APPROVED)),
        "findings": list(case.findings.select_related("closed_by")),
        "newer": case.version.page.versions.filter(number__gt=case.version.number).order_by("-number").first(),
    }
