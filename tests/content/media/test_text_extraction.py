"""The text of files of every kind, and files that mean harm."""

import io
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.media import text_extraction, text_extraction_child, text_extraction_plain
from content.media.text_extraction import extract
from content.media.text_extraction_pdf import joined
from tests.factories.files import xlsx_file, zip_file
from tests.factories.office import docx_file, docx_of, encrypted_pdf, pdf_file, pptx_file

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(content: bytes | io.BytesIO, **values):
    """What is read of these bytes: state, parts, detail."""
    with tempfile.TemporaryFile() as file:
        file.write(content if isinstance(content, bytes) else content.getvalue())
        file.seek(0)
        found = extract(file, **values)
    return found.state, found.parts, found.detail


# --- Exact texts -----------------------------------------------------------------------------------------------------


def test_a_pdf_is_read_page_by_page_with_lines_that_ran_into_the_margin_joined():
    long = "本项目为丽江古城保护与旅游发展总体规划编制项目，投标人须具有旅游规划设计乙级及以上资质，并提供近三年类似业绩证明材料。"

    state, parts, _ = read(pdf_file(f"招标文件\n{long}", "第二章\n投标保证金为人民币十万元。"))

    assert state == "done"
    assert parts == [("第 1 页", f"招标文件\n{long}"), ("第 2 页", "第二章\n投标保证金为人民币十万元。")]


def test_a_word_file_is_read_with_tables_and_headers():
    state, parts, _ = read(
        docx_file(["培训计划", "讲解员 & 导游"], [["课题", "日期"], ["接待礼仪", "五月六日"]], "内部资料")
    )

    assert state == "done"
    assert parts == [("", "培训计划\n讲解员 & 导游\n课题\n日期\n接待礼仪\n五月六日"), ("页眉", "内部资料")]


def test_word_pages_are_those_word_last_laid_out_and_deleted_text_stays_deleted():
    body = (
        "<w:p><w:r><w:t>第一页</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>"
        '<w:p><w:r><w:lastRenderedPageBreak/><w:t>旅游</w:t></w:r><w:r><w:t>规划</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>'
        "<w:moveFrom><w:p><w:r><w:t>移走</w:t></w:r></w:p></w:moveFrom>"
    )  # fmt: skip
    note = f'<w:footnotes xmlns:w="{_W}"><w:p><w:r><w:t>脚注一</w:t></w:r></w:p></w:footnotes>'

    assert read(docx_of(body, word_footnotes=note)) == (
        "done", [("第 1 页", "第一页"), ("第 2 页", "旅游规划"), ("脚注", "脚注一")], "",
    )  # fmt: skip


def test_a_workbook_is_read_sheet_by_sheet_with_values_as_shown():
    book = xlsx_file(进度=[["阶段", "金额"], ["初稿", 1200000.0], [None, None], ["终稿", 0.5]], 空表=[])

    assert read(book) == ("done", [("工作表「进度」", "阶段 金额\n初稿 1200000\n终稿 0.5")], "")


def test_a_long_sheet_says_at_which_row_its_portions_begin():
    state, parts, _ = read(xlsx_file(名录=[[f"第{n}家", "甲" * 100] for n in range(1, 301)]))

    assert state == "done"
    assert [place for place, _ in parts] == ["工作表「名录」", "工作表「名录」第 143 行起", "工作表「名录」第 284 行起"]
    assert parts[1][1].startswith("第143家 ")


def test_slides_are_read_in_the_order_they_are_shown_with_their_notes():
    state, parts, _ = read(pptx_file("营销方案\n山河文旅", "预算", notes="开场先问好"))

    assert state == "done"
    assert parts == [("第 1 张", "营销方案\n山河文旅\n开场先问好"), ("第 2 张", "预算")]


def test_a_web_page_is_read_as_a_browser_shows_it():
    page = """<!DOCTYPE html><html><head><title>招标公告</title><style>p{}</style></head><body><script>alert(1)</script>
    <p>丽江<b>旅游</b>规
划</p><table><tr><td>金额</td><td>10&nbsp;万</td></tr></table><img alt="平面图"><noscript>关闭</noscript></body></html>"""

    assert read(page.encode()) == ("done", [("", "招标公告\n丽江旅游规划\n金额 10 万\n平面图")], "")


SIMPLIFIED = "山河学堂培训计划：讲解员每月一次结对实践。"
TRADITIONAL = "旅遊發展總體規劃編制項目公開招標公告。"


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (SIMPLIFIED, SIMPLIFIED.encode()),
        (SIMPLIFIED, SIMPLIFIED.encode("utf-8-sig")),
        (SIMPLIFIED, SIMPLIFIED.encode("gbk")),
        ("㐀𠮷的岗位说明书与招标信息", "㐀𠮷的岗位说明书与招标信息".encode("gb18030")),
        (TRADITIONAL, TRADITIONAL.encode("big5")),
        (SIMPLIFIED, SIMPLIFIED.encode("utf-16")),
        (SIMPLIFIED + "\nA 1", (SIMPLIFIED + "\nA 1").encode("utf-16-le")),
        (SIMPLIFIED + "\nA 1", (SIMPLIFIED + "\nA 1").encode("utf-16-be")),
        (SIMPLIFIED, SIMPLIFIED.encode("utf-32")),
        ("plain", b"plain"),
    ],
)
def test_plain_text_is_read_whatever_its_encoding(text, content):
    assert read(content) == ("done", [("", text)], "")


