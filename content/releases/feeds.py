"""The newsroom as RSS and Atom, for media and readers: public releases only, with their full text."""

import re

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from content.core.blocks.reading import body_texts
from content.releases.models import NewsroomPage, ReleasePage
from search.readers import ANONYMOUS

LIMIT = 30
# XML 1.0 cannot carry these in any spelling; a pasted text may.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def clean(text: str) -> str:
    """Text without the control characters XML forbids."""
    return _NOT_IN_XML.sub("", text)


def full_text(release: ReleasePage) -> SafeString:
    """The words of a release as HTML paragraphs, everything in them escaped."""
    paragraphs = [release.summary, *(part.text for part in body_texts(release.body))]
    # Safe: built of escaped texts only.
    return mark_safe("".join(f"<p>{escape(clean(text))}</p>" for text in paragraphs if text.strip()))


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with the full text in content:encoded (http://purl.org/rss/1.0/modules/content/)."""

    def rss_attributes(self):
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["full_text"])


class FullTextAtom(Atom1Feed):
    """Atom with the full text in <content>."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["full_text"], {"type": "html"})


class ReleaseFeed(Feed):
    """The newest public releases as RSS. A feed reader has no account, so every reader gets what the public may see."""

    feed_type = FullTextRss
    language = "zh-cn"

    def title(self) -> str:
        return f"{settings.WAGTAIL_SITE_NAME} · 新闻中心"

    def description(self) -> str:
        return "新闻稿与软文，发布后即时更新。"

    subtitle = description

    def link(self) -> str:
        newsroom = NewsroomPage.objects.live().first()
        return newsroom.url if newsroom is not None and newsroom.url else "/"

    def feed_url(self) -> str:
        return reverse("releases:feed")

    def items(self):
        releases = ReleasePage.objects.readable_by(ANONYMOUS).newest_first().select_related("issuer")
        return [release for release in releases[:LIMIT] if release.url]

    def item_title(self, item: ReleasePage) -> str:
        return clean(item.title)

    def item_description(self, item: ReleasePage) -> str:
        return clean(item.summary)

    def item_link(self, item: ReleasePage) -> str:
        return item.url

    def item_pubdate(self, item: ReleasePage):
        return item.first_published_at

    def item_updateddate(self, item: ReleasePage):
        return item.last_published_at

    def item_author_name(self, item: ReleasePage) -> str:
        return item.issuer.name

    def item_categories(self, item: ReleasePage) -> tuple[str, ...]:
        return (item.get_kind_display(),)

    def item_extra_kwargs(self, item: ReleasePage) -> dict[str, str]:
        return {"full_text": full_text(item)}


class ReleaseAtomFeed(ReleaseFeed):
    """The same as Atom."""

    feed_type = FullTextAtom

    def feed_url(self) -> str:
        return reverse("releases:atom")
