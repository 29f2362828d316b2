"""Which column is which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.importing.headings import column_named, find_header, heading_qualifier
from content.tenders.table import COLUMNS


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("项目编号", "project_number"), ("招标编号", "project_number"), ("*项目名称", "title"), ("标题", "title"),
        ("采购人/招标人", "procuring_entity"), ("主办单位", "procuring_entity"), ("委托单位", "agency"),
        ("代理机构", "agency"), ("预算金额（万元）", "value"), ("预算金额(万元)", "value"), ("最高限价\n（元）", "value"),
        ("投标截止时间", "tender_end"), ("投 标 截 止", "tender_end"), ("报名截止", "registration_end"),
        ("开标时间", "opening_at"), ("地区", "place"), ("资质要求", "qualification"), ("是否接受联合体", "consortium"),
        ("项目简介：", "description"), ("报名资料", "registration_documents"), ("公告时间", "published_at"),
        ("来源", "source_name"), ("原文链接", "source_url"), ("公告类型", "notice_type"),
    ],
)  # fmt: skip
def test_headings_of_departments_and_sites_are_understood(heading, code):
    assert column_named(heading, COLUMNS).code == code


@pytest.mark.parametrize("heading", ["", "序号", "备注", "项目负责人电话"])
def test_other_headings_name_no_column(heading):
    assert column_named(heading, COLUMNS) is None


def test_the_unit_stands_in_brackets():
    assert heading_qualifier("预算金额（单位：万元）") == "单位:万元"


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["项目名称", "地区"])), max_size=5),
        max_size=25,
    )
)
def test_any_table_has_a_header_with_its_required_column_or_none(rows):
    header = find_header(rows, COLUMNS)

    assert header is None or "title" in {column.code for column in header.columns.values()}
