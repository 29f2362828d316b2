"""A record of every import: the file as it came, who brought it, and what became of each row."""

from django.conf import settings
from django.db import models


class ImportState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "导入中"
    DONE = "done", "完成"
    FAILED = "failed", "未能导入"


class ImportBatch(models.Model):
    kind = models.CharField("类别", max_length=40)
    file = models.FileField("文件", upload_to="imports/%Y/%m/")
    file_name = models.CharField("文件名", max_length=255)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="导入人", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=8, choices=ImportState, default=ImportState.QUEUED)
    message = models.CharField("说明", max_length=300, blank=True)
    report = models.JSONField("结果", default=dict, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "导入记录"
        verbose_name_plural = "导入记录"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.get_state_display()}）"
