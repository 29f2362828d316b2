"""Who has to read what and has: reading duties, proposals to change, reminders sent."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from content.procedures.models.pages import ProcedurePage
from content.procedures.models.versions import ProcedureVersion

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Reading(models.Model):
    """One person's duty to read one version: the whole text, or only the changed steps of the person's posts."""

    version = models.ForeignKey(
        ProcedureVersion, verbose_name="版本", on_delete=models.CASCADE, related_name="readings"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="阅读人", on_delete=models.CASCADE, related_name="procedure_readings"
    )
    basis = models.ForeignKey(
        ProcedureVersion, verbose_name="已确认过的版本", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", help_text="空为通读全文；否则只读从这一版以来有改动的步骤。",
    )  # fmt: skip
    due_on = models.DateField("期限")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    closed_at = models.DateTimeField("不再需要", null=True, blank=True, help_text="有了更新的版本，或不再任职。")
    reminded_on = models.DateField("最近一次提醒", null=True, blank=True)

    items: "RelatedManager[ReadingItem]"

    class Meta:
        verbose_name = "阅读确认"
        verbose_name_plural = "阅读确认"
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="one_reading_per_person_and_version")]
        indexes = [models.Index(fields=["user", "confirmed_at"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.version}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.closed_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()


class ReadingItem(models.Model):
    """One thing to confirm: a changed step, or with an empty key the whole text."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="items")
    step_key = models.CharField("步骤", max_length=16, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "阅读确认项"
        verbose_name_plural = "阅读确认项"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reading", "step_key"], name="one_item_per_step_and_reading")]

    def __str__(self) -> str:
        return self.step_key or "全文"


class ProposalState(models.TextChoices):
    OPEN = "open", "待答复"
    ACCEPTED = "accepted", "采纳"
    DECLINED = "declined", "不采纳"


class ChangeProposal(models.Model):
    """What somebody thinks should be different; the procedure's owner answers."""

    page = models.ForeignKey(ProcedurePage, verbose_name="制度", on_delete=models.CASCADE, related_name="proposals")
    version = models.ForeignKey(ProcedureVersion, verbose_name="针对版本", on_delete=models.PROTECT, related_name="+")
    step_key = models.CharField("针对步骤", max_length=16, blank=True)
    text = models.TextField("建议", max_length=2000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提出人", on_delete=models.PROTECT, related_name="change_proposals"
    )
    created_at = models.DateTimeField("提出时间", auto_now_add=True)
    state = models.CharField("状态", max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    answer = models.TextField("答复", blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="答复人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "修改建议"
        verbose_name_plural = "修改建议"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:40]


class DutyReminder(models.Model):
    """A recurring step was announced to its posts for this day; so no post is told twice."""

    page = models.ForeignKey(ProcedurePage, on_delete=models.CASCADE, related_name="duty_reminders")
    step_key = models.CharField("步骤", max_length=16)
    day = models.DateField("日期")

    class Meta:
        verbose_name = "定期提醒"
        verbose_name_plural = "定期提醒"
        constraints = [
            models.UniqueConstraint(fields=["page", "step_key", "day"], name="one_reminder_per_duty_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.step_key} {self.day}"
