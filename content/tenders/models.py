"""Tender processes and their releases, in OCDS terms (1.1): a process is what a client buys, a release one notice of it."""

from django.conf import settings
from django.db import models

from content.places.models import Division
from content.taxonomy.models import Subject


class TenderStatus(models.TextChoices):
    """OCDS tender.status, with the words of the department."""

    PLANNED = "planned", "预告"
    ACTIVE = "active", "招标中"
    CANCELLED = "cancelled", "已取消"
    UNSUCCESSFUL = "unsuccessful", "流标"
    COMPLETE = "complete", "已结束"
    WITHDRAWN = "withdrawn", "已撤回"


class Consortium(models.TextChoices):
    YES = "yes", "接受联合体"
    NO = "no", "不接受联合体"
    PER_LOT = "per_lot", "分标段规定"
    UNSTATED = "unstated", "未说明"


class QualificationGrade(models.TextChoices):
    A = "a", "甲级"
    B = "b", "乙级"
    C = "c", "丙级"
    NONE = "", "不分级"


class ReleaseTag(models.TextChoices):
    """OCDS release tags used here."""

    PLANNING = "planning", "预告"
    TENDER = "tender", "招标公告"
    TENDER_UPDATE = "tenderUpdate", "更新"
    TENDER_AMENDMENT = "tenderAmendment", "更正公告"
    TENDER_CANCELLATION = "tenderCancellation", "终止公告"
    AWARD = "award", "结果公告"
    AWARD_UPDATE = "awardUpdate", "结果更正"
    CONTRACT = "contract", "合同公告"


class TenderProcess(models.Model):
    """One contracting process (OCDS ocid) in its present state, with every field of S40."""

    ocid = models.CharField("过程标识（ocid）", max_length=200, unique=True)
    project_number = models.CharField("项目编号", max_length=120, blank=True, db_index=True)
    title = models.CharField("项目名称", max_length=500)
    description = models.TextField("项目简介", blank=True)
    status = models.CharField("状态", max_length=14, choices=TenderStatus, default=TenderStatus.ACTIVE)
    procuring_entity = models.CharField("采购人 / 招标人", max_length=300, blank=True)
    agency = models.CharField("委托单位 / 代理机构", max_length=300, blank=True)
    procurement_method_details = models.CharField("采购方式", max_length=200, blank=True)
    division = models.ForeignKey(
        Division, verbose_name="地区", null=True, blank=True, on_delete=models.PROTECT, related_name="tenders"
    )
    place_text = models.CharField("地区原文", max_length=200, blank=True)
    subjects = models.ManyToManyField(Subject, verbose_name="主题", blank=True, related_name="tenders")
    value_amount = models.DecimalField("预算金额", max_digits=18, decimal_places=2, null=True, blank=True)
    value_currency = models.CharField("币种", max_length=3, default="CNY")
    value_note = models.CharField("预算说明", max_length=200, blank=True)
    published_at = models.DateTimeField("公告时间", null=True, blank=True, db_index=True)
    enquiry_end = models.DateTimeField("询问截止", null=True, blank=True)
    registration_end = models.DateTimeField("报名 / 获取文件截止", null=True, blank=True)
    tender_end = models.DateTimeField("投标截止", null=True, blank=True, db_index=True)
    opening_at = models.DateTimeField("开标时间", null=True, blank=True)
    registration_documents = models.TextField("报名所需文件", blank=True)
    consortium = models.CharField("联合体", max_length=10, choices=Consortium, default=Consortium.UNSTATED)
    consortium_note = models.CharField("联合体说明", max_length=300, blank=True)
    source_url = models.URLField("原文地址", max_length=1000, blank=True)
    source_name = models.CharField("来源", max_length=120, blank=True)
    first_understanding = models.TextField("初步认识", blank=True)
    technical_strength = models.TextField("我方技术实力", blank=True)
    comparable_cases = models.TextField("可比案例", blank=True)
    bidding_field = models.TextField("竞争环境", blank=True)
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="意见填写人", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    opinion_at = models.DateTimeField("意见时间", null=True, blank=True)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "招标信息"
        verbose_name_plural = "招标信息"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class QualificationRequirement(models.Model):
    """A qualification the notice asks for: kind, grade, «and above»; requirements of one `group` are alternatives."""

    process = models.ForeignKey(TenderProcess, on_delete=models.CASCADE, related_name="qualifications")
    kind = models.CharField("资质性质", max_length=60)
    grade = models.CharField("等级", max_length=1, choices=QualificationGrade, blank=True)
    and_above = models.BooleanField("及以上", default=False)
    group = models.PositiveSmallIntegerField("组", default=0, help_text="同组任一即可，不同组都要具备。")

    class Meta:
        verbose_name = "资质要求"
        verbose_name_plural = "资质要求"
        ordering = ["group", "pk"]

    def __str__(self) -> str:
        return f"{self.kind}{self.get_grade_display() if self.grade else ''}{'及以上' if self.and_above else ''}"


class TenderRelease(models.Model):
    """One notice of a process exactly as it came (OCDS release or table row); never changed, the process is their merge."""

    process = models.ForeignKey(TenderProcess, on_delete=models.CASCADE, related_name="releases")
    release_id = models.CharField("发布标识", max_length=200)
    tag = models.CharField("类型", max_length=20, choices=ReleaseTag)
    date = models.DateTimeField("发布时间")
    payload = models.JSONField("原始内容")
    payload_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)

    class Meta:
        verbose_name = "公告"
        verbose_name_plural = "公告"
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["process", "release_id", "payload_hash"], name="one_copy_of_a_release")
        ]

    def __str__(self) -> str:
        return f"{self.get_tag_display()} {self.release_id}"
