"""The search outbox, the synonyms the site manager keeps, and the searches that found nothing."""

from django.core.exceptions import ValidationError
from django.db import models

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
