"""Every way of publishing, one test each: unsigned content stays a draft, signed content goes out."""

import datetime

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page
from wagtail.permissions import policy_registry

from content.approvals import signing
from content.approvals.digests import digest_of, digest_of_content
from content.approvals.errors import SignOffRequired
from content.approvals.models import RunState
from tests.factories.approvals import publish_signed, sign_everything
from tests.papers.models import Figure, OpenShelfPage, PaperPage, Slip

SENTENCE = "「春游路线上新」还没有按签批路线签完，不能发布；请先提交签批。"


def form_of(paper, **more):
    return {
        "title": paper.title, "slug": paper.slug, "body": "从编辑器发布。", "parts-count": "0",
        "figures-TOTAL_FORMS": "0", "figures-INITIAL_FORMS": "0", "figures-MIN_NUM_FORMS": "0",
        "figures-MAX_NUM_FORMS": "1000", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "", **more,
    }  # fmt: skip


def fresh(paper):
    return PaperPage.objects.get(pk=paper.pk)


def test_revision_publish_without_a_user_is_refused_with_one_sentence(paper):
    with pytest.raises(SignOffRequired) as caught:
        paper.get_latest_revision().publish()
    assert str(caught.value) == SENTENCE
    assert not fresh(paper).live


def test_revision_publish_by_a_superuser_is_refused(paper, superuser):
    with pytest.raises(SignOffRequired):
        paper.get_latest_revision().publish(user=superuser)
    with pytest.raises(SignOffRequired):
        paper.get_latest_revision().publish(user=superuser, skip_permission_checks=True)
    assert not fresh(paper).live


def test_the_publish_action_itself_is_refused(paper, superuser):
    with pytest.raises(SignOffRequired):
        PublishPageRevisionAction(paper.get_latest_revision(), user=superuser).execute(skip_permission_checks=True)
    assert not fresh(paper).live


def test_the_editor_offers_no_publishing_and_saves_a_draft_instead(client, paper, superuser):
    client.force_login(superuser)
    url = reverse("wagtailadmin_pages:edit", args=[paper.pk])
    page = client.get(url).content.decode()
    assert 'name="action-publish"' not in page
    assert 'name="action-submit"' not in page
    assert 'name="action-sign-off"' in page
    client.post(url, form_of(paper, **{"action-publish": "1"}))
    assert not fresh(paper).live
    assert fresh(paper).get_latest_revision_as_object().body == "从编辑器发布。"


@pytest.mark.parametrize("app_and_model", ["papers/paperpage", "wagtailcore/page"])
def test_bulk_publishing_is_refused(client, paper, superuser, app_and_model):
    client.force_login(superuser)
    app, model = app_and_model.split("/")
    url = reverse("wagtail_bulk_action", args=[app, model, "publish"])
    client.post(f"{url}?id={paper.pk}&next=/admin/", {})
    assert not fresh(paper).live


def test_bulk_publishing_an_ancestor_with_its_descendants_is_refused(client, paper, home, superuser):
    client.force_login(superuser)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{url}?id={home.pk}&next=/admin/", {"include_descendants": "on"})
    assert not fresh(paper).live


def test_create_and_publish_under_a_guarded_parent_makes_a_draft(client, shelf, superuser):
    client.force_login(superuser)
    url = reverse("wagtailadmin_pages:add", args=["papers", "paperpage", shelf.pk])
    assert 'name="action-publish"' not in client.get(url).content.decode()
    client.post(url, form_of(PaperPage(title="新建即发", slug="new"), **{"action-publish": "1"}))
    assert not PaperPage.objects.get(slug="new").live


def test_create_and_publish_under_a_parent_that_knows_nothing_makes_a_draft_and_says_why(client, home, superuser):
    shelf = home.add_child(instance=OpenShelfPage(title="开放架", slug="open"))
    client.force_login(superuser)
    url = reverse("wagtailadmin_pages:add", args=["papers", "paperpage", shelf.pk])
    data = form_of(PaperPage(title="春游路线上新", slug="new"), **{"action-publish": "1"})
    response = client.post(url, data, follow=True)
    assert not PaperPage.objects.get(slug="new").live
    assert [str(message) for message in response.context["messages"]] == [SENTENCE]


def test_a_new_page_saved_as_live_becomes_a_draft(shelf):
    paper = shelf.add_child(instance=PaperPage(title="直接写库", slug="direct", live=True))
    assert (fresh(paper).live, fresh(paper).has_unpublished_changes) == (False, True)


def test_a_draft_turned_live_by_saving_its_row_is_refused(paper):
    paper.live = True
    with pytest.raises(SignOffRequired):
        paper.save()
    with pytest.raises(SignOffRequired):
        paper.save(update_fields=["live"])
    assert not fresh(paper).live


def test_a_live_page_keeps_its_signed_content_whatever_row_is_saved(paper, people):
    publish_signed(paper, people.writer)
    live = fresh(paper)
    live.body = "绕过签批改正文。"
    with pytest.raises(SignOffRequired):
        live.save()
    with pytest.raises(SignOffRequired):
        live.save(update_fields=["body"])
    assert fresh(paper).body == "本周末上新三条路线。"


