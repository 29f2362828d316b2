"""Search of the portal: `search`, `scan`, `suggest`, `touch`, `rebuild`, `drain` (loaded on first use: an app's package
is imported before its models can be)."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.api import scan, search, suggest
    from search.maintenance import rebuild
    from search.outbox import drain, touch

__all__ = ["drain", "rebuild", "scan", "search", "suggest", "touch"]

_HOME = {
    "scan": "search.api",
    "search": "search.api",
    "suggest": "search.api",
    "rebuild": "search.maintenance",
    "drain": "search.outbox",
    "touch": "search.outbox",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
