"""What search engines and social networks read about a release: schema.org JSON-LD and the sharing picture."""

import json

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from wagtail.images.shortcuts import get_rendition_or_not_found

# The characters that could end the script element or start an entity (as django.utils.html.json_script does).
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
SHARING_PICTURE = "fill-1200x630"


def sharing_picture(release, request) -> str:
    """Absolute address of the picture shown when the page is shared; empty without a cover."""
    if release.cover is None:
        return ""
    return request.build_absolute_uri(get_rendition_or_not_found(release.cover, SHARING_PICTURE).url)


def news_article(release, request, *, picture: str = "") -> SafeString:
    """JSON-LD of a release (https://schema.org/NewsArticle), safe inside a script element."""
    published = release.released_at
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": release.title,
        "description": release.summary,
        "inLanguage": "zh-Hans",
        "mainEntityOfPage": request.build_absolute_uri(release.get_url(request)),
        "author": {"@type": "Organization", "name": release.issuer.name},
        "publisher": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
    }
    if published:
        data["datePublished"] = published.isoformat()
    if release.last_published_at:
        data["dateModified"] = release.last_published_at.isoformat()
    if picture:
        data["image"] = [picture]
    if release.dateline:
        data["dateline"] = release.dateline
    # Safe: JSON with the three characters that mean something to HTML escaped.
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))
