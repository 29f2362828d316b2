"""Who is reading: the audience tokens every document carries are intersected with the reader's.

Tokens are plain strings: ``public``, ``staff``, ``group:<id>``, ``unit:<id>``, ``post:<id>``, ``user:<id>``,
``perm:<app>.<codename>``. search/ knows no content, so the function that turns a user into tokens is named by the
setting SEARCH_READER.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Reader:
    """The tokens of one reader; `everything` is for site managers (superusers)."""

    tokens: frozenset[str]
    everything: bool = False
    user_id: int | None = None

    def may_read(self, audience: frozenset[str]) -> bool:
        """Tell whether a document with these audience tokens may be shown to this reader in any form."""
        return self.everything or not self.tokens.isdisjoint(audience)


ANONYMOUS = Reader(tokens=frozenset({PUBLIC}))


@lru_cache(maxsize=1)
def _resolver(path: str):
    return import_string(path)


def reader_for(user) -> Reader:
    """Return the Reader of a user (anonymous or not), by the project's SEARCH_READER function."""
    return _resolver(settings.SEARCH_READER)(user)
