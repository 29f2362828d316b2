import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from content.approvals import signing
from content.approvals.models import Decision, Run, RunState
from content.approvals.queries import pending_count, pending_for
from content.approvals.views import inbox_context
from tests.factories.approvals import sign_everything, sign_mine
from tests.papers.models import PaperPage


def sign_url(user):
    return reverse("approvals:sign", args=[pending_for(user)[0].assignment.pk])


def path_url(paper):
    from content.approvals.notices import path_url

    return path_url(paper)


@pytest.fixture
def run(paper, people):
    return signing.submit(paper, people.writer)


def test_the_inbox_asks_the_anonymous_to_log_in(client, db):
    assert client.get("/sign/")["Location"] == "/login/?next=/sign/"


@pytest.mark.parametrize("number", [1, 3])
def test_the_inbox_costs_the_same_for_one_paper_and_for_three(
    client, make_paper, people, django_assert_num_queries, number
):
    for index in range(number):
        signing.submit(make_paper(title=f"稿件{index}"), people.writer)
    with django_assert_num_queries(12):
        assert len(inbox_context(people.manager)["waiting"]) == number
    client.force_login(people.manager)
    assertContains(client.get("/sign/"), "提交于", count=number)


@pytest.mark.parametrize("number", [1, 3])
def test_the_drafters_inbox_costs_the_same_for_one_paper_and_for_three(
    client, make_paper, people, django_assert_num_queries, number
):
    for index in range(number):
        signing.submit(make_paper(title=f"在途{index}"), people.writer)
        done = signing.submit(make_paper(title=f"办结{index}"), people.writer)
        sign_everything(done)
    with django_assert_num_queries(12):
        context = inbox_context(people.writer)
    assert (len(context["under_way"]), len(context["finished"])) == (number, number)
    client.force_login(people.writer)
    response = client.get("/sign/")
    assertContains(response, "部门审核：李经理", count=number)
    assertContains(response, "已签准", count=number)


def test_site_managers_see_in_their_inbox_whom_a_run_lacks(client, run, people, superuser):
    people.manager_post.holdings.all().delete()
    people.gm_post.holdings.all().delete()
    client.force_login(superuser)
    assertContains(client.get("/sign/"), "「市场部 部门经理」空缺，「市场部 总经理」空缺，上级岗位也没有人可以签批")
    client.force_login(people.tech)
    assertNotContains(client.get("/sign/"), "空缺")


def test_a_signer_without_any_right_in_the_desk_reads_and_signs(client, run, people):
    client.force_login(people.manager)
    url = sign_url(people.manager)
    page = client.get(url)
    assertContains(page, "本周末上新三条路线。")
    assertContains(page, f'name="digest" value="{run.digest}"')
    assertContains(page, "总部确认")
    response = client.post(url, {"verdict": "sign", "digest": run.digest, "comment": "同意"}, follow=True)
    assertContains(response, "已签准。")
    assertContains(response, "签准：同意")
    assertNotContains(response, 'name="digest"')
    assert Decision.objects.get().user == people.manager


def test_refusing_without_a_reason_keeps_the_page_and_says_what_to_do(client, run, people):
    client.force_login(people.manager)
    response = client.post(sign_url(people.manager), {"verdict": "refuse", "digest": run.digest, "comment": " "})
    assertContains(response, "退回必须写明理由", status_code=422)
    assert Decision.objects.count() == 0


def test_what_was_typed_is_kept_when_the_signature_does_not_count(client, run, people):
    client.force_login(people.manager)
    response = client.post(sign_url(people.manager), {"verdict": "sign", "digest": "x" * 64, "comment": "我的长意见"})
    assertContains(response, "您打开页面之后内容已经换了版本", status_code=422)
    assertContains(response, "我的长意见", status_code=422)
    response = client.post(sign_url(people.manager), {"verdict": "sign", "digest": run.digest, "comment": "字" * 2001})
    assertContains(response, "批注最多 2000 字，现在有 2001 字，请精简后再提交。", status_code=422)


def test_changed_content_is_told_and_the_page_shows_the_end(client, paper, run, people):
    url = sign_url(people.manager)
    draft = PaperPage.objects.get(pk=paper.pk).get_latest_revision_as_object()
    draft.body = "改了"
    draft.save_revision(user=people.writer)
    client.force_login(people.manager)
    response = client.post(url, {"verdict": "sign", "digest": run.digest, "comment": ""})
    assertContains(response, "您的签名没有记入：内容在签批期间有改动", status_code=422)
    assertContains(client.get(url), "这次签批已经结束（已作废）")


def test_sending_the_form_twice_is_one_decision_and_a_friendly_word(client, run, people):
    client.force_login(people.manager)
    url, data = sign_url(people.manager), {"verdict": "sign", "digest": run.digest, "comment": ""}
    client.post(url, data)
    response = client.post(url, data, follow=True)
    assertContains(response, "这一签您已经签准，不必重复提交。")
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("who", ["outsider", "staff"])
def test_somebody_elses_link_is_refused_with_a_sentence(client, run, people, request, who):
    url = sign_url(people.manager)
    client.force_login(request.getfixturevalue(who))
    response = client.get(url)
    assertContains(response, "这份内容不由您签批", status_code=403)
    assertNotContains(response, "本周末上新", status_code=403)
    assert client.post(url, {"verdict": "sign", "digest": run.digest}).status_code == 403
    assert client.get(path_url(run.subject)).status_code == 403


