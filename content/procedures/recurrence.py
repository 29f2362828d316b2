"""Duties that come back: «每月26日», moved to a working day."""

import calendar
import datetime

from content.procedures.models.steps import Recurrence

WEEKDAYS = "一二三四五六日"


def recurrence_label(recurrence: str, day: int | None) -> str:
    """«每月 26 日», «每月最后一天», «每周五», «每个工作日»; empty where nothing recurs."""
    if recurrence == Recurrence.DAILY:
        return "每个工作日"
    if recurrence == Recurrence.WEEKLY and day and day <= 7:
        return f"每周{WEEKDAYS[day - 1]}"
    if recurrence == Recurrence.MONTHLY and day:
        return "每月最后一天" if day >= 31 else f"每月 {day} 日"
    return ""


def falls_on(recurrence: str, day: int | None, on: datetime.date) -> bool:
    """Tell whether the duty's own date is this day, before it is moved off a holiday.

    A month too short for the day ends with it: the 30th of February is its last day.
    """
    if recurrence == Recurrence.DAILY:
        return True
    if recurrence == Recurrence.WEEKLY:
        return day == on.isoweekday()
    if recurrence == Recurrence.MONTHLY and day:
        return on.day == min(day, calendar.monthrange(on.year, on.month)[1])
    return False


def is_due(recurrence: str, day: int | None, today: datetime.date, is_working_day) -> bool:
    """Tell whether the duty is to be done today: on its date, or on the last working day before it.

    A monthly plan due on a Saturday is wanted on the Friday; `is_working_day(date)` knows 调休.
    """
    if not is_working_day(today):
        return False
    if recurrence == Recurrence.DAILY:
        return True
    ahead = today
    while True:
        if falls_on(recurrence, day, ahead):
            return True
        ahead += datetime.timedelta(days=1)
        if is_working_day(ahead) or (ahead - today).days > 31:
            return False
