import pytest
from django.core import mail
from wagtail.models import WorkflowState

from content.approvals import signing
from content.approvals.errors import AlreadyDecided, ContentChanged, NotYours, SignOffError
from content.approvals.models import Assignment, AssignmentState, Decision, Run, RunState
from content.approvals.queries import pending_for
from content.notifications.models import Notification
from tests.factories.approvals import sign_everything, sign_mine
from tests.papers.models import PaperPage


def titles_for(user):
    return [waiting.assignment.node_title for waiting in pending_for(user)]


def inbox(user):
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("title", flat=True))


def test_a_paper_goes_from_node_to_node_and_is_published_with_the_last_signature(paper, people):
    run = signing.submit(paper, people.writer)
    assert titles_for(people.manager) == ["部门审核"]
    assert titles_for(people.tech) == []
    sign_mine(people.manager)
    assert (titles_for(people.tech), titles_for(people.product)) == (["会签"], ["会签"])
    sign_mine(people.product)
    assert not PaperPage.objects.get(pk=paper.pk).live
    sign_mine(people.tech)
    run.refresh_from_db()
    paper.refresh_from_db()
    assert (run.state, paper.live, titles_for(people.gm)) == (RunState.APPROVED, True, [])
    assert paper.current_workflow_state is None
    assert paper.workflow_states.get().status == "approved"


def test_a_condition_that_holds_adds_its_node_and_one_that_does_not_leaves_the_reason(make_paper, people):
    plain = signing.submit(make_paper(title="甲"), people.writer)
    touching = signing.submit(make_paper(title="乙", body="集团上市。"), people.writer)
    assert plain.assignments.get(node_index=2).state == AssignmentState.SKIPPED
    assert plain.assignments.get(node_index=2).reason == "文中没有提到集团，不必总部确认。"
    assert touching.definition["nodes"][2]["outcome"] == {
        "holds": True, "reason": "文中提到集团，须总部确认。", "evidence": ["…集团…"],
    }  # fmt: skip
    for user in (people.manager, people.tech, people.product):
        waiting = pending_for(user, run=touching)[0]
        signing.sign(waiting.assignment, user, digest=touching.digest)
    assert titles_for(people.gm) == ["总部确认"]
    assert Run.objects.get(pk=touching.pk).state == RunState.RUNNING


def test_any_one_signature_closes_an_any_node(paper, people, route):
    node = route.nodes.get(title="会签")
    node.rule = "any"
    node.save()
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    left = pending_for(people.tech)[0].assignment
    sign_mine(people.product)
    assert Run.objects.get(pk=run.pk).state == RunState.APPROVED
    with pytest.raises(AlreadyDecided, match="已经结束"):
        signing.sign(left, people.tech, digest=run.digest)


def test_a_refusal_needs_a_reason(paper, people):
    run = signing.submit(paper, people.writer)
    with pytest.raises(SignOffError, match="退回必须写明理由"):
        signing.refuse(pending_for(people.manager)[0].assignment, people.manager, digest=run.digest, comment="  ")
    assert Decision.objects.count() == 0


def test_a_refusal_goes_back_to_the_drafter_and_everybody_signs_again(paper, people):
    first = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    sign_mine(people.tech)
    signing.refuse(pending_for(people.product)[0].assignment, people.product, digest=first.digest, comment="价格要核对")
    first.refresh_from_db()
    assert first.state == RunState.REFUSED
    assert first.note == "刘芳在「会签」退回：价格要核对"
    returned = Notification.objects.get(recipient=people.writer, kind="returned")
    assert returned.body == "刘芳（市场部 产品经理）在「会签」退回：价格要核对"
    assert inbox(people.manager)[-1] == "已退回起草人：《春游路线上新》"
    assert inbox(people.tech)[-1] == "已退回起草人：《春游路线上新》"
    paper = PaperPage.objects.get(pk=paper.pk)
    assert paper.current_workflow_state.status == "needs_changes"
    paper.body = "改好价格。"
    paper.save_revision(user=people.writer)
    second = signing.submit(PaperPage.objects.get(pk=paper.pk), people.writer)
    assert (second.round, titles_for(people.manager), titles_for(people.tech)) == (2, ["部门审核"], [])
    assert sign_everything(second).state == RunState.APPROVED
    paper.refresh_from_db()
    assert (paper.live, paper.body) == (True, "改好价格。")


