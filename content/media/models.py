"""Own image, rendition and document models, so that fields can be added without moving data later."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import models
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage

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
    """A file of the media library. Versions and extracted text come with the collateral issue."""

    tags = TaggableManager("标签", blank=True, related_name="media_documents")
    description = models.CharField("说明", max_length=300, blank=True)

    admin_form_fields = (*WagtailDocument.admin_form_fields, "description")

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
