"""How a document lies in a tantivy index, and back.

Traps this layout answers: documents are deleted by a term on the *text* field `key` (raw), because deleting on a
numeric field with another integer type deletes nothing or ends the process; facets are one JSON field, so a new facet
needs no new schema; what hits show is stored as one value, so nothing is read back from token fields.

That value is 16 bytes of digest and a JSON array in GB18030, which holds all of Unicode and writes a Chinese character
in two bytes: with names instead of an array, in UTF-8, a document took half as much room again, and no less time.

Audiences are indexed twice: token by token, and the whole set as one term. There are few different sets, so a reader's
rights are mostly a handful of terms, or none at all where the reader may see everything there is.
"""

import json
from typing import Any

import tantivy

from search import pinyin, text
from search.documents import SearchDocument
from search.engines.stored import Stored, cents, facet_paths, from_stored, to_stored, whole

VERSION = 5  # of this layout; with text.VERSION it decides whether an index must be rebuilt


def schema() -> tantivy.Schema:
    """Return the schema; tokens come ready, parted by blanks."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("audience", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("audience_set", tokenizer_name="raw", index_option="basic")
    for name in ("title", "keywords", "body", "files"):
        builder.add_text_field(name, tokenizer_name="blanks", index_option="position")
    for name in ("title_words", "body_words"):
        builder.add_text_field(name, tokenizer_name="blanks", index_option="freq")
    builder.add_text_field("pinyin", tokenizer_name="blanks", index_option="basic")
    builder.add_json_field("facets", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("date", "deadline", "amount"):
        builder.add_integer_field(name, fast=True, indexed=True)
    builder.add_bytes_field("source", stored=True)
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Give an index the analyser its token fields name."""
    index.register_tokenizer("blanks", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def set_term(audience: frozenset[str]) -> str:
    """Return a whole audience as one term; `tokens_of` reads it. The empty audience is a term too."""
    return f"|{'|'.join(sorted(audience))}"


def tokens_of(term: str) -> frozenset[str]:
    return frozenset(term[1:].split("|")) - {""}


def to_tantivy(document: SearchDocument) -> tantivy.Document:
    """Return the tantivy document; titles and bodies are analysed here."""
    title = text.fold(document.title)
    keywords = text.fold(document.keywords)
    body = text.fold(document.body)
    made = tantivy.Document()
    made.add_text("key", document.key)
    made.add_text("kind", document.kind)
    for token in document.audience:
        made.add_text("audience", token)
    made.add_text("audience_set", set_term(document.audience))
    made.add_text("title", text.stream(title))
    made.add_text("title_words", " ".join(text.words(title)))
    if keywords:
        made.add_text("keywords", text.stream(keywords))
    if body:
        made.add_text("body", text.stream(body))
        made.add_text("body_words", " ".join(text.words(body)))
    for file in document.files:
        for part in (file.name, file.text):  # a gap parts the values of a field, so no phrase goes from one to the next
            made.add_text("files", text.stream(text.fold(part)))
    made.add_text("pinyin", " ".join(pinyin.keys(title)))
    facets = facet_paths(document)
    if facets:
        made.add_json("facets", facets)
    if document.date:
        made.add_integer("date", document.date.toordinal())
    if document.deadline:
        made.add_integer("deadline", document.deadline.toordinal())
    if document.amount is not None:
        made.add_integer("amount", cents(document.amount))
    made.add_bytes("source", _pack(document))
    return made


_DIGEST = 16  # bytes
_CODING = "gb18030"
_NAMES = (
    "kind", "title", "url", "audience", "body", "date", "deadline", "amount", "place", "facets",
    "keywords", "rest", "files",
)  # fmt: skip


def _pack(document: SearchDocument) -> bytes:
    stored = to_stored(document)
    values = [stored.get(name) for name in _NAMES]
    while values[-1] is None:
        values.pop()
    packed = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(_CODING)
    return bytes.fromhex(stored["digest"]) + packed


def _values(source: bytes) -> list[Any]:
    values = json.loads(source[_DIGEST:].decode(_CODING))
    return values + [None] * (len(_NAMES) - len(values))


def unpack(key: str, source: bytes) -> SearchDocument:
    """Return the document as stored: body cut to what highlighting reads, texts of files left out."""
    return from_stored({"key": key, **dict(zip(_NAMES, _values(source), strict=True))})


def unpack_whole(key: str, source: bytes) -> Stored:
    """Return the same with digests of what was left out."""
    return whole({"key": key, **dict(zip(_NAMES, _values(source), strict=True))})


def digest_of(source: bytes) -> str:
    """Return the digest of a stored document."""
    return source[:_DIGEST].hex()
