"""Searches that found nothing, or not what was typed: counted by their words, so that an owner can act on them.

Kept are the folded words, how often, when last, and whether visitors or staff asked; never who. What looks like a telephone,
identity or bank number or a mail address is not kept at all, nor is long text: it was pasted, not looked for.
"""

import datetime
import logging
import re

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from search import synonyms
from search import text as texts
from search.documents import Results
from search.models import MissedSearch, SynonymGroup
from search.readers import Reader

logger = logging.getLogger("search")

KEPT = datetime.timedelta(days=180)  # after it was last asked for
MOST = 5_000  # words; nobody reads more, and nobody can fill the database with made-up ones
LONGEST = 60  # characters
_STAFF = "staff"  # the token of search.readers that visitors never have
_PARTS = re.compile(r"(?<=\d)[\s()./_+-]+(?=\d)")
_PERSONAL = re.compile(r"@|[a-z]?\d{14,}[\dx]|(?<!\d)(?:86)?1[3-9]\d{9}|(?<!\d)0\d{9,11}|\d{11,}")
_NUMBER = re.compile(r"\d{7,}")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")


def record(found: Results, reader: Reader) -> None:
    """Count a search without filters that held nothing of what was typed. Never raises: the reader waits for a page."""
    if found.unavailable or (found.total and not found.widened):
        return
    text = words_of(found)
    if not text or is_personal(text):
        return
    rights = MissedSearch.Rights.STAFF if reader.everything or _STAFF in reader.tokens else MissedSearch.Rights.PUBLIC
    counted = "partly" if found.total else "nothing"
    try:
        with transaction.atomic():
            if not _count(text, rights, counted) and MissedSearch.objects.count() < MOST:
                _begin(text, rights, counted)
    except DatabaseError:
        logger.exception("A search that found nothing could not be counted")


def words_of(found: Results) -> str:
    """Return the folded words of a search, without fields, choices and ranges; empty where they are too long."""
    text = " ".join(" ".join(term.folded.split()) for term in found.parsed.positive())
    text = re.sub(r"^[\W_]+", "", text)  # also what a spreadsheet would take for a formula
    return text if len(text) <= LONGEST and texts.units(text) else ""


def is_personal(text: str) -> bool:
    """Tell whether folded words hold what points to a person: a mail address, or a number long enough for a telephone,
    an identity card or an account. Project numbers («lj-2026-018») and dates are none."""
    if _PERSONAL.search(text) or _PERSONAL.search(_PARTS.sub("", text)):
        return True
    return any(not _DATE.fullmatch(number) for number in _NUMBER.findall(text))


def settle(group: SynonymGroup) -> int:
    """Mark the words of a group of synonyms as handled; return how many there were."""
    words = [texts.fold(word) for word in synonyms.read_words(group.words)] if group.active else []
    return MissedSearch.objects.filter(text__in=words, handled=False).update(handled=True)


def forget_old() -> int:
    """Delete what has not been asked for since long; return how many."""
    return MissedSearch.objects.filter(last_at__lt=timezone.now() - KEPT).delete()[0]


def _count(text: str, rights: str, counted: str) -> int:
    """Count up what is kept already. A word asked for again after it was handled is open again: it did not help."""
    row = MissedSearch.objects.filter(text=text, rights=rights)
    return row.update(**{counted: F(counted) + 1}, last_at=timezone.now(), handled=False)


def _begin(text: str, rights: str, counted: str) -> None:
    try:
        with transaction.atomic():
            MissedSearch.objects.create(text=text, rights=rights, **{counted: 1})
    except IntegrityError:  # another reader asked for the same at the same moment
        _count(text, rights, counted)
