"""The generations of an index on the server and the alias that names the one in use.

::

    <name>-v<layout>.<analysis>          the alias readers and writers ask, of this version of the portal
    <name>-before                        the alias of the generation in use before, for whoever is still reading it
    <name>-<time>-<random>               a generation; without an alias while it is being filled
    <name>_leases                        who is writing (search.engines.elasticsearch_leases)

The alias carries the version, so an index of another version is never asked by mistake and looking costs no request.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError
from elasticsearch.dsl import Index

from search import text
from search.engines import elasticsearch_schema


@dataclass(frozen=True, slots=True)
class Layout:
    """Parts of an index on several servers; replicas follow the number of servers, one as soon as there are two."""

    shards: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is: the generations the alias names, unfinished ones of this version, and those of other versions.

    The generation used before this one is none of these."""

    used: tuple[str, ...]
    unfinished: tuple[str, ...]
    others: tuple[str, ...]


class ServerGenerations:
    """The generations of one index name."""

    def __init__(self, client: Elasticsearch, name: str, layout: Layout) -> None:
        self._client = client
        self._name = name
        self._layout = layout

    @property
    def alias(self) -> str:
        return f"{self._name}-v{elasticsearch_schema.VERSION}.{text.VERSION}"

    @property
    def _before(self) -> str:
        return f"{self._name}-before"

    def standing(self) -> Standing:
        """Look at everything there is of this name."""
        found = self._client.indices.get(index=f"{self._name}-*", features="aliases,mappings", allow_no_indices=True)
        used, unfinished, others = [], [], []
        for index, described in sorted(found.items()):
            if self.alias in described.get("aliases", {}):
                used.append(index)
            elif _version_of(described) == _version() and not described.get("aliases"):
                unfinished.append(index)
            elif self._before not in described.get("aliases", {}):
                others.append(index)
        return Standing(tuple(used), tuple(unfinished), tuple(others))

    def used(self) -> list[str]:
        """Return the generations the alias names: one, if all is well."""
        try:
            return sorted(self._client.indices.get_alias(name=self.alias))
        except NotFoundError:
            return []

    def create(self) -> str:
        """Make an empty generation, named by nothing yet, and return its name."""
        name = f"{self._name}-{time.strftime('%Y%m%d%H%M%S')}-{uuid.uuid4().hex[:8]}"
        self._index(name, refresh_interval="-1").create(using=self._client)
        return name

    def create_first(self) -> None:
        """Make the very first generation, in use at once; if two processes do so together there is one still."""
        index = self._index(f"{self._name}-first")
        index.aliases(**{self.alias: {}})
        try:
            index.create(using=self._client)
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def finish(self, name: str) -> None:
        """Show everything written to a new generation and let it be refreshed as usual from now on."""
        self._client.indices.put_settings(index=name, settings={"refresh_interval": None})
        self._client.indices.refresh(index=name)

    def use(self, name: str) -> None:
        """Point everybody at this generation and remove those older than the one before, at one stroke."""
        found = self._client.indices.get(index=f"{self._name}-*", features="aliases", allow_no_indices=True)
        actions: list[dict[str, dict[str, str]]] = [{"add": {"index": name, "alias": self.alias}}]
        for other, described in found.items():
            if other == name:
                continue
            if self.alias in described.get("aliases", {}):
                actions.append({"remove": {"index": other, "alias": self.alias}})
                actions.append({"add": {"index": other, "alias": self._before}})
            else:
                actions.append({"remove_index": {"index": other}})
        self._client.indices.update_aliases(actions=actions)

    def discard(self, name: str) -> None:
        """Remove a generation."""
        self._client.options(ignore_status=404).indices.delete(index=name)

    def bytes(self, name: str) -> int:
        """Return the size of a generation on disk, copies left out."""
        answer = self._client.indices.stats(index=name, metric="store")
        return int(answer["_all"]["primaries"].get("store", {}).get("size_in_bytes", 0))

    def _index(self, name: str, **settings: str) -> Index:
        index = Index(name, using=self._client)
        index.settings(number_of_shards=self._layout.shards, auto_expand_replicas="0-1", **settings)
        index.mapping(elasticsearch_schema.mapping())
        return index


def _version() -> dict[str, int]:
    return {"schema": elasticsearch_schema.VERSION, "text": text.VERSION}


def _version_of(described: Mapping) -> dict[str, int] | None:
    return described.get("mappings", {}).get("_meta", {}).get("portal")
