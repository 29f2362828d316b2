"""Tell from its first bytes what a file really is, whatever its name says."""

from enum import StrEnum
from typing import BinaryIO

from content.importing.errors import UnreadableFileError


class FileType(StrEnum):
    CSV = "csv"
    ZIP = "zip"
    JSON = "json"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF", b"\x00\x00\x00\x18ftyp")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
ACCEPTED = "请上传 CSV、XLSX 或 OCDS 的 JSON 文件"


def detect(file: BinaryIO) -> FileType:
    """Type of the file by content; UnreadableFileError, in a sentence, for what cannot be a table or JSON."""
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFileError("文件是空的；请确认选对了文件，并且里面有表头和数据。")
    if head.startswith(_OLE):
        raise UnreadableFileError(_ole_sentence(file))
    if head.startswith(b"PK"):
        return FileType.ZIP
    if head.startswith(b"%PDF"):
        raise UnreadableFileError(f"这是 PDF，不是表格；{ACCEPTED}。")
    if head.startswith(_PICTURES):
        raise UnreadableFileError(f"这是图片，不是表格；{ACCEPTED}。")
    if head.startswith(_ARCHIVES):
        raise UnreadableFileError(f"这是压缩包，请先解压；{ACCEPTED}。")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        return FileType.JSON
    if start[:1] == b"<" and any(mark in start.lower() for mark in (b"<html", b"<table", b"<!doctype", b"<?xml")):
        raise UnreadableFileError("这是网页或 XML 格式，只是名字像表格；请用 Excel 打开后另存为 .xlsx 再上传。")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFileError(f"文件内容不是文本，也不是 Excel 表格；{ACCEPTED}。")
    return FileType.CSV


def _ole_sentence(file: BinaryIO) -> str:
    """Old Excel and password-protected new Excel share a container; the directory names the difference."""
    content = file.read()
    file.seek(0)
    if _ENCRYPTED in content:
        return "文件设有打开密码，无法读取；请在 Excel 里去掉密码，另存后再上传。"
    return "这是旧版 Excel（.xls）格式；请在 Excel 里另存为 .xlsx 再上传。"
