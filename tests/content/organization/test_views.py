import datetime
import io

import pypdf
import pytest
from django.contrib.auth.models import Permission
from wagtail.models import PageViewRestriction

from content.organization.chart_sheets import lay_out_sheets
from content.organization.models import HoldingKind
from content.organization.structure import branches
from tests.factories.organization import HoldingFactory, PostFactory, RoleDescriptionPageFactory, UnitFactory
from tests.factories.users import UserFactory

ADDRESSES = ["/organization/", "/organization/posts/marketer/", "/organization/mine/", "/roles/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_is_not_logged_in_is_asked_to(client, role, address):
    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"] == f"/login/?next={address}"


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_account_without_a_post_is_refused(client, role, outsider, address):
    client.force_login(outsider)

    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", ["/organization/", "/organization/posts/marketer/", "/roles/"])
def test_staff_read_them(client, role, staff, address):
    client.force_login(staff)

    response = client.get(address)

    assert response.status_code == 200
    assert "王敏" in response.content.decode()


def test_a_role_description_is_for_staff(client, role, staff, outsider):
    assert client.get(role.url).status_code == 302
    client.force_login(outsider)
    assert client.get(role.url).status_code == 403
    client.force_login(staff)
    assert client.get(role.url).status_code == 200


@pytest.mark.parametrize("others", [0, 2])
def test_the_chart_costs_the_same_however_many_posts(client, staff, home, others, django_assert_num_queries):
    for _ in range(others):
        post = PostFactory(unit=UnitFactory(), superior=staff.holdings.get().post)
        HoldingFactory(post=post)
    client.force_login(staff)
    client.get("/organization/")

    with django_assert_num_queries(12):
        response = client.get("/organization/")

    assert response.content.decode().count('class="chart__box"') == 2 * (1 + others)


@pytest.mark.parametrize("others", [0, 2])
def test_the_list_of_role_descriptions_costs_the_same_however_many(
    client, role, role_index, staff, department, others, django_assert_num_queries
):
    for _ in range(others):
        post = PostFactory(unit=department)
        HoldingFactory(post=post)
        RoleDescriptionPageFactory(parent=role_index, post=post)
    client.force_login(staff)
    client.get("/roles/")

    with django_assert_num_queries(19):
        response = client.get("/roles/")

    assert response.content.decode().count("<article") == 1 + others


@pytest.mark.parametrize("others", [1, 3])
def test_a_post_costs_the_same_however_many_subordinates(client, staff, home, others, django_assert_num_queries):
    for _ in range(others):
        HoldingFactory(post=PostFactory(unit=UnitFactory(), superior=staff.holdings.get().post))
    client.force_login(staff)
    client.get("/organization/posts/marketer/")

    with django_assert_num_queries(17):
        response = client.get("/organization/posts/marketer/")

    assert len(response.context["place"].subordinates) == others


def test_the_chart_of_one_unit_shows_it_and_what_lies_below(client, staff, department, home):
    PostFactory(title="院长", unit=UnitFactory(code="institute", name="规划设计院"))
    PostFactory(title="客户组长", unit=UnitFactory(name="客户组", parent=department))
    client.force_login(staff)

    text = client.get("/organization/?unit=marketing").content.decode()

    assert "市场专员" in text
    assert "客户组长" in text
    assert "院长" not in text


def test_an_unknown_unit_or_post_is_not_found(client, staff, home):
    client.force_login(staff)

    assert client.get("/organization/?unit=nowhere").status_code == 404
    assert client.get("/organization/posts/nobody/").status_code == 404


def test_an_empty_organisation_says_what_to_do(client, superuser, home):
    client.force_login(superuser)

    assert "还没有岗位" in client.get("/organization/").content.decode()


def test_a_vacant_post_says_who_acts_instead(client, staff, home):
    director = PostFactory(code="director", title="市场总监", unit=staff.holdings.get().post.unit)
    HoldingFactory(post=director, user=UserFactory(username="director", name="顾远帆"))
    PostFactory(code="empty", title="市场助理", unit=director.unit, superior=director)
    client.force_login(staff)

    text = client.get("/organization/posts/empty/").content.decode()

    assert "岗位空缺，需要本岗位办理的事由直接上级市场总监（顾远帆）代办。" in text


def test_a_post_names_former_and_coming_holders(client, staff, home):
    post = staff.holdings.get().post
    HoldingFactory(
        post=post, user=UserFactory(username="old", name="刘芳"),
        since=datetime.date(2019, 1, 1), until=datetime.date(2019, 12, 31),
    )  # fmt: skip
    HoldingFactory(
        post=post, user=UserFactory(username="new", name="吴桐"), since=datetime.date(2099, 1, 1),
        kind=HoldingKind.SUBSTITUTE,
    )  # fmt: skip
    client.force_login(staff)

    text = client.get("/organization/posts/marketer/").content.decode()

    assert "2019年1月1日 — 2019年12月31日" in text
    assert "2099年1月1日起由吴桐代理。" in text


def test_my_post_leads_to_the_only_post_and_offers_several(client, staff, home, role):
    client.force_login(staff)
    assert client.get("/organization/mine/")["Location"] == "/organization/posts/marketer/"

    HoldingFactory(post=PostFactory(code="second", title="客户经理", unit=UnitFactory()), user=staff)

    text = client.get("/organization/mine/").content.decode()
    assert "市场专员" in text
    assert "客户经理" in text
    assert role.number in text


def test_a_role_description_shows_everything_of_the_form(client, role, staff):
    client.force_login(staff)

    text = client.get(role.url).content.decode()

    for part in (
        role.number, "撰写并发布新闻稿，维护媒体关系。", "<li>每周收集素材</li><li>标题醒目</li>", "产品推广", "每月八篇。",
        "<li>报选题</li><li>采访成稿</li><li>送审发布</li>", "编制", "2026年1月20日", f"/print/pages/{role.pk}.pdf",
    ):  # fmt: skip
        assert part in text


def test_a_draft_role_description_is_not_offered(client, role, staff):
    role.unpublish()
    client.force_login(staff)

    assert client.get(role.url).status_code == 404
    assert "尚未发布" in client.get("/organization/posts/marketer/").content.decode()
    assert role.number not in client.get("/roles/").content.decode()


def test_only_who_may_edit_is_led_to_the_desk(client, staff, home):
    client.force_login(staff)
    assert "编辑岗位" not in client.get("/organization/posts/marketer/").content.decode()

    staff.user_permissions.add(Permission.objects.get(codename="change_post"))

    assert "编辑岗位" in client.get("/organization/posts/marketer/").content.decode()


def test_a_role_description_is_printed_for_staff_only(client, role, staff, outsider):
    address = f"/print/pages/{role.pk}.pdf"

    assert client.get(address).status_code == 302
    client.force_login(outsider)
    assert client.get(address).status_code == 403
    client.force_login(staff)
    response = client.get(address)
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-")


def test_my_posts_do_not_name_a_role_description_i_may_not_read(client, staff, home, role):
    HoldingFactory(post=PostFactory(code="second", title="客户经理", unit=UnitFactory()), user=staff)
    PageViewRestriction.objects.create(page=role, restriction_type=PageViewRestriction.GROUPS)
    client.force_login(staff)

    assert role.number not in client.get("/organization/mine/").text


def test_the_chart_of_a_past_day_says_so_and_leads_back(client, staff, home, department):
    old = UserFactory(username="old", name="郑言", is_active=False)
    post = PostFactory(code="director", title="市场总监", unit=department)
    HoldingFactory(post=post, user=old, since=datetime.date(2018, 1, 1), until=datetime.date(2019, 12, 31))
    client.force_login(staff)

    text = client.get("/organization/?on=2019-06-01").text

    assert "您看到的是2019年6月1日的情况" in text
    assert "郑言" in text
    assert "王敏" not in text.split('id="main"')[1]
    assert 'href="/organization/posts/director/?on=2019-06-01"' in text
    assert "郑言" not in client.get("/organization/").text


@pytest.mark.parametrize("others", [0, 2])
def test_the_chart_of_another_day_costs_the_same_however_many_posts(
    client, staff, home, others, django_assert_num_queries
):
    for _ in range(others):
        HoldingFactory(post=PostFactory(unit=UnitFactory(), superior=staff.holdings.get().post))
    client.force_login(staff)
    client.get("/organization/?on=2021-01-01")

    with django_assert_num_queries(14):
        response = client.get("/organization/?on=2021-01-01")

    assert response.content.decode().count('class="chart__box"') == 2 * (1 + others)


def test_a_post_that_did_not_exist_that_day_says_so(client, staff, home, department):
    PostFactory(code="new", title="新媒体专员", unit=department, established_on=datetime.date(2024, 1, 1))
    client.force_login(staff)

    assert "这一天还没有或已经撤销这个岗位" in client.get("/organization/posts/new/?on=2020-01-01").text
    assert "这一天还没有或已经撤销这个岗位" not in client.get("/organization/posts/new/").text


def test_a_wrong_day_gives_today_and_one_sentence(client, staff, home):
    client.force_login(staff)

    text = client.get("/organization/?on=明天").text

    assert "日期“明天”无法识别" in text
    assert "王敏" in text


def test_the_printed_chart_holds_every_post_as_text(client, staff, home, department, tmp_path):
    client.force_login(staff)

    response = client.get("/organization/chart.pdf")

    assert response.status_code == 200
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)
    assert "市场专员" in reader.pages[0].extract_text()
    assert client.get("/organization/chart.pdf?unit=nowhere").status_code == 404


def test_a_large_organisation_is_printed_on_a3_and_several_sheets(db):
    units = [UnitFactory(name=f"单位{i}") for i in range(60)]
    for unit in units:
        for _ in range(6):
            PostFactory(unit=unit)

    sheets = lay_out_sheets(branches())

    assert {sheet.size for sheet in sheets} == {"A3"}
    assert len(sheets) > 1
    assert sum(len(card.boxes) for sheet in sheets for card in sheet.chart.cards) == 360
    assert all(sheet.scale >= 0.6 for sheet in sheets)
