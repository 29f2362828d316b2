"""What a case tells the sign-off engine: the route of its version, its values, and what a signature is for."""

from typing import Any

from content.procedures import form_values
from content.procedures.definitions import definition_of
from content.procedures.models import Case
from content.procedures.snapshots import ProcedureText


def definition_for(case: Case) -> dict:
    """The definition made from the very version the case was started by."""
    version = case.version
    edition = f"{version.effective_from:%Y-%m-%d} 第 {version.number}"
    return definition_of(ProcedureText(version.content), edition=edition)


def values_for(case: Case) -> dict[str, tuple[str, Any]]:
    """Key → (label, value) of every field; of those that do not apply the value is None."""
    fields = case.version.content["fields"]
    shown = form_values.applicable(fields, case.values)
    return {
        field["key"]: (
            field["label"],
            form_values.value_of(field, case.values.get(field["key"])) if field["key"] in shown else None,
        )
        for field in fields
    }


def content_for(case: Case) -> dict:
    """What a signature covers: the version followed, everything filled in that applies, and the files by their digest."""
    fields = case.version.content["fields"]
    shown = form_values.applicable(fields, case.values)
    files = sorted((row.field_key, row.item or 0, row.name, row.digest) for row in case.files.all())
    return {
        "version": case.version_id,
        "title": case.title,
        "values": {key: value for key, value in case.values.items() if key in shown},
        "files": [list(row) for row in files if row[0] in shown],
    }


def file_counts(case: Case) -> dict[str, int]:
    """How many files each file field has; photos of a checklist do not count."""
    counts: dict[str, int] = {}
    for row in case.files.all():
        if row.item is None:
            counts[row.field_key] = counts.get(row.field_key, 0) + 1
    return counts


def shortcomings_for(case: Case) -> list[str]:
    """What is missing before the case may go on its way."""
    fields = case.version.content["fields"]
    found = [] if case.title.strip() else ["请填写事项名称。"]
    return found + list(form_values.problems(fields, case.values, file_counts(case)).values())
