"""Versions in force and their printed copies. A version is never edited: a new text is a new version."""

import datetime
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from content.procedures.models.pages import ProcedurePage

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from content.procedures.models.reading import Reading


def new_token() -> str:
    """Nobody guesses the address a printed copy is checked at."""
    return secrets.token_urlsafe(12)


class VersionState(models.TextChoices):
    SCHEDULED = "scheduled", "待施行"
    EFFECTIVE = "effective", "现行"
    OBSOLETE = "obsolete", "已废止"


class VersionQuerySet(models.QuerySet):
    def in_force(self, on: datetime.date) -> "VersionQuerySet":
        """In force on that day; of one procedure there is at most one."""
        return self.filter(effective_from__lte=on).exclude(effective_until__lt=on).order_by("-number")


class ProcedureVersion(models.Model):
    """One signed text of a procedure. `content` is its snapshot, from which page, chart, PDF and route are all made."""

    page = models.ForeignKey(ProcedurePage, verbose_name="制度", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版次")
    content = models.JSONField("正文与步骤", help_text="形状见 content/procedures/snapshots.py。")
    effective_from = models.DateField("施行日期")
    effective_until = models.DateField("止（含当日）", null=True, blank=True)
    review_on = models.DateField("复审日期")
    review_reminded_on = models.DateField("最近一次提醒复审", null=True, blank=True, editable=False)
    # Plain number, not a foreign key, as in Run: the text stays even where a run were ever removed.
    run_id = models.BigIntegerField("签批记录", null=True, blank=True, editable=False)
    revision_id = models.BigIntegerField("修订", unique=True, editable=False)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField("签准时间", auto_now_add=True)

    objects = VersionQuerySet.as_manager()

    readings: "RelatedManager[Reading]"

    class Meta:
        verbose_name = "制度版本"
        verbose_name_plural = "制度版本"
        ordering = ["page_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="one_version_per_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="versions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.content['code']} V{self.number}"

    def state_on(self, on: datetime.date) -> VersionState:
        """What it is on a day: waiting for its date, in force, or over."""
        if self.effective_until is not None and self.effective_until < max(on, self.effective_from):
            return VersionState.OBSOLETE
        return VersionState.SCHEDULED if self.effective_from > on else VersionState.EFFECTIVE

    @property
    def state(self) -> VersionState:
        return self.state_on(timezone.localdate())

    @property
    def title(self) -> str:
        return self.content["title"]

    @property
    def code(self) -> str:
        return self.content["code"]

    def get_absolute_url(self) -> str:
        return reverse("procedures:version", args=[self.code.lower(), self.number])


class ControlledCopy(models.Model):
    """A numbered paper copy: who has it, and whether it came back when the version went out of force."""

    version = models.ForeignKey(ProcedureVersion, verbose_name="版本", on_delete=models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField("份号")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    holder = models.CharField("发给", max_length=80)
    place = models.CharField("张贴或存放处", max_length=80, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发放人", on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField("发放时间", auto_now_add=True)
    returned_at = models.DateTimeField("收回时间", null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="收回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "受控副本"
        verbose_name_plural = "受控副本"
        ordering = ["version_id", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="one_copy_per_number")]

    def __str__(self) -> str:
        return f"{self.version} 第 {self.number} 份"

    @property
    def to_be_returned(self) -> bool:
        """Still out although its version is over."""
        return self.returned_at is None and self.version.state == VersionState.OBSOLETE
