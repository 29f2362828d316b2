"""Pictures and files of the media library, and the text read from the files."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import models
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage
from wagtail.search import index

from content.media.file_types import mismatch


class Image(AbstractImage):
    """A picture with who made it and what may be done with it."""

    # Declared again for its related_name: Wagtail's own model of the same name already took «image_set».
    tags = TaggableManager("标签", blank=True, related_name="media_images")
    credit = models.CharField("摄影 / 作者", max_length=100, blank=True)
    rights_note = models.CharField("使用权说明", max_length=200, blank=True)
    rights_until = models.DateField("使用权到期", null=True, blank=True)

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit", "rights_note", "rights_until")

    class Meta(AbstractImage.Meta):
        default_related_name = "media_images"
        permissions = [("choose_image", "可以选用图片")]  # Wagtail's chooser asks for it
        verbose_name = "图片"
        verbose_name_plural = "图片"


class Rendition(AbstractRendition):
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
        verbose_name = "图片尺寸"
        verbose_name_plural = "图片尺寸"


class Document(AbstractDocument):
    """A file of the media library; its text is read in the background (content.media.texts)."""

    tags = TaggableManager("标签", blank=True, related_name="media_documents")
    description = models.CharField("说明", max_length=300, blank=True)

    admin_form_fields = (*WagtailDocument.admin_form_fields, "description")
    search_fields = (
        *AbstractDocument.search_fields,
        index.SearchField("description"),
        index.SearchField("text_read"),
    )

    class Meta(AbstractDocument.Meta):
        default_related_name = "media_documents"
        permissions = [("choose_document", "可以选用文件")]  # Wagtail's chooser asks for it
        verbose_name = "文件"
        verbose_name_plural = "文件"

    def clean(self):
        super().clean()
        # Only uploads: stored files were looked at when they came.
        if self.file and not getattr(self.file, "_committed", True):
            problem = mismatch(self.file.file, PurePath(self.file.name).suffix.removeprefix("."))
            if problem:
                raise ValidationError({"file": problem})

    @property
    def text_read(self) -> str:
        """The whole text of the file as far as it was read."""
        return "\n".join(DocumentPart.objects.filter(text_of__document=self).values_list("text", flat=True))

    def source(self) -> str:
        """What tells one uploaded file from the next: a replaced file may have the old name."""
        return f"{self.file.name}|{self.file_hash}"[:400]


class TextState(models.TextChoices):
    WAITING = "waiting", "等待提取"
    DONE = "done", "已提取"
    EMPTY = "empty", "没有文字"
    ENCRYPTED = "encrypted", "加密，无法提取"
    LIMITED = "limited", "超出限制"
    UNSUPPORTED = "unsupported", "不提取文字"
    FAILED = "failed", "提取失败"


class DocumentText(models.Model):
    """How reading the text of a file ended; `source` is the file it was, as Document.source names it."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="text", verbose_name="文件")
    state = models.CharField("状态", max_length=12, choices=TextState, default=TextState.WAITING, db_index=True)
    detail = models.CharField("说明", max_length=200, blank=True)
    characters = models.PositiveIntegerField("字数", default=0)
    source = models.CharField("来源", max_length=400, blank=True)
    asked_at = models.DateTimeField("排队时间")
    read_at = models.DateTimeField("提取时间", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("提取次数", default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "文件的文字"
        verbose_name_plural = "文件的文字"

    def __str__(self) -> str:
        return f"{self.document}：{self.sentence}"

    @property
    def sentence(self) -> str:
        """The state in words: «已提取 1,204 字», «提取失败：文件已损坏»."""
        parts = [TextState(self.state).label]
        if self.state == TextState.DONE:
            parts = [f"已提取 {self.characters:,} 字"]
        elif self.detail:
            parts.append(self.detail)
        if self.state == TextState.LIMITED and self.characters:
            parts.append(f"已提取 {self.characters:,} 字")
        return "：".join(parts[:2]) + "".join(f"；{part}" for part in parts[2:])


class DocumentPart(models.Model):
    """A page, sheet or slide of a file, or a portion of a long one, in the order of the file.

    `folded` is the text as searches compare it (search.text.fold), so that the database finds the part to show.
    """

    text_of = models.ForeignKey(DocumentText, on_delete=models.CASCADE, related_name="parts", verbose_name="文件")
    number = models.PositiveIntegerField("序号")
    place = models.CharField("位置", max_length=80, blank=True)
    text = models.TextField("文字")
    folded = models.TextField("折叠后的文字")

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["text_of", "number"]
        constraints = [models.UniqueConstraint(fields=["text_of", "number"], name="one_document_part_per_number")]
        verbose_name = "文件文字的一部分"
        verbose_name_plural = "文件文字的各部分"

    def __str__(self) -> str:
        return f"{self.text_of.document} {self.place}".strip()