def test_a_web_page_is_read_in_the_encoding_it_declares():
    page = '<html><head><meta charset="gb2312"></head><body>朱镕基</body></html>'

    assert read(page.encode("gbk")) == ("done", [("", "朱镕基")], "")


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x4FFF), min_size=1, max_size=300))
def test_any_chinese_text_survives_utf_8(text):
    assert text_extraction_plain.decode(text.encode()) == text


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read_as_text(content):
    assert isinstance(text_extraction_plain.decode(content), str)


@given(st.lists(st.text(alphabet="旅游规划A1，。 ", max_size=30), max_size=12))
def test_joining_lines_loses_and_adds_no_character(lines):
    text = "\n".join(lines)

    assert joined(text).replace("\n", "") == "".join(line.strip() for line in lines)


def test_headings_and_ends_of_paragraphs_are_not_joined():
    text = (
        "滇西环线旅游专列招商手册\n总则\n从昆明出发，睡一夜，醒来已在怒江边。把路\n上的时间还给风景\n慢，是设计出来的"
    )

    assert joined(text) == (
        "滇西环线旅游专列招商手册\n总则\n从昆明出发，睡一夜，醒来已在怒江边。把路上的时间还给风景\n慢，是设计出来的"
    )


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=5), st.text(alphabet="旅游 \n", max_size=300)), max_size=5))
def test_portions_keep_every_word_in_its_place(parts):
    text_extraction_child.PART_CHARS, before = 20, text_extraction_child.PART_CHARS
    try:
        portions = list(text_extraction_child.in_portions(parts))
    finally:
        text_extraction_child.PART_CHARS = before

    assert all(0 < len(text) <= 20 for _, text in portions)
    together = "".join(place + "".join(text.split()) for place, text in portions)
    for place, text in parts:
        if text.split():
            assert place in together
    assert "".join("".join(text.split()) for _, text in portions) == "".join("".join(text.split()) for _, text in parts)


# --- Files that cannot be read ---------------------------------------------------------------------------------------


def test_a_password_is_said_in_words():
    assert read(encrypted_pdf("机密", password="secret")) == ("encrypted", [], "设有打开密码")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert read(ole) == ("encrypted", [], "设有打开密码")


def test_a_pdf_closed_only_against_changes_is_read():
    state, parts, _ = read(encrypted_pdf("公开内容", password=""))

    assert (state, parts) == ("done", [("第 1 页", "公开内容")])


