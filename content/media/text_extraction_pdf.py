"""Text of PDF files, page by page."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2

from content.media.text_extraction_outcome import Part, UnreadableError

MAX_PAGES = 3_000
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ENDS_OPEN = re.compile(rf"[{_HAN}、，；：（“‘《]$")
_BEGINS_OPEN = re.compile(rf"^[{_HAN}、，。；：！？）”’》]")
_HAN_ONE = re.compile(f"[{_HAN}]")
_FULL = 0.75  # of the longest Chinese line nearby: a shorter line is the end of a paragraph or a heading
_NEAR = 3  # lines before and after
_NARROW = 14  # characters: a column of running text is wider, a heading often is not


def pdf_parts(file: BinaryIO) -> Iterator[Part]:
    """Yield one part for each page."""
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError("encrypted", "设有打开密码") from error
        raise UnreadableError("failed", "PDF 已损坏或不完整，打不开") from error
    for number in range(min(len(document), MAX_PAGES)):
        page = document[number]
        try:
            text = page.get_textpage().get_text_bounded()
        finally:
            page.close()
        yield f"第 {number + 1} 页", joined(text)
    if len(document) > MAX_PAGES:
        raise UnreadableError("limited", f"只读了前 {MAX_PAGES} 页，全文 {len(document)} 页")


def joined(text: str) -> str:
    """Join the lines of a page where a Chinese sentence only ran into the margin, so that words broken there are found.

    A hyphen the library took for one at a line's end (U+0002) is a hyphen again, and what stands for characters
    without a code is dropped.
    """
    text = text.replace("\x02", "-").replace("\x00", "")
    text = re.sub("[\ue000-\uf8ff\ufffe\uffff]", "", text)
    lines = [line.strip() for line in text.splitlines()]
    widths = [len(line) if 2 * len(_HAN_ONE.findall(line)) > len(line) else 0 for line in lines]
    out: list[str] = []
    open_before = False
    for number, line in enumerate(lines):
        if out and open_before and _BEGINS_OPEN.match(line):
            out[-1] += line
        else:
            out.append(line)
        longest = max(widths[max(0, number - _NEAR) : number + _NEAR + 1])
        open_before = max(_NARROW, _FULL * longest) <= len(line) and _ENDS_OPEN.search(line) is not None
    return "\n".join(out)
