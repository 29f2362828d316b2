from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PreviewableMixin
from wagtail.snippets.models import register_snippet

from content.approvals.guard import SignOffMixin, SignOffParentMixin, SignOffSnippetMixin


class ShelfPage(SignOffParentMixin, Page):
    """A guarded parent."""


class OpenShelfPage(Page):
    """A parent that knows nothing of signing."""


class PaperPage(SignOffMixin, Page):
    body = models.TextField("正文", blank=True)
    parts = StreamField([("text", blocks.CharBlock()), ("rich", blocks.RichTextBlock())], blank=True)
    updated = models.DateTimeField(auto_now=True)

    content_panels = [*Page.content_panels, FieldPanel("body"), FieldPanel("parts"), InlinePanel("figures")]

    class Meta:
        verbose_name = "文稿"


class Figure(Orderable):
    page = ParentalKey(PaperPage, on_delete=models.CASCADE, related_name="figures")
    label = models.CharField("名称", max_length=40)


@register_snippet
class Slip(SignOffSnippetMixin, PreviewableMixin, ClusterableModel):
    text = models.CharField("文字", max_length=80)

    panels = [FieldPanel("text")]

    class Meta:
        verbose_name = "签条"

    def __str__(self) -> str:
        return self.text


class Memo(models.Model):
    """A record without revisions."""

    text = models.CharField("文字", max_length=80)

    def __str__(self) -> str:
        return self.text
