"""Blocks of words: section heading, rich text, quotation."""

from wagtail.blocks import CharBlock, RichTextBlock, StructBlock, TextBlock

from content.core.blocks.reading import Readable, rich_text_paragraphs

# What a release or an article needs, and nothing that breaks the house style (no colours, no headings: those are blocks).
RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class SectionHeadingBlock(Readable, CharBlock):
    """The sub-heading of a part of the text."""

    def __init__(self, **kwargs):
        super().__init__(**{"label": "小标题", "max_length": 60, **kwargs})

    def paragraphs(self, value) -> list[str]:
        return [value.strip()] if value else []

    class Meta:
        icon = "title"
        group = "文字"
        template = "blocks/section_heading.html"
        preview_value = "古城夜游路线今晚开放"
        description = "把长文分成几部分，每部分一个小标题。"


class ParagraphsBlock(Readable, RichTextBlock):
    """Running text with links and lists."""

    def __init__(self, **kwargs):
        super().__init__(**{"label": "正文", "features": RICH_TEXT_FEATURES, **kwargs})

    def paragraphs(self, value) -> list[str]:
        return rich_text_paragraphs(value.source) if value else []

    class Meta:
        icon = "pilcrow"
        group = "文字"
        template = "blocks/paragraphs.html"
        preview_value = "<p>新路线全长三公里，沿途设<b>六处</b>讲解点，夜间游客可以凭当日门票免费乘坐接驳车。</p>"
        description = "一段或几段正文，可以加粗、加链接、列清单。"


class QuoteBlock(Readable, StructBlock):
    """What somebody said, with name and post."""

    text = TextBlock(label="引语", max_length=400)
    who = CharBlock(label="谁说的", max_length=30)
    post = CharBlock(label="单位与职务", max_length=60, required=False)

    def paragraphs(self, value) -> list[str]:
        speaker = "，".join(part.strip() for part in (value["who"], value["post"]) if part and part.strip())
        return [text for text in ((value["text"] or "").strip(), speaker) if text]

    class Meta:
        label = "引语"
        icon = "openquote"
        group = "文字"
        template = "blocks/quote.html"
        preview_value = {
            "text": "我们希望游客不只是路过，而是愿意在古城住上一晚。",
            "who": "林见山",
            "post": "规划设计院院长",
        }
        description = "一句原话，写明说话人和职务。"
