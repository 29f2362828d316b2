"""Header, login and error pages: what each kind of reader meets first."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import bad_request, server_error

from content.home.navigation import Shell, count_label
from content.home.templatetags.paging import elided_pages


def labels(response) -> list[str]:
    """Entries of the main navigation in the wide header."""
    html = response.content.decode()
    nav = html[html.index('class="site-nav"') : html.index("</header>")]
    return re.findall(r'class="site-nav__link"[^>]*>([^<]+)', nav)


def grant(user, *codenames):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


def shell_of(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return Shell(request)


def test_the_public_is_offered_start_page_and_newsroom_and_a_door(client, home):
    response = client.get("/")

    assert labels(response) == ["首页", "新闻中心"]
    assert "员工登录" in response.content.decode()


def test_the_frame_of_a_page_costs_the_public_no_query(home, django_assert_num_queries):
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()

    with django_assert_num_queries(0):
        render_to_string("404.html", request=request)


def test_staff_are_offered_what_their_posts_open(staff, outsider, home):
    grant(staff, "view_tenderprocess", "add_tenderprocess", "access_admin")

    assert [item.label for item in shell_of(staff).items] == [
        "首页", "待我办理", "新闻中心", "找招标", "制度流程", "办事", "组织图", "岗位说明书", "导入",
    ]  # fmt: skip
    assert [item.label for item in shell_of(staff).account_items] == ["我的消息", "我的订阅", "编辑后台", "修改密码"]
    assert [item.label for item in shell_of(outsider).items] == ["首页", "新闻中心"]
    assert [item.label for item in shell_of(outsider).account_items] == ["我的消息", "我的订阅", "修改密码"]


def test_the_page_one_is_on_is_marked_in_the_navigation(staff):
    assert {item.label: item.current for item in shell_of(staff, "/newsroom/a/").items if item.current} == {
        "新闻中心": "true"
    }
    assert {item.label: item.current for item in shell_of(staff, "/").items if item.current} == {"首页": "page"}


@pytest.mark.parametrize(("number", "label"), [(0, ""), (1, "1"), (99, "99"), (100, "99+")])
def test_large_counts_are_cut(number, label):
    assert count_label(number) == label


def test_login_says_in_chinese_what_is_wrong_and_keeps_the_name(client, home, staff):
    response = client.post(reverse("login"), {"username": "staff", "password": "wrong"})

    html = response.content.decode()
    assert "用户名或密码不对，请核对大小写后再试。" in html
    assert 'value="staff"' in html


def test_login_leads_back_to_where_the_reader_was(client, home, staff):
    response = client.post(
        reverse("login"), {"username": "staff", "password": "portal-demo-1", "next": "/password/?a=1"}
    )

    assert (response.status_code, response["Location"]) == (302, "/password/?a=1")


def test_login_does_not_lead_to_other_sites(client, home, staff):
    response = client.post(
        reverse("login"), {"username": "staff", "password": "portal-demo-1", "next": "https://elsewhere.example/"}
    )

    assert response["Location"] == "/"


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("/admin/login/", "/login/?next=%2Fadmin%2F"),
        ("/admin/login/?next=/admin/pages/", "/login/?next=%2Fadmin%2Fpages%2F"),
        ("/admin/login/?next=https://elsewhere.example/", "/login/?next=%2Fadmin%2F"),
    ],
)
def test_the_editors_desk_has_no_door_of_its_own(client, db, asked, target):
    response = client.get(asked)

    assert (response.status_code, response["Location"]) == (302, target)


def test_logging_out_needs_a_post_and_ends_the_session(client, home, staff):
    client.force_login(staff)

    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_after_too_many_wrong_passwords_the_account_is_locked_with_a_word_of_what_to_do(client, home, staff, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 2
    for _ in range(2):
        response = client.post(reverse("login"), {"username": "staff", "password": "wrong"})

    assert response.status_code == 429
    assert "账号暂时锁定" in response.content.decode()


def test_a_person_changes_the_password(client, home, staff):
    client.force_login(staff)
    wrong = client.post("/password/", {"old_password": "x", "new_password1": "a", "new_password2": "b"})
    right = client.post(
        "/password/",
        {"old_password": "portal-demo-1", "new_password1": "liushui-2026", "new_password2": "liushui-2026"},
        follow=True,
    )

    assert "原密码不对，请重新输入。" in wrong.content.decode()
    assert "密码已修改，下次请用新密码登录。" in right.content.decode()
    staff.refresh_from_db()
    assert staff.check_password("liushui-2026")


def test_the_password_page_asks_the_public_to_log_in(client, home):
    response = client.get("/password/")

    assert response["Location"] == "/login/?next=/password/"


def test_a_missing_page_offers_search_and_ways_on(client, home):
    response = client.get("/meiyou/")

    assert response.status_code == 404
    assert "没有这一页" in response.content.decode()


def test_a_stale_form_says_that_nothing_was_lost(home, staff):
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("login"), {"username": "staff", "password": "portal-demo-1"})

    assert response.status_code == 403
    assert "这次没有提交成功" in response.content.decode()


def test_a_refusal_says_why_where_a_reason_was_given(rf, staff, home):
    from django.views.defaults import permission_denied

    request = rf.get("/x/")
    request.user = staff
    given = permission_denied(request, PermissionDenied("这件事由部门经理签批。"))
    silent = permission_denied(request, PermissionDenied())

    assert "这件事由部门经理签批。" in given.content.decode()
    assert "按岗位开放" in silent.content.decode()


def test_the_pages_for_broken_requests_need_neither_database_nor_context(rf):
    assert "系统出错了" in server_error(rf.get("/")).content.decode()
    assert "读不懂" in bad_request(rf.get("/"), ValueError()).content.decode()


@pytest.mark.parametrize(
    ("pages", "current", "shown"),
    [
        (1, 1, [1]),
        (5, 3, [1, 2, 3, 4, 5]),
        (20, 1, [1, 2, 3, None, 20]),
        (20, 10, [1, None, 8, 9, 10, 11, 12, None, 20]),
        (20, 5, [1, 2, 3, 4, 5, 6, 7, None, 20]),
    ],
)
def test_a_long_pager_leaves_out_the_middle(pages, current, shown):
    assert elided_pages(Paginator(range(pages), 1).get_page(current)) == shown
