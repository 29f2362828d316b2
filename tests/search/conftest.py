"""Models made searchable for these tests alone."""

import pytest
from wagtail.models import Page

from content.core.choices import Audience
from content.home.models import HomePage
from content.taxonomy.models import Subject
from content.tenders.models import QualificationRequirement, TenderProcess
from search import registry, signals
from search.documents import SearchDocument
from search.registry import Facet, SearchIndex, key_of
from tests.search import kinds as kinds_of_tests


class SubjectIndex(SearchIndex):
    model = Subject
    kind = "subject"
    label = "主题"

    def to_document(self, obj: Subject) -> SearchDocument | None:
        if obj.keywords == "不检索":
            return None
        if obj.keywords == "坏":
            raise ValueError("坏数据")
        return SearchDocument(
            key=key_of(Subject, obj.pk),
            kind=self.kind,
            title=obj.name,
            url=f"/subjects/{obj.slug}/",
            audience=frozenset({"public"}),
            body=obj.keywords,
        )


class TenderIndex(SearchIndex):
    model = TenderProcess
    kind = "tender"
    label = "招标"
    facets = (Facet("subject", "主题"), Facet("qualification", "资质"))
    related = {QualificationRequirement: lambda row: [row.process]}

    def to_document(self, obj: TenderProcess) -> SearchDocument:
        return SearchDocument(
            key=key_of(TenderProcess, obj.pk),
            kind=self.kind,
            title=obj.title,
            url=f"/tenders/{obj.pk}/",
            audience=frozenset({"public"}),
            facets={
                "subject": tuple(subject.name for subject in obj.subjects.all()),
                "qualification": tuple(requirement.kind for requirement in obj.qualifications.all()),
            },
        )


class HomeIndex(SearchIndex):
    model = HomePage
    kind = "home"
    label = "首页"

    def to_document(self, obj: HomePage) -> SearchDocument | None:
        if not obj.live:
            return None
        return SearchDocument(
            key=key_of(HomePage, obj.pk),
            kind=self.kind,
            title=obj.title,
            url=obj.get_url() or "",
            audience=obj.audience_tokens(),
        )


@pytest.fixture
def searchable(monkeypatch, db):
    """Only Subject, TenderProcess and HomePage are searchable."""
    monkeypatch.setattr(registry, "_indexes", {})
    for index in (SubjectIndex, TenderIndex, HomeIndex):
        registry.register(index)
    signals.connect()


@pytest.fixture
def tree(home, searchable):
    """A page with one page below it, both public."""

    def page(parent: Page, title: str, slug: str) -> HomePage:
        return parent.add_child(instance=HomePage(title=title, slug=slug, audience=Audience.PUBLIC))

    parent = page(home, "栏目", "section")
    return parent, page(parent, "文章", "article")


@pytest.fixture(scope="module")
def kinds():
    """Only the two kinds of tests/search/kinds.py are searchable; their documents are written to the index as such."""
    before = registry._indexes
    registry._indexes = {index.model: index() for index in (kinds_of_tests.NoticeIndex, kinds_of_tests.ReleaseIndex)}
    yield
    registry._indexes = before
