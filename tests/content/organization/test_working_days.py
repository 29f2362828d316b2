import datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from content.organization.models import WorkingDay
from content.organization.setting_up import set_up_working_days
from content.organization.working_days import Calendar, add_working_days, deadline, is_working_day


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def year(db):
    set_up_working_days()


@pytest.mark.parametrize(
    ("date", "works"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-10-07", False),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2026-11-21", False),
        ("2026-11-23", True),
    ],
)
def test_offices_work_as_announced(year, date, works):
    assert is_working_day(day(date)) is works


def test_working_days_are_counted_over_holidays_and_worked_weekends(year):
    assert add_working_days(day("2026-02-13"), 1) == day("2026-02-14")
    assert add_working_days(day("2026-02-13"), 2) == day("2026-02-24")
    assert add_working_days(day("2026-09-30"), 1) == day("2026-10-08")
    assert add_working_days(day("2026-10-01"), 0) == day("2026-10-08")


def test_the_26th_of_a_month_falls_on_the_working_day_before(year):
    calendar = Calendar()
    assert calendar.on_or_before(day("2026-09-26")) == day("2026-09-24")
    assert calendar.on_or_before(day("2026-11-26")) == day("2026-11-26")
    assert calendar.on_or_after(day("2026-09-26")) == day("2026-09-28")


def test_a_deadline_keeps_the_time_of_day_and_starts_when_offices_open(year):
    friday = datetime.datetime(2026, 11, 20, 15, 30, tzinfo=timezone.get_default_timezone())
    assert timezone.localtime(deadline(friday, 1)).isoformat() == "2026-11-23T15:30:00+08:00"
    saturday = datetime.datetime(2026, 11, 21, 22, 0, tzinfo=timezone.get_default_timezone())
    assert timezone.localtime(deadline(saturday, 1)).isoformat() == "2026-11-24T09:00:00+08:00"


def test_a_year_not_arranged_yet_has_its_weekends_and_fixed_holidays(db):
    calendar = Calendar([])
    assert [calendar.is_working_day(day(text)) for text in ("2027-01-01", "2027-01-04", "2027-05-01", "2027-10-03")] == [
        False, True, False, False,
    ]  # fmt: skip


def test_setting_up_again_leaves_what_was_entered(year):
    WorkingDay.objects.filter(date="2026-01-02").delete()
    set_up_working_days()
    assert not WorkingDay.objects.filter(date="2026-01-02").exists()
    assert WorkingDay.objects.count() == 38


EXCEPTIONS = st.dictionaries(st.dates(day("2026-01-01"), day("2026-12-31")), st.booleans(), max_size=40)


@given(exceptions=EXCEPTIONS, start=st.dates(day("2026-01-01"), day("2026-12-31")), count=st.integers(0, 40))
def test_adding_and_counting_working_days_agree(exceptions, start, count):
    calendar = Calendar(exceptions.items())
    start = calendar.on_or_after(start)
    end = calendar.add(start, count)
    assert calendar.is_working_day(end)
    assert calendar.between(start, end) == count
