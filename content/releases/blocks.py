"""The body of a release: the shared blocks, and the company introduction that headquarters has signed."""

from wagtail.blocks import StreamBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from content.core.blocks.data import KeyFiguresBlock
from content.core.blocks.media import DownloadBlock, PictureBlock
from content.core.blocks.reading import Readable
from content.core.blocks.text import ParagraphsBlock, QuoteBlock, SectionHeadingBlock


class BoilerplateBlock(Readable, SnippetChooserBlock):
    """A signed company introduction. Its words are not read again: headquarters has confirmed them already."""

    def __init__(self, **kwargs):
        super().__init__("releases.Boilerplate", **{"label": "关于我们", **kwargs})

    def paragraphs(self, value) -> list[str]:
        return []

    def get_preview_value(self):
        return self.model_class.objects.filter(live=True).first()

    class Meta:
        icon = "clipboard-list"
        group = "图片与资料"
        template = "blocks/boilerplate.html"
        description = "文末的公司简介，用总部确认过的段落。"


class ReleaseBody(StreamBlock):
    """Everything a press release or a soft article may be made of."""

    paragraphs = ParagraphsBlock()
    section_heading = SectionHeadingBlock()
    picture = PictureBlock()
    quote = QuoteBlock()
    key_figures = KeyFiguresBlock()
    download = DownloadBlock()
    boilerplate = BoilerplateBlock()
