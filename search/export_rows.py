"""The result of a search as a table: which columns, and what stands in them for a hit."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.documents import Hit
from search.registry import Facet, all_facets, all_indexes

Cell = str | float | object | None  # text, numbers, dates
_WIDTHS = {
    "类别": 12,
    "标题": 60,
    "网址": 40,
    "日期": 12,
    "截止日期": 12,
    "地点": 24,
    "金额（元）": 16,
    "匹配的内容": 80,
}
_TAG = re.compile(r"</?mark>")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of an export: the facets of the kinds that are exported stand between the amount and the passage."""

    facets: tuple[Facet, ...]
    site: str

    @property
    def headings(self) -> list[str]:
        taken = list(_WIDTHS)
        # A facet may be called like a column of ours («日期»); two columns of one name could not be told apart.
        labels = [f"{facet.label}（筛选项）" if facet.label in taken else facet.label for facet in self.facets]
        return [*taken[:-1], *labels, taken[-1]]

    @property
    def widths(self) -> list[int]:
        widths = list(_WIDTHS.values())
        return [*widths[:-1], *(24 for _ in self.facets), widths[-1]]

    def rows(self, hits: Iterable[Hit]) -> Iterator[list[Cell]]:
        """One row for each hit, made as it is asked for."""
        for hit in hits:
            yield [
                hit.label,
                hit.title,
                f"{self.site}{hit.url}" if hit.url.startswith("/") else hit.url,
                hit.date,
                hit.deadline,
                hit.place,
                hit.amount,
                *("、".join(hit.facets.get(facet.name, ())) for facet in self.facets),
                passage_of(hit),
            ]


def table_for(kinds: Sequence[str], site: str) -> Table:
    """The table for these kinds (none: for all); `site` goes before addresses, e.g. «https://portal.example.com»."""
    wanted = {facet.name for index in all_indexes() if not kinds or index.kind in kinds for facet in index.facets}
    return Table(tuple(facet for facet in all_facets() if facet.name in wanted), site.rstrip("/"))


def passage_of(hit: Hit) -> str:
    """The passage shown under a hit as plain text; where the match is in a file, the file and the place besides."""
    passages = [hit.snippet_html]
    passages += [f"见附件：{file.name} {file.place}　{file.snippet_html}" for file in hit.files]
    return "\n".join(html.unescape(_TAG.sub("", passage)) for passage in passages if passage)
