import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.approvals.comparisons import OPERATORS, evaluate, label_of


def form(**values):
    return SimpleNamespace(sign_off_values=lambda: {name: (name, value) for name, value in values.items()})


def asked(operator, value="", field="金额"):
    return [{"field": field, "label": field, "operator": operator, "value": value}]


@pytest.mark.parametrize(
    ("value", "operator", "wanted", "holds"),
    [
        (Decimal("10000.00"), "gte", "10000", True),
        ("9,999", "gte", "10000", False),
        (0, "gt", "0", False),
        (Decimal("10000.0"), "eq", "10,000", True),
        (datetime.date(2026, 3, 1), "lt", "2026-03-02", True),
        ("年度", "in", "年度、月度，专项", True),
        ("常规", "not_in", "年度、月度", True),
        (["酒店", "广场"], "contains", "广场", True),
        ("涉及集团形象", "contains", "集团", True),
        (True, "eq", "是", True),
        ("", "filled", "", False),
        (None, "empty", "", True),
        (0, "filled", "", True),
    ],
)
def test_values_are_compared_as_people_mean_them(value, operator, wanted, holds):
    assert evaluate(asked(operator, wanted), form(金额=value)).holds is holds


@pytest.mark.parametrize(
    ("comparisons", "values", "reason"),
    [
        (asked("gte", "10000"), {}, "条件用到的字段“金额”已不在表单里，按必须签批处理；请负责人修改条件。"),
        (asked("gte", "10000"), {"金额": None}, "“金额”没有填写，按必须签批处理。"),
        (asked("gte", "10000"), {"金额": "若干"}, "“金额”填的是“若干”，不能与 10000 比较大小，按必须签批处理。"),
        (asked("like", "1"), {"金额": 1}, "条件“金额”的比较方式已停用，按必须签批处理；请负责人修改条件。"),
        (asked("gte", "10000"), {"金额": Decimal("12000.00")}, "符合“金额大于等于 10000”。"),
    ],
)
def test_in_doubt_the_node_is_signed_and_says_why(comparisons, values, reason):
    outcome = evaluate(comparisons, form(**values))
    assert (outcome.holds, outcome.reason) == (True, reason)


def test_what_does_not_hold_says_the_value():
    outcome = evaluate(asked("gte", "10000"), form(金额=Decimal("800")))
    assert (outcome.holds, outcome.reason) == (False, "金额为“800”，不符合“金额大于等于 10000”。")


def test_a_deleted_field_keeps_the_node_though_another_condition_fails():
    both = asked("gte", "10000") + asked("eq", "年度", field="类别")
    assert evaluate(both, form(金额=800)).holds


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.decimals()
    | st.dates()
    | st.lists(st.text(max_size=3))
)


@given(
    value=ANYTHING,
    wanted=st.text(max_size=8) | st.lists(st.text(max_size=3)),
    operator=st.sampled_from([*OPERATORS, "?"]),
)
def test_no_value_breaks_a_condition(value, wanted, operator):
    outcome = evaluate(asked(operator, wanted), form(金额=value))
    assert outcome.reason.endswith("。")
    assert label_of(asked(operator, wanted)[0]).startswith("金额")
