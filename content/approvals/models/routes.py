"""The definition a site manager edits: a route and its nodes."""

from typing import TYPE_CHECKING

from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from content.organization.models import Post

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Rule(models.TextChoices):
    ALL = "all", "会签（所列岗位都要签）"
    ANY = "any", "或签（所列岗位任一人签即可）"


class Route(ClusterableModel):
    """A route papers take. Editing it changes runs started later; a run keeps the definition it started with."""

    name = models.CharField("名称", max_length=80, unique=True)
    code = models.SlugField("代号", max_length=30, unique=True, help_text="用英文小写字母和连字符，例如 release。")
    description = models.TextField("说明", blank=True, help_text="提交前显示给起草人，一两句话说清什么稿件走这条路线。")
    own_work_allowed = models.BooleanField(
        "允许签批本人起草的内容", default=False, help_text="一般不勾选：本人起草的内容改由直接上级签批。"
    )

    nodes: "RelatedManager[Node]"

    class Meta:
        verbose_name = "签批路线"
        verbose_name_plural = "签批路线"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Node(Orderable, ClusterableModel):
    """One step of a route: which posts sign, by which rule, under which condition."""

    route = ParentalKey(Route, on_delete=models.CASCADE, related_name="nodes")
    title = models.CharField("环节", max_length=60)
    posts = ParentalManyToManyField(Post, verbose_name="签批岗位", related_name="+")
    rule = models.CharField("规则", max_length=5, choices=Rule, default=Rule.ALL)
    condition = models.CharField(
        "条件", max_length=60, blank=True, help_text="留空为每次都签；选了条件，条件不成立时本环节跳过并写明原因。"
    )
    days = models.PositiveSmallIntegerField("时限（天）", null=True, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "环节"
        verbose_name_plural = "环节"

    def __str__(self) -> str:
        return self.title
