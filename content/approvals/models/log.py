"""What was done, in order, each row carrying the hash of the one before: nothing is changed or taken out unnoticed."""

from typing import NoReturn

from django.conf import settings
from django.db import models

from content.approvals.models.runs import Assignment, Run
from content.organization.models import Post


class LogIsFinal(TypeError):
    """Somebody tried to change or delete a row of the log."""


class Act(models.TextChoices):
    SUBMITTED = "submitted", "提交"
    OPENED = "opened", "到达环节"
    SIGNED = "signed", "签准"
    REFUSED = "refused", "退回"
    OBJECTED = "objected", "不同意"
    ADVISED = "advised", "答复委派"
    COVERED = "covered", "不必重签"
    STEPPED_BACK = "stepped_back", "退回前面的环节"
    TRANSFERRED = "transferred", "转办"
    DELEGATED = "delegated", "委派"
    ADDED = "added", "加签"
    REMOVED = "removed", "减签"
    TAKEN = "taken", "着手处理"
    RELEASED = "released", "放下"
    URGED = "urged", "催办"
    REMINDED = "reminded", "到期提醒"
    ESCALATED = "escalated", "逾期上报"
    COPIED = "copied", "抄送"
    COMMENTED = "commented", "留言"
    WITHDRAWN = "withdrawn", "撤回"
    VOIDED = "voided", "作废"
    APPROVED = "approved", "全部签准"


class _Final(models.QuerySet):
    """No statement that changes or deletes many rows at once."""

    def update(self, **kwargs) -> NoReturn:
        raise LogIsFinal("签批日志只能追加，不能修改。")

    def delete(self) -> NoReturn:
        raise LogIsFinal("签批日志只能追加，不能删除。")


class LogEntry(models.Model):
    """One act. Written by content.approvals.log.record only."""

    number = models.PositiveBigIntegerField("序号", unique=True)
    run = models.ForeignKey(Run, verbose_name="签批", on_delete=models.PROTECT, related_name="log")
    assignment = models.ForeignKey(
        Assignment, verbose_name="签批任务", null=True, blank=True, on_delete=models.PROTECT, related_name="log"
    )
    act = models.CharField("动作", max_length=14, choices=Act)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="谁", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    post = models.ForeignKey(
        Post, verbose_name="以何岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField("内容", blank=True)
    data = models.JSONField("细节", default=dict, blank=True)
    at = models.DateTimeField("时间")
    previous = models.CharField("前一行摘要值", max_length=64)
    mark = models.CharField("本行摘要值", max_length=64, unique=True)

    objects = _Final.as_manager()

    class Meta:
        verbose_name = "签批日志"
        verbose_name_plural = "签批日志"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.get_act_display()}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise LogIsFinal("签批日志只能追加，不能修改。")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> NoReturn:
        raise LogIsFinal("签批日志只能追加，不能删除。")


class LogHead(models.Model):
    """The last row of the chain: the lock writers wait for, and what shows that rows at the end are missing."""

    number = models.PositiveBigIntegerField("末行序号", default=0)
    mark = models.CharField("末行摘要值", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "签批日志末行"

    def __str__(self) -> str:
        return str(self.number)


class Copy(models.Model):
    """Somebody a run was shown to (抄送), and when they looked."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="copies")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="抄送给", on_delete=models.PROTECT, related_name="sign_off_copies"
    )
    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="抄送人", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    note = models.TextField("附言", blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "抄送"
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "recipient"], name="one_copy_per_person_and_run")]

    def __str__(self) -> str:
        return str(self.recipient)


def attachment_path(attachment: "Attachment", name: str) -> str:
    return f"sign-off/{attachment.entry.run_id}/{name}"


class Attachment(models.Model):
    """A file given with an act; its digest is in the log row, so that another file in its place is noticed."""

    entry = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField("附件", upload_to=attachment_path, max_length=300)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("字节数")
    digest = models.CharField("摘要值", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "签批附件"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
