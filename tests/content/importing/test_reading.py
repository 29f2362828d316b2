"""Files as they come: what is read, and the one sentence for what cannot be."""

import datetime
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from content.importing import forms, ocds_records
from content.importing.errors import UnreadableFileError
from content.importing.reading import open_source
from content.importing.registry import Column, Importer, SourceFormat
from tests.factories.files import csv_file, xlsx_file, zip_file


class Places(Importer):
    code = "places-for-tests"
    label = "地点"
    permission = "tenders.add_tenderprocess"
    columns = (
        Column("name", "名称", ("项目名称", "标题"), required=True),
        Column("sum", "金额", ("预算金额",)),
        Column("day", "日期"),
    )
    formats = frozenset({SourceFormat.TABLE, SourceFormat.OCDS})


def read(file):
    return list(open_source(file, Places).rows)


def refusal(file) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read(file)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_any_encoding_with_any_delimiter(encoding, delimiter):
    text = f"名称{delimiter}预算金额（万元）\n丽江古城{delimiter}120\n"

    (row,) = read(csv_file(text, encoding))

    assert (row.number, row.values, row.qualifiers["sum"]) == (2, {"name": "丽江古城", "sum": "120"}, "万元")


def test_quoted_cells_keep_their_commas_and_line_breaks():
    (row,) = read(csv_file('名称,备注\n"甲,乙","一\n二"\n'))

    assert row.values == {"name": "甲,乙"}
    assert row.extra == {"备注": "一\n二"}


def test_rare_characters_of_gb18030_survive():
    (row,) = read(csv_file("名称\n㐂𠮷镇\n", "gb18030"))

    assert row.values["name"] == "㐂𠮷镇"


def test_titles_above_the_headings_and_blank_rows_are_passed_over():
    rows = read(csv_file("2026 年三月招标汇总,,\n,,\n名称,金额,日期\n\n甲,1,\n,,\n乙,2,\n"))

    assert [(row.number, row.values["name"]) for row in rows] == [(5, "甲"), (7, "乙")]


def test_headings_over_two_rows_are_joined():
    book = Workbook()
    sheet = book.active
    sheet.append(["项目名称", "预算", None])
    sheet.append([None, "金额", "日期"])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    sheet.append(["甲", 120, datetime.datetime(2026, 3, 5)])  # noqa: DTZ001 (spreadsheets know no zone)
    out = io.BytesIO()
    book.save(out)

    (row,) = read(out)

    assert row.values == {"name": "甲", "sum": 120, "day": datetime.datetime(2026, 3, 5)}  # noqa: DTZ001
    assert row.number == 3


def test_the_first_sheet_whose_headings_match_is_taken():
    file = xlsx_file(说明=[["请先阅读"]], 空表=[["名称", "金额"]], 数据=[["名称", "金额"], ["甲", 1]])

    source = open_source(file, Places)

    assert source.note == "工作表「数据」"
    assert [row.values["name"] for row in source.rows] == ["甲"]


def test_formulas_are_kept_as_text_and_never_evaluated():
    rows = read(xlsx_file(表=[["名称", "金额"], ["=cmd|' /C calc'!A0", "=1+1"]]))

    assert rows[0].values == {"name": "=cmd|' /C calc'!A0", "sum": "=1+1"}


def test_markup_in_cells_is_taken_off_and_its_text_kept():
    (row,) = read(csv_file('名称,备注\n"<b>甲</b><script>alert(1)</script>&amp;乙","<p>一</p><p>二</p>"\n'))

    assert row.original == [("名称", "甲&乙"), ("备注", "一\n\n二")] or row.original == [
        ("名称", "甲&乙"),
        ("备注", "一\n二"),
    ]


def test_a_size_the_sheet_states_wrongly_is_not_believed():
    file = xlsx_file(表=[["名称"], ["甲"], ["乙"]])
    source = zipfile.ZipFile(file)
    members = {name: source.read(name) for name in source.namelist()}
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"].replace(b'ref="A1:A3"', b'ref="A1"')

    assert [row.values["name"] for row in read(zip_file(members))] == ["甲", "乙"]


