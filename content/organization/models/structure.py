"""Units, posts and who holds them. Everything that names a signer, a reader or a trainer names a post."""

import datetime
from typing import ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index

from content.organization.models import history


def refuse_cycle(record, field: str, message: str) -> None:
    """Raise a ValidationError on `field` when following it from the record leads back to the record."""
    seen = set()
    above = getattr(record, field)
    while above is not None and above.pk not in seen:
        if above.pk == record.pk:
            raise ValidationError({field: message})
        seen.add(above.pk)
        above = getattr(above, field)


class Historical(models.Model):
    """A part of the organisation whose past stays known: each save keeps what it was until then (see history).

    `QuerySet.update` and SQL keep nothing; the clock compares once a day and closes such gaps.
    """

    established_on = models.DateField(
        "设立日期", null=True, blank=True, default=timezone.localdate, help_text="不填表示有记录以来一直存在。"
    )
    abolished_on = models.DateField(
        "撤销日期", null=True, blank=True, help_text="从这一天起不再存在；以前的组织机构图仍看得到它。"
    )

    class Meta:
        abstract = True

    # Names of the fields that make up the state which is kept.
    historical_fields: ClassVar[tuple[str, ...]] = ()

    @transaction.atomic
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        history.record(self)

    def clean(self):
        super().clean()
        if self.established_on and self.abolished_on and self.abolished_on <= self.established_on:
            raise ValidationError({"abolished_on": "撤销日期要晚于设立日期，请改正其中一个。"})

    def exists_on(self, day: datetime.date) -> bool:
        """Tell whether it is there on that day."""
        return (self.established_on is None or self.established_on <= day) and (
            self.abolished_on is None or day < self.abolished_on
        )


class UnitKind(models.TextChoices):
    GROUP = "group", "集团"
    HEADQUARTERS = "headquarters", "总部"
    COMPANY = "company", "所属企业"
    BRANCH = "branch", "分公司"
    DEPARTMENT = "department", "部门"


class Unit(index.Indexed, Historical):
    """A part of the group: headquarters, company, branch, department."""

    name = models.CharField("名称", max_length=60)
    code = models.SlugField("代号", max_length=30, unique=True)
    kind = models.CharField("性质", max_length=20, choices=UnitKind)
    parent = models.ForeignKey(
        "self", verbose_name="上级单位", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    historical_fields = ("name", "kind", "parent_id")

    panels = [
        "name",
        FieldRowPanel(["code", "kind"]),
        FieldRowPanel(["parent", "sort_order"]),
        FieldRowPanel(["established_on", "abolished_on"]),
    ]
    search_fields = [
        index.SearchField("name", boost=2),
        index.SearchField("code"),
        index.AutocompleteField("name"),
        index.AutocompleteField("code"),
        index.FilterField("kind"),
        index.FilterField("parent"),
        index.FilterField("sort_order"),
    ]

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self):
        super().clean()
        refuse_cycle(self, "parent", "上级单位不能是本单位自己或它的下级，请另选。")
        if self.abolished_on is None or self.pk is None:
            return
        lasting = models.Q(abolished_on__isnull=True) | models.Q(abolished_on__gt=self.abolished_on)
        posts, units = self.posts.filter(lasting), self.children.filter(lasting)
        names = [*(f"单位“{unit.name}”" for unit in units), *(f"岗位“{post.title}”" for post in posts)]
        if names:
            raise ValidationError(
                {"abolished_on": f"到这一天{'、'.join(names[:5])}还在，请先给它们填撤销日期，或把它们移到别的单位。"}
            )


class Post(index.Indexed, Historical):
    """A post (岗位): belongs to a unit, reports to a superior post, and brings rights through groups."""

    title = models.CharField("岗位名称", max_length=60)
    code = models.SlugField("岗位编号", max_length=30, unique=True)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="posts")
    superior = models.ForeignKey(
        "self", verbose_name="直接上级", null=True, blank=True, on_delete=models.PROTECT, related_name="subordinates"
    )
    groups = models.ManyToManyField(
        Group, verbose_name="随岗位获得的权限组", blank=True, related_name="posts",
        help_text="任职期间自动加入，离任自动退出。",
    )  # fmt: skip
    headcount = models.PositiveSmallIntegerField(
        "编制人数", default=1, help_text="同一时期可以有几人任职；代理与职务代理不计在内。"
    )
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    historical_fields = ("title", "unit_id", "superior_id")

    panels = [
        FieldRowPanel(["title", "code"]),
        FieldRowPanel(["unit", "superior"]),
        FieldRowPanel(["headcount", "sort_order"]),
        FieldRowPanel(["established_on", "abolished_on"]),
        FieldPanel("groups", widget=forms.CheckboxSelectMultiple),
    ]
    search_fields = [
        index.SearchField("title", boost=2),
        index.SearchField("code"),
        index.AutocompleteField("title"),
        index.AutocompleteField("code"),
        index.FilterField("unit"),
        index.FilterField("superior"),
        index.FilterField("sort_order"),
        index.RelatedFields("unit", [index.SearchField("name"), index.AutocompleteField("name")]),
    ]

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"
        ordering = ["sort_order", "id"]

    def __str__(self) -> str:
        return f"{self.unit.name} {self.title}"

    def clean(self):
        super().clean()
        refuse_cycle(self, "superior", "直接上级不能是本岗位自己或它的下级，请另选。")
        if self.abolished_on is None or self.pk is None:
            return
        lasting = models.Q(until__isnull=True) | models.Q(until__gte=self.abolished_on)
        people = [str(holding.user) for holding in self.holdings.filter(lasting).select_related("user")]
        if people:
            raise ValidationError(
                {"abolished_on": f"到这一天{'、'.join(people[:5])}还在任，请先填好任职的止日（早于撤销日期）。"}
            )
        below = self.subordinates.filter(
            models.Q(abolished_on__isnull=True) | models.Q(abolished_on__gt=self.abolished_on)
        )
        names = "、".join(f"“{post.title}”" for post in below[:5])
        if names:
            raise ValidationError({"abolished_on": f"到这一天{names}的直接上级还是本岗位，请先为它们另定上级。"})

    def get_absolute_url(self) -> str:
        return reverse("organization:post", args=[self.code])


