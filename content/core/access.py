"""How a reader without rights is answered, the same on pages, views and files."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from search.readers import reader_for


def refusal(request: HttpRequest, audience: frozenset[str]) -> HttpResponse | None:
    """None if the reader may see what has these audience tokens; else the anonymous log in, others are refused (403)."""
    if reader_for(request.user).may_read(audience):
        return None
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.get_full_path())


def readers_only(*tokens: str) -> Callable:
    """Decorator: show the view only to readers of one of these audience tokens."""
    audience = frozenset(tokens)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            return refusal(request, audience) or view(request, *args, **kwargs)

        return guarded

    return decorate
