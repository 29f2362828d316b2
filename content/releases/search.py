"""How releases are found."""

from django.utils import timezone

from content.places.resolver import resolve
from content.releases.models import NewsroomPage, ReleasePage
from search.documents import SearchDocument
from search.readers import Reader
from search.registry import Facet, SearchIndex, exclude, register, register_list
from search.shared_facets import PLACE, PUBLISHED, UNIT, month_path


@register
class ReleaseIndex(SearchIndex):
    model = ReleasePage
    kind = "release"
    label = "新闻稿"
    icon = "doc-full"
    facets = (Facet("release_kind", "类型"), PLACE, UNIT, PUBLISHED)

    def get_queryset(self):
        return ReleasePage.objects.select_related("issuer")

    def to_document(self, obj) -> SearchDocument | None:
        if not obj.live or obj.url is None:
            return None
        date = timezone.localdate(obj.first_published_at) if obj.first_published_at else None
        place = resolve(obj.dateline) if obj.dateline else None
        return SearchDocument(
            key=f"{obj._meta.label_lower}:{obj.pk}",
            kind=self.kind,
            title=obj.title,
            url=obj.url,
            audience=obj.audience_tokens(),
            body="\n".join(text for text in (obj.summary, obj.cover_caption, obj.body_text()) if text),
            keywords=" ".join(text for text in (obj.issuer.name, obj.get_kind_display(), obj.dateline) if text),
            date=date,
            place=obj.dateline,
            facets={
                "release_kind": (obj.get_kind_display(),),
                PLACE.name: (place.division.path,) if place else (),
                UNIT.name: (obj.issuer.name,),
                PUBLISHED.name: month_path(date),
            },
        )


def _newsroom(reader: Reader) -> str:
    page = NewsroomPage.objects.live().first()
    return page.url or "" if page and reader.may_read(page.audience_tokens()) else ""


register_list("新闻中心", _newsroom)
exclude(NewsroomPage, "目录页，内容就是其中的稿件。")
