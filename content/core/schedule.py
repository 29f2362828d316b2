"""Recurring jobs. An app registers its own in `schedule.py`; the clock process (`run_clock`) runs them.

A job is a plain function without arguments that may run twice or late without harm.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    interval: datetime.timedelta
    run: Callable[[], object]


_jobs: dict[str, Job] = {}


def every(interval: datetime.timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Decorator: run this function once per interval, the first time when the clock starts."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        name = f"{function.__module__}.{function.__qualname__}"
        _jobs[name] = Job(name=name, interval=interval, run=function)
        return function

    return register


def jobs() -> tuple[Job, ...]:
    return tuple(_jobs.values())
