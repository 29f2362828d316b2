"""Procedures are found by their code and by any word of the version in force."""

from django.utils import timezone

from content.procedures.models import Case, CaseFile, ProcedureIndexPage, ProcedurePage, ProcedureVersion
from content.procedures.snapshots import ProcedureText
from search import registry
from search.documents import SearchDocument
from search.readers import Reader
from search.shared_facets import PUBLISHED, UNIT, month_path


@registry.register
class ProcedureIndex(registry.SearchIndex):
    model = ProcedurePage
    kind = "procedure"
    label = "制度流程"
    icon = "procedure"
    facets = (UNIT, registry.Facet("post", "涉及岗位"), PUBLISHED)
    related = {ProcedureVersion: lambda version: [version.page]}

    def get_queryset(self):
        return ProcedurePage.objects.live().select_related("owner_unit")

    def to_document(self, obj) -> SearchDocument | None:
        page: ProcedurePage = obj
        if not page.live:
            return None
        today = timezone.localdate()
        version = page.version_in_force(today) or page.versions.exclude(effective_until__lt=today).first()
        if version is None:
            return None
        text = ProcedureText(version.content)
        return SearchDocument(
            key=f"{page._meta.label_lower}:{page.pk}",
            kind=self.kind,
            title=f"{text.code} {text.title}",
            url=page.get_url() or "",
            audience=page.audience_tokens(),
            body=text.words(),
            keywords=f"{text.code} {text.code.replace('-', '')} {text.unit['name']}",
            date=version.effective_from,
            facets={
                UNIT.name: (text.unit["name"],),
                "post": tuple(dict.fromkeys(p["short"] for p in text.posts())),
                PUBLISHED.name: month_path(version.effective_from),
            },
        )


def _procedures(reader: Reader) -> str:
    page = ProcedureIndexPage.objects.live().first()
    return page.url or "" if page and reader.may_read(page.audience_tokens()) else ""


registry.register_list("制度流程", _procedures)
registry.exclude(Case, "只有经手人能看，从“办事”和“待我办理”进入。")
registry.exclude(CaseFile, "随事项查看，只有经手人能看。")
registry.exclude(ProcedureVersion, "由其制度检索到，只查施行中的版本。")
registry.exclude(ProcedureIndexPage, "只是制度流程的目录，制度本身可检索。")
