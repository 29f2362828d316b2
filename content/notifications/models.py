"""The inbox: one row per person and event, shown on the portal and mailed by the worker."""

from django.conf import settings
from django.db import models


class NotificationKind(models.TextChoices):
    SIGN = "sign", "待我签批"
    RETURNED = "returned", "退回修改"
    SIGNED = "signed", "签批进展"
    PUBLISHED = "published", "已发布"
    READ = "read", "待我阅读"
    DUTY = "duty", "待我办理"
    ALERT = "alert", "检索提醒"
    SYSTEM = "system", "系统"


class Notification(models.Model):
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="收件人", on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField("类别", max_length=12, choices=NotificationKind)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    passage = models.TextField("原文", blank=True, help_text="相符的一段，找到的词带标记（见 passages.py）。")
    url = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    mailed_at = models.DateTimeField("邮件发出时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["recipient", "read_at"])]

    def __str__(self) -> str:
        return self.title
