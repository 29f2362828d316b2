"""From a text to the subjects it is about, by the keywords the department keeps."""

import unicodedata
from collections.abc import Iterable

from content.taxonomy.models import Subject


def normalise(text: str) -> str:
    """Full-width forms, letter case and blanks do not part words: «５Ａ 级» is «5a级»."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def classify(text: str, *, subjects: Iterable[Subject] | None = None) -> list[Subject]:
    """Return the subjects whose keyword occurs in the text, those with more and longer matches first.

    Give `subjects` (once read) when classifying many texts; without it they are read by one query. A keyword inside
    a longer keyword of another subject that matches at the same place does not count: «湿地公园规划» speaks for 景区规划,
    not also for what «湿地公园» alone stands for.
    """
    haystack = normalise(text)
    if not haystack:
        return []
    spans: list[tuple[int, int, Subject]] = []
    for subject in Subject.objects.all() if subjects is None else subjects:
        for keyword in {normalise(word) for word in subject.keyword_list()}:
            start = haystack.find(keyword)
            while start >= 0:
                spans.append((start, start + len(keyword), subject))
                start = haystack.find(keyword, start + 1)
    weight: dict[Subject, int] = {}
    for start, end, subject in spans:
        shadowed = any(other != subject and s <= start and end <= e and e - s > end - start for s, e, other in spans)
        if not shadowed:
            weight[subject] = weight.get(subject, 0) + end - start
    return sorted(weight, key=lambda subject: (-weight[subject], subject.sort_order, subject.pk))
