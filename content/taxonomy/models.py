"""What several content types classify by."""

from django.db import models


class Subject(models.Model):
    """A subject of tenders, news and releases, e.g. 旅游规划; `keywords` are the words that point to it, one a line."""

    name = models.CharField("名称", max_length=40, unique=True)
    slug = models.SlugField("标识", max_length=40, unique=True)
    keywords = models.TextField(
        "关键词", blank=True, help_text="每行一个；标题或正文出现即归入本主题。中间可隔字的写“…”，例如“旅游…规划”。"
    )
    is_core = models.BooleanField("重点主题", default=False)
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "主题"
        verbose_name_plural = "主题"
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name

    def keyword_list(self) -> list[str]:
        """The words of `keywords`, blank lines left out; the subject's own name always counts."""
        return [self.name, *(line.strip() for line in self.keywords.splitlines() if line.strip())]
