"""A record of every import: the file as it came, who brought it, and what became of each row."""

from django.conf import settings
from django.db import models
from django.urls import reverse


class ImportState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "导入中"
    DONE = "done", "已完成"
    FAILED = "failed", "未能读完"


class ImportBatch(models.Model):
    """One file brought in by one person. Counts and rejected rows grow in the same transactions as the rows saved."""

    kind = models.CharField("类别", max_length=40)
    file = models.FileField("文件", upload_to="imports/%Y/%m/")
    file_name = models.CharField("文件名", max_length=255)
    file_size = models.PositiveBigIntegerField("大小（字节）", default=0)
    format = models.CharField("格式", max_length=10, blank=True)
    note = models.CharField("读取方式", max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="导入人", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=8, choices=ImportState, default=ImportState.QUEUED)
    message = models.CharField("说明", max_length=500, blank=True)
    total_rows = models.PositiveIntegerField("约计行数", null=True, blank=True)
    rows_done = models.PositiveIntegerField("已处理", default=0)
    created_count = models.PositiveIntegerField("新增", default=0)
    updated_count = models.PositiveIntegerField("更新", default=0)
    unchanged_count = models.PositiveIntegerField("无变化", default=0)
    rejected_count = models.PositiveIntegerField("退回", default=0)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    progressed_at = models.DateTimeField("最近进展", auto_now=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "导入记录"
        verbose_name_plural = "导入记录"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["kind", "-created_at"], name="batches_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.get_state_display()}）"

    def get_absolute_url(self) -> str:
        return reverse("importing:report", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state in (ImportState.QUEUED, ImportState.RUNNING)

    @property
    def percent(self) -> int | None:
        """Progress 0–99 while it runs, None where the number of rows is not known."""
        return min(99, self.rows_done * 100 // self.total_rows) if self.total_rows else None

    @property
    def state_badge(self) -> str:
        """Suffix of the badge class that goes with the state."""
        if self.state == ImportState.DONE:
            return "warn" if self.rejected_count else "ok"
        return {ImportState.FAILED: "danger", ImportState.RUNNING: "info"}.get(self.state, "muted")


class RejectedRow(models.Model):
    """A row that was not taken, with the reason and what it held, so that it can be mended and brought again."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rejected_rows")
    number = models.PositiveIntegerField("行号")
    reason = models.CharField("原因", max_length=500)
    original = models.JSONField("原内容", help_text="按原列序的 [列名, 文字] 列表。")
    record = models.JSONField("原始公告", null=True, blank=True)

    class Meta:
        verbose_name = "被退回的行"
        verbose_name_plural = "被退回的行"
        ordering = ["batch_id", "number", "pk"]

    def __str__(self) -> str:
        return f"第 {self.number} 行：{self.reason}"
