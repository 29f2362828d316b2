"""Rows of an XLSX workbook, streamed; formulas are never evaluated."""

import itertools
import re
import warnings
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from content.importing.cells import Cell, cell_text
from content.importing.errors import UnreadableFileError
from content.importing.headings import ROWS_SEARCHED, Header, find_header
from content.importing.registry import Column

MAX_COLUMNS = 200
MAX_BLANK_ROWS = 10_000  # a formatted but empty tail may go on for a million rows
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_BROKEN = (
    BadZipFile, DefusedXmlException, InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError,
    EOFError, OSError, SyntaxError,
)  # fmt: skip


def open_xlsx(
    file: BinaryIO, archive: ZipFile, columns: tuple[Column, ...]
) -> tuple[Header, Iterator[tuple[int, tuple[Cell, ...]]], str, int | None]:
    """Header, data rows (row number of the sheet, cells), a note, and how many rows the sheet says it has.

    The first sheet whose headings match and that has a row below them is taken; UnreadableFileError lists the sheets
    where there is none.
    """
    if "xl/workbook.xml" not in archive.namelist() and "[Content_Types].xml" not in archive.namelist():
        raise UnreadableFileError("这是压缩包，不是 Excel 表格；请上传其中的 .xlsx、.csv 或 .json 文件。")
    values = _load(file, data_only=True)
    formulas = _load(file, data_only=False) if _has_formulas(archive) else None
    sheets = [sheet for sheet in values.worksheets if hasattr(sheet, "iter_rows")]
    totals = {sheet.title: sheet.max_row for sheet in sheets}
    sheets.sort(key=lambda sheet: sheet.sheet_state != "visible")

    def rows_of(sheet):
        rows = _cells(sheet)
        return _with_formula_text(rows, _cells(formulas[sheet.title])) if formulas else rows

    headings_only = ""
    for sheet in sheets:
        first = list(itertools.islice(rows_of(sheet), ROWS_SEARCHED))
        header = find_header([row for _, row in first], columns)
        if header is None:
            continue
        below = (row for _, row in itertools.islice(rows_of(sheet), header.index + 1, header.index + 1 + ROWS_SEARCHED))
        if not any(cell_text(cell) for row in below for cell in row):
            headings_only = headings_only or sheet.title
            continue
        total = totals[sheet.title]
        return header, itertools.islice(rows_of(sheet), header.index + 1, None), f"工作表「{sheet.title}」", total
    if headings_only:
        raise UnreadableFileError(f"工作表「{headings_only}」只有表头，没有数据行；请填好数据后再上传。")
    if not sheets:
        raise UnreadableFileError("文件里没有工作表；请在 Excel 里重新另存为 .xlsx 后再上传。")
    required = "、".join(f"「{column.label}」" for column in columns if column.required)
    names = "、".join(f"「{sheet.title}」" for sheet in sheets[:8])
    raise UnreadableFileError(
        f"没有一个工作表含{required}的表头（文件里有{names}）；请下载模板对照列名，或检查是否选对了文件。"
    )


def _load(file: BinaryIO, *, data_only: bool):
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # missing default styles and the like mean nothing to us
            return load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
    except _BROKEN as error:
        raise UnreadableFileError("文件不是完整的 Excel 表格；请在 Excel 里重新另存为 .xlsx 后再上传。") from error


def _cells(sheet) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Rows with their numbers; the size a file states for its sheet is not believed."""
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1)
    blank = 0
    try:
        while True:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # dates beyond Excel's calendar
                portion = list(itertools.islice(rows, 500))
            if not portion:
                return
            for number, row in portion:
                blank = 0 if any(cell is not None for cell in row) else blank + 1
                if blank > MAX_BLANK_ROWS:
                    return
                yield number, row
    except _BROKEN as error:
        raise UnreadableFileError("表格内容不完整，读到一半出错；请在 Excel 里重新另存为 .xlsx 后再上传。") from error


def _has_formulas(archive: ZipFile) -> bool:
    for name in archive.namelist():
        if name.startswith("xl/worksheets/"):
            with archive.open(name) as part:
                tail = b""
                while piece := part.read(1 << 20):
                    if _FORMULA.search(tail + piece):
                        return True
                    tail = piece[-40:]
    return False


def _with_formula_text(values, formulas) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Values as Excel last computed them; a formula never computed stays as its text, so that nothing is lost."""
    for (number, row), (_, texts) in zip(values, formulas, strict=False):
        if None in row:
            row = tuple(
                text if value is None and isinstance(text, str) and text.startswith("=") else value
                for value, text in itertools.zip_longest(row, texts[: len(row)])
            )
        yield number, row
