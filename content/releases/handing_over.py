"""Drafts of pages, of whatever kind, go to the successor of who owns them."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from wagtail.models import Page

from content.handovers.leavings import Leaving
from content.organization.models import Post
from content.users.models import User


def find(user: User, post: Post | None) -> list[Leaving]:
    """Pages of this person's with changes nobody has published; two queries at most."""
    unpublished = Q(has_unpublished_changes=True) | Q(live=False, first_published_at=None)
    pages = Page.objects.filter(unpublished, owner=user).select_related("content_type").order_by("pk")
    return [
        Leaving(
            key=str(page.pk),
            title=page.draft_title or page.title,
            url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            detail=f"{_kind(page)}，{'已发布，有未发布的修改' if page.live else '还没有发布'}",
            moves=True,
        )
        for page in pages
    ]


def _kind(page: Page) -> str:
    model = page.cached_content_type.model_class()
    return str(model._meta.verbose_name) if model else "页面"


def move(user: User, successor: User, keys: Iterable[str]) -> list[str]:
    """Make the successor the owner. Who wrote what stays in the revisions; a paper being signed stays as it is."""
    pages = Page.objects.filter(owner=user, pk__in=list(keys))
    moved = [str(pk) for pk in pages.values_list("pk", flat=True)]
    Page.objects.filter(pk__in=moved).update(owner=successor)
    return moved
