import datetime
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from content.procedures import form_values
from content.procedures.models.steps import FieldKind


def field(key, kind="singleline", *, options=(), required=True, condition=None, label=None):
    return {
        "key": key, "label": label or key, "kind": kind, "required": required, "options": list(options), "help": "",
        "condition": condition,
    }  # fmt: skip


def when(on, operator, value):
    return {"field": on, "label": on, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12,000.50", Decimal("12000.50")),
        ("１２０００", Decimal(12000)),
        ("￥12000元", Decimal(12000)),
        ("0", Decimal(0)),
        ("一万", None),
        ("NaN", None),
        ("Infinity", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers_as_people_type_them(typed, number):
    assert form_values.number_of(typed) == number


@pytest.mark.parametrize(
    ("one", "raw", "said"),
    [
        (field("金额", "money"), "一万", "“金额”填的是“一万”，不是数字，请改正。"),
        (field("金额", "money"), "1.234", "“金额”最多到分（两位小数），请改正。"),
        (field("金额", "money"), "", "请填写“金额”。"),
        (field("日期", "date"), "5月1日", "“日期”填的是“5月1日”，不是日期，请写成 2026-05-01 这样。"),
        (field("期限", "daterange"), {"from": "2026-05-02", "to": "2026-05-01"}, "“期限”的止日早于起日，请改正。"),
        (
            field("期限", "daterange"),
            {"from": "2026-05-02", "to": ""},
            "“期限”的起止日期要都填，请写成 2026-05-01 这样。",
        ),
        (field("类型", "radio", options=["年度"]), "月度", "“类型”选的“月度”已不在选项里，请重新选择。"),
        (field("类型", "radio", options=["年度"]), "", "请选择“类型”。"),
        (field("邮箱", "email"), "不是邮箱", "“邮箱”填的“不是邮箱”不是邮箱，请改正。"),
        (field("网址", "url"), "javascript:alert(1)", "“网址”填的“javascript:alert(1)”不是网址，请改正。"),
        (field("附件", "file"), None, "请上传“附件”。"),
        (field("备注", required=False), "", ""),
        (field("备注"), "字" * 5001, "“备注”最多 5000 字，现在有 5001 字，请精简。"),
        (
            field("清单", "checklist", options=["门前整洁", "消防畅通"]),
            [{"state": "ok", "note": ""}, {"state": "", "note": ""}],
            "“清单”还有 1 项没查：消防畅通。",
        ),
        (
            field("清单", "checklist", options=["门前整洁"]),
            [{"state": "problem", "note": ""}],
            "“门前整洁”有问题，请写明是什么问题、在哪里。",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(one, raw, said):
    assert form_values.problems([one], {one["key"]: raw}, {}) == ({one["key"]: said} if said else {})


def test_a_field_is_asked_only_where_its_condition_holds():
    fields = [
        field("类型", "radio", options=["常规", "专项"]),
        field("理由", condition=when("类型", "is", "专项")),
        field("依据", condition=when("理由", "filled", "")),
    ]

    assert form_values.applicable(fields, {"类型": "常规", "理由": "写过"}) == {"类型"}
    assert form_values.applicable(fields, {"类型": "专项", "理由": "写过"}) == {"类型", "理由", "依据"}
    assert form_values.problems(fields, {"类型": "常规"}, {}) == {}


def test_conditions_in_a_circle_hide_nothing_for_ever():
    fields = [field("甲", condition=when("乙", "filled", "")), field("乙", condition=when("甲", "filled", ""))]

    assert form_values.applicable(fields, {"甲": "有", "乙": "有"}) == {"甲", "乙"}


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "holds"),
    [
        ("is", "年度、月度", "月度", True),
        ("is_not", "年度、月度", "月度", False),
        ("is", "是", True, True),
        ("is", "是", False, False),
        ("at_least", "5000", Decimal("5000"), True),
        ("less", "5000", Decimal("5000"), False),
        ("at_least", "5000", None, False),
        ("has", "问卷", ["问卷", "走访"], True),
        ("has", "集团", "山河集团", True),
        ("filled", "", [], False),
    ],
)
def test_conditions(operator, wanted, value, holds):
    assert form_values.holds(when("f", operator, wanted), value) == holds


def test_tables_leave_out_empty_rows():
    post = QueryDict("f-t-0-0=&f-t-0-1=&f-t-1-0=甲&f-t-1-1=2")

    assert form_values.read([field("t", "table", options=["品名", "数量"])], post) == {"t": [["甲", "2"]]}


def test_a_date_is_compared_as_a_date():
    assert form_values.value_of(field("d", "date"), "2026-05-01") == datetime.date(2026, 5, 1)


@given(
    st.sampled_from(list(FieldKind)),
    st.dictionaries(
        st.sampled_from(["f-k", "f-k-0-0", "f-k-0", "f-k-from", "f-k-to", "f-k-0-note"]), st.text(max_size=30)
    ),
)
def test_anything_typed_is_kept_and_answered_with_at_most_a_sentence(kind, typed):
    post = QueryDict(mutable=True)
    post.update(typed)
    one = field("k", kind, options=["甲", "乙"])

    values = form_values.read([one], post)
    said = form_values.problems([one], values, {})

    assert set(said) <= {"k"}
    assert all(text.endswith("。") for text in said.values())
