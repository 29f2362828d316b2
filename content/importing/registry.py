"""What can be imported. importing knows no content type: content apps register an Importer in AppConfig.ready."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from content.importing.cells import Cell


class SourceFormat(StrEnum):
    TABLE = "table"  # CSV or XLSX
    OCDS = "ocds"  # JSON: release package, release, record package


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Column:
    """A column a table may have: `label` is the heading of our template, `synonyms` other headings understood."""

    code: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    example: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as read. `number` is the row of the sheet (or the place in the package), counted from 1.

    `values` by column code, raw as the file holds them; `qualifiers` what stood in brackets in the heading, such as
    «万元»; `extra` the columns nobody knows, as text by heading; `original` every cell as text with its heading, in
    order. For JSON `record` is the release and `original` a few words to recognise it by.
    """

    number: int
    values: Mapping[str, Cell] = field(default_factory=dict)
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    original: Sequence[tuple[str, str]] = ()
    record: Mapping[str, Any] | None = None


class Importer:
    """One kind of import. Subclass, fill in, `register` the class. A run makes its own instance.

    `permission` is what a person needs to import. A run calls `prepare(rows)` for each portion of rows, then
    `import_row(row)` for each of them in a savepoint of its own, then `finish_portion()`, all in one transaction.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    lead: ClassVar[str] = ""
    permission: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    formats: ClassVar[frozenset[SourceFormat]] = frozenset({SourceFormat.TABLE})
    list_url_name: ClassVar[str] = ""
    do_not_call_in_templates = True  # templates are given the class

    def __init__(self, batch):
        self.batch = batch

    def prepare(self, rows: Sequence[SourceRow]) -> None:
        """Fetch at once what these rows will need."""

    def import_row(self, row: SourceRow) -> Outcome:
        """Take one row; raise RowRejectedError with the reason where it cannot be taken."""
        raise NotImplementedError

    def finish_portion(self) -> None:
        """Called after the rows of a portion, before their transaction is committed."""


_importers: dict[str, type[Importer]] = {}


def register(importer: type[Importer]) -> type[Importer]:
    """Class decorator: offer this kind of import."""
    _importers[importer.code] = importer
    return importer


def importer_for(code: str) -> type[Importer] | None:
    return _importers.get(code)


def importers_for(user) -> list[type[Importer]]:
    """Kinds of import this user may use."""
    return [importer for importer in _importers.values() if user.has_perm(importer.permission)]
