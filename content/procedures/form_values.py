"""What is typed into the form of a case: read from the request, kept as typed, checked when it is submitted.

Nothing typed is refused while a case is being written: `read` keeps it as plain JSON, `problems` says what is wrong with
it when the case is to go on its way. Kinds are those of `FieldKind`; the JSON of each:

    text kinds, number, money, date, radio, person, post: str      checkbox: bool      checkboxes: [str]
    daterange: {"from": str, "to": str}     table: [[str, …]]      checklist: [{"state": str, "note": str}]
"""

import datetime
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator

from content.procedures.models.steps import FieldKind, Operator

MAX_TEXT = 5000
MAX_ROWS = 60
CHECK_STATES = (("", "未查"), ("ok", "正常"), ("problem", "有问题"), ("none", "不适用"))
_PLAIN = {
    FieldKind.SINGLELINE, FieldKind.MULTILINE, FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE, FieldKind.RADIO,
    FieldKind.PERSON, FieldKind.POST, FieldKind.EMAIL, FieldKind.URL,
}  # fmt: skip


def read(fields: Iterable[dict], post) -> dict[str, Any]:
    """Everything typed, by key of the field; `post` is a QueryDict."""
    return {field["key"]: _read_one(field, post) for field in fields if field["kind"] != FieldKind.FILE}


def _read_one(field: dict, post) -> Any:
    kind, name = FieldKind(field["kind"]), f"f-{field['key']}"
    if kind in _PLAIN:
        return post.get(name, "").replace("\x00", "").strip()[: MAX_TEXT * 2]
    if kind == FieldKind.CHECKBOX:
        return name in post
    if kind == FieldKind.CHECKBOXES:
        return [value for value in post.getlist(name) if value in field["options"]]
    if kind == FieldKind.DATERANGE:
        return {"from": post.get(f"{name}-from", "").strip()[:40], "to": post.get(f"{name}-to", "").strip()[:40]}
    if kind == FieldKind.CHECKLIST:
        return [
            {"state": post.get(f"{name}-{i}", ""), "note": post.get(f"{name}-{i}-note", "").strip()[:MAX_TEXT]}
            for i, _ in enumerate(field["options"])
        ]
    rows = []
    for row in range(MAX_ROWS):
        if f"{name}-{row}-0" not in post:
            break
        rows.append([post.get(f"{name}-{row}-{i}", "").strip()[:500] for i, _ in enumerate(field["options"])])
    return [row for row in rows if any(row)]


