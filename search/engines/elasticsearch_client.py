"""The connection to the servers, made from the settings."""

from typing import Any

from elasticsearch import Elasticsearch

_TIMEOUT = 60.0  # seconds for a bulk request; reading has its own
_RETRIES = 2  # on the other servers, where one does not answer


def connected(addresses: str, *, key: str = "", certificates: str = "") -> Elasticsearch:
    """Return a client of one or more servers, addresses parted by commas, each «http(s)://[name:password@]host:port».

    Nothing is asked yet. All servers are of one cluster; what one does not answer is asked of the next.
    """
    options: dict[str, Any] = {}
    if key:
        options["api_key"] = key
    if certificates:
        options["ca_certs"] = certificates
    hosts = [_with_port(address.strip()) for address in addresses.split(",") if address.strip()]
    return Elasticsearch(
        hosts,
        request_timeout=_TIMEOUT,
        max_retries=_RETRIES,
        retry_on_timeout=len(hosts) > 1,
        dead_node_backoff_factor=0.5,
        max_dead_node_backoff=5,
        **options,
    )


def _with_port(address: str) -> str:
    """Return the address with the port that is usual, as the client demands one."""
    scheme, _, rest = address.rpartition("://")
    host, slash, path = rest.partition("/")
    if ":" not in host.rpartition("@")[2]:
        host += {"https": ":443", "http": ":80"}.get(scheme, ":9200")
    return f"{scheme or 'http'}://{host}{slash}{path}"
