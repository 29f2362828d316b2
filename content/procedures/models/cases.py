"""Cases: what somebody started by a procedure, with the form as typed, its files, and what an inspection found."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from content.organization.models import Post
from content.procedures.models.versions import ProcedureVersion

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Case(models.Model):
    """One thing under way by one version of a procedure. It follows that version to its end, whatever comes after.

    `values` keeps what was typed, by key of the field, exactly as typed: an unfinished form is never refused.
    """

    version = models.ForeignKey(ProcedureVersion, verbose_name="依据", on_delete=models.PROTECT, related_name="cases")
    number = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("事项", max_length=120, blank=True)
    drafter = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发起人", on_delete=models.PROTECT, related_name="cases"
    )
    values = models.JSONField("表单内容", default=dict, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("最近保存", default=timezone.now)

    saves = models.PositiveIntegerField(
        "第几次保存", default=0, help_text="表单带着它回来：旧页面迟到的自动保存不会盖掉新内容。"
    )

    files: "RelatedManager[CaseFile]"
    findings: "RelatedManager[Finding]"

    sign_off_template = "procedures/cases/sign_off.html"

    class Meta:
        verbose_name = "办理事项"
        verbose_name_plural = "办理事项"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["drafter", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.number} {self.title or self.version.title}"

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.pk])

    # What the sign-off engine asks of a record (content/approvals/subjects.py).

    def sign_off_definition(self) -> dict:
        from content.procedures.case_signing import definition_for  # noqa: PLC0415 (it reads these models)

        return definition_for(self)

    def sign_off_values(self) -> dict[str, tuple[str, Any]]:
        from content.procedures.case_signing import values_for  # noqa: PLC0415 (it reads these models)

        return values_for(self)

    def sign_off_content(self) -> dict:
        from content.procedures.case_signing import content_for  # noqa: PLC0415 (it reads these models)

        return content_for(self)

    def sign_off_shortcomings(self) -> list[str]:
        from content.procedures.case_signing import shortcomings_for  # noqa: PLC0415 (it reads these models)

        return shortcomings_for(self)

    def sign_off_may_submit(self, user) -> bool:
        return user.is_active and user.pk == self.drafter_id

    def sign_off_authors(self) -> list[int]:
        return [self.drafter_id]

    def sign_off_url(self) -> str:
        return self.get_absolute_url()

    def get_sign_off_context(self, request) -> dict:
        from content.procedures.case_view import content_context  # noqa: PLC0415 (it reads these models)

        return content_context(self)


def file_path(instance: "CaseFile", name: str) -> str:
    """Below a folder no address serves: files of cases are read through their own view only."""
    return f"cases/{instance.case_id}/{name}"


class CaseFile(models.Model):
    """A file of one field of the form; of a checklist's item it is the photo (`item` counts from 0)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="files")
    field_key = models.CharField("栏目", max_length=16)
    item = models.PositiveSmallIntegerField("检查项", null=True, blank=True)
    file = models.FileField("文件", upload_to=file_path, max_length=255)
    name = models.CharField("文件名", max_length=160)
    size = models.PositiveBigIntegerField("字节数")
    digest = models.CharField("摘要值", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "事项附件"
        verbose_name_plural = "事项附件"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cases:file", args=[self.case_id, self.pk])


class Finding(models.Model):
    """Something an inspection found wrong: open until somebody says what was done about it."""

    case = models.ForeignKey(Case, verbose_name="来自", on_delete=models.PROTECT, related_name="findings")
    field_key = models.CharField("清单", max_length=16)
    item = models.PositiveSmallIntegerField("第几项")
    text = models.CharField("检查项", max_length=200)
    note = models.TextField("问题", blank=True)
    post = models.ForeignKey(
        Post, verbose_name="整改岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    found_at = models.DateTimeField("发现时间", auto_now_add=True)
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="关闭人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    remedy = models.TextField("整改情况", blank=True)

    class Meta:
        verbose_name = "巡查问题"
        verbose_name_plural = "巡查问题"
        ordering = ["closed_at", "found_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "field_key", "item"], name="one_finding_per_item_of_a_case")
        ]

    def __str__(self) -> str:
        return self.text


class CaseCounter(models.Model):
    """The last number of a procedure's cases in a year; its row is the lock under which numbers are given."""

    code = models.CharField("流程代号", max_length=30)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后一号", default=0)

    class Meta:
        verbose_name = "事项编号"
        verbose_name_plural = "事项编号"
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="one_case_counter_per_code_and_year")]

    def __str__(self) -> str:
        return f"{self.code}-{self.year}-{self.last:04d}"
