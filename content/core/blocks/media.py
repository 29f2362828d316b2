"""Blocks of pictures and files."""

from wagtail.blocks import CharBlock, StructBlock, StructValue
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

from content.core.blocks.reading import Readable


class PictureChooserBlock(ImageChooserBlock):
    """Loads the pictures of a body together with their renditions: two queries, however many pictures."""

    def bulk_to_python(self, values):
        pictures = self.model_class._default_manager.prefetch_renditions().in_bulk(values)
        return [pictures.get(pk) for pk in values]


class PictureValue(StructValue):
    """A picture as it is shown: the block's own credit, else what the media library knows."""

    @property
    def credit_line(self) -> str:
        return self.get("credit") or getattr(self.get("image"), "credit", "")

    @property
    def rights_line(self) -> str:
        return self.get("rights") or getattr(self.get("image"), "rights_note", "")


class PictureBlock(Readable, StructBlock):
    """A picture with caption, credit, rights and a text for those who cannot see it."""

    image = PictureChooserBlock(label="图片")
    alt = CharBlock(label="替代文字", max_length=120, help_text="给看不到图片的读者：一句话说出画面内容。")
    caption = CharBlock(label="图说", max_length=200, required=False)
    credit = CharBlock(label="摄影 / 作者", max_length=60, required=False, help_text="留空则用媒体库里登记的作者。")
    rights = CharBlock(label="使用权说明", max_length=120, required=False, help_text="留空则用媒体库里登记的说明。")

    def paragraphs(self, value) -> list[str]:
        texts = (value["caption"], value["alt"], value["credit"], value["rights"])
        return [text.strip() for text in texts if text and text.strip()]

    def get_preview_value(self):
        return self.normalize(
            {
                "image": get_image_model().objects.order_by("pk").first(),
                "alt": "夜色里的古城城门",
                "caption": "古城南门夜景，灯光在每晚十点关闭。",
                "credit": "市场部",
                "rights": "媒体可免费用于报道",
            }
        )

    class Meta:
        label = "图片"
        icon = "image"
        group = "图片与资料"
        template = "blocks/picture.html"
        value_class = PictureValue
        description = "一张图片，带图说、作者和替代文字。"


class DownloadBlock(Readable, StructBlock):
    """A file for the media: photographs in a package, fact sheet, speech."""

    document = DocumentChooserBlock(label="文件")
    title = CharBlock(label="名称", max_length=80, required=False, help_text="留空则用文件自己的名称。")
    note = CharBlock(label="说明", max_length=160, required=False)

    def paragraphs(self, value) -> list[str]:
        title = value["title"] or getattr(value["document"], "title", "")
        return [text.strip() for text in (title, value["note"]) if text and text.strip()]

    def get_preview_value(self):
        document = get_document_model().objects.order_by("pk").first()
        return self.normalize({"document": document, "title": "媒体资料包", "note": "高清图片与活动日程"})

    class Meta:
        label = "媒体资料"
        icon = "download"
        group = "图片与资料"
        template = "blocks/download.html"
        description = "给媒体下载的文件：高清图片、资料、讲话稿。"
