"""Which releases a reader may see in lists, and the newsroom's filters. Imports no model, so models may import it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, Prefetch, Q, Value, When
from django.db.models.functions import ExtractYear
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from content.core.choices import Audience
from content.releases.choices import ReleaseKind
from search.readers import Reader


class ReleaseQuerySet(PageQuerySet):
    """Releases by who may read them and how they are shown."""

    def readable_by(self, reader: Reader) -> "ReleaseQuerySet":
        """Published releases this reader may open: the rule of ContentPage.audience_tokens, asked of many at once."""
        pages = self.live()
        if reader.everything:
            return pages
        restrictions = list(PageViewRestriction.objects.select_related("page"))
        readable = pages.filter(audience__in=[value for value in Audience.values if value in reader.tokens])
        if not restrictions:
            return readable
        restricted = Q()
        for restriction in restrictions:
            restricted |= Q(path__startswith=restriction.page.path)
        allowed = [page.pk for page in pages.filter(restricted) if reader.may_read(page.audience_tokens())]
        return pages.filter(Q(pk__in=allowed) | (Q(pk__in=readable.values("pk")) & ~restricted))

    def newest_first(self) -> "ReleaseQuerySet":
        return self.order_by("-first_published_at", "-pk")

    def for_cards(self) -> "ReleaseQuerySet":
        """Everything a card shows, in two queries whatever the number: issuer, cover and its renditions."""
        renditions = get_image_model().get_rendition_model().objects.all()
        return self.select_related("issuer", "cover").prefetch_related(
            Prefetch("cover__renditions", queryset=renditions, to_attr="prefetched_renditions")
        )

    def related_to(self, release) -> "ReleaseQuerySet":
        """Other releases, those of the same issuer first, then newest first."""
        nearness = Case(When(issuer_id=release.issuer_id, then=Value(0)), default=Value(1), output_field=IntegerField())
        return self.exclude(pk=release.pk).order_by(nearness, "-first_published_at", "-pk")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: what is shown, how many releases it leaves, and the address that takes it."""

    label: str
    count: int
    selected: bool
    querystring: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter of the newsroom; `clear` is the query string without it."""

    title: str
    choices: tuple[Choice, ...]
    clear: str

    @property
    def chosen(self) -> bool:
        return any(choice.selected for choice in self.choices)


class NewsroomFilter:
    """The newsroom's filters as asked for in the address; values that make no sense are as if not given."""

    NAMES = ("kind", "issuer", "year")

    def __init__(self, query: Mapping[str, str]):
        kind, year = query.get("kind", ""), query.get("year", "")
        self.values = {
            "kind": kind if kind in ReleaseKind.values else "",
            "issuer": query.get("issuer", "").replace("\x00", "")[:30],
            "year": year if len(year) == 4 and year.isascii() and year.isdigit() and "1900" < year < "9999" else "",
        }

    def querystring(self, **changes: str) -> str:
        """Query string of these filters with some changed, e.g. «kind=soft_article&year=2026»."""
        values = {**self.values, **changes}
        return urlencode({name: values[name] for name in self.NAMES if values[name]})

    @property
    def chosen(self) -> bool:
        return any(self.values.values())

    def apply(self, releases: ReleaseQuerySet, *, without: str = "") -> ReleaseQuerySet:
        lookups = {"kind": "kind", "issuer": "issuer__code", "year": "first_published_at__year"}
        return releases.filter(
            **{lookups[name]: value for name, value in self.values.items() if value and name != without}
        )

    def facets(self, releases: ReleaseQuerySet) -> list[Facet]:
        """Each filter with its values and counts under the other filters chosen; three queries."""
        kinds = self.apply(releases, without="kind").order_by("kind").values_list("kind")
        issuers = self.apply(releases, without="issuer").order_by("issuer__sort_order", "issuer__name")
        years = self.apply(releases, without="year").annotate(year=ExtractYear("first_published_at"))
        rows = {
            "kind": [(k, ReleaseKind(k).label, n) for k, n in kinds.annotate(Count("pk"))],
            "issuer": list(issuers.values_list("issuer__code", "issuer__name").annotate(Count("pk"))),
            "year": [
                (str(year), f"{year} 年", n)
                for year, n in years.exclude(year=None).order_by("-year").values_list("year").annotate(Count("pk"))
            ],
        }
        titles = {"kind": "类型", "issuer": "发布单位", "year": "年份"}
        return [
            Facet(
                title=titles[name],
                clear=self.querystring(**{name: ""}),
                choices=tuple(
                    Choice(
                        label=label,
                        count=count,
                        selected=self.values[name] == value,
                        querystring=self.querystring(**{name: "" if self.values[name] == value else value}),
                    )
                    for value, label, count in rows[name]
                ),
            )
            for name in self.NAMES
        ]
