"""Handover sheets: what a person leaves behind when a holding ends, who takes it over, and who signed for it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from content.organization.models import Holding, Post

if TYPE_CHECKING:
    import datetime

    from django.db.models.fields.related_descriptors import RelatedManager

# The right of those who keep the records of posts and people.
MANAGERS = "organization.change_holding"


class HandoverSheet(models.Model):
    """One person hands over to another. `holding` and `post` are empty for an account that never held a post.

    `superior` is the nearest post above somebody else holds: it may name the successor, and sign for who cannot.
    """

    holding = models.OneToOneField(
        Holding, verbose_name="任职", null=True, blank=True, on_delete=models.PROTECT, related_name="handover"
    )
    post = models.ForeignKey(
        Post, verbose_name="岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="handovers"
    )
    leaver = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="移交人", on_delete=models.PROTECT, related_name="handovers_left"
    )
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="接手人", null=True, blank=True, on_delete=models.PROTECT,
        related_name="handovers_taken",
    )  # fmt: skip
    superior = models.ForeignKey(
        Post, verbose_name="上级岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    successor_chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="接手人由谁指定", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", help_text="空为按任职推定：有了继任者就跟着变。",
    )  # fmt: skip
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="建立人", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", help_text="空为到期自动建立。",
    )  # fmt: skip
    note = models.TextField("移交说明", blank=True, max_length=4000)
    at_once = models.BooleanField("双方签好就移交，不等离任日", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    leaver_signed_at = models.DateTimeField("移交人签名时间", null=True, blank=True)
    leaver_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="移交由谁签", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", help_text="本人不能登录时由上级代签。",
    )  # fmt: skip
    successor_signed_at = models.DateTimeField("接手人签名时间", null=True, blank=True)
    completed_at = models.DateTimeField("移交完成时间", null=True, blank=True)

    items: "RelatedManager[HandoverItem]"

    class Meta:
        verbose_name = "交接单"
        verbose_name_plural = "交接单"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.post or '（无岗位）'}：{self.leaver}移交{self.successor or '（未定）'}"

    def get_absolute_url(self) -> str:
        return reverse("handovers:detail", args=[self.pk])

    def audience_tokens(self) -> frozenset[str]:
        """Who may see it: both sides, the superior's holders, and site managers."""
        tokens = {f"perm:{MANAGERS}", f"user:{self.leaver_id}"}
        if self.successor_id:
            tokens.add(f"user:{self.successor_id}")
        if self.superior_id:
            tokens.add(f"post:{self.superior_id}")
        return frozenset(tokens)

    @property
    def ends_on(self) -> "datetime.date | None":
        """Last day in the post; None while it is open or where there is no post."""
        return self.holding.until if self.holding else None

    @property
    def has_ended(self) -> bool:
        """Nothing keeps the leaver in the post any more."""
        if not self.leaver.is_active or self.holding is None:
            return True
        return self.holding.until is not None and self.holding.until < timezone.localdate()

    @property
    def is_signed(self) -> bool:
        return self.leaver_signed_at is not None and self.successor_signed_at is not None

    @property
    def is_signed_for(self) -> bool:
        """The superior signed in the leaver's place."""
        return self.leaver_signed_at is not None and self.leaver_signed_by_id != self.leaver_id

    @property
    def state(self) -> tuple[str, str]:
        """(style of `.badge`, what to read)."""
        if self.completed_at:
            return "badge--ok", "已移交"
        if self.is_signed:
            return "badge--info", "双方已签，到离任日移交"
        if self.successor_id is None:
            return "badge--danger", "接手人未定"
        if self.leaver_signed_at:
            return "badge--warn", "待接手人签名"
        if self.successor_signed_at:
            return "badge--warn", "待移交人签名"
        return "badge--warn", "待双方签名"


class HandoverItem(models.Model):
    """One thing on the sheet, as its room described it (see leavings)."""

    sheet = models.ForeignKey(HandoverSheet, on_delete=models.CASCADE, related_name="items")
    room = models.CharField("类别", max_length=30)
    key = models.CharField("标识", max_length=60)
    title = models.CharField("事项", max_length=255)
    detail = models.CharField("说明", max_length=200, blank=True)
    url = models.CharField("链接", max_length=300, blank=True)
    moves = models.BooleanField("会移交", default=False)
    chosen = models.BooleanField("要移交", default=True, help_text="调岗的人可以把自己的事留下。")
    moved_at = models.DateTimeField("移交时间", null=True, blank=True)

    class Meta:
        verbose_name = "交接事项"
        verbose_name_plural = "交接事项"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "room", "key"], name="one_row_per_thing_handed_over")]

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """Something still tied to a disabled account. The row remembers that site managers were told."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="停用账号", on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField("标识", max_length=60)
    text = models.CharField("发现", max_length=200)
    url = models.CharField("链接", max_length=300, blank=True)
    found_at = models.DateTimeField("发现时间", auto_now_add=True)

    class Meta:
        verbose_name = "停用账号核查"
        verbose_name_plural = "停用账号核查"
        ordering = ["user__name", "user_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_row_per_finding")]

    def __str__(self) -> str:
        return f"{self.user}：{self.text}"
