"""What a file is by its first bytes, and the text of plain files and web pages in whatever encoding they come."""

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import BinaryIO

from content.media.text_extraction_outcome import Part, UnreadableError

MAX_BYTES = 32 * 1024 * 1024  # of a text file that are read
_HEAD = 8192
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)[\s>]", re.IGNORECASE | re.DOTALL
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_-]{2,20})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# Codec, the codec of its characters in daily use, and the first bytes of those.
_CHINESE = (("gb18030", "gb2312", range(0xB0, 0xD8)), ("big5hkscs", "big5", range(0xA4, 0xC7)))
_SAMPLE = 100_000  # bytes an encoding is judged by


def kind_of(file: BinaryIO) -> str:
    """Return «pdf», «zip», «html» or «text»; UnreadableError for what is none of them. Leaves the file at its start."""
    head = file.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableError("empty", "文件是空的")
    if b"%PDF-" in head[:1024]:
        kind = "pdf"
    elif head.startswith(b"PK"):
        kind = "zip"
    elif head.startswith(_OLE):
        encrypted = any(_ENCRYPTED in piece for piece in iter(lambda: file.read(1 << 20), b"")) or _ENCRYPTED in head
        if encrypted:
            raise UnreadableError("encrypted", "设有打开密码")
        raise UnreadableError("unsupported", "是旧版 Office 格式，请另存为 .docx、.xlsx 或 .pptx 后重新上传")
    elif _HTML.match(_without_bom(head)):
        kind = "html"
    elif b"\x00" in head and not _bom(head) and not _wide(head):
        raise UnreadableError("unsupported", "不是文字内容")
    else:
        kind = "text"
    file.seek(0)
    return kind


def text_parts(file: BinaryIO) -> Iterator[Part]:
    """Yield the whole text as one part."""
    content = file.read(MAX_BYTES + 1)
    yield "", decode(content[:MAX_BYTES])
    _stop_if_longer(content)


def html_parts(file: BinaryIO) -> Iterator[Part]:
    """Yield what a browser would show of a web page, without scripts, as one part."""
    content = file.read(MAX_BYTES + 1)
    declared = _META_CHARSET.search(content[:_HEAD])
    parser = _Shown()
    parser.feed(decode(content[:MAX_BYTES], declared[1].decode() if declared else ""))
    parser.close()
    yield "", "".join(parser.pieces)
    _stop_if_longer(content)


def decode(content: bytes, declared: str = "") -> str:
    """Read bytes as text: by BOM, UTF-8 where every byte fits, what is `declared`, else the Chinese encoding in which
    most characters are ones in daily use. Bytes that fit nowhere become marks."""
    bom = _bom(content)
    if bom:
        return content[len(bom[0]) :].decode(bom[1], "replace")
    sample = content[:_SAMPLE]
    whole = len(content) <= _SAMPLE
    if _decodes(sample, "utf-8", whole=whole):
        return content.decode("utf-8", "replace")
    wide = _wide(sample)
    if wide:
        return content.decode(wide, "replace")
    # A page says «gb2312» and holds characters of its successors.
    declared = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(declared.lower(), declared)
    try:
        if declared and not declared.lower().startswith("utf") and _decodes(sample, declared, whole=whole):
            return content.decode(declared, "replace")
    except LookupError:  # no such encoding
        pass
    best, codec = 0.0, "gb18030"
    for name, common, leads in _CHINESE:
        if _decodes(sample, name, whole=whole):
            share = _daily(sample.decode(name, "ignore"), common, leads)
            if share > best:
                best, codec = share, name
    return content.decode(codec, "replace")


def _decodes(sample: bytes, codec: str, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(sample, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _daily(text: str, codec: str, leads: range) -> float:
    """Share of characters in daily use among all that are not ASCII."""
    high = [char for char in text if char > "\x7f"]
    known = 0
    for char in high:
        try:
            code = char.encode(codec)
        except UnicodeEncodeError:
            continue
        known += len(code) == 2 and (code[0] in leads or code[0] in (0xA1, 0xA3))
    return known / len(high) if high else 1.0


def _bom(content: bytes) -> tuple[bytes, str] | None:
    return next((one for one in _BOMS if content.startswith(one[0])), None)


def _without_bom(content: bytes) -> bytes:
    bom = _bom(content)
    if bom is None:
        return content
    return content[len(bom[0]) :].decode(bom[1], "ignore").encode("utf-8", "ignore")


def _wide(sample: bytes) -> str:
    """Name UTF-16 without a mark by what it makes of the bytes: almost only Chinese and ASCII; else «»."""
    if b"\x00" not in sample:
        return ""
    for codec in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(codec, "replace")
        usual = sum("\t" <= char <= "~" or "\u3000" <= char <= "\u30ff" or "\u4e00" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" or char in "“”‘’—…·" for char in text)  # fmt: skip
        if usual > 0.95 * len(text):
            return codec
    return ""


def _stop_if_longer(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise UnreadableError("limited", f"超过 {MAX_BYTES // 1024 // 1024} MB 的部分没有读")


class _Shown(HTMLParser):
    """Collects the text between tags; tags that begin a line in a browser begin a line here."""

    _hidden = frozenset({"script", "style", "template", "noscript", "svg", "object", "iframe"})
    _inline = frozenset(
        {"a", "abbr", "b", "big", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small", "span", "strong",
         "sub", "sup", "u", "var", "wbr"}
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._inside: str = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._inside:
            self._depth += tag == self._inside
        elif tag in self._hidden:
            self._inside, self._depth = tag, 1
        elif tag == "img":
            self.pieces.append(f" {dict(attrs).get('alt') or ''} ")
        elif tag not in self._inline:
            self.pieces.append("\t" if tag in ("td", "th") else "\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._hidden:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._inside:
            self._depth -= tag == self._inside
            if not self._depth:
                self._inside = ""
        elif tag not in self._inline and tag not in ("td", "th"):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            # A line break of the source is a blank at most; between Chinese characters it is nothing.
            self.pieces.append(re.sub(r"\s*\n\s*", lambda gap: _gap(data, gap), data))


def _gap(data: str, gap: re.Match[str]) -> str:
    start, end = gap.span()
    between_chinese = start > 0 and end < len(data) and data[start - 1] > "\u2e7f" and data[end] > "\u2e7f"
    return "" if between_chinese else " "
