"""Who prepared, reviewed and approved a role description: asked of the room that keeps signatures, which lies above."""

import datetime
from collections.abc import Callable
from typing import Any

Trail = list[tuple[str, Any, datetime.date | None]]

_providers: list[Callable[[Any], Trail]] = []


def register_provider(provider: Callable[[Any], Trail]) -> None:
    """Let `provider(page)` tell the trail as («编制», person, date)…; empty where the page's text was never signed."""
    _providers.append(provider)


def signed_trail(page: Any) -> Trail:
    """The trail by signatures, empty where there are none."""
    for provider in _providers:
        trail = provider(page)
        if trail:
            return trail
    return []
