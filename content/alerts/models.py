"""Saved searches, what was told to whom, and the mails that bundle it."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse

from content.alerts.conditions import read
from content.organization.models import Post
from search.forms import Parameters


class MailRhythm(models.TextChoices):
    DAILY = "daily", "每天一封"
    WEEKLY = "weekly", "每周一封"
    NEVER = "never", "不发邮件"


def new_stamp() -> int:
    """A number no other state of a saved search has: processes that keep compiled searches see by it what changed."""
    return secrets.randbits(48)


class SavedSearch(models.Model):
    """A results page worth coming back to; who follows it is told what is new in it.

    `query` is the query string of the page's permanent address. Followers are the owner and whoever holds `post`.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="保存人", on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField("名称", max_length=60)
    query = models.TextField("检索条件")
    post = models.ForeignKey(
        Post, verbose_name="共享给岗位", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="任职的人都会看到它、收到提醒；各人可以只为自己停止。",
    )  # fmt: skip
    inbox = models.BooleanField("有新内容就发消息", default=True)
    mail = models.CharField(
        "邮件", max_length=8, choices=MailRhythm, default=MailRhythm.DAILY,
        help_text="几个检索的新内容合成一封，早上 8 点发出；每周的在周一。",
    )  # fmt: skip
    paused_at = models.DateTimeField("暂停时间", null=True, blank=True)
    stamp = models.BigIntegerField(default=new_stamp, editable=False)
    created_at = models.DateTimeField("保存时间", auto_now_add=True)

    class Meta:
        verbose_name = "保存的检索"
        verbose_name_plural = "保存的检索"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="unique_saved_search_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.stamp = new_stamp()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "stamp"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("alerts:detail", args=[self.pk])

    @property
    def results_url(self) -> str:
        """The results page it stands for."""
        return f"{reverse('search:results')}?{self.query}"

    @property
    def asked(self) -> Parameters:
        """What its address asks for today; `conditions.lost` tells what of it cannot be asked any more."""
        return read(self.query)

    def audience_tokens(self) -> frozenset[str]:
        """Who may see it: its owner and who holds its post."""
        tokens = {f"user:{self.owner_id}"}
        if self.post_id:
            tokens.add(f"post:{self.post_id}")
        return frozenset(tokens)


class OptOut(models.Model):
    """This person is not told of this search any more, though it is the person's own or shared with the person's post."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="opt_outs")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "停止提醒"
        verbose_name_plural = "停止提醒"
        constraints = [models.UniqueConstraint(fields=["search", "user"], name="unique_opt_out")]

    def __str__(self) -> str:
        return f"{self.user}：{self.search}"


class MailStop(models.Model):
    """This person gets no mail about saved searches at all."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "停收检索邮件"
        verbose_name_plural = "停收检索邮件"

    def __str__(self) -> str:
        return str(self.user)


class WaitingDocument(models.Model):
    """A document that is new or has changed and that no saved search was compared with yet.

    `before` is the document as it could be found until then (see waiting.packed); empty for a new one. Written before
    the index shows the change, gone in the transaction that tells people.
    """

    key = models.CharField("内容", max_length=190)
    before = models.BinaryField("原来的内容", default=b"")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "待比对的内容"
        verbose_name_plural = "待比对的内容"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


class MailingState(models.TextChoices):
    QUEUED = "queued", "等待发送"
    SENDING = "sending", "正在发送"
    SENT = "sent", "已发出"
    FAILED = "failed", "没有发出"
    EMPTY = "empty", "没有可发的内容"


class Mailing(models.Model):
    """One mail to one person with what is new in all searches of that person; one a day at most."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField("日期")
    state = models.CharField("状态", max_length=8, choices=MailingState, default=MailingState.QUEUED)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_try_at = models.DateTimeField("下次发送", null=True, blank=True)
    claimed_at = models.DateTimeField("开始发送", null=True, blank=True)
    finished_at = models.DateTimeField("办结时间", null=True, blank=True)
    error = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "检索邮件"
        verbose_name_plural = "检索邮件"
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="unique_mailing_per_day")]
        indexes = [models.Index(fields=["state", "next_try_at"], name="mailing_due")]

    def __str__(self) -> str:
        return f"{self.user} {self.day}"


class Alert(models.Model):
    """This person was told of this document, once and for all searches.

    `deadline` is the one told last; `deadline_before` the one told before it, if the document's deadline has changed
    since. `mail` says with which mail it still has to go, NEVER once it has a `mailing` or needs none.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    search = models.ForeignKey(
        SavedSearch, verbose_name="检索", null=True, on_delete=models.SET_NULL, related_name="alerts"
    )
    key = models.CharField("内容", max_length=190)
    deadline = models.DateField("截止日期", null=True, blank=True)
    deadline_before = models.DateField("原截止日期", null=True, blank=True)
    run = models.UUIDField(editable=False)
    mail = models.CharField(max_length=8, choices=MailRhythm, default=MailRhythm.NEVER)
    mailing = models.ForeignKey(Mailing, null=True, blank=True, on_delete=models.SET_NULL, related_name="alerts")
    told_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "检索提醒"
        verbose_name_plural = "检索提醒"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="unique_alert")]
        indexes = [
            models.Index(fields=["run"], name="alert_run"),
            models.Index(fields=["key"], name="alert_key"),
            models.Index(fields=["mail", "user"], name="alert_waiting_mail"),
        ]

    def __str__(self) -> str:
        return self.key
