"""The search outbox, the synonyms the site manager keeps, the searches that found nothing, exports, and what each
reader has searched for."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from search import synonyms


class OutboxEntry(models.Model):
    """One change of one object, written in the transaction of the change; gone once the index shows it."""

    model = models.CharField("模型", max_length=120)
    object_pk = models.CharField("主键", max_length=64)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    attempts = models.PositiveSmallIntegerField("失败次数", default=0)
    last_error = models.TextField("最近一次错误", blank=True)

    class Meta:
        verbose_name = "待更新的检索条目"
        verbose_name_plural = "待更新的检索条目"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.model}:{self.object_pk}"


class MaintenanceRun(models.Model):
    """One rebuilding or checking of the index: who asked, how far it is, what came of it. One at a time is `active`."""

    class Kind(models.TextChoices):
        REBUILD = "rebuild", "重建"
        VERIFY = "verify", "核对并修复"

    class State(models.TextChoices):
        QUEUED = "queued", "等待开始"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "没有完成"

    kind = models.CharField("工作", max_length=10, choices=Kind)
    state = models.CharField("状态", max_length=10, choices=State, default=State.QUEUED)
    active = models.BooleanField("未结束", default=True)
    asked_by = models.CharField("由谁发起", max_length=150)
    asked_at = models.DateTimeField("发起时间", auto_now_add=True)
    progressed_at = models.DateTimeField("最近进展", auto_now_add=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    phase = models.CharField("正在处理", max_length=80, blank=True)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("共", default=0)
    result = models.CharField("结果", max_length=500, blank=True)

    class Meta:
        verbose_name = "索引维护"
        verbose_name_plural = "索引维护"
        ordering = ["-pk"]
        permissions = [("operate_search", "可以核对和重建检索索引")]
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=models.Q(active=True), name="one_active_search_maintenance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.get_state_display()}"

    @property
    def percent(self) -> int:
        """How much of the phase is done, 0 to 100."""
        return min(100, 100 * self.done // self.total) if self.total else 0


class MissedSearch(models.Model):
    """Words a search did not find, with who could have seen more: what to write about, or to keep as a synonym.

    Nothing tells who asked; see search.missed for what is left out and for how long it is kept.
    """

    class Rights(models.TextChoices):
        PUBLIC = "public", "访客"
        STAFF = "staff", "员工"

    text = models.CharField("检索词", max_length=120)
    rights = models.CharField("检索者", max_length=10, choices=Rights)
    nothing = models.PositiveIntegerField("一条也没有（次）", default=0)
    partly = models.PositiveIntegerField("只找到一部分（次）", default=0)
    first_at = models.DateTimeField("第一次", auto_now_add=True)
    last_at = models.DateTimeField("最近一次", auto_now_add=True, db_index=True)
    handled = models.BooleanField("已处理", default=False)

    class Meta:
        verbose_name = "没找到的检索"
        verbose_name_plural = "没找到的检索"
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["text", "rights"], name="missed_once_per_rights")]

    def __str__(self) -> str:
        return self.text


class SynonymGroup(models.Model):
    """Words of one meaning: who looks for one of them finds all, at once and without a new index."""

    words = models.TextField(
        "词语",
        help_text="同一个意思的几种说法，用“=”或逗号隔开，例如：旅游规划 = 旅游总体规划，总规。保存后立即生效，不必重建索引。",
    )
    one_way = models.BooleanField(
        "只从第一个词扩展",
        default=False,
        help_text="检索第一个词时也找其余的词，反过来不找。适合大类与小类，例如：景区 = 风景名胜区，旅游度假区。",
    )
    active = models.BooleanField("启用", default=True)
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = "同义词"
        verbose_name_plural = "同义词"
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Write the words in one form, and refuse groups that are too long or contradict another."""
        words = synonyms.read_words(self.words)
        problem = synonyms.problem_of(words)
        if not problem and self.active:
            others = SynonymGroup.objects.filter(active=True).exclude(pk=self.pk).values_list("words", "one_way")
            problem = synonyms.conflict_of(words, self.one_way, list(others))
        if problem:
            raise ValidationError({"words": problem})
        self.words = synonyms.write_words(words)


class ExportState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "导出中"
    DONE = "done", "已完成"
    FAILED = "failed", "没有导出"

    @classmethod
    def unfinished(cls) -> list["ExportState"]:
        return [cls.QUEUED, cls.RUNNING]


class SearchExport(models.Model):
    """A whole result as a file, made by the worker for one person.

    `tokens` and `everything` are the rights it was made with; who has lost one of them does not get the file.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="导出人", on_delete=models.CASCADE, related_name="search_exports"
    )
    address = models.TextField("检索地址")  # «?q=…» as of the results page
    site = models.CharField("网站", max_length=200, blank=True)
    format = models.CharField("格式", max_length=4)
    state = models.CharField("状态", max_length=8, choices=ExportState, default=ExportState.QUEUED)
    message = models.CharField("说明", max_length=200, blank=True)
    rows_total = models.PositiveIntegerField("条数", default=0)
    rows_done = models.PositiveIntegerField("已导出", default=0)
    file = models.FileField("文件", upload_to="exports/%Y/%m/", blank=True)
    file_size = models.PositiveBigIntegerField("大小（字节）", default=0)
    tokens = models.JSONField("导出时的阅读范围", default=list)
    everything = models.BooleanField("导出时可读全部", default=False)
    created_at = models.DateTimeField("开始时间", auto_now_add=True)
    progressed_at = models.DateTimeField("最近进展", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "检索导出"
        verbose_name_plural = "检索导出"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.address}（{self.get_state_display()}）"

    def get_absolute_url(self) -> str:
        return reverse("search:export", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in ExportState.unfinished()

    @property
    def percent(self) -> int:
        """Progress, 0–99 while it runs."""
        return min(99, self.rows_done * 100 // self.rows_total) if self.rows_total else 0

    @property
    def state_badge(self) -> str:
        return {ExportState.DONE: "ok", ExportState.FAILED: "danger"}.get(ExportState(self.state), "info")


class RememberedSearch(models.Model):
    """Words somebody searched for, offered again to nobody else."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.CASCADE, related_name="remembered_searches"
    )
    text = models.CharField("检索词", max_length=100)
    folded = models.CharField("归一后的检索词", max_length=200)
    searched_at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "检索记录"
        verbose_name_plural = "检索记录"
        ordering = ["-searched_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "folded"], name="search_remembered_once")]
        indexes = [models.Index(fields=["user", "-searched_at"], name="searches_of_a_user")]

    def __str__(self) -> str:
        return self.text


class SearchMemory(models.Model):
    """Whether somebody's searches are remembered; without a row they are."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.CASCADE, related_name="search_memory"
    )
    is_on = models.BooleanField("记住我的检索", default=True)

    class Meta:
        verbose_name = "检索记录开关"
        verbose_name_plural = "检索记录开关"

    def __str__(self) -> str:
        return f"{self.user}：{'记住' if self.is_on else '不记'}"
