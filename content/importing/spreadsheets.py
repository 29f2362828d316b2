"""Write XLSX that is safe to open: no text is ever taken for a formula."""

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from search.cells import safe_text

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence], widths: Sequence[int] = ()) -> bytes:
    """An XLSX of one sheet: bold frozen headings, then the rows (text, numbers, dates without zone, None)."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for index, heading in enumerate(headings):
        letter = get_column_letter(index + 1)
        sheet.column_dimensions[letter].width = widths[index] if index < len(widths) else max(12, len(heading) * 2 + 4)
    head = []
    for heading in headings:
        cell = WriteOnlyCell(sheet, value=safe_text(heading))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E7EFEC")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        head.append(cell)
    sheet.append(head)
    for row in rows:
        sheet.append([safe_text(value) if isinstance(value, str) else value for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
