"""Write a table as CSV or XLSX row by row: however long it is, a few rows are in memory at a time."""

import csv
import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from django.db import models
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from search.cells import MAX_ROWS, safe_text
from search.export_rows import Cell, Table

_BOM = "\ufeff"  # without it Excel reads CSV in the code page of the machine, and Chinese as nonsense
_SHEET = "检索结果"


class ExportFormat(models.TextChoices):
    """`value` is the ending of the file's name."""

    XLSX = "xlsx", "Excel 表格"
    CSV = "csv", "CSV 文本表格"


CONTENT_TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


class _Line:
    """What csv writes to; it hands every line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(table: Table, rows: Iterable[list[Cell]]) -> Iterator[str]:
    """The lines of a CSV file, the first with a byte order mark; dates as 2026-03-01."""
    writer: Any = csv.writer(_Line())
    yield _BOM + writer.writerow([safe_text(heading) for heading in table.headings])
    for row in rows:
        yield writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])


def write_xlsx(
    table: Table, rows: Iterable[list[Cell]], about: Mapping[str, str], out: IO[bytes], rows_per_sheet: int = MAX_ROWS
) -> None:
    """Write a workbook: the rows, on as many sheets as they need, and last a sheet that says what they are."""
    book = Workbook(write_only=True)
    try:
        sheet = _sheet(book, _SHEET, table)
        number, filled = 1, 1
        for row in rows:
            if filled == rows_per_sheet:
                number, filled = number + 1, 1
                sheet = _sheet(book, f"{_SHEET} {number}", table)
            sheet.append([_cell(value) for value in row])
            filled += 1
        notes = book.create_sheet("说明")
        notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 16, 100
        for name, value in about.items():
            notes.append([safe_text(name), safe_text(value)])
    finally:
        book.save(out)  # after an error too: it takes away the temporary files of the sheets


def _sheet(book: Workbook, title: str, table: Table) -> Any:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    head = []
    for at, (heading, width) in enumerate(zip(table.headings, table.widths, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
        cell = WriteOnlyCell(sheet, value=safe_text(heading))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E7EFEC")
        head.append(cell)
    sheet.append(head)
    return sheet


def _cell(value: Cell) -> Cell:
    if isinstance(value, str):
        return safe_text(value)
    # Excel counts its days from 1900 and refuses what lies before.
    return value.isoformat() if isinstance(value, datetime.date) and value.year < 1900 else value
