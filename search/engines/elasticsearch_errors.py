"""What a server that is away, busy, closed or not Elasticsearch at all means, in one Chinese sentence each."""

import contextlib
from collections.abc import Generator
from typing import Any

from elastic_transport import TlsError
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    ConnectionTimeout,
    SerializationError,
    TransportError,
    UnsupportedProductError,
)
from elasticsearch import ConnectionError as NoConnection

from search.engines.base import EngineUnavailable

CLOSED = "Elasticsearch 拒绝访问，请检查 ELASTICSEARCH_URL 里的账号和密码，或 ELASTICSEARCH_API_KEY。"
AWAY = "连不上 Elasticsearch，请检查服务是否启动、ELASTICSEARCH_URL 是否正确。"
SLOW = "Elasticsearch 没有按时答复，请稍后再试。"
OTHER = "ELASTICSEARCH_URL 的地址上答复的不是 Elasticsearch，请检查地址和中间的代理。"
OVERLOADED = "Elasticsearch 暂时忙不过来，或部分分片不可用，请稍后再试。"
CERTIFICATE = "无法确认 Elasticsearch 的证书，请检查 ELASTICSEARCH_CA_CERTS。"
ANOTHER_VERSION = "检索索引由旧版本生成，请运行 rebuild_search_index 重建。"
LOST = "Elasticsearch 上的检索索引不见了，请运行 rebuild_search_index 重建。"
REBUILDING = "检索索引正在重建，完成后自动补上。"
NOT_ONE = "检索索引的别名同时指向几代索引，请运行 rebuild_search_index 重建。"


def sentence(error: Exception) -> str:
    """Return what is the matter and what to do about it."""
    if isinstance(error, AuthenticationException | AuthorizationException):
        return CLOSED
    if isinstance(error, ConnectionTimeout):
        return SLOW
    if isinstance(error, TlsError):
        return CERTIFICATE
    if isinstance(error, UnsupportedProductError | SerializationError):
        return OTHER
    if isinstance(error, NoConnection):
        return AWAY
    if isinstance(error, ApiError):
        status = error.meta.status
        if status in {408, 429} or status >= 500:
            return OVERLOADED
        return f"Elasticsearch 不接受这个请求，请运行 rebuild_search_index 重建：{error}"
    return AWAY


@contextlib.contextmanager
def answered() -> Generator[None]:
    """Turn whatever a server or the way to it can do wrong into EngineUnavailable."""
    try:
        yield
    except (ApiError, TransportError, UnsupportedProductError) as error:
        raise EngineUnavailable(sentence(error)) from error


def part(answer: Any, *path: str) -> Any:
    """Return what stands at this path of a server's answer; a server that says something else is not Elasticsearch."""
    found = getattr(answer, "body", answer)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        raise EngineUnavailable(OTHER)
    return found
