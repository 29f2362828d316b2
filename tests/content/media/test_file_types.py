"""Files are what their names say."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.media.file_types import mismatch

HTML = b"\xef\xbb\xbf <!DOCTYPE html><html><script>alert(1)</script></html>"


def archive(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("pdf", b"%PDF-1.7\n"),
        ("pdf", b"\x00\x01scanner\n%PDF-1.4\n"),
        ("PDF", b"%PDF-1.7\n"),
        ("docx", archive("[Content_Types].xml", "word/document.xml")),
        ("xlsx", archive("xl/workbook.xml")),
        ("pptx", archive("ppt/presentation.xml")),
        ("zip", archive("anything.txt")),
        ("csv", "名称,金额\n".encode()),
        ("csv", "名称,金额\n".encode("gbk")),
        ("txt", "名称".encode("utf-16")),
        ("txt", b""),
        ("unknown", b"\x00"),
    ],
)
def test_a_true_file_passes(extension, content):
    assert mismatch(io.BytesIO(content), extension) == ""


@pytest.mark.parametrize(
    ("extension", "content", "sentence"),
    [
        ("pdf", HTML, "文件名以 .pdf 结尾，内容却不是 PDF 文档（像是网页），请另存为真正的 PDF 文档后再上传。"),
        ("pdf", b"", "文件名以 .pdf 结尾，内容却不是 PDF 文档，请另存为真正的 PDF 文档后再上传。"),
        ("docx", archive("xl/workbook.xml"), "文件名以 .docx 结尾，内容却不是 Word 文档（像是 .xlsx 文件），请另存为真正的 Word 文档后再上传。"),
        ("xlsx", HTML, "文件名以 .xlsx 结尾，内容却不是 Excel 表格（像是网页），请另存为真正的 Excel 表格后再上传。"),
        ("zip", b"MZ\x90\x00", "文件名以 .zip 结尾，内容却不是压缩包（像是 .exe 文件），请另存为真正的压缩包后再上传。"),
        ("csv", b"MZ\x90\x00\x03", "这个 .csv 文件里不是文字（像是 .exe 文件），请另存为纯文本后再上传。"),
        ("txt", b"abc\x00def", "这个 .txt 文件里不是文字，请另存为纯文本后再上传。"),
    ],
)  # fmt: skip
def test_a_disguised_file_is_refused_in_one_sentence(extension, content, sentence):
    assert mismatch(io.BytesIO(content), extension) == sentence


@given(st.binary(max_size=200), st.sampled_from(["pdf", "docx", "xlsx", "pptx", "zip", "csv", "txt"]))
def test_any_bytes_are_judged_without_an_error(content, extension):
    file = io.BytesIO(content)

    sentence = mismatch(file, extension)

    assert sentence == "" or sentence.endswith("后再上传。")
    assert file.tell() == 0
