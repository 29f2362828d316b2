"""Open an uploaded file as a stream of rows, whatever its format."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from content.importing.cells import cell_text
from content.importing.csv_rows import count_lines, open_csv
from content.importing.detecting import FileType, detect
from content.importing.errors import UnreadableFileError
from content.importing.headings import Header
from content.importing.ocds_records import open_json, open_zip_of_json
from content.importing.registry import Importer, SourceFormat, SourceRow
from content.importing.xlsx_rows import open_xlsx
from content.importing.zip_guard import open_zip

MAX_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file: its rows (read them once), a note on how it was read, about how many rows there are."""

    rows: Iterator[SourceRow]
    format: SourceFormat
    note: str
    total: int | None


def open_source(file: BinaryIO, importer: type[Importer]) -> Source:
    """Open a file for this kind of import; UnreadableFileError with one sentence where that cannot be done.

    Reading on may raise UnreadableFileError too, where the file breaks off or holds more than MAX_ROWS rows.
    """
    kind = detect(file)
    if kind is FileType.JSON:
        _must_take(importer, SourceFormat.OCDS)
        return _json_source(open_json(file), "OCDS JSON")
    if kind is FileType.ZIP:
        archive = open_zip(file)
        names = archive.namelist()
        is_workbook = "[Content_Types].xml" in names or any(name.startswith("xl/") for name in names)
        if not is_workbook and any(name.lower().endswith(".json") for name in names):
            _must_take(importer, SourceFormat.OCDS)
            return _json_source(open_zip_of_json(archive), "OCDS JSON 压缩包")
        header, rows, note, last_row = open_xlsx(file, archive, importer.columns)
        total = max(last_row - header.index - 1, 0) if last_row else None
    else:
        header, rows, note = open_csv(file, importer.columns)
        total = max(count_lines(file) - header.index - 1, 1)
    _must_take(importer, SourceFormat.TABLE)
    return Source(_limited(_table_rows(header, rows)), SourceFormat.TABLE, note, total)


def _json_source(rows: list[SourceRow], note: str) -> Source:
    return Source(_limited(iter(rows)), SourceFormat.OCDS, note, len(rows))


def _must_take(importer: type[Importer], wanted: SourceFormat) -> None:
    if wanted not in importer.formats:
        raise UnreadableFileError(f"「{importer.label}」不接受这种格式的文件；请下载模板，按模板填写后上传。")


def _table_rows(header: Header, rows) -> Iterator[SourceRow]:
    for number, cells in rows:
        texts = {
            position: text
            for position, cell in enumerate(cells)
            if position not in header.ignored and (text := cell_text(cell))
        }
        if not texts:
            continue  # blank lines between rows
        if _is_the_example(header, texts):
            continue  # of the template, left standing above the real rows
        yield SourceRow(
            number=number,
            values={column.code: cells[at] for at, column in header.columns.items() if at in texts},
            qualifiers=header.qualifiers,
            extra={label: texts[at] for at, label in header.labels.items() if at in texts and at not in header.columns}
            | {f"第 {at + 1} 列": text for at, text in texts.items() if at not in header.labels},
            original=[(header.labels.get(at, f"第 {at + 1} 列"), text) for at, text in texts.items()],
        )


def _is_the_example(header: Header, texts: dict[int, str]) -> bool:
    """Whether a row is the example of our own template, untouched: nobody means to import it."""
    said = [(texts.get(at, ""), column.example) for at, column in header.columns.items()]
    return any(text for text, _ in said) and all(text == example for text, example in said)


def _limited(rows: Iterator[SourceRow]) -> Iterator[SourceRow]:
    for count, row in enumerate(rows):
        if count >= MAX_ROWS:
            raise UnreadableFileError(f"数据超过 {MAX_ROWS:,} 行；请把后面的行另存成一个文件再导入。")
        yield row
