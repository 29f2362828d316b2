"""Code series (SC-001, SC-002 …): every number is issued once, in order, and written into a register."""

from django.core.validators import RegexValidator
from django.db import models
from wagtail.admin.panels import FieldRowPanel


class CodeSeries(models.Model):
    """A series of codes. `next_number` is the number that will be issued next; it only ever grows."""

    prefix = models.CharField(
        "代号前缀", max_length=8, unique=True, validators=[RegexValidator(r"^[A-Z]+\Z", "请用大写英文字母，例如 SC。")]
    )
    name = models.CharField("系列名称", max_length=40)
    width = models.PositiveSmallIntegerField("数字位数", default=3)
    next_number = models.PositiveIntegerField("下一个号", default=1, editable=False)

    panels = [FieldRowPanel(["prefix", "width"]), "name"]

    class Meta:
        verbose_name = "代号系列"
        verbose_name_plural = "代号系列"
        ordering = ["prefix"]

    def __str__(self) -> str:
        return f"{self.prefix}　{self.name}"

    def code(self, number: int) -> str:
        """«SC-001»."""
        return f"{self.prefix}-{number:0{self.width}d}"


class IssuedCode(models.Model):
    """A line of the register: a code once issued stays here for good, so that it can neither be missing nor come back."""

    series = models.ForeignKey(CodeSeries, verbose_name="系列", on_delete=models.PROTECT, related_name="issued")
    number = models.PositiveIntegerField("序号")
    code = models.CharField("代号", max_length=30, unique=True)
    title = models.CharField("制度名称", max_length=255)
    issued_at = models.DateTimeField("发号时间", auto_now_add=True)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "已发代号"
        verbose_name_plural = "已发代号"
        ordering = ["series__prefix", "number"]
        constraints = [models.UniqueConstraint(fields=["series", "number"], name="one_code_per_number_of_a_series")]

    def __str__(self) -> str:
        return self.code
