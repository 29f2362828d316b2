"""Every procedure the demo ships is complete, in force, and runs from its form to its last step."""

import pytest
from django.core.management import call_command
from django.http import QueryDict

from content.approvals import definitions, signing
from content.approvals.models import RunState
from content.demo import organization, procedures
from content.organization.holders import holdings_on
from content.procedures import cases, form_values
from content.procedures.case_signing import definition_for
from content.procedures.checking import shortcomings_of
from content.procedures.models import Case, ProcedurePage
from content.users.models import User
from tests.factories.approvals import sign_everything

ANSWERS = {
    "number": "8", "money": "620000", "date": "2026-05-04", "email": "demo@example.com", "url": "https://example.com",
}  # fmt: skip
# Files are optional here: what they are for is tried in tests/content/procedures/test_cases.py.


@pytest.fixture
def demo(db):
    call_command("setup_portal", verbosity=0)
    organization.load()
    procedures.load()


def filled(page, user) -> Case:
    """A case with every field filled in somehow, files left out."""
    case = cases.start_case(page, user)
    post = QueryDict(mutable=True)
    post["title"] = f"试办{page.title}"
    for field in case.version.content["fields"]:
        name, kind = f"f-{field['key']}", field["kind"]
        if kind in ("radio", "checkboxes"):
            post.setlist(name, field["options"][-1:])
        elif kind == "daterange":
            post[f"{name}-from"], post[f"{name}-to"] = "2026-05-04", "2026-06-04"
        elif kind == "table":
            for place, _ in enumerate(field["options"]):
                post[f"{name}-0-{place}"] = "1"
        elif kind == "checklist":
            for number, _ in enumerate(field["options"]):
                post[f"{name}-{number}"] = "ok"
        elif kind in ("person", "post"):
            post[name] = str(user.pk)
        elif kind == "checkbox":
            post[name] = "1"
        elif kind != "file":
            post[name] = ANSWERS.get(kind, "照规定办理。")
    # The second time the fields the first answers brought up are on the form too.
    case = cases.save_values(case, user, post, by_itself=True)
    return cases.save_values(case, user, post, by_itself=True)


def starter(page):
    """Somebody who may start this procedure and has a superior, who signs where the starter would."""
    people = {row.user_id: row.user for row in holdings_on().exclude(post__superior=None)}.values()
    version = page.version_in_force()
    return next(user for user in people if not cases.why_not_startable(user, page, version))


def test_all_are_in_force_complete_and_run_to_their_end(demo, monkeypatch):
    monkeypatch.setattr(form_values, "problems", lambda fields, values, files: {})  # files are not uploaded here
    pages = list(ProcedurePage.objects.order_by("code"))
    ended = {}
    for page in pages:
        assert shortcomings_of(page) == [], page
        user = User.objects.get(pk=starter(page).pk)
        case = filled(page, user)
        assert definitions.shortcomings(definition_for(case)) == [], page
        ended[page.code] = sign_everything(signing.submit(case, user)).state

    assert ended == {
        **{f"SC-00{n}": RunState.APPROVED for n in range(1, 5)},
        **{f"XS-00{n}": RunState.APPROVED for n in range(1, 8)},
        "YY-001": RunState.APPROVED,
        **{f"KF-00{n}": RunState.APPROVED for n in (1, 2)},
    }


def test_the_forms_ask_for_nothing_that_cannot_be_given(demo):
    for page in ProcedurePage.objects.order_by("code"):
        case = filled(page, User.objects.get(pk=starter(page).pk))
        missing = form_values.problems(case.version.content["fields"], case.values, {})
        kinds = {field["key"]: field["kind"] for field in case.version.content["fields"]}

        assert {kinds[key] for key in missing} <= {"file"}, (page, missing)


def test_loading_again_adds_nothing(demo):
    assert procedures.load() == 0