BAD = {
    "empty": (b"", "文件是空的；请确认选对了文件，并且里面有表头和数据。"),
    "blank": (b"\n  \n", "文件是空的；请确认选对了文件，并且里面有表头和数据。"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "这是图片，不是表格；请上传 CSV、XLSX 或 OCDS 的 JSON 文件。"),
    "pdf": (b"%PDF-1.7\n", "这是 PDF，不是表格；请上传 CSV、XLSX 或 OCDS 的 JSON 文件。"),
    "old excel": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        "这是旧版 Excel（.xls）格式；请在 Excel 里另存为 .xlsx 再上传。",
    ),
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "文件设有打开密码，无法读取；请在 Excel 里去掉密码，另存后再上传。",
    ),
    "web page": (
        b"<html><table><tr><td>1</td></tr></table></html>",
        "这是网页或 XML 格式，只是名字像表格；请用 Excel 打开后另存为 .xlsx 再上传。",
    ),
    "broken zip": (b"PK\x03\x04 and nothing more", "文件已损坏，打不开；请在 Excel 里重新另存为 .xlsx 后再上传。"),
    "noise": (
        b"\x00\x01\x02\x03" * 100,
        "文件内容不是文本，也不是 Excel 表格；请上传 CSV、XLSX 或 OCDS 的 JSON 文件。",
    ),
    "bad bytes": (b"\xff\xff\xff,\x80\x80\n", "文字编码无法识别；请在 Excel 里另存为「CSV UTF-8」或 .xlsx 再上传。"),
    "no headings": ("甲,乙\n1,2\n".encode(), "没有找到含「名称」的表头；请下载模板对照列名，或检查是否选对了文件。"),
    "open quote": (
        ('名称\n"' + "甲" * 300_000).encode(),
        "第 2 行附近的引号没有成对，后面的内容连成了一格；请检查这一行后重新上传。",
    ),
    "not ocds": (
        b'{"a": 1}',
        "这个 JSON 不是 OCDS 数据（应有 releases、records，或一条带 ocid 的 release）；请检查是否选对了文件。",
    ),
    "half json": (b'{"releases": [', "JSON 格式有误（第 1 行附近）；请重新导出完整的文件后再上传。"),
    "no releases": (b'{"releases": []}', "这个 OCDS 发布包里没有任何公告（releases 为空）。"),
    "deep json": (b"[" * 100_000, "JSON 嵌套层数过深，为安全起见没有打开。"),
    "nan": (b'{"ocid": "a", "x": NaN}', "JSON 格式有误（其中的数字附近）；请重新导出完整的文件后再上传。"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_sentence(name):
    content, sentence = BAD[name]

    assert refusal(io.BytesIO(content)) == sentence


def test_a_workbook_without_a_fitting_sheet_lists_its_sheets():
    file = xlsx_file(通讯录=[["姓名", "电话"]], 说明=[["请先阅读"]])

    assert refusal(file) == (
        "没有一个工作表含「名称」的表头（文件里有「通讯录」、「说明」）；请下载模板对照列名，或检查是否选对了文件。"
    )


def test_a_sheet_with_headings_only_says_so():
    assert refusal(xlsx_file(招标=[["名称", "金额"]])) == "工作表「招标」只有表头，没有数据行；请填好数据后再上传。"


def test_a_zip_bomb_named_xlsx_is_not_unpacked():
    file = zip_file({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": b"\x00" * (40 << 20)})

    assert refusal(file) == "文件压缩比异常，像是压缩炸弹，为安全起见没有打开；请在 Excel 里重新另存后再试。"


def test_entities_in_a_workbook_are_not_expanded():
    bomb = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]>'
    source = zipfile.ZipFile(xlsx_file(表=[["名称"], ["甲"]]))
    members = {name: source.read(name) for name in source.namelist()}
    members["xl/worksheets/sheet1.xml"] = bomb + members["xl/worksheets/sheet1.xml"]

    assert refusal(zip_file(members)) == "文件不是完整的 Excel 表格；请在 Excel 里重新另存为 .xlsx 后再上传。"


def test_a_word_document_is_no_workbook():
    file = zip_file({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})

    assert refusal(file) == "文件不是完整的 Excel 表格；请在 Excel 里重新另存为 .xlsx 后再上传。"


def test_more_rows_than_allowed_end_the_reading(monkeypatch):
    monkeypatch.setattr("content.importing.reading.MAX_ROWS", 2)

    assert refusal(csv_file("名称\n甲\n乙\n丙\n")) == "数据超过 2 行；请把后面的行另存成一个文件再导入。"


RELEASE = (
    '{"ocid": "ocds-1", "id": "r%d", "date": "2026-03-01T00:00:00Z", "tag": ["tender"], "tender": {"title": "甲"}}'
)


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (RELEASE % 1, ["r1"]),
        ("\ufeff" + RELEASE % 1, ["r1"]),
        (f"[{RELEASE % 1}, {RELEASE % 2}]", ["r1", "r2"]),
        (f'{{"releases": [{RELEASE % 1}, {RELEASE % 2}]}}', ["r1", "r2"]),
        (f"{RELEASE % 1}\n{RELEASE % 2}\n", ["r1", "r2"]),
        (f'{{"records": [{{"ocid": "ocds-1", "releases": [{RELEASE % 1}, {RELEASE % 2}]}}]}}', ["r1", "r2"]),
        (
            f'{{"records": [{{"ocid": "ocds-1", "releases": [{{"url": "u"}}], "compiledRelease": {RELEASE % 3}}}]}}',
            ["r3"],
        ),
    ],
)
def test_releases_are_found_in_every_shape_of_ocds(content, ids):
    assert [row.record["id"] for row in read(io.BytesIO(content.encode()))] == ids


def test_a_zip_of_json_files_is_read_in_the_order_of_names():
    file = zip_file({"b.json": RELEASE % 2, "a.json": RELEASE % 1, "readme.txt": "x"})

    assert [row.record["id"] for row in read(file)] == ["r1", "r2"]


def test_a_zip_of_more_json_than_memory_bears_is_refused(monkeypatch):
    monkeypatch.setattr(ocds_records, "MAX_JSON", 1 << 20)
    file = zip_file({"a.json": b" " * (1 << 20) + (RELEASE % 1).encode()})

    assert refusal(file) == "压缩包里的 JSON 解压后超过 1 MB；请分成几个文件导入。"


def test_a_small_zip_that_unpacks_to_much_is_left_to_the_worker(monkeypatch):
    opened = []
    monkeypatch.setattr(forms, "open_source", lambda file, importer: opened.append(file.name))
    small = SimpleUploadedFile("小.zip", zip_file({"a.json": RELEASE % 1}).read())
    large = SimpleUploadedFile("大.zip", zip_file({f"{n}.json": b" " * (4 << 20) for n in range(10)}).read())

    verdicts = [forms.UploadForm({}, {"file": file}, importer=Places).is_valid() for file in (small, large)]

    assert verdicts == [True, True]
    assert opened == ["小.zip"]
