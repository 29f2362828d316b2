"""The rules that send text to headquarters: data of the site manager, not code."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from content.releases.choices import RuleKind
from content.releases.patterns import PatternError, compile_pattern, fold, lines_of, spans


class HeadquartersRule(index.Indexed, models.Model):
    """Words that touch the company's image or its overall figures, with the reason the writer is told."""

    name = models.CharField("规则", max_length=40, unique=True)
    kind = models.CharField("涉及", max_length=10, choices=RuleKind)
    patterns = models.TextField(
        "词语",
        help_text="每行一个词或一句话。“#”代表一个数字（含“约、超、万、亿”等），“…”代表同一句里相隔不超过十六个字。",
    )
    exceptions = models.TextField("例外", blank=True, help_text="每行一个；词语出现在这些说法里时不算。写法同上。")
    reason = models.TextField(
        "为什么要总部确认", max_length=300, help_text="起草人会看到这句话，请写清楚原因和该怎么办。"
    )
    example = models.CharField("例句", max_length=120, help_text="一句会命中本规则的话；保存时会核对。")
    active = models.BooleanField("启用", default=True)
    sort_order = models.PositiveSmallIntegerField("次序", default=0)

    panels = [
        MultiFieldPanel(["name", "kind", "active", "sort_order"], "规则"),
        MultiFieldPanel(["patterns", "exceptions", "example"], "词语"),
        FieldPanel("reason"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("patterns"),
        index.AutocompleteField("patterns"),
        index.FilterField("kind"),
        index.FilterField("active"),
    ]

    class Meta:
        verbose_name = "总部确认规则"
        verbose_name_plural = "总部确认规则"
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.name

    def pattern_lines(self) -> list[str]:
        return lines_of(self.patterns)

    def exception_lines(self) -> list[str]:
        return lines_of(self.exceptions)

    def clean(self):
        errors = {}
        for field, lines in (("patterns", self.pattern_lines()), ("exceptions", self.exception_lines())):
            for line in lines:
                try:
                    compile_pattern(line)
                except PatternError as error:
                    errors.setdefault(field, []).append(str(error))
        if not errors and not spans(fold(self.example), self.pattern_lines(), self.exception_lines()):
            errors["example"] = "例句没有命中本规则：请改例句，或者改词语和例外。"
        if errors:
            raise ValidationError(errors)
