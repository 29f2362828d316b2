"""The pages: filters, batch signing, password, handing on, trail, sheet, statistics."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from content.approvals import log, signing
from content.approvals.models import Assignment, Decision, Run, RunState
from content.approvals.queries import lacking_people, pending_for
from content.approvals.todo import Filters, ToDo
from tests.factories.approvals import sign_everything, sign_mine
from tests.factories.users import UserFactory


@pytest.fixture
def run(paper, people):
    return signing.submit(paper, people.writer)


def page_of(user):
    return reverse("approvals:sign", args=[pending_for(user)[0].assignment.pk])


def test_the_list_is_narrowed_by_title_kind_drafter_and_term(client, make_paper, slip, people):
    for index in range(3):
        signing.submit(make_paper(title=f"稿件{index}"), people.writer)
    signing.submit(slip, people.writer)
    late = Assignment.objects.filter(run__title="稿件1", node_index=0)
    late.update(due_at=timezone.now() - datetime.timedelta(days=1))
    client.force_login(people.manager)
    kind = Run.objects.get(title="公司简介").content_type_id
    for query, titles in (
        ("q=稿件2", ["稿件2"]),
        ("overdue=1", ["稿件1"]),
        (f"kind={kind}", ["公司简介"]),
        (f"drafter={people.writer.pk}", ["稿件0", "稿件1", "稿件2", "公司简介"]),
        ("drafter=999", []),
        ("kind=x&drafter=-1&page=z", ["稿件0", "稿件1", "稿件2", "公司简介"]),
    ):
        page = client.get(f"/sign/?{query}")
        assert [item.run.title for item in page.context["waiting"]] == titles


def test_the_database_and_the_staffing_agree_on_what_waits_for_whom(make_paper, people, route):
    runs = [signing.submit(make_paper(title=f"稿件{n}", by=by), people.writer)
            for n, by in enumerate((people.writer, people.manager, people.gm))]  # fmt: skip
    people.tech_post.holdings.all().delete()
    for user in (people.writer, people.manager, people.tech, people.product, people.gm):
        todo = ToDo(user)
        every = Assignment.objects.filter(state="pending", run__in=runs).select_related("run")
        expected = {row.pk for row in every if todo.staffing.seat_of(row, row.run.authors).holder(user)}
        assert set(todo.rows().values_list("pk", flat=True)) == expected
        assert todo.rows(Filters(words="稿件1")).count() == len(
            {*expected} & set(every.filter(run=runs[1]).values_list("pk", flat=True))
        )


def test_several_are_signed_together_where_the_route_allows(client, make_paper, people, route):
    route.nodes.filter(title="部门审核").update(batch=True)
    for index in range(3):
        signing.submit(make_paper(title=f"稿件{index}"), people.writer)
    rows = [waiting.assignment for waiting in pending_for(people.manager)]
    client.force_login(people.manager)
    assertContains(client.get("/sign/"), 'name="chosen"', count=3)
    chosen = [f"{rows[0].pk}:{rows[0].run.digest}", f"{rows[1].pk}:{'0' * 64}", "999:x", "nonsense"]
    response = client.post("/sign/batch/", {"chosen": chosen}, follow=True)
    assertContains(response, "已签准 1 份：《稿件0》。")
    assertContains(response, "《稿件1》没有签：您打开页面之后内容已经换了版本")
    assertContains(response, "有一份内容已经不在了。")
    assert Decision.objects.count() == 1


def test_what_must_be_opened_is_not_signed_from_the_list(client, run, people):
    row = pending_for(people.manager)[0].assignment
    client.force_login(people.manager)
    assertNotContains(client.get("/sign/"), 'name="chosen"')
    response = client.post("/sign/batch/", {"chosen": [f"{row.pk}:{run.digest}"]}, follow=True)
    assertContains(response, "《春游路线上新》按路线须打开阅读后再签。")
    assertContains(client.post("/sign/batch/", {}, follow=True), "请先勾选要签准的内容。")
    assert Decision.objects.count() == 0


def test_the_password_is_asked_and_checked(client, paper, people, route):
    route.nodes.filter(title="部门审核").update(reauth=True)
    run = signing.submit(paper, people.writer)
    client.force_login(people.manager)
    url, data = page_of(people.manager), {"verdict": "sign", "digest": run.digest, "comment": "我的意见"}
    assertContains(client.get(url), 'autocomplete="current-password"')
    assertContains(client.post(url, data), "本环节签准须再输一次密码", status_code=422)
    wrong = client.post(url, {**data, "password": "wrong"})
    assertContains(wrong, "密码不对，您的签名没有记入", status_code=422)
    assertContains(wrong, "我的意见", status_code=422)
    client.post(url, {**data, "password": "portal-demo-1"})
    assert Decision.objects.get().reauthenticated


def test_handing_on_and_taking_back_from_the_page(client, run, people):
    client.force_login(people.manager)
    url = page_of(people.manager)
    assertContains(client.get(url), f'<option value="{people.tech_post.pk}">市场部 技术总监（陈工）</option>')
    response = client.post(url, {"act": "before", "post": people.tech_post.pk, "note": "请看数据"}, follow=True)
    assertContains(response, "已请「市场部 技术总监」先签，签完会回到您这里。")
    assertContains(response, "撤销前加签")
    added = Assignment.objects.get(kind="before")
    response = client.post(url, {"act": "remove", "added": added.pk}, follow=True)
    assertContains(response, "已撤销对「市场部 技术总监」的前加签。")
    assertContains(client.post(url, {"act": "transfer", "post": "x"}), "请先选一个岗位。", status_code=422)
    assertContains(client.post(url, {"act": "nothing"}), "不认识的操作", status_code=422)
    assertContains(client.post(url, {"act": "take"}, follow=True), "已标明您正在处理")
    transferred = client.post(url, {"act": "transfer", "post": people.gm_post.pk}, follow=True)
    assertContains(transferred, "这一签已经转办给别的岗位。")


def test_two_windows_of_one_signer(client, run, people):
    client.force_login(people.manager)
    url, data = page_of(people.manager), {"verdict": "sign", "digest": run.digest, "comment": ""}
    client.post(url, data)
    response = client.post(url, {**data, "verdict": "refuse", "comment": "反悔"}, follow=True)
    assertContains(response, "这一签您已经签准，不必重复提交。")


def test_a_signature_after_withdrawal_is_told_in_one_sentence(client, run, people):
    url = page_of(people.manager)
    signing.withdraw(run, people.writer)
    client.force_login(people.manager)
    response = client.post(url, {"verdict": "sign", "digest": run.digest, "comment": ""}, follow=True)
    assertContains(response, "这次签批已经结束（已撤回），不再需要您签批。")


def test_the_trail_shows_every_act_and_takes_words(client, run, people):
    sign_mine(people.manager, "同意刊发")
    client.force_login(people.writer)
    url = reverse("approvals:run", args=[run.pk])
    assertContains(client.post(url, {"act": "comment", "text": "谢谢"}, follow=True), "谢谢")
    response = client.post(url, {"act": "urge"}, follow=True)
    for text in ("已催办", "同意刊发", "催办：陈工、刘芳。", "版“文稿签批”"):
        assertContains(response, text)
    assertContains(client.post(url, {"act": "urge"}), "刚催办过", status_code=422)
    assertContains(client.post(url, {"act": "copy", "post": people.gm_post.pk}, follow=True), "已抄送赵总。")


def test_the_sheet_is_a_pdf_of_all_signatures(client, run, people):
    pypdf = pytest.importorskip("pypdf")
    import io

    sign_everything(run)
    client.force_login(people.writer)
    response = client.get(reverse("approvals:sheet", args=[run.pk]))
    if response.status_code == 503:
        pytest.skip("pango is not on this machine")
    text = pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    text = "".join(text.split())
    assert all(word in text for word in ("签批单", "李经理", "签准", run.digest[:16])), text


@pytest.mark.parametrize("number", [1, 3])
def test_the_statistics_cost_the_same_for_one_run_and_for_three(
    client, make_paper, people, superuser, django_assert_num_queries, number
):
    for index in range(number):
        sign_everything(signing.submit(make_paper(title=f"稿件{index}"), people.writer))
    client.force_login(superuser)
    client.get("/sign/statistics/")
    from content.approvals.statistics import months_since, overdue_now, steps_since

    since = timezone.now() - datetime.timedelta(days=1)
    with django_assert_num_queries(3):
        steps, months, overdue = steps_since(since), months_since(since), overdue_now()
    assert sorted((step.step, step.decisions, step.refused, step.late) for step in steps) == [
        ("会签", 2 * number, 0, 0), ("部门审核", number, 0, 0),
    ]  # fmt: skip
    assert ([month.approved for month in months], overdue) == ([number], 0)
    assertContains(client.get("/sign/statistics/?days=30"), '<svg class="plot"', count=2)


@pytest.mark.parametrize("number", [1, 3])
def test_a_trail_costs_the_same_however_much_was_said(client, run, people, django_assert_num_queries, number):
    from content.approvals import talking
    from content.approvals.queries import log_of

    for index in range(number):
        talking.comment(run, people.writer, f"第 {index} 句")
    with django_assert_num_queries(2):
        assert len(list(log_of(run))) == number + 1


def test_whom_a_run_lacks_is_found_by_post_by_rule_and_by_author(make_paper, people, superuser):
    def lacking():
        return {(line.assignment.run_id, line.assignment.named_post_id) for line in lacking_people()}

    plain = signing.submit(make_paper(title="甲"), people.writer)
    assert lacking() == set()
    own = signing.submit(make_paper(title="乙", body="集团", by=people.gm), people.writer)
    assert lacking() == {(own.pk, people.gm_post.pk)}
    people.tech_post.holdings.all().delete()
    # The general manager, an author, cannot stand in for the vacant post either.
    assert lacking() == {(own.pk, people.gm_post.pk), (own.pk, people.tech_post.pk)}
    Assignment.objects.filter(run=plain, named_post=people.tech_post).update(vacancy="stop")
    assert (plain.pk, people.tech_post.pk) in lacking()


def test_nobody_else_reads_a_trail_or_a_sheet(client, run):
    client.force_login(UserFactory(username="nobody"))
    for name in ("run", "sheet"):
        assert client.get(reverse(f"approvals:{name}", args=[run.pk])).status_code == 403
    assert list(log.verify()) == []
    assert Run.objects.get().state == RunState.RUNNING
