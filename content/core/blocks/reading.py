"""The plain text of a body, block by block: what search, feeds and the headquarters rules read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags

# The end of these elements ends a paragraph; all other tags may stand inside a word («山河<b>集</b>团»).
_PARAGRAPH_END = re.compile(r"</(?:p|h\d|li|ul|ol|blockquote|div|tr)\s*>|<(?:br|hr)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BlockText:
    """One paragraph of a body: `position` counts the blocks from 1, `label` is the block's name on screen."""

    position: int
    label: str
    text: str


class Readable:
    """Mixin of blocks that say which words of theirs a reader sees."""

    def paragraphs(self, value) -> list[str]:
        """Texts a reader sees, in reading order, none of them empty."""
        raise NotImplementedError


def rich_text_paragraphs(html: str) -> list[str]:
    """Plain paragraphs of rich text in Wagtail's database form; tags inside a word leave no gap."""
    lines = unescape(strip_tags(_PARAGRAPH_END.sub("\n", html))).split("\n")
    return [line.strip() for line in lines if line.strip()]


def body_texts(body) -> Iterator[BlockText]:
    """Every paragraph of a StreamField value, in reading order."""
    for position, child in enumerate(body, start=1):
        if isinstance(child.block, Readable):
            texts = child.block.paragraphs(child.value)
        else:
            texts = [text.strip() for text in child.block.get_searchable_content(child.value)]
        for text in texts:
            if text:
                yield BlockText(position=position, label=str(child.block.label), text=text)
