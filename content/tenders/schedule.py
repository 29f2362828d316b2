"""A deadline passes without anyone saving anything; the index is told by the clock."""

import datetime

from django.db import transaction
from django.utils import timezone

import search
from content.core.schedule import every
from content.tenders.models import OPEN_STATUSES, TenderProcess

# Longer than the interval, so that a clock that stood still for a while misses nothing.
LOOK_BACK = datetime.timedelta(days=2)


@every(datetime.timedelta(hours=1))
def show_passed_deadlines() -> int:
    """Have tenders indexed anew whose deadline passed lately: their state reads «已截止» now. Returns how many."""
    now = timezone.now()
    passed = TenderProcess.objects.filter(status__in=OPEN_STATUSES, tender_end__lt=now, tender_end__gte=now - LOOK_BACK)
    with transaction.atomic():
        return search.touch(passed)
