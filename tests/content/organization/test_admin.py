import datetime

import pytest
from django.contrib.auth.models import Group

from content.organization import setting_up
from content.organization.models import Holding, Indicator, RoleIndexPage
from tests.factories.organization import HoldingFactory, IndicatorFactory, PostFactory, RoleDescriptionPageFactory
from tests.factories.users import UserFactory

LISTS = [f"/admin/snippets/organization/{model}/" for model in ("unit", "post", "holding", "indicator")]


@pytest.fixture
def site_manager(staff, home):
    """The holder of a post that brings the group 站点管理员."""
    setting_up.set_up()
    staff.holdings.get().post.groups.add(Group.objects.get(name="站点管理员"))
    return staff


@pytest.mark.parametrize("address", LISTS)
def test_site_managers_work_in_the_organisation_menu(client, site_manager, address):
    client.force_login(site_manager)

    assert client.get(address).status_code == 200
    assert client.get(f"{address}add/").status_code == 200
    assert address in client.get("/admin/").content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_others_are_kept_out(client, home, outsider, address):
    assert client.get(address)["Location"].startswith("/login/")
    client.force_login(outsider)
    assert client.get(address).status_code == 302


def test_a_second_holder_is_refused_with_a_sentence_and_nothing_typed_is_lost(client, site_manager):
    post = site_manager.holdings.get().post
    candidate = UserFactory(username="candidate", name="吴桐")
    client.force_login(site_manager)

    response = client.post(
        "/admin/snippets/organization/holding/add/",
        {"post": post.pk, "user": candidate.pk, "kind": "regular", "since": "2026-02-01", "until": ""},
    )

    text = response.content.decode()
    assert "该岗位编制 1 人，这段时间已由王敏任职；请先填好其止日，或增加编制人数。" in text
    assert 'value="2026-02-01"' in text
    assert not Holding.objects.filter(user=candidate).exists()


def test_a_holding_entered_brings_the_rights_at_once(client, site_manager):
    post = PostFactory(unit=site_manager.holdings.get().post.unit)
    post.groups.add(Group.objects.get(name="信息助理"))
    candidate = UserFactory(username="candidate")
    client.force_login(site_manager)

    client.post(
        "/admin/snippets/organization/holding/add/",
        {"post": post.pk, "user": candidate.pk, "kind": "regular", "since": "2026-02-01", "until": ""},
    )

    assert list(candidate.groups.values_list("name", flat=True)) == ["信息助理"]


@pytest.mark.parametrize("others", [0, 2])
@pytest.mark.parametrize(("model", "queries"), [("unit", 9), ("post", 10), ("holding", 9)])
def test_lists_cost_the_same_at_one_and_three(
    client, superuser, home, model, queries, others, django_assert_num_queries
):
    address = f"/admin/snippets/organization/{model}/"
    for _ in range(1 + others):
        HoldingFactory()
    client.force_login(superuser)
    client.get(address)

    with django_assert_num_queries(queries):
        client.get(address)


def test_set_up_again_leaves_edited_indicators_and_keeps_one_list_of_roles(home):
    setting_up.set_up()
    Indicator.objects.filter(name="工作纪律").update(explanation="改过的说明")

    setting_up.set_up()

    assert Indicator.objects.count() == 15
    assert Indicator.objects.get(name="工作纪律").explanation == "改过的说明"
    assert RoleIndexPage.objects.count() == 1


def test_a_role_description_opens_in_the_editor(client, superuser, role):
    client.force_login(superuser)

    text = client.get(f"/admin/pages/{role.pk}/edit/").content.decode()

    assert "职责分组" in text
    assert "编制 / 审核 / 批准" in text


def test_the_listing_of_role_descriptions_is_in_the_menu(client, superuser, role_index, department):
    page = RoleDescriptionPageFactory(parent=role_index, post=PostFactory(unit=department))
    IndicatorFactory()
    client.force_login(superuser)

    menu = client.get("/admin/").content.decode()
    listing = client.get("/admin/role_descriptions/").content.decode()

    assert "role_descriptions" in menu
    assert page.title in listing
    assert datetime.date(2026, 1, 20) == page.approved_on
