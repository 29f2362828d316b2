"""How a document lies in an Elasticsearch index.

Tokens come ready from search.text, parted by blanks, so the server analyses nothing: its built-in `whitespace`
analyser is all that is asked of it, and both engines hold the same tokens at the same distances. Dates are day numbers
and amounts fen, as in the embedded engine: no time zone of a server can move them. Only `source`, what hits show, is
kept as it came; the tokens are indexed and forgotten.
"""

from typing import Any

from elasticsearch.dsl import Document, Integer, Keyword, Long, Mapping, Object, Text

from search import pinyin, text
from search.documents import SearchDocument
from search.engines.stored import cents, facet_paths, to_stored

VERSION = 1  # of this layout; with text.VERSION it decides whether an index must be rebuilt
_LONGEST_VALUE = 8_000  # characters; a longer facet value or token of rights is kept but cannot be asked for


def _tokens(**options: Any) -> Any:
    """Phrases can be asked for: positions are kept."""
    return Text(analyzer="whitespace", **options)


def _value(**options: Any) -> Any:
    return Keyword(ignore_above=_LONGEST_VALUE, **options)


class Indexed(Document):
    """The fields of an index; documents are sent as plain JSON (`to_elasticsearch`), several times faster."""

    key = Keyword()
    kind = Keyword()
    audience = _value(doc_values=False)
    title = _tokens()
    keywords = _tokens()
    body = _tokens()
    files = _tokens(position_increment_gap=1)  # between two values, as in the embedded engine
    title_words = _tokens(index_options="freqs")
    body_words = _tokens(index_options="freqs")
    pinyin = _tokens(index_options="docs", norms=False)
    facets = Object(dynamic=True)
    folded = Object(dynamic=True)  # the values of facets as they are compared, for looking inside them
    date = Integer()
    deadline = Integer()
    amount = Long()
    source = Object(enabled=False)


def mapping() -> Mapping:
    """Return the mapping: strict, but any facet a kind registers is a keyword as soon as it comes."""
    made = Mapping()
    made.update(Indexed._doc_type.mapping)
    made.meta("dynamic", "strict")
    made.meta("_source", includes=["source", "source.*"])
    made.meta("_meta", portal={"schema": VERSION, "text": text.VERSION})
    made.meta(
        "dynamic_templates",
        [
            {name: {"path_match": f"{name}.*", "mapping": {"type": "keyword", "ignore_above": _LONGEST_VALUE}}}
            for name in ("facets", "folded")
        ],
    )
    return made


def to_elasticsearch(document: SearchDocument) -> dict[str, Any]:
    """Return the JSON of a document; titles, bodies and files are analysed here."""
    title = text.fold(document.title)
    made: dict[str, Any] = {
        "key": document.key,
        "kind": document.kind,
        "audience": sorted(document.audience),
        "title": text.stream(title),
        "title_words": " ".join(text.words(title)),
        "pinyin": " ".join(pinyin.keys(title)),
        "source": to_stored(document),
    }
    made["source"]["url"] = text.clean(document.url)
    if document.keywords:
        made["keywords"] = text.stream(text.fold(document.keywords))
    if document.body:
        body = text.fold(document.body)
        made["body"] = text.stream(body)
        made["body_words"] = " ".join(text.words(body))
    if document.files:  # a gap parts the values, so no phrase goes from one to the next
        made["files"] = [text.stream(text.fold(part)) for file in document.files for part in (file.name, file.text)]
    facets = facet_paths(document)
    if facets:
        made["facets"] = facets
    made["folded"] = {name: [text.fold(value) for value in values] for name, values in facets.items()}
    made["folded"]["kind"] = [text.fold(document.kind)]
    if document.date:
        made["date"] = document.date.toordinal()
    if document.deadline:
        made["deadline"] = document.deadline.toordinal()
    if document.amount is not None:
        made["amount"] = cents(document.amount)
    return made