def number_of(text: Any) -> Decimal | None:
    """«12,000.50», «１２０００», «￥12000元» → Decimal; None for anything else."""
    plain = unicodedata.normalize("NFKC", str(text or "")).strip().removesuffix("元").lstrip("¥￥").replace(",", "")
    try:
        found = Decimal(plain.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def date_of(text: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(text or ""))
    except ValueError:
        return None


def is_blank(field: dict, raw: Any, files: int = 0) -> bool:
    """Tell whether nothing was given."""
    kind = FieldKind(field["kind"])
    if kind == FieldKind.FILE:
        return files == 0
    if kind == FieldKind.DATERANGE:
        return not raw or not (raw.get("from") or raw.get("to"))
    if kind == FieldKind.CHECKLIST:
        return not raw or not any(row["state"] for row in raw)
    return raw in (None, "", [], False)


def value_of(field: dict, raw: Any) -> Any:
    """The value conditions compare: numbers as Decimal, dates as dates, the rest as typed; None where nothing is."""
    kind = FieldKind(field["kind"])
    if kind == FieldKind.CHECKBOX:
        return bool(raw)
    if is_blank(field, raw, files=1):
        return None
    if kind in (FieldKind.NUMBER, FieldKind.MONEY):
        return number_of(raw)
    if kind == FieldKind.DATE:
        return date_of(raw)
    if kind == FieldKind.DATERANGE:
        return date_of(raw.get("from"))
    return raw


def applicable(fields: Iterable[dict], values: Mapping[str, Any]) -> set[str]:
    """Keys of the fields to be filled in, given what is typed. A field whose condition hangs on a hidden one is hidden."""
    by_key = {field["key"]: field for field in fields}
    known: dict[str, bool] = {}

    def shown(key: str, asking: frozenset[str]) -> bool:
        if key in known or key in asking:
            return known.get(key, True)
        condition = by_key[key]["condition"]
        if condition is None:
            known[key] = True
        else:
            on = by_key.get(condition["field"])
            # A condition on a field that is gone hides nothing.
            known[key] = on is None or (
                shown(on["key"], asking | {key}) and holds(condition, value_of(on, values.get(on["key"])))
            )
        return known[key]

    return {key for key in by_key if shown(key, frozenset())}


def holds(condition: dict, value: Any) -> bool:
    """Does the value meet the condition of a field?"""
    operator, wanted = Operator(condition["operator"]), condition["value"]
    if operator == Operator.FILLED:
        return value not in (None, "", [], False)
    if operator in (Operator.AT_LEAST, Operator.LESS):
        left, right = number_of(value), number_of(wanted)
        if left is None or right is None:
            return False
        return left >= right if operator == Operator.AT_LEAST else left < right
    choices = {part.strip() for part in wanted.split("、") if part.strip()}
    said = (
        {"是"}
        if value is True
        else {"否"}
        if value is False
        else set(value)
        if isinstance(value, list)
        else {str(value)}
    )
    if value is None:
        said = set()
    if operator == Operator.HAS:
        return bool(said & choices) or any(part in str(value) for part in choices)
    return bool(said & choices) == (operator == Operator.IS)


def problems(fields: list[dict], values: Mapping[str, Any], files: Mapping[str, int]) -> dict[str, str]:
    """What has to be put right before it can be submitted: key of the field → one sentence. `files` counts by key."""
    found = {}
    shown = applicable(fields, values)
    for field in fields:
        if field["key"] not in shown:
            continue
        said = _problem(field, values.get(field["key"]), files.get(field["key"], 0))
        if said:
            found[field["key"]] = said
    return found


def _problem(field: dict, raw: Any, files: int) -> str:
    kind, label = FieldKind(field["kind"]), field["label"]
    if is_blank(field, raw, files):
        if not field["required"]:
            return ""
        verb = {
            "radio": "选择",
            "checkboxes": "选择",
            "person": "选择",
            "post": "选择",
            "file": "上传",
            "checkbox": "勾选",
        }
        return f"请{verb.get(kind, '填写')}“{label}”。"
    if kind in (FieldKind.NUMBER, FieldKind.MONEY):
        number = number_of(raw)
        if number is None:
            return f"“{label}”填的是“{raw}”，不是数字，请改正。"
        if kind == FieldKind.MONEY and number != round(number, 2):
            return f"“{label}”最多到分（两位小数），请改正。"
    if kind == FieldKind.DATE and date_of(raw) is None:
        return f"“{label}”填的是“{raw}”，不是日期，请写成 2026-05-01 这样。"
    if kind == FieldKind.DATERANGE:
        start, end = date_of(raw.get("from")), date_of(raw.get("to"))
        if start is None or end is None:
            return f"“{label}”的起止日期要都填，请写成 2026-05-01 这样。"
        if end < start:
            return f"“{label}”的止日早于起日，请改正。"
    if kind == FieldKind.RADIO and raw not in field["options"]:
        return f"“{label}”选的“{raw}”已不在选项里，请重新选择。"
    if kind == FieldKind.CHECKLIST:
        return _checklist_problem(field, raw)
    if isinstance(raw, str) and len(raw) > MAX_TEXT:
        return f"“{label}”最多 {MAX_TEXT} 字，现在有 {len(raw)} 字，请精简。"
    if kind in (FieldKind.EMAIL, FieldKind.URL):
        try:
            (EmailValidator() if kind == FieldKind.EMAIL else URLValidator(["http", "https"]))(raw)
        except ValidationError:
            return f"“{label}”填的“{raw}”不是{'邮箱' if kind == FieldKind.EMAIL else '网址'}，请改正。"
    return ""


def _checklist_problem(field: dict, raw: list[dict]) -> str:
    states = {state for state, _ in CHECK_STATES if state}
    missing = [item for item, row in zip(field["options"], raw, strict=False) if row["state"] not in states]
    if missing and field["required"]:
        return f"“{field['label']}”还有 {len(missing)} 项没查：{missing[0]}{'等' if len(missing) > 1 else ''}。"
    silent = [
        item for item, row in zip(field["options"], raw, strict=False) if row["state"] == "problem" and not row["note"]
    ]
    return f"“{silent[0]}”有问题，请写明是什么问题、在哪里。" if silent else ""
