"""Files that go with an import: the template to fill in, the rejected rows to mend."""

import json

from content.importing.headings import NUMBER_HEADING, REASON_HEADING
from content.importing.models import ImportBatch
from content.importing.registry import Importer, SourceFormat
from content.importing.spreadsheets import workbook

_OURS = (REASON_HEADING, NUMBER_HEADING)


def template_file(importer: type[Importer]) -> bytes:
    """XLSX with the headings of this kind of import and one example row."""
    columns = importer.columns
    return workbook(
        importer.label,
        [column.label for column in columns],
        [[column.example or None for column in columns]],
        [max(14, len(column.label) * 2 + 4, min(len(column.example) * 2, 40)) for column in columns],
    )


def rejected_file(batch: ImportBatch) -> tuple[bytes, str]:
    """Rejected rows and their file extension: XLSX with the reason first, or an OCDS package for JSON.

    Both can be mended and imported again; the reason is ignored then.
    """
    rows = batch.rejected_rows.all()
    if batch.format == SourceFormat.OCDS:
        releases = [{**(row.record or {}), "x_reason": row.reason} for row in rows.iterator()]
        return json.dumps({"version": "1.1", "releases": releases}, ensure_ascii=False, indent=2).encode(), "json"
    headings: dict[str, None] = {}
    for row in rows.iterator():
        headings.update(dict.fromkeys(label for label, _ in row.original if label not in _OURS))
    lines = []
    for row in rows.iterator():
        held = dict(row.original)
        lines.append([row.reason, row.number, *(held.get(heading) for heading in headings)])
    return workbook("被退回的行", [*_OURS, *headings], lines, [44, 8]), "xlsx"
