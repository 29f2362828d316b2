"""Files in the search: found by themselves and with what carries them, by nobody who may not open them."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

import search
from content.core.choices import Audience
from content.media.attachments import documents_of, may_carry
from content.media.models import Document, DocumentText
from content.media.readers import audience_of
from content.media.texts import ask_for_text
from content.releases.models import ReleasePage
from content.tenders.models import TenderProcess
from search import registry
from search.maintenance import compare
from search.readers import reader_for
from tests.content.media.conftest import carrying
from tests.factories.office import pdf_file
from tests.factories.releases import boilerplate, draft, published, sign_and_publish


def found(text: str, user=None) -> list[str]:
    """Titles of the hits, in alphabetical order."""
    results = search.search(text, reader=reader_for(user or AnonymousUser()))
    assert results.total == len(results.hits)
    return sorted(hit.title for hit in results.hits)


def test_a_file_is_found_by_its_text_and_says_the_page(filed, staff, search_index):
    document = filed("招标文件", "zb.pdf", pdf_file("丽江古城", "投标保证金十万元").getvalue(), description="原件")
    search_index()

    [hit] = search.search("保证金", reader=reader_for(staff)).hits

    assert (hit.kind, hit.label, hit.title, hit.url) == ("file", "文件", "招标文件", document.url)
    assert [(one.key == hit.key, one.place, one.snippet_html) for one in hit.files] == [
        (True, "第 2 页", "投标<mark>保证金</mark>十万元")
    ]
    assert hit.facets["file_format"] == ("PDF",)
    assert hit.files[0].url == f"{document.url}#page=2"
    assert found("zb", staff) == ["招标文件"]
    assert found("保证金") == []


def test_a_page_is_found_by_the_text_of_its_files(filed, newsroom, client, search_index):
    document = filed("票价说明", "price.txt", "夜游接驳车票价三十元")
    published(newsroom, "古城夜游开放", body=carrying(document))
    search_index()

    assert found("接驳车票价") == ["古城夜游开放", "票价说明"]
    answer = client.get("/search/", {"q": "接驳车票价"}).text
    assert f'见附件：<a href="{document.url}">〈<bdi>票价说明</bdi>〉</a>' in answer
    assert "夜游<mark>接驳车票价</mark>三十元" in answer


def test_a_file_in_a_shared_introduction_is_found_with_each_release(filed, newsroom, search_index):
    document = filed("资质", "a.txt", "甲级资质证书编号")
    text = boilerplate(body=f'<p><a linktype="document" id="{document.pk}">资质</a></p>')
    published(newsroom, "稿件", body=[("boilerplate", text)])
    search_index()

    assert found("资质证书") == ["稿件", "资质"]


def test_a_file_with_fewer_readers_than_the_page_does_not_speak_through_it(filed, newsroom, staff, search_index):
    group = Group.objects.create(name="报价组")
    closed = Collection.get_first_root_node().add_child(name="报价")
    held = CollectionViewRestriction.objects.create(collection=closed, restriction_type="groups")
    held.groups.add(group)
    document = filed("底价表", "a.txt", "底价八十万元", collection=closed)
    page = published(newsroom, "招商公告", body=carrying(document))
    search_index()

    assert audience_of(document) == {f"group:{group.pk}"}
    assert registry.index_for(ReleasePage).document(page).files == ()
    assert found("八十万") == []
    assert found("八十万", staff) == []
    staff.groups.add(group)
    del staff._reader
    assert found("八十万", staff) == ["底价表"]


def test_closing_and_opening_a_collection_is_followed(filed, newsroom, search_index, staff):
    collection = Collection.get_first_root_node().add_child(name="资料")
    below = collection.add_child(name="内层")
    document = filed("手册", "a.txt", "讲解员手册第一章", collection=below)
    published(newsroom, "公开稿件", body=carrying(document))
    search_index()
    assert found("第一章") == ["公开稿件", "手册"]

    held = CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    search_index()
    assert found("第一章") == []
    assert found("第一章", staff) == ["手册"]

    group = Group.objects.create(name="培训组")
    held.restriction_type = "groups"
    held.save()
    held.groups.add(group)
    search_index()
    assert found("第一章", staff) == []

    held.delete()
    search_index()
    assert found("第一章") == ["公开稿件", "手册"]
    assert not compare()


def test_a_link_to_a_closed_page_does_not_open_its_files(filed, newsroom, search_index):
    document = filed("内部价", "a.txt", "内部结算价")
    inside = published(newsroom, "内部稿件", audience=Audience.STAFF, body=carrying(document))
    published(newsroom, "公开稿件", body=[("paragraphs", f'<p><a linktype="page" id="{inside.pk}">详见</a></p>')])
    search_index()

    assert audience_of(document) == {"staff"}
    assert found("结算价") == []


def test_publishing_and_withdrawing_a_page_opens_and_closes_its_files(filed, newsroom, search_index):
    document = filed("价目表", "a.txt", "标准间三百元")
    page = draft(newsroom, "房价公告", body=carrying(document))
    search_index()
    assert found("标准间") == []

    sign_and_publish(page)
    search_index()
    assert found("标准间") == ["价目表", "房价公告"]

    page.unpublish()
    search_index()
    assert found("标准间") == []
    assert not compare()


def test_taking_a_file_out_of_a_page_closes_it(filed, newsroom, search_index):
    document = filed("价目表", "a.txt", "标准间三百元")
    page = published(newsroom, "房价公告", body=carrying(document))
    search_index()

    page.body = [("paragraphs", "<p>另行通知</p>")]
    page.save_revision()
    sign_and_publish(page)
    search_index()

    assert documents_of(page) == []
    assert found("标准间") == []
    assert not compare()


def test_a_restriction_on_a_page_above_closes_its_files(filed, newsroom, search_index, staff):
    document = filed("价目表", "a.txt", "标准间三百元")
    published(newsroom, "房价公告", body=carrying(document))
    search_index()

    held = PageViewRestriction.objects.create(page=newsroom, restriction_type="login")
    search_index()
    assert found("标准间") == []
    assert found("标准间", staff) == ["价目表", "房价公告"]

    held.delete()
    search_index()
    assert found("标准间") == ["价目表", "房价公告"]
    assert not compare()


def test_deleting_a_page_closes_its_files_and_deleting_a_file_takes_it_out(filed, newsroom, search_index, staff):
    first, second = filed("甲", "a.txt", "酒店协议"), filed("乙", "b.txt", "广场协议")
    page = published(newsroom, "公告", body=carrying(first, second))
    search_index()
    assert found("协议") == ["乙", "公告", "甲"]

    first.delete()
    search_index()
    assert found("酒店", staff) == []
    assert found("广场") == ["乙", "公告"]

    page.delete()
    search_index()
    assert found("广场") == []
    assert found("广场", staff) == ["乙"]
    assert not compare()


def test_text_read_later_and_a_new_title_reach_the_page(filed, newsroom, search_index):
    document = Document.objects.create(title="旧名", file="documents/none.txt")
    published(newsroom, "公告", body=carrying(document))
    search_index()
    document.text.parts.create(number=0, text="补充协议", folded="补充协议")
    document.text.save()
    document.title = "新名补充"
    document.save()
    search_index()

    assert found("补充协议") == ["公告", "新名补充"]
    assert found("新名补充") == ["公告", "新名补充"]
    assert not compare()


def test_a_draft_of_a_live_page_changes_no_rights(filed, newsroom):
    document = filed("价目表", "a.txt", "标准间三百元")
    page = published(newsroom, "房价公告")
    page.body = carrying(document)
    page.save_revision()

    assert audience_of(document) == {"staff"}


@pytest.mark.parametrize(("characters", "by_task"), [(100_000, False), (100_001, True)])
def test_a_page_with_long_files_is_left_to_the_task(
    filed, newsroom, monkeypatch, django_capture_on_commit_callbacks, search_index, characters, by_task
):
    with django_capture_on_commit_callbacks(execute=True):
        document = filed("年鉴", "a.txt", "全年大事记")
        page = published(newsroom, "公告", body=carrying(document))
    DocumentText.objects.update(characters=characters)
    asked = []
    monkeypatch.setattr("search.outbox._enqueue", lambda: asked.append(True))

    with django_capture_on_commit_callbacks(execute=True):
        page.title = "改了标题"
        page.save_revision()
        sign_and_publish(page)

    assert bool(asked) == by_task
    assert found("改了标题") == ([] if by_task else ["改了标题"])
    search_index()
    assert found("大事记") == ["年鉴", "改了标题"]


def test_only_what_can_name_a_file_is_looked_at():
    assert may_carry(ReleasePage)
    assert not may_carry(TenderProcess)
    assert not may_carry(Group)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_upload_is_found_once_the_task_has_run(home, staff):
    from django.core.files.base import ContentFile

    document = Document.objects.create(title="会议纪要", file=ContentFile("第三项议程：灯会".encode("gbk"), "jy.txt"))

    document = Document.objects.get(pk=document.pk)
    assert document.text.sentence == "已提取 8 字"
    assert found("议程：灯会", staff) == ["会议纪要"]
    ask_for_text(document, again=True)
    assert found("议程：灯会", staff) == ["会议纪要"]
