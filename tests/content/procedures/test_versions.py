import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from content.approvals import signing
from content.approvals.errors import SignOffError, SignOffRequired
from content.procedures.models import CodeSeries, IssuedCode, ProcedurePage, ProcedureVersion
from content.procedures.models.versions import VersionState
from content.procedures.numbering import issue_code
from content.procedures.versions import add_months, make_version
from tests.factories.procedures import field, procedure, procedure_draft, put_in_force, revise, step


def test_codes_are_issued_in_order(index):
    codes = [procedure_draft(index, title).code for title in ("调研", "推广", "月计划")]

    assert codes == ["SC-001", "SC-002", "SC-003"]
    assert list(IssuedCode.objects.values_list("code", "title")) == [
        ("SC-001", "调研"), ("SC-002", "推广"), ("SC-003", "月计划"),
    ]  # fmt: skip


def test_a_number_not_used_after_all_is_given_back(db):
    series = CodeSeries.objects.create(prefix="SC", name="市场")

    with transaction.atomic():
        assert issue_code(series, "没有写成") == "SC-001"
        transaction.set_rollback(True)

    assert issue_code(series, "写成了") == "SC-001"


def test_the_code_of_a_deleted_draft_is_never_issued_again(index):
    procedure_draft(index, "废弃的").delete()

    assert procedure_draft(index, "新的").code == "SC-002"
    assert IssuedCode.objects.get(code="SC-001").retired_at is not None


def test_the_address_is_the_code(index):
    assert procedure_draft(index).slug == "sc-001"


def test_publishing_makes_a_version_from_the_signed_text(index):
    page = procedure(index)

    version = page.versions.get()
    assert (version.number, version.state) == (1, VersionState.EFFECTIVE)
    assert [(s["number"], s["title"], s["kind"]) for s in version.content["steps"]] == [
        (1, "起草调研计划", "task"),
        (2, "审核计划", "sign"),
    ]


def test_nothing_comes_into_force_without_the_signatures(index):
    page = procedure_draft(index)

    with pytest.raises(SignOffRequired):
        page.save_revision().publish()

    assert not ProcedureVersion.objects.exists()


def test_making_the_version_again_changes_nothing(index):
    page = procedure(index)
    version = page.versions.get()

    assert make_version(page, page.get_latest_revision()) == version
    assert page.versions.count() == 1


def test_a_version_takes_effect_on_its_day_and_ends_the_one_before(index):
    with time_machine.travel("2026-03-01 10:00+08:00"):
        page = procedure(index)
    with time_machine.travel("2026-04-10 10:00+08:00"):
        revise(page, lambda draft: setattr(draft, "effective_on", datetime.date(2026, 5, 1)))

    spans = list(page.versions.order_by("number").values_list("effective_from", "effective_until"))
    assert spans == [
        (datetime.date(2026, 3, 1), datetime.date(2026, 4, 30)),
        (datetime.date(2026, 5, 1), None),
    ]
    numbers = {day: page.version_in_force(datetime.date.fromisoformat(day)) for day in
               ("2026-02-28", "2026-04-30", "2026-05-01")}  # fmt: skip
    assert {day: version and version.number for day, version in numbers.items()} == {
        "2026-02-28": None,
        "2026-04-30": 1,
        "2026-05-01": 2,
    }


def test_a_version_overtaken_before_its_day_never_comes_into_force(index):
    with time_machine.travel("2026-03-01 10:00+08:00"):
        page = procedure(index)
        revise(page, lambda draft: setattr(draft, "effective_on", datetime.date(2026, 6, 1)))
    with time_machine.travel("2026-03-02 10:00+08:00"):
        revise(page, lambda draft: setattr(draft, "effective_on", datetime.date(2026, 4, 1)))

    assert page.version_in_force(datetime.date(2026, 3, 31)).number == 1
    assert page.version_in_force(datetime.date(2026, 4, 1)).number == 3
    assert page.version_in_force(datetime.date(2026, 7, 1)).number == 3
    assert page.versions.get(number=2).state_on(datetime.date(2026, 3, 2)) == VersionState.OBSOLETE


