"""Conditions on the values of a form: field, operator, value. In doubt a node is signed, never skipped."""

import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from content.approvals.conditions import Outcome

OPERATORS = {
    "gte": "大于等于",
    "gt": "大于",
    "lte": "小于等于",
    "lt": "小于",
    "eq": "等于",
    "ne": "不等于",
    "in": "是其中之一：",
    "not_in": "不是其中之一：",
    "contains": "含有",
    "filled": "已填写",
    "empty": "未填写",
}
_ORDERED = {"gte", "gt", "lte", "lt"}


def choices() -> list[tuple[str, str]]:
    """Operators for a form, «不按表单的值» first."""
    return [("", "不按表单的值"), *((code, label.rstrip("：")) for code, label in OPERATORS.items())]


class Doubt(Exception):
    """It cannot be told whether the condition holds; the message is one Chinese sentence."""


def label_of(comparison: Mapping) -> str:
    """«金额大于等于 10000» as people read it."""
    field = comparison.get("label") or comparison.get("field", "")
    operator = OPERATORS.get(comparison.get("operator", ""), str(comparison.get("operator")))
    if comparison.get("operator") in ("filled", "empty"):
        return f"{field}{operator}"
    return f"{field}{operator} {_text(comparison.get('value'))}"


def evaluate(comparisons: list[dict], subject: Any) -> Outcome:
    """Do all the comparisons hold for the subject's values? A doubtful one counts as holding and says so."""
    if not comparisons:
        return Outcome(True, "")
    values = subject.sign_off_values() if hasattr(subject, "sign_off_values") else {}
    doubts, met, missed = [], [], []
    for comparison in comparisons:
        try:
            said = f"“{label_of(comparison)}”"
            if _holds(comparison, values):
                met.append(said)
            else:
                missed.append(f"{_shown(comparison, values)}，不符合{said}")
        except Doubt as doubt:
            doubts.append(str(doubt))
    if doubts:
        return Outcome(True, "".join(doubts))
    if missed:
        return Outcome(False, f"{'；'.join(missed)}。")
    return Outcome(True, f"符合{'、'.join(met)}。")


def _holds(comparison: Mapping, values: Mapping[str, tuple[str, Any]]) -> bool:
    field, operator, wanted = comparison.get("field", ""), comparison.get("operator", ""), comparison.get("value")
    label = comparison.get("label") or field
    if field not in values:
        raise Doubt(f"条件用到的字段“{label}”已不在表单里，按必须签批处理；请负责人修改条件。")
    if operator not in OPERATORS:
        raise Doubt(f"条件“{label}”的比较方式已停用，按必须签批处理；请负责人修改条件。")
    value = values[field][1]
    blank = value is None or value == "" or value == []
    if operator in ("filled", "empty"):
        return blank == (operator == "empty")
    if operator in _ORDERED:
        if blank:
            raise Doubt(f"“{label}”没有填写，按必须签批处理。")
        return _ordered(operator, value, wanted, label)
    if operator in ("in", "not_in"):
        listed = {_key(item) for item in (wanted if isinstance(wanted, list) else _split(wanted))}
        mine = {_key(item) for item in (value if isinstance(value, (list, tuple, set)) else [value])}
        return bool(mine & listed) == (operator == "in")
    if operator == "contains":
        if isinstance(value, (list, tuple, set)):
            return _key(wanted) in {_key(item) for item in value}
        return str(wanted) in str(value)
    return (_key(value) == _key(wanted)) == (operator == "eq")


def _ordered(operator: str, value: Any, wanted: Any, label: str) -> bool:
    left, right = _number(value), _number(wanted)
    if left is None or right is None:
        left, right = _date(value), _date(wanted)
    if left is None or right is None:
        raise Doubt(f"“{label}”填的是“{_text(value)}”，不能与 {_text(wanted)} 比较大小，按必须签批处理。")
    return {
        "gte": left >= right,
        "gt": left > right,
        "lte": left <= right,
        "lt": left < right,
    }[operator]


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _date(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value).strip())
    except ValueError:
        return None


def _key(value: Any) -> str:
    """One spelling per value: 10000, 10000.00 and «10,000» are equal, so are True and «是»."""
    if isinstance(value, bool):
        return "是" if value else "否"
    number = _number(value)
    if number is not None:
        return str(number.normalize())
    text = str(value).strip() if value is not None else ""
    return {"true": "是", "false": "否"}.get(text.lower(), text)


def _split(value: Any) -> list[str]:
    return [
        part.strip() for part in str(value or "").replace("，", "、").replace(",", "、").split("、") if part.strip()
    ]


def _shown(comparison: Mapping, values: Mapping[str, tuple[str, Any]]) -> str:
    label, value = values[comparison["field"]]
    return f"{label or comparison.get('label')}为“{_text(value)}”" if _text(value) else f"{label}没有填写"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple, set)):
        return "、".join(_text(item) for item in value)
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value.normalize():f}" if value == value.to_integral_value() else f"{value:f}"
    return "" if value is None else str(value)
