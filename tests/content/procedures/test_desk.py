"""A site manager writes a procedure on the desk, without code."""

import re

import pytest
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from content.procedures.models import CodeSeries, ProcedurePage
from tests.factories.organization import PostFactory


@pytest.fixture
def desk(superuser):
    client = Client()
    client.force_login(superuser)
    return client


def step_data(title, posts=(), **fields):
    return {
        "title": title, "kind": "task", "who": "posts", "level": "1", "_posts": [str(post.pk) for post in posts],
        "rule": "all", "needed": "", "refusal_step": "", "text": "", "document": "", "inputs": "", "outputs": "",
        "condition_field": "", "condition_operator": "is", "condition_value": "", "days": "", "recurrence": "",
        "recurrence_day": "", **fields,
    }  # fmt: skip


def page_data(index, steps, fields=(), **more):
    data = nested_form_data(
        {
            "title": "会议室使用", "series": str(CodeSeries.objects.get_or_create(prefix="SC", defaults={"name": "策划"})[0].pk),
            "can_be_started": "on", "owner_unit": str(steps[0]["_unit"]), "owner_post": str(steps[0]["_owner"]),
            "summary": "", "purpose": "先登记后使用。", "scope": "", "effective_on": "", "review_months": "12",
            "reading_days": "7", "further_readers": [], "change_note": "", "audience": "staff", "seo_title": "",
            "search_description": "", "go_live_at": "", "expire_at": "", "comments": inline_formset([]),
            "steps": inline_formset([{k: v for k, v in step.items() if not k.startswith("_")} for step in steps]),
            "form_fields": inline_formset(list(fields)), **more,
        }
    )  # fmt: skip
    # A list is several values under one name.
    return {**data, **{f"steps-{number}-posts": step["_posts"] for number, step in enumerate(steps)}}


def test_a_procedure_is_written_and_changed_with_its_posts_kept(desk, index):
    clerk, manager = PostFactory(code="clerk", title="文员"), PostFactory(code="manager", title="经理")
    steps = [
        {**step_data("登记", [clerk]), "_unit": clerk.unit_id, "_owner": manager.pk},
        step_data("批准", [manager, clerk], kind="sign", rule="any"),
    ]
    fields = [{"label": "用途", "kind": "singleline", "required": "on", "options": "", "help_text": "",
               "condition_field": "", "condition_operator": "is", "condition_value": ""}]  # fmt: skip

    response = desk.post(f"/admin/pages/add/procedures/procedurepage/{index.pk}/", page_data(index, steps, fields))

    assert response.status_code == 302, re.findall(r"error-message[^>]*>(.*?)<", response.text, re.DOTALL)
    page = ProcedurePage.objects.get()
    draft = page.get_latest_revision_as_object()
    assert (page.code, page.slug) == ("SC-001", "sc-001")
    assert [(s.title, {p.code for p in s.posts.all()}) for s in draft.steps.all()] == [
        ("登记", {"clerk"}),
        ("批准", {"clerk", "manager"}),
    ]
    keys = [s.key for s in draft.steps.all()]
    editor = desk.get(f"/admin/pages/{page.pk}/edit/")
    assert "步骤与表单完整" in editor.text
    assert "<svg" in editor.text

    rows = list(draft.steps.all())
    changed = [
        {**step_data("先登记", [clerk]), "id": str(rows[0].pk), "_unit": clerk.unit_id, "_owner": manager.pk},
        {**step_data("批准", [manager], kind="sign"), "id": str(rows[1].pk)},
    ]
    data = page_data(index, changed, fields)
    data["steps-INITIAL_FORMS"] = "2"
    data["form_fields-INITIAL_FORMS"] = "0"
    desk.post(f"/admin/pages/{page.pk}/edit/", data)

    again = ProcedurePage.objects.get().get_latest_revision_as_object()
    assert [(s.title, [p.code for p in s.posts.all()]) for s in again.steps.all()] == [
        ("先登记", ["clerk"]),
        ("批准", ["manager"]),
    ]
    assert [s.key for s in again.steps.all()] == keys


def test_the_preview_shows_the_draft(desk, index, rf):
    clerk = PostFactory(code="clerk", title="文员")
    steps = [{**step_data("登记钥匙", [clerk]), "_unit": clerk.unit_id, "_owner": clerk.pk}]
    desk.post(f"/admin/pages/add/procedures/procedurepage/{index.pk}/", page_data(index, steps))
    page = ProcedurePage.objects.get()

    response = desk.get(f"/admin/pages/{page.pk}/view_draft/")

    assert (response.status_code, "登记钥匙" in response.text) == (200, True)