def test_only_the_people_asked_may_sign(paper, people, superuser, outsider):
    run = signing.submit(paper, people.writer)
    assignment = pending_for(people.manager)[0].assignment
    for user in (people.writer, people.gm, people.tech, superuser, outsider):
        with pytest.raises(NotYours, match="不由您签批"):
            signing.sign(assignment, user, digest=run.digest)
    people.manager.is_active = False
    people.manager.save()
    with pytest.raises(NotYours):
        signing.sign(assignment, people.manager, digest=run.digest)


def test_a_node_cannot_be_signed_before_its_turn(paper, people):
    run = signing.submit(paper, people.writer)
    later = run.assignments.get(named_post=people.tech_post)
    with pytest.raises(SignOffError, match="还没有轮到"):
        signing.sign(later, people.tech, digest=run.digest)


def test_a_signature_sent_twice_is_one_decision(paper, people):
    run = signing.submit(paper, people.writer)
    assignment = pending_for(people.manager)[0].assignment
    signing.sign(assignment, people.manager, digest=run.digest)
    with pytest.raises(AlreadyDecided, match="您已经签准，不必重复提交"):
        signing.sign(assignment, people.manager, digest=run.digest)
    with pytest.raises(AlreadyDecided):
        signing.refuse(assignment, people.manager, digest=run.digest, comment="反悔")
    assert Decision.objects.filter(assignment=assignment).count() == 1


def test_submitting_twice_is_one_run(paper, people):
    signing.submit(paper, people.writer)
    with pytest.raises(AlreadyDecided, match="已经在签批中"):
        signing.submit(paper, people.writer)
    assert Run.objects.count() == 1


def test_only_who_may_edit_may_submit(paper, people, outsider):
    with pytest.raises(NotYours, match="没有编辑这份内容的权限"):
        signing.submit(paper, outsider)


def test_a_signature_on_an_older_page_does_not_count(paper, people):
    run = signing.submit(paper, people.writer)
    with pytest.raises(ContentChanged, match="您打开页面之后内容已经换了版本"):
        signing.sign(pending_for(people.manager)[0].assignment, people.manager, digest="0" * 64)
    assert Run.objects.get(pk=run.pk).state == RunState.RUNNING


def test_content_changed_on_the_way_voids_the_run_and_says_so(paper, people):
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    changed = PaperPage.objects.get(pk=paper.pk).get_latest_revision_as_object()
    changed.body = "偷偷改了。"
    changed.save_revision(user=people.writer)
    with pytest.raises(ContentChanged, match="此前的签名作废"):
        sign_mine(people.tech)
    run.refresh_from_db()
    assert run.state == RunState.VOIDED
    assert not Decision.objects.filter(user=people.tech).exists()
    assert inbox(people.writer)[-1] == "签批作废：《春游路线上新》"
    assert inbox(people.manager)[-1] == "签批作废：《春游路线上新》"
    paper = PaperPage.objects.get(pk=paper.pk)
    assert (paper.live, paper.current_workflow_state.status) == (False, "needs_changes")


def test_the_same_revision_overwritten_by_autosave_voids_the_run_too(paper, people):
    run = signing.submit(paper, people.writer)
    changed = PaperPage.objects.get(pk=paper.pk).get_latest_revision_as_object()
    changed.body = "自动保存覆盖。"
    changed.save_revision(user=people.writer, overwrite_revision=paper.latest_revision)
    with pytest.raises(ContentChanged):
        sign_mine(people.manager)
    assert Run.objects.get(pk=run.pk).state == RunState.VOIDED


def test_saving_again_without_a_change_costs_nobody_a_signature(paper, people):
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    PaperPage.objects.get(pk=paper.pk).get_latest_revision_as_object().save_revision(user=people.writer)
    assert sign_everything(run).state == RunState.APPROVED
    assert Run.objects.count() == 1
    assert PaperPage.objects.get(pk=paper.pk).live


def test_the_route_is_frozen_for_a_run_and_new_for_the_next(paper, make_paper, people, route):
    run = signing.submit(paper, people.writer)
    route.nodes.filter(title="会签").delete()
    sign_mine(people.manager)
    assert titles_for(people.tech) == ["会签"]
    later = signing.submit(make_paper(title="后来的"), people.writer)
    assert [node["title"] for node in later.definition["nodes"]] == ["部门审核", "总部确认"]
    assert [node["title"] for node in Run.objects.get(pk=run.pk).definition["nodes"]][1] == "会签"


