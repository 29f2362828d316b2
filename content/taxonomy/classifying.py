"""From a text to the subjects it is about, by the keywords the department keeps."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from content.taxonomy.models import Subject


def normalise(text: str) -> str:
    """Full-width forms, letter case and blanks do not part words: «５Ａ 级» is «5a级»."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


# «旅游…规划» allows this many characters in between, but no punctuation: titles put places and adjectives there.
GAP = r"[^，。；：、！？,;:!?…]{0,12}?"


@lru_cache(maxsize=2048)
def _pattern(keyword: str) -> re.Pattern[str]:
    """The keyword as a pattern that also finds overlapping places; «…» stands for a gap."""
    parts = (re.escape(part) for part in re.split(r"…+|\.{3,}", keyword) if part)
    return re.compile(f"(?=({GAP.join(parts)}))")


def classify(text: str, *, subjects: Iterable[Subject] | None = None) -> list[Subject]:
    """Return the subjects whose keyword occurs in the text, those with more and longer matches first.

    Give `subjects` (once read) when classifying many texts; without it they are read by one query. A keyword inside
    a longer keyword of another subject that matches at the same place does not count: «湿地公园规划» speaks for 景区规划,
    not also for what «湿地公园» alone stands for.
    """
    haystack = normalise(text)
    if not haystack:
        return []
    spans: set[tuple[int, int, Subject]] = set()
    for subject in Subject.objects.all() if subjects is None else subjects:
        for keyword in {normalise(word) for word in subject.keyword_list()}:
            spans |= {(*match.span(1), subject) for match in _pattern(keyword).finditer(haystack) if keyword}
    weight: dict[Subject, int] = {}
    for start, end, subject in spans:
        shadowed = any(other != subject and s <= start and end <= e and e - s > end - start for s, e, other in spans)
        if not shadowed:
            weight[subject] = weight.get(subject, 0) + end - start
    return sorted(weight, key=lambda subject: (-weight[subject], subject.sort_order, subject.pk))
