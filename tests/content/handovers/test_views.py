import pytest
from pytest_django.asserts import assertContains, assertNotContains

from content.alerts.models import SavedSearch
from content.handovers import checking, sheets
from content.handovers.models import Finding, HandoverSheet
from content.notifications.models import Notification
from tests.content.handovers.conftest import days
from tests.factories.organization import HoldingFactory
from tests.factories.users import UserFactory


@pytest.fixture
def sheet(holding, successor, saved):
    return sheets.open_sheet(holding)


def test_leaver_and_successor_sign_in_the_portal(client, sheet, leaver, successor, saved):
    client.force_login(leaver)
    page = client.get(sheet.get_absolute_url())
    assertContains(page, "丽江招标")
    item = sheet.items.get()
    client.post(
        sheet.get_absolute_url(),
        {"act": "leaver", "seen": page.context["seen"], "note": "月底回话", "item": item.pk, "at_once": "on"},
    )
    client.force_login(successor)
    page = client.get(sheet.get_absolute_url())
    assertContains(page, "月底回话")
    response = client.post(sheet.get_absolute_url(), {"act": "successor", "seen": page.context["seen"]}, follow=True)

    assertContains(response, "双方都已签名，已移交")
    assert SavedSearch.objects.get().owner == successor


def test_what_was_typed_stays_when_the_list_has_changed(client, sheet, leaver):
    client.force_login(leaver)
    seen = client.get(sheet.get_absolute_url()).context["seen"]
    SavedSearch.objects.create(owner=leaver, name="大理招标", query="q=大理")
    response = client.post(sheet.get_absolute_url(), {"act": "leaver", "seen": seen, "note": "月底回话"})

    assertContains(response, "清单刚有变化", status_code=422)
    assertContains(response, "月底回话", status_code=422)
    response = client.post(sheet.get_absolute_url(), {"act": "relist", "note": "月底回话"}, follow=True)
    assertContains(response, "大理招标")
    assert HandoverSheet.objects.get().note == "月底回话"


@pytest.mark.parametrize(
    ("who", "status"), [("leaver", 200), ("successor", 200), ("above", 200), ("keeper", 200), ("staff", 403)]
)
def test_only_those_concerned_see_the_sheet(client, sheet, request, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(sheet.get_absolute_url()).status_code == status
    assert client.get(f"/handovers/{sheet.pk}.pdf").status_code == status
    listed = client.get("/handovers/").context["rows"]
    assert listed == ([sheet] if status == 200 else [])


def test_the_superior_names_a_successor_by_number(client, sheet, above):
    other = UserFactory(username="other", name="沈云归", employee_number="A-7")
    client.force_login(above)
    address = f"/handovers/{sheet.pk}/successor/"
    assertContains(client.post(address, {"person": "无此人"}), "没有找到能登录的“无此人”", status_code=422)
    response = client.post(address, {"person": "A-7"}, follow=True)

    assertContains(response, "已指定沈云归接手")
    assert HandoverSheet.objects.get().successor == other


def test_two_of_one_name_are_told_apart_by_number(client, sheet, above):
    for number in ("A-1", "A-2"):
        UserFactory(username=number, name="沈云归", employee_number=number)
    client.force_login(above)

    response = client.post(f"/handovers/{sheet.pk}/successor/", {"person": "沈云归"})
    assertContains(response, "不止一位", status_code=422)


def test_the_account_menu_links_the_sheets_of_who_is_concerned(client, sheet, leaver, staff):
    client.force_login(leaver)
    assertContains(client.get("/inbox/"), 'href="/handovers/"')
    client.force_login(staff)
    assertNotContains(client.get("/inbox/"), 'href="/handovers/"')


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_sheet_and_three(client, leaver, post, number, django_assert_num_queries):
    for order in range(number):
        holding = HoldingFactory(post=post, user=leaver, since=days(-100 + order * 10), until=days(-95 + order * 10))
        sheets.open_sheet(holding)
    client.force_login(leaver)

    with django_assert_num_queries(9):
        assert len(client.get("/handovers/").context["rows"]) == number


@pytest.mark.parametrize("number", [1, 3])
def test_a_sheet_costs_the_same_for_one_thing_and_three(
    client, holding, leaver, successor, number, django_assert_num_queries
):
    for order in range(number):
        SavedSearch.objects.create(owner=leaver, name=f"检索{order}", query="q=丽江")
    sheet = sheets.open_sheet(holding)
    client.force_login(leaver)

    with django_assert_num_queries(12):
        assertContains(client.get(sheet.get_absolute_url()), "检索0")


@pytest.mark.parametrize("number", [1, 3])
def test_the_check_costs_the_same_for_one_account_and_three(client, keeper, number, django_assert_num_queries):
    for order in range(number):
        gone = UserFactory(username=f"gone-{order}", is_active=False)
        SavedSearch.objects.create(owner=gone, name="丽江", query="q=丽江")
    checking.check_accounts()
    client.force_login(keeper)

    with django_assert_num_queries(8):
        assert len(client.get("/handovers/check/").context["rows"]) == number


def test_a_finding_is_told_once_and_again_only_when_it_comes_back(keeper, leaver, holding, saved):
    leaver.is_active = False
    leaver.save()

    assert (checking.check_accounts(), checking.check_accounts()) == (2, 0)
    assert sorted(row.text for row in Finding.objects.all()) == [
        f"任职还在：市场部 市场总监（到 {days(10)}）",
        "保存的检索 1 项还在名下",
    ]
    assert Notification.objects.filter(recipient=keeper).count() == 1
    saved.delete()
    checking.check_accounts()
    assert Finding.objects.count() == 1
    SavedSearch.objects.create(owner=leaver, name="又来", query="q=丽江")
    assert checking.check_accounts() == 1


def test_one_click_opens_a_sheet_also_for_an_account_that_never_held_a_post(client, keeper):
    gone = UserFactory(username="gone", name="周强", is_active=False)
    SavedSearch.objects.create(owner=gone, name="丽江", query="q=丽江")
    checking.check_accounts()
    client.force_login(keeper)
    assertContains(client.get("/handovers/check/"), "建立交接单")
    response = client.post("/handovers/check/", {"user": gone.pk})

    sheet = HandoverSheet.objects.get()
    assert response["Location"] == sheet.get_absolute_url()
    assert (sheet.leaver, sheet.holding, sheet.opened_by) == (gone, None, keeper)
    assertContains(client.get("/handovers/check/"), "去办交接单")
    client.post("/handovers/check/", {"user": gone.pk})
    assert HandoverSheet.objects.count() == 1


def test_a_site_manager_carries_a_handover_without_a_post_through(client, keeper, staff):
    gone = UserFactory(username="gone", name="周强", is_active=False)
    SavedSearch.objects.create(owner=gone, name="丽江", query="q=丽江")
    sheet = sheets.open_for_account(gone, keeper)
    sheets.choose_successor(sheet, keeper, staff)
    for user, act in ((keeper, "leaver"), (staff, "successor")):
        client.force_login(user)
        seen = client.get(sheet.get_absolute_url()).context["seen"]
        client.post(sheet.get_absolute_url(), {"act": act, "seen": seen, "note": ""})

    assert SavedSearch.objects.get().owner == staff
    client.force_login(keeper)
    assertContains(client.get(sheet.get_absolute_url()), "由程以恒代签（本人不能登录）")
