"""Tender processes and their releases, in OCDS terms (1.1): a process is what a client buys, a release one notice of it."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.search import index

from content.importing.models import ImportBatch
from content.places.models import Division
from content.taxonomy.models import Subject
from content.tenders.identity import OWN_PREFIX, identity_of


class TenderStatus(models.TextChoices):
    """OCDS tender.status, with the words of the department."""

    PLANNED = "planned", "预告"
    ACTIVE = "active", "招标中"
    CANCELLED = "cancelled", "已取消"
    UNSUCCESSFUL = "unsuccessful", "流标"
    COMPLETE = "complete", "已结束"
    WITHDRAWN = "withdrawn", "已撤回"


OPEN_STATUSES = (TenderStatus.ACTIVE, TenderStatus.PLANNED)
OPINION_FIELDS = ("first_understanding", "technical_strength", "comparable_cases", "bidding_field")


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
    OTHER = "other", "其他公告"


def new_ocid() -> str:
    """An ocid of our own for a process typed in by hand."""
    return f"{OWN_PREFIX}-{uuid.uuid4().hex[:20]}"


class TenderQuerySet(models.QuerySet):
    def open(self, now: datetime.datetime | None = None):
        """Processes one can still bid for: not cancelled or finished, deadline unknown or to come."""
        return self.filter(
            Q(tender_end__isnull=True) | Q(tender_end__gte=now or timezone.now()), status__in=OPEN_STATUSES
        )

    def closed(self, now: datetime.datetime | None = None):
        """Processes whose deadline has passed while their notices still say they are open."""
        return self.filter(tender_end__lt=now or timezone.now(), status__in=OPEN_STATUSES)


class TenderProcess(index.Indexed, ClusterableModel):
    """One contracting process (OCDS ocid) in its present state, with every field of S40.

    The state is the merge of its releases (merging.py); what a person mended by hand stays until a later notice says
    something else about that very field.
    """

    ocid = models.CharField(
        "过程标识", max_length=200, unique=True, default=new_ocid, help_text="公告自带 ocid 时照填；没有就用门户给的。"
    )
    match_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)  # see identity.py
    project_number = models.CharField("项目编号", max_length=120, blank=True, db_index=True)
    title = models.CharField("项目名称", max_length=500)
    description = models.TextField("项目简介", blank=True)
    status = models.CharField("状态", max_length=14, choices=TenderStatus, default=TenderStatus.ACTIVE, db_index=True)
    procuring_entity = models.CharField("采购人（招标人）", max_length=300, blank=True)
    agency = models.CharField("委托单位（代理机构）", max_length=300, blank=True)
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
    registration_end = models.DateTimeField("报名截止", null=True, blank=True)
    tender_end = models.DateTimeField("投标截止", null=True, blank=True, db_index=True)
    opening_at = models.DateTimeField("开标时间", null=True, blank=True)
    registration_documents = models.TextField("报名资料", blank=True)
    qualification_text = models.TextField("资质要求原文", blank=True)
    consortium = models.CharField("联合体", max_length=10, choices=Consortium, default=Consortium.UNSTATED)
    consortium_note = models.CharField("联合体说明", max_length=300, blank=True)
    awarded_to = models.CharField("中标单位", max_length=500, blank=True)
    award_amount = models.DecimalField("中标金额", max_digits=18, decimal_places=2, null=True, blank=True)
    source_url = models.URLField("原文链接", max_length=1000, blank=True)
    source_name = models.CharField("来源", max_length=120, blank=True, db_index=True)
    first_understanding = models.TextField("初步认识", blank=True)
    technical_strength = models.TextField("技术实力", blank=True)
    comparable_cases = models.TextField("可比案例", blank=True)
    bidding_field = models.TextField("竞争环境", blank=True)
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="意见填写人", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    opinion_at = models.DateTimeField("意见时间", null=True, blank=True)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = TenderQuerySet.as_manager()

    search_fields = [
        index.SearchField("title", boost=3),
        index.SearchField("project_number", boost=3),
        index.SearchField("procuring_entity"),
        index.SearchField("agency"),
        index.SearchField("description"),
        index.AutocompleteField("title"),
        index.AutocompleteField("project_number"),
        index.FilterField("status"),
        index.FilterField("consortium"),
        index.FilterField("division_id"),
        index.FilterField("published_at"),
        index.FilterField("tender_end"),
        index.FilterField("source_name"),
    ]

    class Meta:
        verbose_name = "招标信息"
        verbose_name_plural = "招标信息"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, update_fields=None, **kwargs):
        # What is typed in or mended by hand is found again by the next import of the same tender.
        identity = identity_of(number=self.project_number, entity=self.procuring_entity, title=self.title, day=None)
        self.match_key = identity.match_key
        if update_fields is not None:
            update_fields = {*update_fields, "match_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("tenders:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether one can still bid, as far as is known."""
        return self.status in OPEN_STATUSES and (self.tender_end is None or self.tender_end >= timezone.now())

    @property
    def state_label(self) -> str:
        """The state in a word; an active process whose deadline has passed is «已截止»."""
        if self.status in OPEN_STATUSES and not self.is_open:
            return "已截止"
        return self.get_status_display()

    @property
    def state_badge(self) -> str:
        """Suffix of the badge class that goes with the state."""
        if self.is_open:
            return "info" if self.status == TenderStatus.PLANNED else "ok"
        return "danger" if self.status in (TenderStatus.CANCELLED, TenderStatus.UNSUCCESSFUL) else "muted"

    @property
    def days_left(self) -> int | None:
        """Calendar days in Shanghai to the deadline: 0 is today; None where it is unknown, past or of no use."""
        if not self.is_open or self.tender_end is None:
            return None
        return (timezone.localdate(self.tender_end) - timezone.localdate()).days

    @property
    def has_opinion(self) -> bool:
        return any(getattr(self, field) for field in OPINION_FIELDS)


