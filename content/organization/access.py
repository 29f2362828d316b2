"""Guards of views that are not pages: the same rule as for pages, documents and feeds."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

from search.readers import reader_for


def readers_only(*tokens: str) -> Callable:
    """Decorator: show the view only to readers of one of these audience tokens; others log in or are refused."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not reader_for(request.user).may_read(frozenset(tokens)):
                if request.user.is_authenticated:
                    raise PermissionDenied
                return redirect_to_login(request.get_full_path())
            return view(request, *args, **kwargs)

        return guarded

    return decorate
