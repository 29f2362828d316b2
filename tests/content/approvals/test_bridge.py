"""Wagtail's own screens: whatever is done there goes through the engine."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse
from wagtail.models import TaskState

from content.approvals import signing
from content.approvals.models import Decision, Route, RouteTask, Run, RunState
from content.approvals.queries import pending_for
from content.notifications.models import Notification
from tests.content.approvals.test_guard import form_of
from tests.factories.approvals import sign_everything, sign_mine
from tests.factories.users import UserFactory
from tests.papers.models import PaperPage, Slip


@pytest.fixture
def desk(people):
    """Signers who may also enter Wagtail's desk."""
    for user in (people.manager, people.tech, people.product):
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return people


def act(client, paper, action, run, **data):
    url = reverse("wagtailadmin_pages:workflow_action", args=[paper.pk, action, run.task_state_id])
    return client.post(url, data)


def test_approving_in_wagtail_signs_ones_own_assignment_and_no_more(client, paper, desk):
    run = signing.submit(paper, desk.writer)
    client.force_login(desk.manager)
    response = act(client, paper, "approve", run, comment="可以")
    decision = Decision.objects.get()
    assert response["Location"] == reverse("approvals:sign", args=[decision.assignment_id])
    assert (decision.user, decision.comment, decision.digest) == (desk.manager, "可以", run.digest)
    assert TaskState.objects.get(pk=run.task_state_id).status == "in_progress"
    assert not PaperPage.objects.get(pk=paper.pk).live
    act(client, paper, "approve", run)
    assert Decision.objects.count() == 1


def test_wagtails_task_is_approved_once_by_the_last_signature(client, paper, desk):
    run = signing.submit(paper, desk.writer)
    sign_mine(desk.manager)
    sign_mine(desk.tech)
    client.force_login(desk.product)
    act(client, paper, "approve", run)
    state = TaskState.objects.get()
    assert (state.status, state.finished_by) == ("approved", desk.product)
    assert PaperPage.objects.get(pk=paper.pk).live


def test_refusing_in_wagtail_needs_a_reason_too(client, paper, desk):
    run = signing.submit(paper, desk.writer)
    client.force_login(desk.manager)
    act(client, paper, "reject", run, comment="")
    assert Decision.objects.count() == 0
    act(client, paper, "reject", run, comment="标题太长")
    assert Run.objects.get(pk=run.pk).state == RunState.REFUSED
    assert TaskState.objects.get().comment == "标题太长"


def test_the_editors_raw_data_cannot_skip_the_reason(paper, desk):
    from django.core.exceptions import PermissionDenied

    run = signing.submit(paper, desk.writer)
    state = TaskState.objects.get(pk=run.task_state_id).specific
    task = state.task.specific
    with pytest.raises(PermissionDenied, match="退回必须写明理由"):
        task.on_action(state, desk.manager, "reject", **json.loads("{}"))
    with pytest.raises(PermissionDenied, match="现在不由您签批"):
        task.on_action(state, desk.tech, "approve")
    assert Decision.objects.count() == 0


def test_nobody_else_sees_or_reaches_the_actions(client, paper, desk, superuser):
    run = signing.submit(paper, desk.writer)
    task = RouteTask.objects.get()
    assert [name for name, _, _ in task.get_actions(paper, desk.manager)] == ["reject", "approve", "approve"]
    for user in (desk.writer, desk.tech, superuser):
        assert task.get_actions(paper, user) == []
    client.force_login(superuser)
    act(client, paper, "approve", run)
    assert Decision.objects.count() == 0
    assert [state.pk for state in TaskState.objects.reviewable_by(desk.manager)] == [run.task_state_id]
    assert list(TaskState.objects.reviewable_by(superuser)) == []


def test_wagtails_dashboard_shows_what_waits(client, paper, desk):
    signing.submit(paper, desk.writer)
    client.force_login(desk.manager)
    assert "春游路线上新" in client.get(reverse("wagtailadmin_home")).content.decode()


def test_nobody_edits_while_it_is_being_signed(client, paper, desk, superuser):
    signing.submit(paper, desk.writer)
    for user in (desk.writer, superuser):
        client.force_login(user)
        client.post(reverse("wagtailadmin_pages:edit", args=[paper.pk]), form_of(paper))
        assert PaperPage.objects.get(pk=paper.pk).get_latest_revision_as_object().body == "本周末上新三条路线。"
    page = client.get(reverse("wagtailadmin_pages:edit", args=[paper.pk])).content.decode()
    assert "正在签批，签完、退回或撤回之前不能修改。" in page


def test_submitting_from_the_editor_saves_and_leads_to_the_path_page(client, paper, people):
    client.force_login(people.writer)
    data = form_of(paper, **{"action-sign-off": "提交签批…"})
    response = client.post(reverse("wagtailadmin_pages:edit", args=[paper.pk]), data)
    assert response["Location"].startswith("/sign/path/")
    assert PaperPage.objects.get(pk=paper.pk).get_latest_revision_as_object().body == "从编辑器发布。"
    assert Run.objects.count() == 0


def test_submitting_a_new_page_and_a_new_snippet_leads_to_the_path_page(client, shelf, people):
    client.force_login(people.writer)
    data = form_of(PaperPage(title="新稿", slug="new"), **{"action-sign-off": "1"})
    response = client.post(reverse("wagtailadmin_pages:add", args=["papers", "paperpage", shelf.pk]), data)
    assert response["Location"].startswith("/sign/path/")
    url = reverse(Slip.snippet_viewset.get_url_name("add"))
    response = client.post(url, {"text": "新签条", "action-sign-off": "1"})
    assert response["Location"].startswith("/sign/path/")
    assert client.get(response["Location"]).status_code == 200


