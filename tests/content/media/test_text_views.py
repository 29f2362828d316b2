"""The desk's pages on the text of files."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, CollectionViewRestriction, GroupCollectionPermission

from content.media.models import DocumentText
from content.organization.groups import grant_collection
from tests.factories.office import encrypted_pdf, pdf_file
from tests.factories.users import UserFactory


@pytest.fixture
def editor(staff, client):
    """Staff who may change the files of the library."""
    group = grant_collection("编辑组", "media.change_document")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    staff.groups.add(group)
    client.force_login(staff)
    return staff


def test_the_edit_page_of_a_file_says_how_reading_went(client, editor, filed):
    document = filed("机密", "a.pdf", encrypted_pdf("机密", password="x").getvalue())

    answer = client.get(f"/admin/documents/edit/{document.pk}/").text

    assert "加密，无法提取：设有打开密码" in answer
    assert f'href="/admin/document-texts/{document.pk}/"' in answer


def test_a_file_nobody_asked_for_says_so(client, editor, filed):
    document = filed("旧件", "a.txt", "内容")
    DocumentText.objects.all().delete()

    assert "还没有提取" in client.get(f"/admin/documents/edit/{document.pk}/").text
    assert "还没有提取" in client.get(f"/admin/document-texts/{document.pk}/").text


def test_what_was_read_is_shown_by_page_and_escaped(client, editor, filed):
    document = filed("招标", "a.pdf", pdf_file("第一章 总则", "&lt;script&gt;十万元").getvalue())

    answer = client.get(f"/admin/document-texts/{document.pk}/")

    assert "<h2>第 2 页</h2>" in answer.text
    assert "&lt;script&gt;十万元" in answer.text
    assert "Refresh" not in answer


def test_another_try_is_a_button_and_the_page_follows(client, editor, filed):
    document = filed("招标", "a.txt", "内容")

    answer = client.post(f"/admin/document-texts/{document.pk}/again/", follow=True)

    assert "“招标”已排队，几秒后再看结果。" in answer.text
    assert "等待提取" in answer.text
    assert answer["Refresh"] == "3"


def test_the_list_tells_states_and_counts(client, editor, filed):
    filed("好", "a.txt", "内容")
    filed("坏", "b.pdf", b"%PDF-1.4 no")

    answer = client.get("/admin/document-texts/").text
    failed = client.get("/admin/document-texts/?state=failed").text

    assert "提取失败（1）" in answer
    assert "已提取 2 字" in answer
    assert "提取失败：PDF 已损坏或不完整，打不开" in failed
    assert "已提取 2 字" not in failed
    assert client.get("/admin/document-texts/?state=x&p=99").status_code == 200


def test_an_editor_sees_only_files_of_own_collections(client, filed, home):
    own = Collection.get_first_root_node().add_child(name="自己的")
    group = Group.objects.create(name="外联")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupCollectionPermission.objects.create(
        group=group,
        collection=own,
        permission=Permission.objects.get(codename="change_document", content_type__app_label="media"),
    )
    user = UserFactory(username="own")
    user.groups.add(group)
    client.force_login(user)
    other, mine = filed("别人的", "a.txt", "内容"), filed("自己的文件", "b.txt", "内容", collection=own)

    answer = client.get("/admin/document-texts/").text

    assert "自己的文件" in answer
    assert "别人的" not in answer
    assert client.get(f"/admin/document-texts/{mine.pk}/").status_code == 200
    for method, address in (("get", f"{other.pk}/"), ("post", f"{other.pk}/again/")):
        assert getattr(client, method)(f"/admin/document-texts/{address}")["Location"] == "/admin/"


def test_text_is_not_shown_to_an_editor_who_may_not_open_the_file(client, editor, filed):
    closed = Collection.get_first_root_node().add_child(name="报价")
    held = CollectionViewRestriction.objects.create(collection=closed, restriction_type="groups")
    held.groups.add(Group.objects.create(name="报价组"))
    document = filed("底价", "a.txt", "八十万元", collection=closed)

    answer = client.get(f"/admin/document-texts/{document.pk}/").text

    assert "这个文件的内容不对你开放" in answer
    assert "八十万元" not in answer


def test_staff_without_the_library_are_refused(client, staff, filed):
    document = filed("招标", "a.txt", "内容")
    staff.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(staff)

    for method, address in (("get", ""), ("get", f"{document.pk}/"), ("post", f"{document.pk}/again/")):
        assert getattr(client, method)(f"/admin/document-texts/{address}").status_code == 302
    assert DocumentText.objects.get().state == "done"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_is_listed(client, editor, filed, count, django_assert_num_queries):
    for number in range(count):
        filed(f"文件{number}", f"{number}.txt", "内容")
    client.get("/admin/document-texts/")

    with django_assert_num_queries(11):
        client.get("/admin/document-texts/")


def test_editors_find_a_file_by_its_text(client, editor, filed, search_index):
    filed("纪要", "a.txt", "第三项议程：灯会")
    search_index()

    assert "纪要" in client.get("/admin/documents/?q=灯会").text