class QualificationRequirement(models.Model):
    """A qualification the notice asks for: kind, grade, «and above»; requirements of one `group` are alternatives."""

    process = ParentalKey(TenderProcess, on_delete=models.CASCADE, related_name="qualifications")
    kind = models.CharField("资质性质", max_length=60)
    grade = models.CharField("等级", max_length=1, choices=QualificationGrade, blank=True)
    and_above = models.BooleanField("及以上", default=False)
    group = models.PositiveSmallIntegerField("组", default=0, help_text="同组任一即可，不同组都要具备。")

    panels = ["kind", "grade", "and_above", "group"]

    class Meta:
        verbose_name = "资质要求"
        verbose_name_plural = "资质要求"
        ordering = ["group", "pk"]

    def __str__(self) -> str:
        return f"{self.label}{'及以上' if self.and_above else ''}"

    @property
    def label(self) -> str:
        """Kind and grade without «and above»: what lists filter by."""
        return f"{self.kind}{self.get_grade_display() if self.grade else ''}"


class TenderRelease(models.Model):
    """One notice of a process exactly as it came (OCDS release or table row); never changed.

    `facts` is what was understood of the payload then, by field of the process (see merging.py). Two copies of one
    `release_id` with different contents are both kept; the one received later counts.
    """

    process = models.ForeignKey(TenderProcess, on_delete=models.CASCADE, related_name="releases")
    release_id = models.CharField("发布标识", max_length=200)
    tag = models.CharField("类型", max_length=20, choices=ReleaseTag)
    date = models.DateTimeField("发布时间")
    is_dated = models.BooleanField("原文有发布时间", default=True)
    facts = models.JSONField("提取的内容", default=dict)
    payload = models.JSONField("原始内容")
    payload_hash = models.CharField(max_length=64)
    batch = models.ForeignKey(
        ImportBatch, verbose_name="导入批次", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    row_number = models.PositiveIntegerField("行号", null=True, blank=True)
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
