"""Sending many documents: in bounded requests, waiting longer each time the server says it has too much to do."""

from collections.abc import Iterable
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from search.engines.base import EngineUnavailable
from search.engines.elasticsearch_errors import LOST, OVERLOADED

_DOCUMENTS = 500  # a request
_BYTES = 8 * 1024 * 1024  # a request; far below what servers take (100 MB)
_RETRIES = 8  # of what the server puts off; with the waits below half a minute in all
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 10.0
_PUT_OFF = (429, 503)
_OF_THE_SERVER = {401, 403, 408, *_PUT_OFF}


def send(client: Elasticsearch, actions: Iterable[dict[str, Any]], **target: Any) -> dict[str, str]:
    """Send all, one request after the other, and return what the server refused for good, with its reason by key.

    Raises what the client raises, and EngineUnavailable where the server goes on putting off.
    """
    refused: dict[str, str] = {}
    together: list[dict[str, Any]] = []
    answers = streaming_bulk(
        client,
        actions,
        chunk_size=_DOCUMENTS,
        max_chunk_bytes=_BYTES,
        raise_on_error=False,
        raise_on_exception=False,
        max_retries=_RETRIES,
        initial_backoff=_FIRST_WAIT,
        max_backoff=_LONGEST_WAIT,
        retry_on_status=_PUT_OFF,
        yield_ok=False,
        **target,
    )
    for _, answer in answers:
        [(operation, item)] = answer.items()
        status = item["status"]
        if operation == "delete" and status == 404 and item.get("result") == "not_found":
            continue
        if status in _OF_THE_SERVER or status >= 500:
            raise item.get("exception") or EngineUnavailable(OVERLOADED)
        if "exception" in item:  # the request as a whole, so perhaps for one document in it
            data = {"_source": item["data"]} if "data" in item else {}
            together.append({"_op_type": operation, "_id": item["_id"], **data})
        elif status == 404:
            raise EngineUnavailable(LOST)
        else:
            refused[item["_id"]] = str(item.get("error"))[:500]
    if len(together) == 1:
        refused[together[0]["_id"]] = "the server does not take it"
        return refused
    for action in together:
        refused |= send(client, [action], **target)
    return refused
