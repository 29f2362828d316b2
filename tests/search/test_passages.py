"""Passages of files: which file, which page, the text around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import passages, text
from search.documents import FilePassage, FileText
from search.passages import FilePart, passages_of
from tests.search.documents import document

TENDER = FileText("media.document:7", "招标文件.pdf")
PLAN = FileText("media.document:8", "进度计划.xlsx")
PARTS = [
    FilePart(TENDER.key, TENDER.name, "/documents/7/", "第 1 页", "丽江古城保护规划招标文件"),
    FilePart(TENDER.key, TENDER.name, "/documents/7/", "第 3 页", "投标保证金十万元，丽江规划局收"),
    FilePart(PLAN.key, PLAN.name, "/documents/8/", "工作表「进度」", "五月：<script>提交</script>规划初稿"),
]


@pytest.fixture(autouse=True)
def files(monkeypatch):
    """The files above are the only ones there are; returns what was asked for."""
    asked = []

    def find(keys, words):
        asked.append((set(keys), set(words)))
        return [part for part in PARTS if part.key in keys and any(word in text.fold(part.text) for word in words)]

    monkeypatch.setattr(passages, "_finders", [find])
    return asked


def test_a_passage_names_file_and_page_and_marks_the_words():
    found = passages_of([document(1, files=(TENDER,))], [("保证金", False)])

    assert found == {
        "test.notice:1": (
            FilePassage(
                "media.document:7",
                "招标文件.pdf",
                "/documents/7/",
                "第 3 页",
                "投标<mark>保证金</mark>十万元，丽江规划局收",
            ),
        )
    }


def test_the_part_most_words_match_comes_first_and_two_are_enough():
    found = passages_of([document(1, files=(PLAN, TENDER))], [("丽江", False), ("规划", False), ("局", False)])

    assert [one.place for one in found["test.notice:1"]] == ["第 3 页", "第 1 页"]


def test_text_of_files_is_escaped():
    [passage] = passages_of([document(1, files=(PLAN,))], [("初稿", False)])["test.notice:1"]

    assert passage.snippet_html == "五月：&lt;script&gt;提交&lt;/script&gt;规划<mark>初稿</mark>"


def test_documents_without_files_and_searches_without_words_ask_nothing(files):
    assert passages_of([document(1)], [("规划", False)]) == {}
    assert passages_of([document(1, files=(TENDER,))], []) == {}
    assert passages_of([document(1, files=(TENDER,))], [("%%", False)]) == {}
    assert files == []


def test_files_that_cannot_be_read_cost_the_passage_only(monkeypatch):
    def broken(keys, words):
        raise OSError("gone")

    monkeypatch.setattr(passages, "_finders", [broken])

    assert passages_of([document(1, files=(TENDER,))], [("规划", False)]) == {}


@given(st.text(max_size=40), st.booleans())
def test_any_phrase_is_looked_for_without_an_error(phrase, prefix):
    parts = [FilePart(TENDER.key, TENDER.name, "/", "第 1 页", phrase)]
    passages._finders = [lambda keys, words: parts]
    folded = text.fold(phrase)

    found = passages_of([document(1, files=(TENDER,))], [(folded, prefix)])

    assert bool(found) == bool(text.runs(folded))