def test_wagtails_own_submission_resolves_the_same_path(client, paper, people):
    client.force_login(people.writer)
    client.post(reverse("wagtailadmin_pages:edit", args=[paper.pk]), form_of(paper, **{"action-submit": "1"}))
    run = Run.objects.get()
    assert (run.drafter, len(pending_for(people.manager))) == (people.writer, 1)
    assert sign_everything(run).state == RunState.APPROVED


def test_wagtails_own_submission_without_a_path_comes_back_with_the_reason(client, paper, people):
    Route.objects.get().nodes.all().delete()
    client.force_login(people.writer)
    data = form_of(paper, **{"action-submit": "1"})
    response = client.post(reverse("wagtailadmin_pages:edit", args=[paper.pk]), data)
    assert response.status_code == 302
    assert Run.objects.count() == 0
    assert TaskState.objects.get().status == "rejected"
    assert PaperPage.objects.get(pk=paper.pk).current_workflow_state.status == "needs_changes"
    assert Notification.objects.get(recipient=people.writer).title == "未能提交签批：《春游路线上新》"


def test_a_reviewer_cannot_cancel_instead_of_refusing(client, paper, desk, superuser):
    run = signing.submit(paper, desk.writer)
    desk.manager.groups.add(*desk.writer.groups.all())
    client.force_login(desk.manager)
    url = reverse("wagtailadmin_pages:edit", args=[paper.pk])
    assert 'name="action-cancel-workflow"' not in client.get(url).content.decode()
    client.post(url, form_of(paper, **{"action-cancel-workflow": "1"}))
    assert Run.objects.get(pk=run.pk).state == RunState.RUNNING
    client.force_login(desk.writer)
    client.post(url, form_of(paper, **{"action-cancel-workflow": "1"}))
    assert Run.objects.get(pk=run.pk).state == RunState.CANCELLED


def test_a_snippet_runs_the_same_way(client, slip, desk):
    run = signing.submit(slip, desk.writer)
    client.force_login(desk.manager)
    url = reverse(Slip.snippet_viewset.get_url_name("workflow_action"), args=[slip.pk, "approve", run.task_state_id])
    client.post(url, {})
    sign_mine(desk.tech)
    sign_mine(desk.product)
    slip.refresh_from_db()
    assert (slip.live, Run.objects.get(pk=run.pk).state) == (True, RunState.APPROVED)


def test_wagtail_sends_no_mail_of_its_own(paper, people, superuser):
    run = signing.submit(paper, people.writer)
    signing.refuse(pending_for(people.manager)[0].assignment, people.manager, digest=run.digest, comment="改")
    sign_everything(signing.submit(PaperPage.objects.get(pk=paper.pk), people.writer))
    assert mail.outbox == []


def test_site_managers_edit_routes_and_read_all_runs(client, paper, people, superuser, staff):
    signing.submit(paper, people.writer)
    client.force_login(superuser)
    route = Route.objects.get()
    page = client.get(reverse(Route.snippet_viewset.get_url_name("edit"), args=[route.pk]))
    assert page.status_code == 200
    assert "提到集团" in page.content.decode()
    report = client.get(reverse("approvals_runs"))
    assert "春游路线上新" in report.content.decode()
    assert client.get(reverse("approvals_runs") + "?export=xlsx").status_code == 200
    client.force_login(people.writer)
    assert client.get(reverse("approvals_runs")).status_code == 302


def test_a_route_edited_on_the_desk_keeps_its_posts(client, shelf, people, superuser):
    client.force_login(superuser)
    url = reverse(Route.snippet_viewset.get_url_name("add"))
    data = {
        "name": "新路线", "code": "new-route", "description": "", "nodes-TOTAL_FORMS": "1", "nodes-INITIAL_FORMS": "0",
        "nodes-MIN_NUM_FORMS": "1", "nodes-MAX_NUM_FORMS": "1000", "nodes-0-title": "总部", "nodes-0-rule": "all",
        "nodes-0-posts": [people.gm_post.pk, people.tech_post.pk], "nodes-0-condition": "mentions-group",
        "nodes-0-days": "3", "nodes-0-ORDER": "1", "nodes-0-id": "", "nodes-0-DELETE": "",
        "nodes-0-on_refusal": "drafter", "own_work": "superior", "vacancy": "superior", "repeat": "each",
        "resubmit": "again",
    }  # fmt: skip
    client.post(url, data)
    node = Route.objects.get(code="new-route").nodes.get()
    assert (set(node.posts.all()), node.condition, node.days) == (
        {people.gm_post, people.tech_post}, "mentions-group", 3,
    )  # fmt: skip


def test_a_post_of_site_managers_brings_routes_runs_and_word_of_what_lacks(client, paper, people, department):
    from content.approvals.setting_up import set_up
    from content.organization.groups import SITE_MANAGERS, grant

    set_up()
    set_up()
    group = grant(SITE_MANAGERS, "wagtailadmin.access_admin")
    keeper = UserFactory(name="站长")
    keeper.groups.add(group)
    people.manager_post.holdings.all().delete()
    people.gm_post.holdings.all().delete()
    run = signing.submit(paper, people.writer)
    assert Notification.objects.get(recipient=keeper).title == "签批缺人：《春游路线上新》"
    client.force_login(keeper)
    assert "春游路线上新" in client.get(reverse("approvals_runs")).content.decode()
    assert client.get(reverse(Route.snippet_viewset.get_url_name("list"))).status_code == 200
    assert "空缺" in client.get("/sign/").content.decode()
    signing.withdraw(run, keeper)
    assert Run.objects.get(pk=run.pk).state == RunState.CANCELLED
