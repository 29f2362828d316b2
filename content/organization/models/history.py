"""What units and posts were before: a row for each stretch of days in which nothing about one changed.

The tables Unit and Post say how things stand today; these rows are written whenever one of them is saved. A state that
has no first day reaches back as far as anything is known. Past days are never rewritten.
"""

import datetime
from typing import Any

from django.db import models
from django.utils import timezone


class State(models.Model):
    """One stretch of days; both ends included, empty means open."""

    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止（含当日）", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = [models.F("since").asc(nulls_first=True), "pk"]


class UnitState(State):
    """How a unit was called and where it belonged."""

    record = models.ForeignKey("Unit", verbose_name="单位", on_delete=models.CASCADE, related_name="states")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("性质", max_length=20)
    parent = models.ForeignKey("Unit", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(State.Meta):
        verbose_name = verbose_name_plural = "单位沿革"
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(until__isnull=True), name="one_open_state_per_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.since or ''}—{self.until or ''}）"


class PostState(State):
    """How a post was called, where it belonged and whom it reported to."""

    record = models.ForeignKey("Post", verbose_name="岗位", on_delete=models.CASCADE, related_name="states")
    title = models.CharField("岗位名称", max_length=60)
    unit = models.ForeignKey("Unit", null=True, on_delete=models.SET_NULL, related_name="+")
    superior = models.ForeignKey("Post", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(State.Meta):
        verbose_name = verbose_name_plural = "岗位沿革"
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(until__isnull=True), name="one_open_state_per_post"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.since or ''}—{self.until or ''}）"


def record(thing: Any, *, on: datetime.date | None = None) -> bool:
    """Keep how a unit or post stands from `on` (today) on; return whether anything differs from what was known.

    Several changes on one day leave one state: what a day was is what stood at its end.
    """
    today = on or timezone.localdate()
    values = {name: getattr(thing, name) for name in thing.historical_fields}
    current = thing.states.filter(until__isnull=True).first()
    if current is None:
        thing.states.create(since=thing.established_on, **values)
        return True
    changed = any(getattr(current, name) != value for name, value in values.items())
    alone = not thing.states.exclude(pk=current.pk).exists()
    if alone and current.since != thing.established_on:
        # The day it was founded has been put right.
        current.since = thing.established_on
        current.save(update_fields=["since"])
    if not changed:
        return False
    if current.since is not None and current.since >= today:
        for name, value in values.items():
            setattr(current, name, value)
        current.save()
        return True
    current.until = today - datetime.timedelta(days=1)
    current.save(update_fields=["until"])
    thing.states.create(since=today, **values)
    return True


def in_force(states: models.QuerySet, on: datetime.date) -> models.QuerySet:
    """The states of these that hold on a day."""
    return states.filter(
        models.Q(since__isnull=True) | models.Q(since__lte=on), models.Q(until__isnull=True) | models.Q(until__gte=on)
    )