class HoldingKind(models.TextChoices):
    REGULAR = "regular", "任职"
    ACTING = "acting", "代理（岗位空缺时）"
    SUBSTITUTE = "substitute", "职务代理（本人不在时）"


class Holding(index.Indexed, models.Model):
    """Who holds a post from when to when. `until` is the last day included; empty means still."""

    post = models.ForeignKey(Post, verbose_name="岗位", on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="holdings"
    )
    kind = models.CharField("方式", max_length=12, choices=HoldingKind, default=HoldingKind.REGULAR)
    since = models.DateField("起")
    until = models.DateField("止（含当日）", null=True, blank=True)

    panels = [FieldRowPanel(["post", "user"]), "kind", FieldRowPanel(["since", "until"])]
    search_fields = [
        index.FilterField("post"),
        index.FilterField("user"),
        index.FilterField("kind"),
        index.FilterField("since"),
        index.FilterField("until"),
        index.AutocompleteField("__str__"),
        index.RelatedFields("post", [index.SearchField("title"), index.AutocompleteField("title")]),
        index.RelatedFields("user", [index.SearchField("name"), index.AutocompleteField("name")]),
    ]

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ["post_id", "since"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="holding_ends_after_it_starts",
                violation_error_message="止日不能早于起日。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.post}（{self.get_kind_display()}）"

    def clean(self):
        # The form reports what is missing or the wrong way round; here both dates and the post are needed.
        if self.post_id is None or self.user_id is None or self.since is None:
            return
        if self.until is not None and self.until < self.since:
            raise ValidationError({"until": "止日不能早于起日，请改正其中一个。"})
        last = self.post.abolished_on
        if last is not None and (self.until is None or self.until >= last):
            raise ValidationError({"until": f"岗位“{self.post}”{last:%Y-%m-%d}撤销，止日要早于这一天。"})
        others = [other for other in self.post.holdings.exclude(pk=self.pk).select_related("user") if self.meets(other)]
        if any(other.user_id == self.user_id for other in others):
            raise ValidationError(
                {"user": f"{self.user}在这段时间已有“{self.post}”的任职记录，请修改原记录的起止日期。"}
            )
        regular = [other for other in others if other.kind == HoldingKind.REGULAR]
        if self.kind == HoldingKind.REGULAR and self._most_at_once(regular) >= self.post.headcount:
            names = "、".join(dict.fromkeys(str(other.user) for other in regular))
            raise ValidationError(
                {
                    "post": f"该岗位编制 {self.post.headcount} 人，这段时间已由{names}任职；请先填好其止日，或增加编制人数。"
                }
            )
        if self.kind == HoldingKind.ACTING and regular:
            raise ValidationError(
                {"kind": f"代理用于岗位空缺时，而这段时间{regular[0].user}在任；本人不在时请选“职务代理”。"}
            )
        if self.kind == HoldingKind.SUBSTITUTE:
            self._refuse_circle()

    def _refuse_circle(self) -> None:
        from content.organization.substitution import circle  # noqa: PLC0415 (it reads holdings)

        names = circle(self)
        if names:
            raise ValidationError(
                {"user": f"{'、'.join(names)}在这段时间互为职务代理，都不在时没有人能办；请另选代理人或改日期。"}
            )

    def meets(self, other: "Holding") -> bool:
        """Tell whether both are in force on some day."""
        return (self.until is None or other.since <= self.until) and (other.until is None or self.since <= other.until)

    def _most_at_once(self, others: list["Holding"]) -> int:
        """How many of the others are in force together on the fullest day of this holding."""
        days = {self.since, *(other.since for other in others if other.since > self.since)}
        return max(
            sum(other.since <= day and (other.until is None or day <= other.until) for other in others) for day in days
        )
