"""The engines, and which of them this installation uses (setting SEARCH_ENGINE)."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.engines.base import Engine
from search.engines.tantivy import TantivyEngine


@lru_cache(maxsize=8)
def _made(name: str, root: Path) -> Engine:
    if name == "tantivy":
        return TantivyEngine(root)
    raise ImproperlyConfigured(f"SEARCH_ENGINE 的值 {name} 无法识别：目前可用的是 tantivy。")


def get_engine() -> Engine:
    """Return the engine of the settings; one object per process and place."""
    return _made(settings.SEARCH_ENGINE, Path(settings.SEARCH_INDEX_DIR))