def test_the_anonymous_are_sent_to_log_in(client, run, people):
    assert client.get(sign_url(people.manager))["Location"].startswith("/login/")
    assert client.get(path_url(run.subject))["Location"].startswith("/login/")


def test_the_drafter_and_later_signers_may_look_but_not_act(client, run, people):
    url = sign_url(people.manager)
    for user in (people.writer, people.tech):
        client.force_login(user)
        page = client.get(url)
        assertContains(page, "本周末上新三条路线。")
        assertNotContains(page, 'name="digest"')


def test_a_deleted_paper_leaves_the_record_of_signing(client, paper, run, people):
    sign_mine(people.manager)
    assignment = Decision.objects.get().assignment
    PaperPage.objects.get(pk=paper.pk).delete()
    client.force_login(people.manager)
    assertContains(client.get(reverse("approvals:sign", args=[assignment.pk])), "这份内容已被删除，只保留签批记录。")


def test_an_unknown_assignment_or_subject_is_not_found(client, people):
    client.force_login(people.writer)
    assert client.get("/sign/99999/").status_code == 404
    assert client.get("/sign/path/99999/1/").status_code == 404
    assert client.get("/sign/path/1/no-such/").status_code == 404


def test_the_drafter_sees_the_path_submits_and_withdraws(client, paper, people):
    client.force_login(people.writer)
    url = path_url(paper)
    page = client.get(url)
    for text in ("将要走的路线", "部门审核", "李经理", "会签，都要签", "跳过", "文中没有提到集团，不必总部确认。"):
        assertContains(page, text)
    response = client.post(url, {"act": "submit"}, follow=True)
    assertContains(response, "已提交签批")
    assertContains(response, "撤回后可以继续修改")
    assertContains(client.post(url, {"act": "submit"}, follow=True), "已经在签批中，不必重复提交")
    assertContains(client.post(url, {"act": "withdraw"}, follow=True), "已撤回，收到签批请求的人都已得到通知")
    assert Run.objects.get().state == RunState.CANCELLED


def test_after_a_refusal_the_path_page_shows_the_reason_and_offers_to_submit_again(client, paper, run, people):
    signing.refuse(pending_for(people.manager)[0].assignment, people.manager, digest=run.digest, comment="标题太长")
    client.force_login(people.writer)
    page = client.get(path_url(paper))
    assertContains(page, "李经理在「部门审核」退回：标题太长")
    assertContains(page, "提交签批")
    client.post(path_url(paper), {"act": "submit"})
    assert Run.objects.first().round == 2


def test_a_signed_version_is_not_offered_again(client, paper, run, people):
    sign_everything(run)
    client.force_login(people.writer)
    page = client.get(path_url(paper))
    assertContains(page, "这个版本已经全部签准")
    assertNotContains(page, 'value="submit"')


def test_problems_on_the_path_are_shown_before_submitting(client, paper, people):
    people.tech_post.holdings.all().delete()
    people.gm_post.holdings.all().delete()
    client.force_login(people.writer)
    page = client.get(path_url(paper))
    assertContains(page, "「市场部 技术总监」空缺，「市场部 总经理」空缺，上级岗位也没有人可以签批")
    assertContains(page, "签到缺人的环节会停下来等")


def test_a_paper_without_a_route_says_so(client, paper, people):
    from wagtail.models import WorkflowPage

    WorkflowPage.objects.all().delete()
    client.force_login(people.writer)
    assertContains(client.get(path_url(paper)), "这类内容还没有签批路线，暂时不能提交；请联系系统管理员。")
    assert client.post(path_url(paper), {"act": "submit"}).status_code == 422
    assert client.post(path_url(paper), {"act": "withdraw"}).status_code == 422


def test_a_snippet_has_the_same_pages(client, slip, people):
    client.force_login(people.writer)
    client.post(path_url(slip), {"act": "submit"})
    client.force_login(people.manager)
    assertContains(client.get(sign_url(people.manager)), "公司简介")


def test_the_count_in_the_header_is_the_number_of_papers_that_wait(
    make_paper, people, outsider, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert pending_count(people.manager) == 0
    for index in range(2):
        signing.submit(make_paper(title=f"稿件{index}"), people.writer)
    with django_assert_num_queries(5):
        assert pending_count(people.manager) == 2
    assert (pending_count(people.gm), pending_count(outsider)) == (0, 0)


def test_what_others_typed_is_shown_as_text(client, make_paper, people):
    run = signing.submit(make_paper(title="<script>x</script>", body="<b>粗</b>"), people.writer)
    signing.refuse(
        pending_for(people.manager)[0].assignment, people.manager, digest=run.digest, comment="<img src=x onerror=1>"
    )
    client.force_login(people.writer)
    page = client.get(path_url(run.subject)).content.decode()
    assert "<script>x" not in page
    assert "<img src=x" not in page
    client.force_login(people.manager)
    page = client.get(reverse("approvals:sign", args=[Decision.objects.get().assignment_id])).content.decode()
    assert "<script>x" not in page
    assert "<b>粗" not in page


def test_who_has_signed_is_led_to_the_next_paper(client, make_paper, people):
    for title in ("甲稿", "乙稿"):
        signing.submit(make_paper(title), people.writer)
    signer = people.manager
    client.force_login(signer)
    first, second = (waiting.assignment for waiting in pending_for(signer))

    address = reverse("approvals:sign", args=[first.pk])
    response = client.post(address, {"digest": first.run.digest, "verdict": "sign"}, follow=True)

    assertContains(response, f'href="{reverse("approvals:sign", args=[second.pk])}">签下一份：{second.run.title}')
