"""Workbooks written here never run anything, and read back as what they were."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from content.importing.cells import cell_text
from content.importing.spreadsheets import workbook
from search.cells import safe_text


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_is_never_a_formula(text):
    (cell,) = next(load_workbook(io.BytesIO(workbook("表", [text], []))).active.iter_rows())

    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=50))
def test_text_reads_back_as_itself(text):
    text = cell_text(text).lstrip("'")

    assert cell_text(safe_text(text)) == text


def test_control_characters_and_endless_text_do_not_break_the_file():
    content = workbook("表" * 40, ["甲"], [["\x00\x0b甲" + "乙" * 40_000, 1]])

    row = next(load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    assert (len(row[0]), row[1]) == (32_767, 1)
