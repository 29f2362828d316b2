"""How amounts and the values of facets are compared: by every engine and for a single document alike."""

from decimal import Decimal
from functools import lru_cache

from search import text
from search.documents import SearchDocument

_CENTS = Decimal(100)
_MAX_CENTS = 2**62


def cents(amount: Decimal) -> int:
    """Return an amount of yuan in fen, kept inside what 64 bits hold."""
    if not amount.is_finite():
        return 0
    return int(max(-_MAX_CENTS, min(_MAX_CENTS, (amount * _CENTS).to_integral_value())))


@lru_cache(maxsize=16384)
def with_ancestors(value: str) -> tuple[str, ...]:
    """Return a path and all paths above it: «云南省/丽江市» → «云南省», «云南省/丽江市»."""
    parts = [part for part in text.clean(value).split("/") if part]
    return tuple("/".join(parts[:end]) for end in range(1, len(parts) + 1))


def facet_paths(document: SearchDocument) -> dict[str, list[str]]:
    """Return the values of each facet to be counted and filtered by, those above them in a tree included."""
    return {
        name: list(dict.fromkeys(path for value in values for path in with_ancestors(value)))
        for name, values in document.facets.items()
        if values
    }