def test_an_encrypted_archive_entry_is_a_password():
    content = bytearray(docx_file(["机密"]).getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content[at + offset] |= 1

    assert read(bytes(content))[0] == "encrypted"


@pytest.mark.parametrize(
    ("content", "state", "detail"),
    [
        (b" \n", "empty", "文件是空的"),
        (b"%PDF-1.7 broken", "failed", "PDF 已损坏或不完整，打不开"),
        (b"PK\x03\x04broken", "failed", "文件已损坏或不完整"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "unsupported", "不是文字内容"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "unsupported", "是旧版 Office 格式，请另存为 .docx、.xlsx 或 .pptx 后重新上传"),
        (zip_file({"readme.txt": "x"}), "unsupported", "压缩包里的文件不提取文字"),
        (pdf_file(""), "empty", "没有文字，可能是扫描件或图片"),
    ],
)  # fmt: skip
def test_what_holds_no_text_says_why(content, state, detail):
    found = read(content)

    assert found == (state, [], detail)


def test_the_bytes_decide_not_the_name():
    """The child never learns the name: a PDF called .docx is read as what it is."""
    assert read(pdf_file("实为 PDF"))[1] == [("第 1 页", "实为 PDF")]


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_files_cut_short_end_in_words(cut):
    for made in (pdf_file("一页"), docx_file(["一段"]), xlsx_file(表=[["甲"]]), pptx_file("一张")):
        content = made.getvalue()

        state, _, detail = read(content[: int(len(content) * cut)])

        assert state in {"failed", "empty", "done"}
        assert detail or state == "done"


# --- Files that mean harm --------------------------------------------------------------------------------------------


def bomb(name: str, megabytes: int, declared: int | None = None) -> bytes:
    """An archive with one entry of blanks; `declared` is the size its directory states instead of the true one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as entry:
        for _ in range(megabytes):
            entry.write(b" " * 1_000_000)
    content = bytearray(out.getvalue())
    if declared is not None:
        at = content.find(b"PK\x01\x02")
        content[at + 24 : at + 28] = struct.pack("<I", declared)
    return bytes(content)


def test_a_zip_bomb_is_not_opened():
    assert read(bomb("word/document.xml", 40)) == ("limited", [], "解压后异常膨胀，像是压缩炸弹，没有打开")


def test_a_declared_size_of_two_gigabytes_is_not_believed_in_memory():
    assert read(bomb("word/document.xml", 1, declared=2**31))[0] == "limited"


def test_a_bomb_that_states_a_small_size_unpacks_no_more_than_that():
    assert read(bomb("word/document.xml", 40, declared=1000))[0] == "failed"


def test_entities_are_neither_expanded_nor_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("机密")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    for dtd in (f'<!ENTITY l0 "哈">{laughs}', f'<!ENTITY l11 SYSTEM "file://{secret}">'):
        document = f'<!DOCTYPE d [{dtd}]><w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:t>&l11;</w:t></w:r></w:p></w:body></w:document>'

        state, parts, _ = read(zip_file({"word/document.xml": document}))

        assert (state, parts) == ("failed", [])


def test_macros_links_and_embedded_files_are_left_alone():
    made = docx_file(["正文"])
    out = io.BytesIO(made.getvalue())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + "宏里的字".encode())
        archive.writestr("word/embeddings/sheet.xlsx", xlsx_file(表=[["内嵌的字"]]).getvalue())
        archive.writestr(
            "word/_rels/settings.xml.rels",
            '<Relationships><Relationship Id="r1" TargetMode="External" Target="http://127.0.0.1:9/t.dotm"/></Relationships>',
        )

    assert read(out) == ("done", [("", "正文")], "")


def test_deep_nesting_is_a_broken_file():
    depth = 100_000
    body = "<w:p>" * depth + "</w:p>" * depth

    assert read(docx_of(body))[0] == "failed"
    assert read(("<html>" + "<div>" * depth + "深处").encode()) == ("done", [("", "深处")], "")
    assert read(b"%PDF-1.4\n1 0 obj\n" + b"[" * depth + b"]" * depth)[0] == "failed"


def test_a_hundred_thousand_sheets_are_not_read():
    names = {f"xl/worksheets/sheet{n}.xml": "<worksheet/>" for n in range(21_000)}

    state, parts, detail = read(zip_file({"xl/workbook.xml": "<workbook/>", **names}))

    assert (state, parts) == ("limited", [])
    assert detail == "里面有 21001 个部件，不像正常的文件，没有打开"


def test_a_row_number_beyond_all_rows_ends_by_the_clock():
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row><row r="99999999999"><c><v>1</v></c></row></sheetData></worksheet>'
    made = xlsx_file(表=[["甲"]])
    out = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, sheet if entry.filename == "xl/worksheets/sheet1.xml" else old.read(entry))

    assert read(out, seconds=2.0) == ("limited", [], "读取时间过长，已停止")


def test_a_pdf_that_unpacks_without_end_ends(monkeypatch):
    stream = zlib.compress(zlib.compress(b"0 0 m " * 20_000_000, 9), 9)
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 3 0 R 2 0 R]/Count 99999999>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Length "
        + str(len(stream)).encode() + b"/Filter[/FlateDecode/FlateDecode]>>stream\n" + stream + b"\nendstream endobj\ntrailer<</Root 1 0 R>>"
    )  # fmt: skip

    state, parts, detail = read(pdf, seconds=15.0)

    assert state in {"limited", "failed", "empty"}
    assert detail
    assert parts == []


def test_more_text_than_is_kept_is_cut_and_said(monkeypatch):
    monkeypatch.setattr(text_extraction, "MAX_CHARS", 50_000)

    state, parts, detail = read(("旅游规划\n" * 40_000).encode())

    assert state == "limited"
    assert detail == "文字过多，只收录了前 5 万字"
    assert sum(len(text) for _, text in parts) == 50_000


@pytest.mark.parametrize(
    ("greed", "end"),
    [("bytearray(2 << 30)", 1), ("open('left', 'wb', 0).write(b'x')", 1), ("exec('while True: pass')", -24)],
)
def test_the_reading_process_may_take_neither_memory_nor_disk_nor_time(greed, end, tmp_path):
    code = f"from content.media import text_extraction_child as c; c.CPU_SECONDS = 1; c.limit(); {greed}"

    root = str(text_extraction._ROOT)

    process = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": root}, capture_output=True, timeout=30
    )

    assert process.returncode == end


def test_a_crash_of_the_reading_process_is_a_failed_file(monkeypatch, tmp_path):
    monkeypatch.setattr(text_extraction, "_ROOT", tmp_path)  # there is no such module there

    assert read(b"text") == ("failed", [], "文件已损坏，读取程序中途退出")
