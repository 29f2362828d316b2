"""Releases: press releases and soft articles, the newsroom, and the rules that send text to headquarters."""

from django.db import models

from content.core.models import ContentPage
from content.organization.models import Unit


class ReleaseKind(models.TextChoices):
    PRESS_RELEASE = "press_release", "新闻稿"
    SOFT_ARTICLE = "soft_article", "软文"


class NewsroomPage(ContentPage):
    """The newsroom: all published releases, newest first."""

    max_count = 1
    subpage_types = ["releases.ReleasePage"]

    class Meta:
        verbose_name = "新闻中心"


class ReleasePage(ContentPage):
    """A press release or a soft article."""

    kind = models.CharField("类型", max_length=20, choices=ReleaseKind, default=ReleaseKind.PRESS_RELEASE)
    issuer = models.ForeignKey(Unit, verbose_name="发布单位", on_delete=models.PROTECT, related_name="releases")
    parent_page_types = ["releases.NewsroomPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "新闻稿 / 软文"
        verbose_name_plural = "新闻稿与软文"
