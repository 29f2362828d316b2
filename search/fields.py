"""The names one may put before a colon: «标题:», «截止:», «地区:»… and what each looks in."""

from dataclasses import dataclass
from enum import StrEnum

from search import registry
from search.text import fold


class Field(StrEnum):
    """Where a term is looked for; ANY is title, keywords, body and files."""

    ANY = ""
    TITLE = "标题"
    BODY = "正文"
    CODES = "编号"


@dataclass(frozen=True, slots=True)
class Name:
    """A known name as it is printed, with what it stands for: a field of text, a range, or facets (by their names)."""

    label: str
    field: Field | None = None
    range: str = ""
    facets: tuple[str, ...] = ()


KIND = "类别"
_KIND_TOO = frozenset({KIND, "类型"})  # what readers call the kind of a document; a facet may have the same label
_FIXED = {
    **dict.fromkeys(("标题", "题目", "title"), Name("标题", field=Field.TITLE)),
    **dict.fromkeys(("正文", "内容", "body"), Name("正文", field=Field.BODY)),
    **dict.fromkeys(("编号", "代号", "项目编号", "code"), Name("编号", field=Field.CODES)),
    **dict.fromkeys(("日期", "发布", "发布日期", "date"), Name("日期", range="date")),
    **dict.fromkeys(("截止", "截止日期", "deadline"), Name("截止", range="deadline")),
    **dict.fromkeys(("金额", "预算", "amount"), Name("金额", range="amount")),
}
MAX_NAME = 16  # characters of the longest name


def named(typed: str) -> Name | None:
    """Return what a name before a colon stands for, or None if it is nobody's: the labels of all facets are names."""
    name = fold(typed)
    if name in _FIXED:
        return _FIXED[name]
    labelled = [facet for facet in _facets() if fold(facet.label) == name]
    facets = tuple(dict.fromkeys(facet.name for facet in labelled))
    if name in _KIND_TOO:
        return Name(labelled[0].label if labelled else KIND, facets=(*facets, "kind"))
    return Name(labelled[0].label, facets=facets) if labelled else None


def names() -> list[str]:
    """Return every name as printed, the fixed ones first, for help and completion."""
    labels = [name.label for name in _FIXED.values()] + [KIND] + [facet.label for facet in _facets()]
    return list(dict.fromkeys(labels))


def _facets() -> list[registry.Facet]:
    """The facets whose labels can be typed, every kind's own."""
    every = (facet for index in registry.all_indexes() for facet in index.facets)
    return [facet for facet in every if fold(facet.label) not in _FIXED]