def test_withdrawing_tells_everyone_who_was_asked(paper, people):
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    with pytest.raises(NotYours, match="只有起草人可以撤回"):
        signing.withdraw(run, people.tech)
    signing.withdraw(run, people.writer)
    assert Run.objects.get(pk=run.pk).state == RunState.CANCELLED
    for user in (people.manager, people.tech, people.product):
        assert inbox(user)[-1] == "已撤回：《春游路线上新》"
    assert pending_for(people.tech) == []
    assert Notification.objects.filter(recipient=people.tech, kind="sign", read_at=None).count() == 0
    assert PaperPage.objects.get(pk=paper.pk).current_workflow_state is None
    with pytest.raises(AlreadyDecided, match="已经结束（已撤回）"):
        signing.withdraw(run, people.writer)
    assert signing.submit(PaperPage.objects.get(pk=paper.pk), people.writer).round == 2


def test_cancelling_in_wagtail_ends_the_run(paper, people):
    run = signing.submit(paper, people.writer)
    paper.current_workflow_state.cancel(user=people.writer)
    assert Run.objects.get(pk=run.pk).state == RunState.CANCELLED
    assert inbox(people.manager)[-1] == "已撤回：《春游路线上新》"


def test_deleting_the_paper_ends_the_run_and_keeps_the_record(paper, people):
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    PaperPage.objects.get(pk=paper.pk).delete()
    run.refresh_from_db()
    assert (run.state, run.note) == (RunState.CANCELLED, "内容已被删除。")
    assert Decision.objects.filter(assignment__run=run).count() == 1
    assert pending_for(people.tech) == []


def test_mail_goes_to_who_must_act_and_to_the_drafter_at_the_end_only(
    paper, people, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        run = signing.submit(paper, people.writer)
    with django_capture_on_commit_callbacks(execute=True):
        sign_everything(run)
    sent = [(message.to[0], message.subject) for message in mail.outbox]
    assert sent == [
        (people.manager.email, "请签批：《春游路线上新》"),
        (people.tech.email, "请签批：《春游路线上新》"),
        (people.product.email, "请签批：《春游路线上新》"),
        (people.writer.email, "已签准并发布：《春游路线上新》"),
    ]


def test_an_incomplete_draft_is_not_sent_off(shelf, people):
    paper = shelf.add_child(instance=PaperPage(title="没有网址", slug="none", live=False, owner=people.writer))
    paper.slug = "不合规 的网址"
    paper.save_revision(user=people.writer, clean=False)
    with pytest.raises(SignOffError, match="提交前请先补全"):
        signing.submit(PaperPage.objects.get(pk=paper.pk), people.writer)
    assert Run.objects.count() == 0


def test_a_paper_that_cannot_be_published_any_more_costs_no_signature(paper, make_paper, shelf, people):
    run = signing.submit(paper, people.writer)
    for user in (people.manager, people.tech):
        sign_mine(user)
    rival = make_paper(title="另一篇")
    PaperPage.objects.filter(pk=paper.pk).update(slug="moved")
    PaperPage.objects.filter(pk=rival.pk).update(slug=run.subject.get_latest_revision_as_object().slug)
    with pytest.raises(SignOffError, match="您的签名没有记入，因为稿件发布时出错"):
        sign_mine(people.product)
    assert Assignment.objects.get(run=run, named_post=people.product_post).state == AssignmentState.PENDING
    assert Run.objects.get(pk=run.pk).state == RunState.RUNNING


def test_a_plain_record_runs_a_route_and_is_told_when_it_ends(route, people, monkeypatch):
    from tests.papers.models import Memo

    told = []
    monkeypatch.setattr(Memo, "sign_off_finished", lambda memo, run: told.append((memo.text, run.state)), raising=False)
    memo = Memo.objects.create(text="集团差旅办法")
    run = signing.begin(route, memo, people.writer)
    assert sign_everything(run).state == RunState.APPROVED
    assert told == [("集团差旅办法", "approved")]
    assert Decision.objects.filter(assignment__run=run).count() == 4


def test_a_signature_between_the_two_steps_of_wagtails_cancelling_does_not_count(paper, people):
    run = signing.submit(paper, people.writer)
    assignment = pending_for(people.manager, run=run)[0].assignment
    WorkflowState.objects.filter(task_states=run.task_state_id).update(status=WorkflowState.STATUS_CANCELLED)

    with pytest.raises(AlreadyDecided, match="刚刚被撤回"):
        signing.sign(assignment, people.manager, digest=run.digest)

    assert not Decision.objects.exists()
