"""Days that differ from the plain week."""

from django.db import models
from wagtail.admin.panels import FieldRowPanel


class WorkingDay(models.Model):
    """A day that differs from the plain week: a holiday, or a weekend day worked in exchange (调休)."""

    date = models.DateField("日期", unique=True)
    works = models.BooleanField("上班", default=False, help_text="勾选：周末调休上班；不勾选：放假。")
    name = models.CharField("说明", max_length=40, help_text="例如“春节”“国庆节调休上班”。")

    panels = [FieldRowPanel(["date", "works"]), "name"]

    class Meta:
        verbose_name = "放假与调休"
        verbose_name_plural = "放假与调休"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"
