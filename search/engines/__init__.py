"""The engines, and which of them this installation uses: Elasticsearch where the setting ELASTICSEARCH_URL names
one, else the embedded one."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from search.engines.base import Engine
from search.engines.tantivy import TantivyEngine

READERS = "readers"  # what may be found in the portal
EDITORS = "editors"  # what editors find in the desk (search.admin_index)


@lru_cache(maxsize=8)
def _embedded(root: Path) -> TantivyEngine:
    return TantivyEngine(root)


@lru_cache(maxsize=8)
def _on_server(addresses: str, key: str, certificates: str, name: str, shards: int) -> Engine:
    # The client's library takes half a second to load, which only those who use it should wait for.
    from search.engines.elasticsearch import ElasticsearchEngine  # noqa: PLC0415
    from search.engines.elasticsearch_client import connected  # noqa: PLC0415
    from search.engines.elasticsearch_generations import Layout  # noqa: PLC0415

    return ElasticsearchEngine(connected(addresses, key=key, certificates=certificates), name, Layout(shards))


def is_embedded() -> bool:
    """Tell whether the index lies on this machine, so that who saved can write to it at once."""
    return not settings.ELASTICSEARCH_URL


def get_engine(index: str = READERS) -> Engine:
    """Return the engine over one of the two indexes, by the settings; one object per process and place."""
    if is_embedded():
        root = Path(settings.SEARCH_INDEX_DIR)
        return _embedded(root if index == READERS else root.with_name(f"{root.name}-{index}"))
    return _on_server(
        settings.ELASTICSEARCH_URL,
        settings.ELASTICSEARCH_API_KEY,
        settings.ELASTICSEARCH_CA_CERTS,
        f"{settings.ELASTICSEARCH_PREFIX}_{index}",
        settings.ELASTICSEARCH_SHARDS,
    )


def forget() -> None:
    """Let the next call look at the settings and the disk anew."""
    _embedded.cache_clear()
    _on_server.cache_clear()
