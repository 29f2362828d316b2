"""Amounts and times as people write them."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.tenders.merging import amount_in_words
from content.tenders.values import Amount, DateError, parse_amount, parse_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("120万", "", Amount(Decimal("1200000.00"))),
        ("120 万元", "", Amount(Decimal("1200000.00"))),
        ("约120万元", "", Amount(Decimal("1200000.00"), note="原文：约120万元")),
        ("1.2亿", "", Amount(Decimal("120000000.00"))),
        ("￥1,200,000.00", "", Amount(Decimal("1200000.00"))),
        ("¥980,000", "", Amount(Decimal("980000.00"))),
        ("壹佰贰拾万元整", "", Amount(Decimal("1200000.00"))),
        ("120", "万元", Amount(Decimal("1200000.00"))),
        (120, "单位：万元", Amount(Decimal("1200000.00"))),
        ("98.6万元", "元", Amount(Decimal("986000.00"))),
        (1200000, "", Amount(Decimal("1200000.00"))),
        (0.5, "亿元", Amount(Decimal("50000000.00"))),
        ("100-200万元", "", Amount(Decimal("2000000.00"), note="原文：100-200万元")),
        ("0", "", Amount(None, note="原文为「0」，视为未公布")),
        ("1元", "", Amount(None, note="原文为「1元」，视为未公布")),
        ("2.00", "", Amount(None, note="原文为「2.00」，视为未公布")),
        ("面议", "", Amount(None, note="面议")),
        ("18.5元/平方米", "", Amount(None, note="18.5元/平方米")),
        ("费率 85%", "", Amount(None, note="费率 85%")),
        ("=1+1", "", Amount(None, note="=1+1")),
        ("-5", "", Amount(None, note="-5")),
        ("£372,032.50", "", Amount(Decimal("372032.50"), "GBP")),
        ("5000美元", "", Amount(Decimal("5000.00"), "USD")),
        ("", "", Amount(None)),
        ("/", "", Amount(None)),
        (None, "万元", Amount(None)),
    ],
)
def test_an_amount_is_read_or_left_unknown_with_a_note(text, unit, expected):
    assert parse_amount(text, unit=unit) == expected


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans()), st.text(max_size=10))
def test_no_amount_is_an_error(value, unit):
    amount = parse_amount(value, unit=unit)

    assert amount.value is None or 0 <= amount.value < 10**15
    assert len(amount.note) <= 200


@given(st.decimals(min_value=3, max_value=10**11, places=2))
def test_an_amount_written_plainly_or_with_groups_is_the_same(number):
    assert parse_amount(f"{number}元").value == parse_amount(f"￥{number:,}").value == number


@given(st.decimals(min_value=3, max_value=10**12, places=2))
def test_an_amount_in_words_reads_back_as_itself(number):
    assert parse_amount(amount_in_words(number)).value == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年3月5日 09:30", (2026, 3, 5, 9, 30)),
        ("2026/3/5", (2026, 3, 5, 23, 59)),
        ("2026.3.5 9:30", (2026, 3, 5, 9, 30)),
        ("2026-03-05", (2026, 3, 5, 23, 59)),
        ("20260305", (2026, 3, 5, 23, 59)),
        ("2026年3月5日（星期四）14:30", (2026, 3, 5, 14, 30)),
        ("2026年3月5日上午9时30分", (2026, 3, 5, 9, 30)),
        ("2026年3月5日下午2点半", (2026, 3, 5, 14, 30)),
        ("2026-03-05 24:00", (2026, 3, 5, 23, 59)),
        ("2026-03-05T09:30:00Z", (2026, 3, 5, 17, 30)),
        ("2026-03-05T09:30:00+01:00", (2026, 3, 5, 16, 30)),
        ("2026年3月1日至2026年3月5日17:00", (2026, 3, 5, 17, 0)),
        ("２０２６－０３－０５　０９：３０", (2026, 3, 5, 9, 30)),
        ("46086", (2026, 3, 5, 23, 59)),
        (46086.5, (2026, 3, 5, 12, 0)),
        (datetime.datetime(2026, 3, 5), (2026, 3, 5, 23, 59)),  # noqa: DTZ001 (spreadsheets know no zone)
        (datetime.datetime(2026, 3, 5, 8), (2026, 3, 5, 8, 0)),  # noqa: DTZ001
        (datetime.date(2026, 3, 5), (2026, 3, 5, 23, 59)),
    ],
)
def test_a_deadline_is_read_in_shanghai_and_ends_its_day(text, expected):
    assert parse_moment(text, end_of_day=True) == datetime.datetime(*expected, tzinfo=SHANGHAI)


def test_a_day_that_is_no_deadline_begins_at_midnight():
    assert parse_moment("2026-03-05") == datetime.datetime(2026, 3, 5, tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", ["", None, "详见招标文件", "另行通知", "=TODAY()", "/"])
def test_text_without_a_date_is_unknown(text):
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-02-30", "「2026-02-30」不是真实存在的日期；请改正后再导入。"),
        ("2026年13月1日", "「2026年13月1日」不是真实存在的日期；请改正后再导入。"),
        ("0026-03-05", "「0026-03-05」的年份不在 1990–2100 之间；请改正后再导入。"),
        ("2026-03-05 25:00", "「2026-03-05 25:00」的时刻不存在；请写成「2026-03-05 09:30」的样子。"),
        ("3月5日", "「3月5日」认不出是哪一天；请写成「2026-03-05 09:30」的样子。"),
        ("99999", "「99999」认不出是哪一天；请写成「2026-03-05 09:30」的样子。"),
        (datetime.time(9), "只有时间、没有日期；请写成「2026-03-05 09:30」的样子。"),
    ],
)
def test_a_date_that_cannot_be_is_told_in_one_sentence(text, sentence):
    with pytest.raises(DateError) as caught:
        parse_moment(text)

    assert str(caught.value) == sentence


@given(st.text(), st.booleans())
def test_any_text_is_a_moment_unknown_or_a_sentence(text, end_of_day):
    try:
        moment = parse_moment(text, end_of_day=end_of_day)
    except DateError as error:
        moment, sentence = None, str(error)
    else:
        sentence = "。"

    assert sentence.endswith("。")
    assert moment is None or moment.tzinfo is not None


@given(st.datetimes(min_value=datetime.datetime(1990, 1, 2), max_value=datetime.datetime(2100, 1, 1)))  # noqa: DTZ001
def test_every_way_of_writing_a_moment_reads_the_same(moment):
    moment = moment.replace(second=0, microsecond=0)
    expected = moment.replace(tzinfo=SHANGHAI)
    for written in (
        f"{moment:%Y-%m-%d %H:%M}",
        f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour}:{moment:%M}",
        f"{moment.year}/{moment.month}/{moment.day} {moment.hour}时{moment.minute}分",
        f"{moment:%Y.%m.%d %H:%M}",
    ):
        assert parse_moment(written) == expected