def test_what_was_in_force_cannot_be_deleted_or_copied(index, superuser):
    page = procedure(index)

    rights = page.permissions_for_user(superuser)
    assert (rights.can_delete(), rights.can_copy()) == (False, False)


def test_a_withdrawn_procedure_is_over_and_its_code_retired(index):
    with time_machine.travel("2026-03-01 10:00+08:00"):
        page = procedure(index)
    with time_machine.travel("2026-05-01 10:00+08:00"):
        page.unpublish()
        assert page.versions.get().state == VersionState.OBSOLETE

    assert IssuedCode.objects.get(code=page.code).retired_at is not None


def test_three_months_after_the_end_of_november_is_the_end_of_february():
    assert add_months(datetime.date(2025, 11, 30), 3) == datetime.date(2026, 2, 28)


def test_a_series_wants_capital_letters(db):
    with pytest.raises(ValidationError):
        CodeSeries(prefix="sc1", name="市场").full_clean()


@pytest.mark.parametrize(
    ("steps", "fields", "said"),
    [
        ([], [], "还没有步骤"),
        ([("起草", {})], [], "没有选岗位"),
        ([("起草", {"who": "drafter", "kind": "sign"})], [], "第一步还没有可签的内容"),
        ([("起草", {"who": "drafter", "condition_field": "金额"})], [("金额", "money")], "第一步总要有人开始"),
        (
            [("起草", {"who": "drafter"}), ("批准", {"who": "superior", "kind": "sign", "condition_field": "已删的"})],
            [],
            "表单里没有这个栏目",
        ),
        ([("起草", {"who": "drafter"}), ("批准", {"who": "superior", "kind": "sign", "refusal_step": 2})], [], "只能退回到它前面"),
        ([("起草", {"who": "drafter"})], [("类型", "radio")], "还没有写选项"),
        ([("起草", {"who": "drafter"})], [("金额", "money"), ("金额", "money")], "都叫「金额」"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_before_anyone_signs(index, superuser, steps, fields, said):
    page = procedure_draft(
        index,
        steps=[step(title, **more) for title, more in steps],
        form_fields=[field(label, kind) for label, kind in fields],
    )
    page.save_revision()

    missing = "".join(page.further_shortcomings())
    assert said in missing
    with pytest.raises(SignOffError):
        signing.submit(page, superuser)


def test_a_condition_names_a_field_and_keeps_its_key(index):
    page = procedure_draft(
        index,
        steps=[
            step("起草", who="drafter"),
            step("批准", who="superior", kind="sign", condition_field="类型", condition_value="年度"),
        ],
        form_fields=[field("类型", "radio", "年度", "常规")],
    )

    content = put_in_force(page).content
    assert content["steps"][1]["condition"] == {
        "field": content["fields"][0]["key"], "label": "类型", "operator": "is", "value": "年度",
    }  # fmt: skip


def test_the_page_of_a_version_stays_at_its_address(client, index, staff):
    page = procedure(index)
    revise(page, lambda draft: setattr(draft, "purpose", "换了目的。"))
    client.force_login(staff)

    first, second = client.get("/procedures/sc-001/versions/1/").text, client.get("/procedures/sc-001/").text
    assert "把调研做在前面" in first
    assert "换了目的" in second


def test_the_version_of_a_past_day_is_shown(client, index, staff):
    with time_machine.travel("2026-03-01 10:00+08:00"):
        page = procedure(index)
    with time_machine.travel("2026-05-01 10:00+08:00"):
        revise(page, lambda draft: setattr(draft, "purpose", "换了目的。"))
        client.force_login(staff)

        assert "把调研做在前面" in client.get("/procedures/sc-001/?on=2026-04-01").text
        assert "还没有施行中的版本" in client.get("/procedures/sc-001/?on=2025-04-01").text
        assert "不是日期" in client.get("/procedures/sc-001/?on=五一").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_many_procedures(client, index, staff, count, django_assert_num_queries):
    for number in range(count):
        procedure(index, f"制度{number}")
    client.force_login(staff)
    client.get("/procedures/")

    with django_assert_num_queries(21):
        response = client.get("/procedures/")

    assert response.text.count('class="procedure__code"') == count
    assert ProcedurePage.objects.count() == count
