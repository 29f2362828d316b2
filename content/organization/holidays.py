"""Holiday arrangements as the State Council's office announced them: (name, first day, last day, weekend days worked)."""

import datetime
from collections.abc import Iterator

ARRANGEMENTS: dict[int, tuple[tuple[str, str, str, tuple[str, ...]], ...]] = {
    2026: (
        ("元旦", "01-01", "01-03", ("01-04",)),
        ("春节", "02-15", "02-23", ("02-14", "02-28")),
        ("清明节", "04-04", "04-06", ()),
        ("劳动节", "05-01", "05-05", ("05-09",)),
        ("端午节", "06-19", "06-21", ()),
        ("中秋节", "09-25", "09-27", ()),
        ("国庆节", "10-01", "10-07", ("09-20", "10-10")),
    ),
}


def days_of(year: int) -> Iterator[tuple[datetime.date, bool, str]]:
    """(day, is it worked, name) of every day of that year that differs from the plain week."""
    for name, first, last, worked in ARRANGEMENTS[year]:
        day, end = (datetime.date.fromisoformat(f"{year}-{text}") for text in (first, last))
        while day <= end:
            yield day, False, name
            day += datetime.timedelta(days=1)
        for text in worked:
            yield datetime.date.fromisoformat(f"{year}-{text}"), True, f"{name}调休上班"
