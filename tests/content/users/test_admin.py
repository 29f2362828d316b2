import pytest
from django.contrib.auth.models import Group, Permission

import search
from content.users.models import User

NEW = {
    "username": "xu-zhe",
    "name": "徐　喆",
    "employee_number": "1024",
    "email": "xu-zhe@example.com",
    "password1": "shan-he-wen-lü",
    "password2": "shan-he-wen-lü",
}


@pytest.fixture
def desk(client, superuser, home):
    client.force_login(superuser)
    return client


def test_a_person_is_added_with_one_chinese_name_and_a_number(desk):
    response = desk.post("/admin/users/new/", NEW)

    user = User.objects.get(username="xu-zhe")
    assert response.status_code == 302
    assert (user.name, user.employee_number, str(user)) == ("徐 喆", "1024", "徐 喆")
    assert user.check_password("shan-he-wen-lü")


def test_the_form_asks_for_name_and_number_and_for_no_first_and_last_name(desk):
    text = desk.get("/admin/users/new/").content.decode()

    assert "姓名" in text
    assert "工号" in text
    assert "first_name" not in text
    assert "last_name" not in text


def test_a_number_belongs_to_one_person(desk, staff):
    User.objects.filter(pk=staff.pk).update(employee_number="1024")

    response = desk.post("/admin/users/new/", NEW)

    assert "工号 1024 已属于王敏，请核对后重填。" in response.content.decode()
    assert not User.objects.filter(username="xu-zhe").exists()


def test_editing_keeps_the_password_and_lets_the_number_stay(desk, staff):
    User.objects.filter(pk=staff.pk).update(employee_number="7")
    fields = {
        "username": "staff",
        "name": "王敏敏",
        "employee_number": "7",
        "email": "w@example.com",
        "is_active": "on",
    }

    response = desk.post(f"/admin/users/edit/{staff.pk}/", fields)

    staff.refresh_from_db()
    assert response.status_code == 302
    assert (staff.name, staff.employee_number) == ("王敏敏", "7")
    assert staff.check_password("portal-demo-1")


@pytest.mark.parametrize("query", ["王敏", "7001", "staff"])
def test_people_are_found_by_name_number_and_user_name(desk, staff, outsider, query):
    staff.employee_number = "7001"
    staff.save()
    search.drain()

    text = desk.get("/admin/users/", {"q": query}).content.decode()

    assert f"/admin/users/edit/{staff.pk}/" in text
    assert f"/admin/users/edit/{outsider.pk}/" not in text


@pytest.mark.parametrize("ordering", ["person", "-person", "employee_number"])
def test_the_list_can_be_ordered(desk, staff, ordering):
    assert desk.get("/admin/users/", {"ordering": ordering}).status_code == 200


def test_in_my_account_only_the_address_can_be_changed(client, staff, home):
    group = Group.objects.create(name="编辑")
    staff.groups.add(group)
    from content.organization.groups import grant

    grant("编辑", "wagtailadmin.access_admin")
    client.force_login(staff)

    text = client.get("/admin/account/").content.decode()

    assert "name_email-email" in text
    assert "name_email-first_name" not in text


def test_my_account_is_for_those_with_a_desk(client, home, staff):
    assert client.get("/admin/account/").status_code == 302


def test_people_are_chosen_by_name_and_who_has_left_is_not_offered(desk, staff, outsider):
    outsider.is_active = False
    outsider.save()
    search.drain()

    everybody = desk.get("/admin/user_chooser/results/").content.decode()
    found = desk.get("/admin/user_chooser/results/", {"q": "王敏"}).content.decode()

    assert "王敏" in everybody
    assert "周强" not in everybody
    assert "王敏" in found
    assert "系统管理员" not in found


def test_the_desk_greets_by_name(desk, superuser):
    assert superuser.first_name == "系统管理员"


@pytest.fixture
def manager(client, home):
    """The desk of somebody who manages accounts and is no superuser."""
    user = User.objects.create_user("manager", name="李思远")
    rights = Permission.objects.filter(content_type__app_label="users", content_type__model="user")
    user.user_permissions.set([*rights, Permission.objects.get(codename="access_admin")])
    client.force_login(user)
    return client


def test_who_manages_accounts_makes_no_superuser(manager):
    manager.post("/admin/users/new/", {**NEW, "is_superuser": "on"})
    made = User.objects.get(username="xu-zhe")
    manager.post(f"/admin/users/edit/{made.pk}/", {**NEW, "is_active": "on", "is_superuser": "on"})

    made.refresh_from_db()
    assert not made.is_superuser
    assert 'name="is_superuser"' not in manager.get(f"/admin/users/edit/{made.pk}/").text


def test_who_manages_accounts_cannot_take_over_a_superuser(manager, superuser):
    address = f"/admin/users/edit/{superuser.pk}/"
    before = superuser.password

    answers = [manager.get(address), manager.post(address, {**NEW, "username": "root"})]
    manager.post(f"/admin/users/delete/{superuser.pk}/")

    superuser.refresh_from_db()
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/admin/")] * 2
    assert (superuser.password, superuser.is_superuser) == (before, True)
