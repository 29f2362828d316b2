"""Role descriptions are found by any word in them; posts through them."""

from django.urls import reverse

from content.organization.models import Post, RoleDescriptionPage, RoleIndexPage, RoleVersion
from content.organization.suggesting import PostSource
from search import registry, suggestions
from search.documents import SearchDocument
from search.readers import Reader
from search.shared_facets import PUBLISHED, UNIT, month_path


@registry.register
class RoleDescriptionIndex(registry.SearchIndex):
    model = RoleDescriptionPage
    kind = "role"
    label = "岗位说明书"
    icon = "role"
    facets = (UNIT, PUBLISHED)

    def get_queryset(self):
        return (
            RoleDescriptionPage.objects.live()
            .select_related("post__unit", "post__superior__unit")
            .prefetch_related("duty_groups", "indicators__indicator")
        )

    def to_document(self, obj) -> SearchDocument | None:
        page: RoleDescriptionPage = obj
        if not page.live:
            return None
        superior = page.post.superior
        date = page.approved_on or (page.last_published_at.date() if page.last_published_at else None)
        body = [
            page.summary,
            page.purpose,
            *(f"{group.title}\n{group.duties}" for group in page.duty_groups.all()),
            *(f"{row.indicator.name}\n{row.explanation or row.indicator.explanation}" for row in page.indicators.all()),
            page.working_flow,
            f"直接上级：{superior}" if superior else "",
        ]
        return SearchDocument(
            key=f"{page._meta.label_lower}:{page.pk}",
            kind=self.kind,
            title=page.title,
            url=page.get_url() or "",
            audience=page.audience_tokens(),
            body="\n".join(part for part in body if part),
            keywords=f"{page.number} {page.post.code} {page.post.title} {page.post.unit.name}",
            date=date,
            facets={UNIT.name: (page.post.unit.name,), PUBLISHED.name: month_path(date)},
        )


def _role_descriptions(reader: Reader) -> str:
    page = RoleIndexPage.objects.live().first()
    return page.url or "" if page and reader.may_read(page.audience_tokens()) else ""


registry.register_list("岗位说明书", _role_descriptions)
registry.register_list("组织图", lambda reader: reverse("organization:chart") if "staff" in reader.tokens else "")
registry.exclude(RoleIndexPage, "只是岗位说明书的目录，说明书本身可检索。")
registry.exclude(Post, "岗位由其岗位说明书检索到，人员变动随岗位页即时显示。")
registry.exclude(RoleVersion, "旧版从岗位说明书的“历次版本”进入，检索只给现行版本。")
suggestions.register(PostSource())
