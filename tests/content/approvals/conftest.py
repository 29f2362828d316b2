"""A department with a chain of posts, a shelf of papers under a route, and a drafter who may write."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from content.approvals import conditions
from content.approvals.models import Rule
from content.approvals.setting_up import attach_to_model, attach_to_page, ensure_route
from tests.factories.approvals import post_with
from tests.papers.models import PaperPage, ShelfPage, Slip


@pytest.fixture
def people(department):
    """gm ← manager ← drafter; gm ← tech; gm ← product. Each as (post, user) under one name."""
    gm, gm_user = post_with("总经理", name="赵总", code="gm", unit=department)
    manager, manager_user = post_with("部门经理", name="李经理", code="manager", superior=gm, unit=department)
    tech, tech_user = post_with("技术总监", name="陈工", code="tech", superior=gm, unit=department)
    product, product_user = post_with("产品经理", name="刘芳", code="product", superior=gm, unit=department)
    writer, writer_user = post_with("市场专员", name="王敏", code="writer", superior=manager, unit=department)
    return SimpleNamespace(
        gm=gm_user, manager=manager_user, tech=tech_user, product=product_user, writer=writer_user,
        gm_post=gm, manager_post=manager, tech_post=tech, product_post=product, writer_post=writer,
    )  # fmt: skip


@pytest.fixture
def mentions_group(monkeypatch):
    """Condition «提到集团» on a paper's body; registered for one test."""
    monkeypatch.setattr(conditions, "_conditions", dict(conditions._conditions))

    def check(subject):
        text = getattr(subject, "body", "") or getattr(subject, "text", "")
        if "集团" in text:
            return conditions.Outcome(True, "文中提到集团，须总部确认。", ("…集团…",))
        return conditions.Outcome(False, "文中没有提到集团，不必总部确认。")

    conditions.register("mentions-group", "提到集团", check)


@pytest.fixture
def route(people, mentions_group):
    """部门审核 (manager) → 会签 (tech and product) → 总部确认 (gm, only if the group is mentioned)."""
    return ensure_route(
        "paper",
        "文稿签批",
        [
            {"title": "部门审核", "posts": [people.manager_post], "days": 2},
            {"title": "会签", "posts": [people.tech_post, people.product_post], "rule": Rule.ALL},
            {"title": "总部确认", "posts": [people.gm_post], "condition": "mentions-group"},
        ],
    )


@pytest.fixture
def shelf(home, route, people):
    """A guarded parent under the route; the writer may add and change papers there and enter the desk."""
    shelf = home.add_child(instance=ShelfPage(title="文稿架", slug="shelf"))
    attach_to_page(route, shelf)
    attach_to_model(route, Slip)
    group = Group.objects.create(name="撰稿")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    group.permissions.add(*Permission.objects.filter(codename__in=["add_slip", "change_slip", "view_slip"]))
    for codename in ("add_page", "change_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=shelf, permission=permission)
    people.writer.groups.add(group)
    return shelf


@pytest.fixture
def make_paper(shelf, people):
    """Make a draft: make_paper(title="…", body="…")."""

    def make(title="春游路线上新", body="本周末上新三条路线。", by=None, **kwargs):
        kwargs.setdefault("slug", f"paper-{PaperPage.objects.count()}")
        paper = shelf.add_child(instance=PaperPage(title=title, body=body, live=False, owner=people.writer, **kwargs))
        paper.save_revision(user=by or people.writer)
        return PaperPage.objects.get(pk=paper.pk)

    return make


@pytest.fixture
def paper(make_paper):
    return make_paper()


@pytest.fixture
def slip(shelf, people):
    slip = Slip(text="公司简介", live=False)
    slip.save()
    slip.save_revision(user=people.writer)
    return Slip.objects.get(pk=slip.pk)
