"""Rows of a CSV file: UTF-8, UTF-16 or GB18030, with or without BOM, whatever the delimiter."""

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from typing import BinaryIO

from content.importing.errors import UnreadableFileError
from content.importing.headings import ROWS_SEARCHED, Header, find_header
from content.importing.registry import Column

DELIMITERS = (",", "\t", ";", "|", "，")
MAX_CELL = 200_000  # characters; more means a quote was never closed
_PIECE = 1 << 20


def detect_encoding(file: BinaryIO) -> str:
    """Codec of a text file: by BOM, else UTF-8 where every byte fits, else GB18030 (which holds GBK and GB2312)."""
    file.seek(0)
    head = file.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        file.seek(0)
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFileError("文字编码无法识别；请在 Excel 里另存为「CSV UTF-8」或 .xlsx 再上传。")


def open_csv(file: BinaryIO, columns: tuple[Column, ...]) -> tuple[Header, Iterator[tuple[int, list[str]]], str]:
    """Header, the data rows (row number of the file, cells) and a note on how the file was read."""
    encoding = detect_encoding(file)
    best: tuple[Header, str] | None = None
    for delimiter in DELIMITERS:
        first = [row for _, row in itertools.islice(_rows(file, encoding, delimiter), ROWS_SEARCHED)]
        header = find_header(first, columns)
        if header and (best is None or len(header.columns) > len(best[0].columns)):
            best = (header, delimiter)
    if best is None:
        required = "、".join(f"「{column.label}」" for column in columns if column.required)
        raise UnreadableFileError(f"没有找到含{required}的表头；请下载模板对照列名，或检查是否选对了文件。")
    header, delimiter = best
    names = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030（GBK）"}
    data = itertools.islice(_rows(file, encoding, delimiter), header.index + 1, None)
    return header, data, f"CSV，编码 {names[encoding]}"


def count_lines(file: BinaryIO) -> int:
    """Lines of the file, for the progress shown (a cell with line breaks counts more than once)."""
    file.seek(0)
    return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b""))


def _rows(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    csv.field_size_limit(MAX_CELL)
    try:
        number = 0
        reader = csv.reader((line.replace("\x00", "") for line in text), delimiter=delimiter)
        while True:
            number += 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnreadableFileError(
                    f"第 {number} 行附近的引号没有成对，后面的内容连成了一格；请检查这一行后重新上传。"
                ) from error
            yield number, row
    finally:
        if not file.closed:
            text.detach()  # the file stays open: it is read again
