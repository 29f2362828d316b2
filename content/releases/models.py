"""Releases: press releases and soft articles, the newsroom, and the company introductions that close them."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import PageManager, PreviewableMixin
from wagtail.search import index

from content.approvals.guard import SignOffMixin, SignOffParentMixin, SignOffSnippetMixin
from content.approvals.panels import SignOffPanel
from content.core.blocks.reading import body_texts, rich_text_paragraphs
from content.core.blocks.text import RICH_TEXT_FEATURES
from content.core.choices import Audience
from content.core.fields import StreamField
from content.core.models import ContentPage
from content.organization.models import Post, Unit
from content.releases.blocks import ReleaseBody
from content.releases.choices import ReleaseKind
from content.releases.forms import ReleaseForm
from content.releases.headquarters import findings, summary_of
from content.releases.metadata import news_article, sharing_picture
from content.releases.panels import HeadquartersPanel
from content.releases.queries import NewsroomFilter, ReleaseQuerySet
from content.releases.rules import HeadquartersRule
from search.readers import reader_for

__all__ = ["Boilerplate", "HeadquartersRule", "MediaContact", "NewsroomPage", "ReleasePage"]

CARDS_PER_PAGE = 13  # one large and four rows of three
RELATED = 3


class MediaContact(models.Model):
    """Whom the media may call: a post, never a person, so that the page stays right when people change."""

    contact_post = models.ForeignKey(
        Post, verbose_name="联系岗位", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    contact_email = models.EmailField("联系邮箱", blank=True)

    contact_panel = MultiFieldPanel(["contact_post", "contact_phone", "contact_email"], "媒体联系")

    class Meta:
        abstract = True

    @property
    def has_contact(self) -> bool:
        return bool(self.contact_post_id or self.contact_phone or self.contact_email)

    @property
    def contact_name(self) -> str:
        """Unit and post; the unit is not said twice where the post's title begins with it."""
        post = self.contact_post
        if post is None or post.title.startswith(post.unit.name):
            return post.title if post else ""
        return str(post)


class NewsroomPage(SignOffParentMixin, MediaContact, ContentPage):
    """The newsroom: all published releases the reader may see, newest first."""

    audience = models.CharField("谁可以看", max_length=10, choices=Audience, default=Audience.PUBLIC)

    content_panels = [*ContentPage.content_panels, MediaContact.contact_panel]
    max_count = 1
    subpage_types = ["releases.ReleasePage"]

    class Meta:
        verbose_name = "新闻中心"

    def get_context(self, request, *args, **kwargs):
        chosen = NewsroomFilter(request.GET)
        readable = ReleasePage.objects.readable_by(reader_for(request.user))
        paginator = Paginator(chosen.apply(readable).newest_first().for_cards(), CARDS_PER_PAGE)
        page_obj = paginator.get_page(request.GET.get("page"))
        releases = list(page_obj)
        large = releases[0] if releases and page_obj.number == 1 else None
        querystring = chosen.querystring()
        return {
            **super().get_context(request, *args, **kwargs),
            "facets": chosen.facets(readable),
            "filtered": chosen.chosen,
            "page_obj": page_obj,
            "querystring": f"{querystring}&" if querystring else "",
            "large": large,
            "cards": releases[1:] if large else releases,
        }


