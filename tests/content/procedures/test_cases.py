"""A case from the first word to the last signature."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from content.approvals import signing
from content.approvals.errors import SignOffError
from content.approvals.models import RunState
from content.approvals.notices import path_url
from content.approvals.queries import pending_for
from content.approvals.staffing import Staffing
from content.procedures import cases
from content.procedures.case_view import open_findings, run_with_stages, step_states
from content.procedures.models import Case, Finding, ProcedurePage
from tests.factories.approvals import post_with, sign_mine
from tests.factories.procedures import change_step, field, procedure, revise, step

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def people(department):
    """gm ← manager ← clerk, each (post, user)."""
    gm = post_with("总经理", name="岳青山", code="gm")
    manager = post_with("部门经理", name="林听泉", code="manager", superior=gm[0])
    clerk = post_with("市场专员", name="许晴柔", code="clerk", superior=manager[0])
    return {"gm": gm, "manager": manager, "clerk": clerk}


@pytest.fixture
def expenses(index, people):
    """申请 (anybody) → 主管审核 → 总经理批准 from 20,000 → 登记 (clerk)."""
    return procedure(
        index,
        "业务费用",
        steps=[
            step("填写申请", who="drafter"),
            step("主管审核", who="superior", kind="sign"),
            step("总经理批准", people["gm"][0], kind="sign", condition_field="金额合计",
                 condition_operator="at_least", condition_value="20000"),
            step("登记", people["clerk"][0]),
        ],
        form_fields=[
            field("事由", "multiline"),
            field("金额合计", "money"),
            field("类别", "radio", "招待", "提成"),
            field("对应合同", condition_field="类别", condition_value="提成"),
            field("明细", "table", "项目", "金额", required=False),
            field("票据", "file", required=False),
        ],
    )  # fmt: skip


def key_of(page, label):
    return next(f["key"] for f in page.versions.first().content["fields"] if f["label"] == label)


def typed(page, title="三月招待费", **labels):
    return {"title": title, **{f"f-{key_of(page, label)}": value for label, value in labels.items()}}


def filled(page, user, **labels) -> Case:
    """A case of the user with the form filled in."""
    labels = {"事由": "接待客户", "金额合计": "3,000", "类别": "招待", **labels}
    case = cases.start_case(page, user)
    post = QueryDict(mutable=True)
    post.update(typed(page, **labels))
    return cases.save_values(case, user, post)


def test_numbers_run_per_procedure_and_year(expenses, people):
    clerk = people["clerk"][1]
    with time_machine.travel("2026-12-31 10:00+08:00"):
        expenses.versions.update(effective_from=datetime.date(2026, 1, 1))
        numbers = [cases.start_case(expenses, clerk).number for _ in range(2)]
    with time_machine.travel("2027-01-02 10:00+08:00"):
        numbers.append(cases.start_case(expenses, clerk).number)

    assert numbers == ["SC-001-2026-0001", "SC-001-2026-0002", "SC-001-2027-0001"]


def test_only_the_posts_of_the_first_step_start_it(index, people, outsider):
    page = procedure(index, steps=[step("起草", people["manager"][0]), step("批准", people["gm"][0], kind="sign")])

    assert cases.start_case(page, people["manager"][1])
    with pytest.raises(cases.CaseError, match="由市场部 部门经理发起"):
        cases.start_case(page, people["clerk"][1])
    with pytest.raises(cases.CaseError, match="在任员工"):
        cases.start_case(page, outsider)


def test_what_is_typed_is_kept_even_if_it_is_wrong(client, expenses, people):
    client.force_login(people["clerk"][1])
    client.post("/cases/start/sc-001/")
    case = Case.objects.get()

    response = client.post(f"/cases/{case.pk}/save/", typed(expenses, 金额合计="一万多"))

    case.refresh_from_db()
    assert "已自动保存" in response.text
    assert case.values[key_of(expenses, "金额合计")] == "一万多"
    assert 'value="一万多"' in client.get(f"/cases/{case.pk}/edit/").text


def test_a_field_appears_when_its_condition_comes_true_and_keeps_its_words(client, expenses, people):
    client.force_login(people["clerk"][1])
    client.post("/cases/start/sc-001/")
    address = f"/cases/{Case.objects.get().pk}/save/"

    shown = client.post(address, typed(expenses, 类别="提成")).text
    client.post(address, typed(expenses, 类别="提成", 对应合同="HT-7"))
    hidden = client.post(address, typed(expenses, 类别="招待", 对应合同="HT-7")).text
    client.post(address, typed(expenses, 类别="招待"))

    assert "对应合同" in shown
    assert 'hx-swap-oob="true" hidden' in hidden
    assert Case.objects.get().values[key_of(expenses, "对应合同")] == "HT-7"


def test_a_late_saving_by_itself_does_not_undo_the_button(client, expenses, people):
    client.force_login(people["clerk"][1])
    client.post("/cases/start/sc-001/")
    case = Case.objects.get()
    client.post(f"/cases/{case.pk}/edit/", {**typed(expenses, 事由="写完了"), "saves": "0"})

    late = client.post(f"/cases/{case.pk}/save/", {**typed(expenses, 事由="写了一"), "saves": "0"})

    assert "已在别处保存过" in late.text
    assert Case.objects.get().values[key_of(expenses, "事由")] == "写完了"


def test_two_windows_lose_nothing_without_being_told(client, expenses, people):
    client.force_login(people["clerk"][1])
    client.post("/cases/start/sc-001/")
    case = Case.objects.get()
    client.post(f"/cases/{case.pk}/edit/", {**typed(expenses, 事由="甲窗口"), "saves": "0"})

    other = client.post(f"/cases/{case.pk}/edit/", {**typed(expenses, 事由="乙窗口"), "saves": "0"})

    assert other.status_code == 422
    assert "乙窗口" in other.text
    assert Case.objects.get().values[key_of(expenses, "事由")] == "甲窗口"
    client.post(f"/cases/{case.pk}/edit/", {**typed(expenses, 事由="乙窗口"), "saves": "1"})
    assert Case.objects.get().values[key_of(expenses, "事由")] == "乙窗口"


def test_it_goes_nowhere_before_it_is_complete(client, expenses, people):
    client.force_login(people["clerk"][1])
    client.post("/cases/start/sc-001/")
    case = Case.objects.get()

    response = client.post(f"/cases/{case.pk}/edit/", {**typed(expenses, title="", 类别="提成"), "next": "1"})

    assert response.status_code == 422
    assert all(said in response.text for said in ("请填写事项名称。", "请填写“事由”。", "请填写“对应合同”。"))
    with pytest.raises(SignOffError):
        signing.submit(case, people["clerk"][1])


def test_a_small_sum_skips_the_general_manager_and_says_why(expenses, people):
    case = filled(expenses, people["clerk"][1])

    path = signing.preview(case, people["clerk"][1])

    assert [(s.title, s.skipped) for s in path.steps] == [("主管审核", False), ("总经理批准", True), ("登记", False)]
    assert "SC-001 第 3 步" in path.steps[1].reason


def test_a_case_runs_through_all_its_steps(client, expenses, people):
    clerk, manager, gm = (people[name][1] for name in ("clerk", "manager", "gm"))
    case = filled(expenses, clerk, 金额合计="25000")
    run = signing.submit(case, clerk)
    staffing = Staffing()
    first, second, third, fourth = (s["key"] for s in case.version.content["steps"])
    at_start = step_states(case, run_with_stages(case), staffing)
    sign_mine(manager)
    sign_mine(gm)
    sign_mine(clerk)
    run.refresh_from_db()

    assert at_start == {first: "done", second: "now", third: "waiting", fourth: "waiting"}
    assert run.state == RunState.APPROVED
    assert step_states(case, run_with_stages(case), staffing) == dict.fromkeys((first, second, third, fourth), "done")
    client.force_login(clerk)
    assert "已办结" in client.get(case.get_absolute_url()).text


def test_a_refused_case_comes_back_and_may_be_changed(expenses, people):
    clerk, manager = people["clerk"][1], people["manager"][1]
    case = filled(expenses, clerk)
    run = signing.submit(case, clerk)
    with pytest.raises(cases.CaseError, match="先撤回"):
        cases.save_values(case, clerk, {"title": "改一改"})
    waiting = pending_for(manager)[0]
    signing.refuse(waiting.assignment, manager, digest=run.digest, comment="事由不清。")

    assert cases.save_values(case, clerk, QueryDict("title=改过的")).title == "改过的"


def test_a_case_follows_the_version_it_began_with(expenses, people):
    clerk = people["clerk"][1]
    case = filled(expenses, clerk)
    revise(expenses, lambda draft: change_step(draft, 2, title="主管复核"))

    titles = [s.title for s in signing.preview(Case.objects.get(pk=case.pk), clerk).steps]

    assert titles[0] == "主管审核"
    assert cases.start_case(ProcedurePage.objects.get(pk=expenses.pk), clerk).version.number == 2


def test_a_file_that_is_not_what_it_says_is_refused(expenses, people):
    clerk = people["clerk"][1]
    case = cases.start_case(expenses, clerk)
    key = key_of(expenses, "票据")

    for name, content, said in (
        ("发票.pdf", b"MZ\x90", "内容却不是"),
        ("病毒.exe", b"MZ\x90", "不在可上传之列"),
        ("空.pdf", b"", "空文件"),
        ("照片.png", b"<html>", "不是图片"),
    ):
        with pytest.raises(cases.CaseError, match=said):
            cases.attach(case, clerk, key, SimpleUploadedFile(name, content))

    cases.attach(case, clerk, key, SimpleUploadedFile("照片.png", PNG))
    assert [row.name for row in case.files.all()] == ["照片.png"]


def test_a_file_changes_what_the_signature_is_for(expenses, people):
    clerk = people["clerk"][1]
    case = filled(expenses, clerk)
    before = case.sign_off_content()
    cases.attach(case, clerk, key_of(expenses, "票据"), SimpleUploadedFile("照片.png", PNG))

    assert Case.objects.get(pk=case.pk).sign_off_content() != before


def test_a_case_is_seen_by_those_who_have_to_do_with_it(client, expenses, people, index):
    stranger = post_with("司机", name="赵磊", code="driver")[1]
    case = filled(expenses, people["clerk"][1])
    cases.attach(case, people["clerk"][1], key_of(expenses, "票据"), SimpleUploadedFile("照片.png", PNG))
    address, file = case.get_absolute_url(), case.files.get().get_absolute_url()

    def answers(user):
        client.force_login(user)
        return [client.get(where).status_code for where in (address, file, f"/cases/{case.pk}.pdf")]

    before = answers(people["manager"][1])
    signing.submit(case, people["clerk"][1])

    assert before == [403, 403, 403]
    assert answers(people["manager"][1])[:2] == [200, 200]
    assert answers(people["gm"][1])[:2] == [200, 200]
    assert answers(stranger) == [403, 403, 403]


def test_an_inspection_leaves_findings_open_until_they_are_mended(client, index, people):
    clerk = people["clerk"][1]
    page = procedure(
        index,
        "每日巡查",
        steps=[step("巡查", people["clerk"][0]), step("确认", people["manager"][0], kind="sign")],
        form_fields=[field("清单", "checklist", "门前整洁", "消防畅通")],
    )
    key = key_of(page, "清单")
    client.force_login(clerk)
    client.post("/cases/start/sc-001/")
    case = Case.objects.get()
    answer = {"title": "今日巡查", f"f-{key}-0": "ok", f"f-{key}-1": "problem", f"f-{key}-1-note": "东门堆物",
              f"file-{key}-1": SimpleUploadedFile("东门.png", PNG), "next": "1"}  # fmt: skip

    response = client.post(f"/cases/{case.pk}/edit/", answer)

    assert response["Location"] == path_url(case)
    assert case.files.get().item == 1
    assert not open_findings()
    signing.submit(Case.objects.get(), clerk)
    assert [(f.text, f.note) for f in open_findings()] == [("消防畅通", "东门堆物")]

    finding = Finding.objects.get()
    assert "请写明怎么改的" in client.post(f"/cases/findings/{finding.pk}/close/", {"remedy": " "}, follow=True).text
    client.post(f"/cases/findings/{finding.pk}/close/", {"remedy": "已清走。"})
    assert not open_findings()
    assert Finding.objects.get().closed_by == clerk


def test_a_draft_may_be_thrown_away_a_submitted_case_not(expenses, people):
    clerk = people["clerk"][1]
    cases.discard(cases.start_case(expenses, clerk), clerk)
    case = filled(expenses, clerk)
    signing.submit(case, clerk)
    with pytest.raises(cases.CaseError):
        cases.discard(case, clerk)

    assert Case.objects.get() == case


def test_the_form_of_another_cannot_be_opened_or_saved(client, expenses, people):
    case = cases.start_case(expenses, people["clerk"][1])
    client.force_login(people["manager"][1])

    assert [client.get(f"/cases/{case.pk}/edit/").status_code, client.post(f"/cases/{case.pk}/save/").status_code] == [
        403,
        403,
    ]


def test_a_draft_is_tried_without_leaving_anything(client, expenses, people, superuser):
    draft = expenses.get_latest_revision_as_object()
    change_step(draft, 2, title="主管复核")
    draft.save_revision()
    client.force_login(superuser)

    data = {**typed(expenses, 金额合计="100"), "drafter": people["clerk"][1].pk}
    shown = client.post("/cases/try/sc-001/", data).text

    assert "主管复核" in shown
    assert "林听泉" in shown
    assert "跳过" in shown
    assert not Case.objects.exists()


def test_a_form_of_two_hundred_fields_opens_and_saves(client, index, people):
    page = procedure(
        index,
        "长表",
        steps=[step("填", who="drafter"), step("批", people["gm"][0], kind="sign")],
        form_fields=[field(f"栏目{n}") for n in range(200)],
    )
    client.force_login(people["clerk"][1])
    client.post("/cases/start/sc-001/")
    case = Case.objects.get()

    client.post(f"/cases/{case.pk}/save/", typed(page, **{f"栏目{n}": f"值{n}" for n in range(200)}))

    case.refresh_from_db()
    assert case.values[key_of(page, "栏目199")] == "值199"


@pytest.mark.parametrize("count", [1, 3])
def test_my_cases_cost_the_same_however_many(client, expenses, people, count, django_assert_num_queries):
    clerk = people["clerk"][1]
    for _ in range(count):
        signing.submit(filled(expenses, clerk), clerk)
    client.force_login(clerk)
    client.get("/cases/")

    with django_assert_num_queries(24):
        response = client.get("/cases/")

    assert response.text.count("办理中</span>") == count


@pytest.mark.parametrize("count", [1, 3])
def test_open_findings_cost_the_same_however_many(client, expenses, people, count, django_assert_num_queries):
    clerk = people["clerk"][1]
    for number in range(count):
        case = filled(expenses, clerk)
        signing.submit(case, clerk)
        Finding.objects.create(case=case, field_key="k", item=number, text="消防畅通", note="东门堆物")
    client.force_login(clerk)
    client.get("/cases/findings/")

    with django_assert_num_queries(16):
        response = client.get("/cases/findings/")

    assert response.text.count("已改好，关闭") == count