def test_a_live_page_is_saved_freely_where_nothing_readers_get_changes(paper, people, superuser):
    publish_signed(paper, people.writer)
    live = fresh(paper)
    live.locked, live.locked_by = True, superuser
    live.save()
    live.save(update_fields=["locked"])
    assert fresh(paper).locked


def test_publishing_another_revision_of_a_live_page_is_refused(paper, people, superuser):
    publish_signed(paper, people.writer)
    draft = fresh(paper)
    draft.body = "第二版，没签。"
    revision = draft.save_revision(user=people.writer)
    with pytest.raises(SignOffRequired):
        revision.publish(user=superuser)
    assert fresh(paper).body == "本周末上新三条路线。"
    run = signing.submit(fresh(paper), people.writer)
    assert fresh(paper).body == "本周末上新三条路线。"
    sign_everything(run)
    assert fresh(paper).body == "第二版，没签。"


def test_a_copy_of_a_live_page_is_a_draft(paper, shelf, people, superuser):
    live = publish_signed(paper, people.writer)
    copy = live.copy(to=shelf, update_attrs={"slug": "copy", "title": "副本"}, keep_live=True, user=None)
    assert not fresh(copy).live
    unnamed = live.copy(to=shelf, update_attrs={"slug": "copy-2"}, keep_live=True, user=None)
    assert not fresh(unnamed).live


def test_copying_through_the_editor_does_not_offer_to_publish(client, paper, people, superuser):
    live = publish_signed(paper, people.writer)
    client.force_login(superuser)
    url = reverse("wagtailadmin_pages:copy", args=[live.pk])
    assert "publish_copies" not in client.get(url).context["form"].fields
    client.post(url, {"new_title": "副本", "new_slug": "copy", "new_parent_page": live.get_parent().pk,
                      "publish_copies": "on"})  # fmt: skip
    assert not PaperPage.objects.get(slug="copy").live


def test_an_alias_shows_signed_content_only(paper, shelf, people):
    live = publish_signed(paper, people.writer)
    alias = live.create_alias(parent=shelf, update_slug="alias")
    assert (fresh(alias).live, fresh(alias).body) == (True, "本周末上新三条路线。")
    draft = fresh(paper)
    draft.body = "第二版。"
    draft.save_revision(user=people.writer)
    assert fresh(alias).body == "本周末上新三条路线。"
    sign_everything(signing.submit(fresh(paper), people.writer))
    assert fresh(alias).body == "第二版。"


def test_an_alias_of_a_draft_is_a_draft(paper, shelf):
    alias = paper.create_alias(parent=shelf, update_slug="alias")
    assert not fresh(alias).live


def test_an_alias_cannot_carry_content_of_its_own(paper, shelf, people):
    live = publish_signed(paper, people.writer)
    alias = fresh(live.create_alias(parent=shelf, update_slug="alias"))
    alias.body = "别名里夹带。"
    with pytest.raises(SignOffRequired):
        alias.save()


def test_an_unsigned_revision_is_never_scheduled(paper, superuser):
    paper.go_live_at = timezone.now() + datetime.timedelta(days=1)
    revision = paper.save_revision()
    with pytest.raises(SignOffRequired):
        revision.publish(user=superuser)
    with pytest.raises(SignOffRequired):
        PublishPageRevisionAction(revision).execute(skip_permission_checks=True)
    with pytest.raises(SignOffRequired):
        paper.save_revision(approved_go_live_at=paper.go_live_at)
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_a_signed_paper_with_a_date_is_scheduled_and_published_by_the_worker(paper, people, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 1, 9, tzinfo=datetime.UTC))
    paper.go_live_at = timezone.now() + datetime.timedelta(days=1)
    paper.save_revision(user=people.writer)
    run = sign_everything(signing.submit(fresh(paper), people.writer))
    assert (run.state, fresh(paper).live, str(fresh(paper).status_string)) == (RunState.APPROVED, False, "已计划")
    call_command("publish_scheduled")
    assert not fresh(paper).live
    time_machine.move_to(datetime.datetime(2026, 11, 2, 10, tzinfo=datetime.UTC))
    call_command("publish_scheduled")
    assert fresh(paper).live


def test_a_paper_put_back_to_an_older_unsigned_revision_is_refused(paper, people):
    first = paper.get_latest_revision()
    paper.body = "改过再签。"
    paper.save_revision(user=people.writer)
    publish_signed(fresh(paper), people.writer)
    with pytest.raises(SignOffRequired):
        first.publish()
    assert fresh(paper).body == "改过再签。"


def test_no_writing_interface_is_mounted():
    from django.urls import get_resolver

    names = {str(pattern.pattern) for pattern in get_resolver().url_patterns}
    assert not [name for name in names if "api" in name]


def test_rights_that_bring_nothing_out_are_left(paper, people, superuser):
    tester = paper.permissions_for_user(superuser)
    assert (tester.can_publish(), tester.can_set_view_restrictions(), tester.can_unschedule()) == (False, True, True)
    assert paper.permissions_for_user(people.writer).can_set_view_restrictions() is False
    assert paper.get_parent().specific.permissions_for_user(superuser).can_publish_subpage() is False


