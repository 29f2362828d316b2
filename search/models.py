"""The search outbox: what has changed and is not in the index yet."""

from django.db import models


class OutboxEntry(models.Model):
    """One change of one object, written in the transaction of the change; gone once the index shows it."""

    model = models.CharField("模型", max_length=120)
    object_pk = models.CharField("主键", max_length=64)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    attempts = models.PositiveSmallIntegerField("失败次数", default=0)
    last_error = models.TextField("最近一次错误", blank=True)

    class Meta:
        verbose_name = "待更新的检索条目"
        verbose_name_plural = "待更新的检索条目"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.model}:{self.object_pk}"
