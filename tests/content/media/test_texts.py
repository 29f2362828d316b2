"""Reading in the background: what is kept, what is read again, what a search finds in it."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from content.media import texts
from content.media.models import Document, DocumentPart, DocumentText, TextState
from content.media.texts import ask_for_missing_texts, ask_for_text, parts_with, read_and_keep
from search.registry import key_of
from tests.factories.office import encrypted_pdf, pdf_file


@pytest.fixture
def queued(monkeypatch):
    """Tasks are noted, not run: the primary keys of the files."""
    asked = []
    monkeypatch.setattr(texts, "_queue", asked.append)
    return asked


@pytest.fixture
def saved(db, django_capture_on_commit_callbacks, queued):
    """Call it to save a new file with this text as the desk does: the reading is queued, not done."""

    def save(content="内容", name="a.txt") -> Document:
        with django_capture_on_commit_callbacks(execute=True):
            return Document.objects.create(title="文件", file=ContentFile(content.encode(), name))

    return save


def test_a_new_file_waits_and_is_queued_once(saved, queued, django_capture_on_commit_callbacks):
    document = saved()

    assert queued == [document.pk]
    assert str(document.text) == "文件：等待提取"
    with django_capture_on_commit_callbacks(execute=True):
        document.title = "改名"
        document.save()
    assert queued == [document.pk]


def test_text_is_kept_part_by_part_with_what_searches_compare(filed):
    document = filed("招标", "招标.pdf", pdf_file("ＧＢ 招標文件", "第二頁").getvalue())

    assert document.text.sentence == "已提取 10 字"
    assert list(DocumentPart.objects.values_list("number", "place", "text", "folded")) == [
        (0, "第 1 页", "ＧＢ 招標文件", "gb 招标文件"),
        (1, "第 2 页", "第二頁", "第二页"),
    ]


def test_reading_twice_changes_nothing(filed):
    document = filed("甲", "a.txt", "内容")
    read_at = document.text.read_at

    assert read_and_keep(document.pk) == ""
    assert DocumentText.objects.get().read_at == read_at
    assert DocumentPart.objects.count() == 1


def test_a_replaced_file_is_read_anew_even_under_the_old_name(filed, queued, django_capture_on_commit_callbacks):
    document = filed("甲", "a.txt", "旧内容")

    with django_capture_on_commit_callbacks(execute=True):
        document.file.storage.delete(document.file.name)
        document.file = ContentFile("新内容很长".encode(), "a.txt")
        document.file_hash, document.file_size = "1" * 40, 15
        document.save()

    assert document.file.name == "documents/a.txt"
    assert queued == [document.pk]
    assert read_and_keep(document.pk) == "done"
    assert document.text_read == "新内容很长"


def test_what_was_read_of_a_file_replaced_meanwhile_is_thrown_away(filed, monkeypatch, saved):
    document = saved("旧")
    DocumentText.objects.update(state=TextState.WAITING)

    def replaced_meanwhile(file):
        DocumentText.objects.update(source="another")
        return texts.Extraction("done", "", [("", "旧")])

    monkeypatch.setattr(texts, "extract", replaced_meanwhile)

    assert read_and_keep(document.pk) == ""
    assert not DocumentPart.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", encrypted_pdf("机密", password="x").getvalue(), "加密，无法提取：设有打开密码"),
        ("a.pdf", b"%PDF-1.4 no", "提取失败：PDF 已损坏或不完整，打不开"),
        ("a.txt", b" ", "没有文字：文件是空的"),
        ("a.txt", "a\x00b".encode("utf-16"), "已提取 3 字"),
    ],
)
def test_the_state_is_said_in_words(filed, name, content, sentence):
    assert filed("甲", name, content).text.sentence == sentence


def test_a_limit_says_how_much_was_read(filed, monkeypatch):
    monkeypatch.setattr("content.media.text_extraction.MAX_CHARS", 20_000)

    assert (
        filed("甲", "a.txt", "字\n" * 30_000).text.sentence == "超出限制：文字过多，只收录了前 2 万字；已提取 20,000 字"
    )


def test_a_file_missing_on_the_disk_or_too_large_is_said(saved, monkeypatch):
    gone = saved()
    gone.file.storage.delete(gone.file.name)
    read_and_keep(gone.pk)
    gone.text.refresh_from_db()
    monkeypatch.setattr(texts, "MAX_FILE", 3)
    large = saved("四个字了", "b.txt")
    read_and_keep(large.pk)
    large.text.refresh_from_db()

    assert gone.text.sentence == "提取失败：文件不在服务器上"
    assert (large.text.state, large.text.characters) == ("limited", 0)


def test_an_editor_may_ask_again(filed, queued, django_capture_on_commit_callbacks):
    document = filed("甲", "a.txt", "内容")

    with django_capture_on_commit_callbacks(execute=True):
        assert ask_for_text(document) is None
        ask_for_text(document, again=True)

    assert queued == [document.pk]
    assert DocumentText.objects.get().state == TextState.WAITING


def test_files_of_before_and_lost_tasks_are_asked_for(saved, queued):
    before, lost, fresh, hopeless = (saved(name=f"{n}.txt") for n in range(4))
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    DocumentText.objects.filter(document=before).delete()
    DocumentText.objects.filter(document=lost).update(asked_at=long_ago, attempts=1)
    DocumentText.objects.filter(document=hopeless).update(asked_at=long_ago, attempts=3)
    queued.clear()

    assert ask_for_missing_texts() == 2
    assert queued == [lost.pk]  # the other one is queued after the commit
    assert DocumentText.objects.get(document=before).state == TextState.WAITING
    assert DocumentText.objects.get(document=fresh).state == TextState.WAITING
    assert DocumentText.objects.get(document=hopeless).sentence == "提取失败：读取程序多次中途退出"


@pytest.mark.parametrize("count", [1, 3])
def test_parts_are_found_by_folded_words_in_two_queries(filed, django_assert_num_queries, count):
    pages = ["丽江古城", "旅遊規劃", "100%_的丽江"]
    documents = [filed(f"文件{n}", f"{n}.pdf", pdf_file(*pages).getvalue()) for n in range(count)]
    keys = {key_of(Document, document.pk) for document in documents}

    with django_assert_num_queries(2):
        found = list(parts_with(keys, {"旅游", "0%_"}))

    assert [(part.name, part.place) for part in found] == [
        (document.title, place) for document in documents for place in ("第 2 页", "第 3 页")
    ]
    assert found[0].url == f"{documents[0].url}#page=2"
    assert list(parts_with(keys, {"没有的词"})) == []
    assert list(parts_with({"tenders.tenderprocess:1", "media.document:x"}, {"丽江"})) == []


def test_the_clock_looks_for_files_that_wait():
    from content.core.schedule import jobs
    from content.media.schedule import read_missing_texts

    assert read_missing_texts in [job.run for job in jobs()]