def test_unpublishing_needs_no_signature(paper, people):
    publish_signed(paper, people.writer)
    fresh(paper).unpublish()
    assert not fresh(paper).live


def test_signed_content_goes_out_once_more_after_unpublishing(paper, people):
    live = publish_signed(paper, people.writer)
    live.unpublish()
    fresh(paper).get_latest_revision().publish()
    assert fresh(paper).live


def test_a_signature_on_one_paper_is_no_signature_on_its_twin(paper, make_paper, people):
    publish_signed(paper, people.writer)
    twin = make_paper(title=paper.title, slug="twin")
    with pytest.raises(SignOffRequired):
        twin.get_latest_revision().publish()


def test_a_snippet_saved_as_live_becomes_a_draft(people):
    slip = Slip.objects.create(text="直接写库")
    assert not Slip.objects.get(pk=slip.pk).live


def test_a_snippet_is_published_by_its_last_signature_only(slip, people, superuser):
    with pytest.raises(SignOffRequired):
        slip.get_latest_revision().publish(user=superuser, skip_permission_checks=True)
    policy = policy_registry.get(slip)
    assert policy.user_has_permission(superuser, "publish") is False
    assert list(policy.users_with_permission("publish")) == []
    assert people.writer in policy.users_with_any_permission(["change", "publish"])
    live = publish_signed(slip, people.writer)
    assert (live.live, live.text) == (True, "公司简介")
    live.text = "绕过签批"
    with pytest.raises(SignOffRequired):
        live.save()


def test_the_snippet_editor_offers_no_publishing_and_saves_a_draft_instead(client, slip, superuser):
    client.force_login(superuser)
    url = reverse(Slip.snippet_viewset.get_url_name("edit"), args=[slip.pk])
    page = client.get(url).content.decode()
    assert 'name="action-publish"' not in page
    assert 'name="action-submit"' not in page
    assert 'name="action-sign-off"' in page
    client.post(url, {"text": "从编辑器发布", "action-publish": "1"})
    slip.refresh_from_db()
    assert (slip.live, slip.get_latest_revision_as_object().text) == (False, "从编辑器发布")
    url = reverse(Slip.snippet_viewset.get_url_name("add"))
    client.post(url, {"text": "新建即发", "action-publish": "1"})
    assert not Slip.objects.filter(live=True).exists()


def test_an_unsigned_snippet_is_never_scheduled(slip, superuser):
    slip.go_live_at = timezone.now() + datetime.timedelta(days=1)
    revision = slip.save_revision()
    with pytest.raises(SignOffRequired):
        revision.publish(user=superuser, skip_permission_checks=True)
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_the_digest_is_the_same_in_a_revision_in_memory_and_in_the_live_row(paper, people):
    draft = fresh(paper)
    draft.parts = [("text", "一段"), ("rich", "<p>两段<b>粗</b></p>")]
    draft.figures.add(Figure(label="客流"))
    draft.go_live_at = datetime.datetime(2026, 1, 1, 8, 30, 15, 123456, tzinfo=datetime.UTC)
    revision = draft.save_revision(user=people.writer)
    revision.refresh_from_db()
    expected = digest_of_content(revision.content, PaperPage)
    assert digest_of(revision.as_object()) == expected
    live = publish_signed(fresh(paper), people.writer)
    assert live.live
    assert digest_of(live) == expected
    again = live.save_revision()
    assert digest_of_content(again.content, PaperPage) == expected


def test_the_digest_sees_every_change_readers_would_see(paper):
    seen = {digest_of(paper)}
    for change in ({"title": "改题"}, {"body": "改文"}, {"slug": "moved"}, {"seo_title": "搜"}, {"show_in_menus": True},
                   {"expire_at": timezone.now()}):  # fmt: skip
        changed = fresh(paper)
        for name, value in change.items():
            setattr(changed, name, value)
        seen.add(digest_of(changed))
    changed = fresh(paper)
    changed.figures.add(Figure(label="客流"))
    seen.add(digest_of(changed))
    assert len(seen) == 8


def test_a_parent_that_is_plain_page_in_memory_is_guarded_through_the_class(paper, superuser):
    plain = Page.objects.get(pk=paper.pk)
    with pytest.raises(SignOffRequired):
        plain.get_latest_revision().publish(user=superuser)
    assert not fresh(paper).live


def test_an_alias_made_a_page_of_its_own_stays_as_signed_and_needs_signatures_from_then_on(paper, shelf, people):
    from wagtail.actions.convert_alias import ConvertAliasPageAction

    live = publish_signed(paper, people.writer)
    alias = fresh(live.create_alias(parent=shelf, update_slug="alias"))
    ConvertAliasPageAction(alias).execute(skip_permission_checks=True)
    own = fresh(alias)
    assert (own.live, own.alias_of_id) == (True, None)
    own.body = "转为独立页面后改动。"
    with pytest.raises(SignOffRequired):
        own.save_revision().publish()
    assert fresh(alias).body == "本周末上新三条路线。"
