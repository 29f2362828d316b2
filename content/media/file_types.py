"""What a file really is, told from its first bytes; names lie."""

import zipfile

import filetype

_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
# A space parts Latin letters from the Chinese before them.
_KINDS = {"pdf": " PDF 文档", "docx": " Word 文档", "xlsx": " Excel 表格", "pptx": "幻灯片", "zip": "压缩包"}
_TEXT = {"csv", "htm", "html", "txt"}
_HEAD = 8192


def mismatch(file, extension: str) -> str:
    """Return one Chinese sentence if the bytes of `file` are not what its extension says, else "".

    `file` is seekable and is left at its start. Extensions without a known signature are taken at their word.
    """
    extension = extension.lower()
    file.seek(0)
    head = file.read(_HEAD)
    try:
        if _fits(file, head, extension):
            return ""
    finally:
        file.seek(0)
    if extension in _TEXT:
        return f"这个 .{extension} 文件里不是文字{_guess(head)}，请另存为纯文本后再上传。"
    return f"文件名以 .{extension} 结尾，内容却不是{_KINDS[extension]}{_guess(head)}，请另存为真正的{_KINDS[extension]}后再上传。"


def _fits(file, head: bytes, extension: str) -> bool:
    if extension == "pdf":
        # Readers accept some bytes before the mark, and some scanners write them.
        return b"%PDF-" in head[:1024]
    if extension == "zip":
        return zipfile.is_zipfile(file)
    if extension in _PARTS:
        try:
            with zipfile.ZipFile(file) as archive:
                return _PARTS[extension] in archive.namelist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            return False
    if extension in _TEXT:
        utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
        return utf16 or (b"\x00" not in head and filetype.guess(head) is None)
    return True


def _guess(head: bytes) -> str:
    """What it looks like instead, in brackets; empty if that cannot be told."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<script", b"<head", b"<body")):
        return "（像是网页）"
    found = filetype.guess(head)
    return f"（像是 .{found.extension} 文件）" if found is not None else ""