class ReleasePage(SignOffMixin, MediaContact, ContentPage):
    """A press release or a soft article of a unit of the group."""

    audience = models.CharField("谁可以看", max_length=10, choices=Audience, default=Audience.PUBLIC)
    kind = models.CharField("类型", max_length=20, choices=ReleaseKind, default=ReleaseKind.PRESS_RELEASE)
    issuer = models.ForeignKey(Unit, verbose_name="发布单位", on_delete=models.PROTECT, related_name="releases")
    dateline = models.CharField("电头地点", max_length=30, blank=True, help_text="消息发自哪里，例如：丽江。")
    cover = models.ForeignKey(
        get_image_model_string(), verbose_name="头图", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cover_alt = models.CharField(
        "头图替代文字", max_length=120, blank=True, help_text="给看不到图片的读者：一句话说出画面内容。"
    )
    cover_caption = models.CharField("头图图说", max_length=200, blank=True)
    body = StreamField(ReleaseBody(), verbose_name="正文", blank=True)

    objects = PageManager.from_queryset(ReleaseQuerySet)()

    content_panels = [
        FieldPanel("title"),
        MultiFieldPanel(["kind", "issuer", "dateline"], "稿件"),
        FieldPanel(
            "summary", heading="导语", help_text="一两句话说清谁、在何时何地、做了什么；列表与检索结果里也显示。"
        ),
        MultiFieldPanel(["cover", "cover_alt", "cover_caption"], "头图"),
        FieldPanel("body"),
        MediaContact.contact_panel,
        HeadquartersPanel(),
        SignOffPanel(heading="签批进程"),
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("body"),
        index.FilterField("kind"),
        index.FilterField("issuer"),
    ]
    base_form_class = ReleaseForm
    print_template = "print/release.html"
    sign_off_template = "releases/sign_off.html"
    parent_page_types = ["releases.NewsroomPage"]
    subpage_types: list[str] = []
    page_description = "新闻稿或软文：签批之后发布到新闻中心。"

    class Meta:
        verbose_name = "新闻稿 / 软文"
        verbose_name_plural = "新闻稿与软文"

    @property
    def released_at(self):
        """When it was, or is to be, first published; None while no time is set."""
        return self.first_published_at or self.go_live_at

    @property
    def contact(self) -> MediaContact | None:
        """The release's own media contact, else the newsroom's; None where neither is given."""
        if self.has_contact:
            return self
        newsroom = self.get_parent().specific if self.depth and self.depth > 1 else None
        return newsroom if isinstance(newsroom, NewsroomPage) and newsroom.has_contact else None

    def clean(self):
        super().clean()
        if self.cover_id and not self.cover_alt.strip():
            raise ValidationError({"cover_alt": "请为头图写一句替代文字，看不到图片的读者靠它了解画面。"})

    def readable_texts(self) -> Iterator[tuple[str, str]]:
        """Every text a reader or a search engine gets to see: (where it stands, text), in reading order."""
        for where, text in (
            ("标题", self.title),
            ("搜索引擎标题", self.seo_title),
            ("搜索引擎描述", self.search_description),
            ("导语", self.summary),
            ("头图替代文字", self.cover_alt),
            ("头图图说", self.cover_caption),
        ):
            if text and text.strip():
                yield where, text.strip()
        for part in body_texts(self.body):
            yield f"正文第 {part.position} 块（{part.label}）", part.text

    def body_text(self) -> str:
        """The words of all blocks, a paragraph a line."""
        return "\n".join(part.text for part in body_texts(self.body))

    def advice(self) -> list[str]:
        """What the house style still asks for (S20); advice to the writer, it stops nothing."""
        blocks = [child.block_type for child in self.body]
        words = sum(len(part.text) for part in body_texts(self.body))
        return [
            sentence
            for wanted, sentence in (
                (len(self.title) > 32, f"标题有 {len(self.title)} 个字，偏长；三十个字以内更醒目。"),
                (not self.summary.strip(), "还没有导语：一两句话先把新闻说清楚。"),
                (not (self.cover_id or "picture" in blocks), "还没有图片：配一张图，稿件更容易被采用。"),
                (
                    words > 500 and blocks.count("section_heading") < 2,
                    f"正文有 {words} 个字，却没有分成几部分：请加小标题。",
                ),
            )
            if wanted
        ]

    def get_sign_off_context(self, request) -> dict:
        """The signer sees beside the text what the rules found in it."""
        found = findings(self)
        return {"findings": found, "findings_summary": summary_of(found)}

    def breadcrumb(self, request) -> list[tuple[str, str]]:
        """The way from the start page: (label, address) each, the last one this page without an address."""
        newsroom = self.get_parent() if self.depth and self.depth > 1 else None
        above = [(newsroom.title, newsroom.get_url(request) or "")] if newsroom is not None else []
        return [*above, (self.title, "")]

    def get_context(self, request, *args, **kwargs):
        picture = sharing_picture(self, request)
        readable = ReleasePage.objects.readable_by(reader_for(request.user))
        return {
            **super().get_context(request, *args, **kwargs),
            "breadcrumb": self.breadcrumb(request),
            "sharing_picture": picture,
            "address": request.build_absolute_uri(self.get_url(request)) if self.pk else "",
            "news_article": news_article(self, request, picture=picture) if self.pk and self.url else "",
            "related": list(readable.related_to(self).for_cards()[:RELATED]),
        }


class Boilerplate(PreviewableMixin, SignOffSnippetMixin, index.Indexed, models.Model):
    """A company introduction for the end of releases, confirmed by headquarters once instead of with each release."""

    title = models.CharField("名称", max_length=60, help_text="文末显示的小标题，例如：关于山河文旅集团。")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="boilerplates")
    body = RichTextField("简介", features=RICH_TEXT_FEATURES)

    panels = [
        MultiFieldPanel(["title", "unit"], "段落"),
        FieldPanel("body"),
        HeadquartersPanel(),
        SignOffPanel(heading="签批进程"),
    ]
    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.SearchField("body"),
        index.FilterField("unit"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = "公司简介段落"
        verbose_name_plural = "公司简介段落"
        ordering = ["unit__sort_order", "title"]

    def __str__(self) -> str:
        return self.title

    def readable_texts(self) -> Iterator[tuple[str, str]]:
        """Title and paragraphs, as (where it stands, text)."""
        yield "名称", self.title
        for text in rich_text_paragraphs(self.body):
            yield "简介", text

    def get_preview_template(self, request, mode_name):
        return "releases/boilerplate_preview.html"
