"""Where in its files a hit matches. Texts of files stay where they are kept; this asks for the few parts to show.

search/ knows no files, so whoever keeps them registers a function that finds parts by the words in them.
"""

import logging
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from search import text as texts
from search.documents import FilePassage, SearchDocument

logger = logging.getLogger("search")

PER_HIT = 2  # passages shown under one hit
SNIPPET = 100


@dataclass(frozen=True, slots=True)
class FilePart:
    """A page, sheet or slide of a file: `key` of the file, where to open it, what the part is called, its text."""

    key: str
    name: str
    url: str
    place: str
    text: str


# From the keys of files and folded words to the parts that hold one of the words, in the order they stand in a file.
Finder = Callable[[Collection[str], Collection[str]], Iterable[FilePart]]
_finders: list[Finder] = []


def register_finder(finder: Finder) -> Finder:
    """Decorator: let passages be read from the files this function knows."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def passages_of(
    documents: Sequence[SearchDocument], phrases: Iterable[tuple[str, bool]]
) -> Mapping[str, tuple[FilePassage, ...]]:
    """Return, by the key of a document, the passages of its files that hold one of the folded phrases (with
    True: where its last word may go on).

    The first passage is the one that most of them match. Costs nothing where no document has files; where the
    files cannot be read there are no passages.
    """
    keys = {file.key for document in documents for file in document.files}
    words, patterns = set(), []
    for phrase, prefix in phrases:
        pattern = texts.pattern_of(phrase, prefix)
        if pattern is not None:
            patterns.append(pattern)
            words.add(max(texts.runs(phrase), key=len))
    if not keys or not words:
        return {}
    by_file: dict[str, list[tuple[int, FilePassage]]] = {}
    try:
        for finder in _finders:
            for part in finder(keys, words):
                matched = _passage(part, patterns)
                if matched:
                    by_file.setdefault(part.key, []).append(matched)
    except Exception:  # a hit without its passage is still a hit
        logger.exception("Passages of files could not be read")
        return {}
    found: dict[str, tuple[FilePassage, ...]] = {}
    for document in documents:
        matching = [one for file in document.files for one in by_file.get(file.key, ())]
        matching.sort(key=lambda one: -one[0])  # stable: files and parts keep their order
        if matching:
            found[document.key] = tuple(passage for _, passage in matching[:PER_HIT])
    return found


def _passage(part: FilePart, patterns: Sequence[re.Pattern[str]]) -> tuple[int, FilePassage] | None:
    """Return how many of the patterns match a part, and its passage; None if none does."""
    folded = texts.fold(part.text)
    matching = [pattern for pattern in patterns if pattern.search(folded)]
    if not matching:
        return None
    snippet = texts.snippet(part.text, matching, SNIPPET)
    return len(matching), FilePassage(part.key, part.name, part.url, part.place, snippet)
