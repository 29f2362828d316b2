"""What search engines may index of the newsroom: the public part only."""

from django.contrib.sitemaps import Sitemap

from content.releases.models import NewsroomPage, ReleasePage
from search.readers import ANONYMOUS


class ReleaseSitemap(Sitemap):
    """The newsroom and its public releases."""

    changefreq = "weekly"

    def items(self):
        newsrooms = [page for page in NewsroomPage.objects.live() if ANONYMOUS.may_read(page.audience_tokens())]
        releases = ReleasePage.objects.readable_by(ANONYMOUS).newest_first().defer_streamfields()
        return [page for page in [*newsrooms, *releases] if page.url]

    def location(self, item) -> str:
        return item.url

    def lastmod(self, item):
        return item.last_published_at
