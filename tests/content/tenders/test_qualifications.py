"""What a notice asks of bidders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.tenders.qualifications import parse_consortium, parse_qualifications

TOURISM, CITY, GARDEN = "旅游规划设计", "城乡规划编制", "风景园林工程设计专项"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("旅游规划乙级及以上", [(TOURISM, "b", True, 0)]),
        ("城乡规划编制甲级", [(CITY, "a", False, 0)]),
        ("具有城市规划编制乙级（含乙级）以上资质", [(CITY, "b", True, 0)]),
        ("不低于城乡规划乙级", [(CITY, "b", True, 0)]),
        ("旅游规划设计资质", [(TOURISM, "", False, 0)]),
        ("旅游规划设计甲级或城乡规划编制甲级", [(TOURISM, "a", False, 0), (CITY, "a", False, 0)]),
        ("旅游规划设计乙级及以上，且具备风景园林工程设计专项乙级", [(TOURISM, "b", True, 0), (GARDEN, "b", False, 1)]),
        ("同时具备城乡规划甲级、风景园林乙级", [(CITY, "a", False, 0), (GARDEN, "b", False, 1)]),
        ("具有以下资质之一：旅游规划甲级；城乡规划甲级", [(TOURISM, "a", False, 0), (CITY, "a", False, 0)]),
        ("城乡规划编制甲级或乙级", [(CITY, "b", True, 0)]),
        ("无", []),
        ("不要求资质", []),
        ("", []),
        ("营业执照合法有效", []),
    ],
)
def test_qualifications_are_read_with_grade_and_logic(text, expected):
    found = parse_qualifications(text)

    assert [(item.kind, item.grade, item.and_above, item.group) for item in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("接受", ("yes", "")),
        ("是", ("yes", "")),
        ("不接受", ("no", "")),
        ("否", ("no", "")),
        ("谢绝联合体", ("no", "")),
        ("不得以联合体形式投标", ("no", "不得以联合体形式投标")),
        ("联合体竞标：不接受", ("no", "联合体竞标:不接受")),
        ("接受联合体投标，成员不超过 2 家", ("yes", "接受联合体投标,成员不超过 2 家")),
        ("一标段接受联合体，二标段不接受", ("per_lot", "一标段接受联合体,二标段不接受")),
        ("/", ("unstated", "")),
        ("", ("unstated", "")),
        ("是否接受联合体：", ("unstated", "")),
    ],
)
def test_consortium_has_five_states(text, expected):
    assert parse_consortium(text) == expected


@given(
    st.text(
        alphabet=st.sampled_from(
            "旅游规划设计城乡编制甲乙丙级及以上或且同时具备不低于、，；。（）不接受联合体标段一二 \n/"
        )
    )
)
def test_no_requirement_is_an_error(text):
    for item in parse_qualifications(text):
        assert item.grade in ("", "a", "b", "c")
        assert item.group >= 0
    assert parse_consortium(text)[0] in ("yes", "no", "per_lot", "unstated")
