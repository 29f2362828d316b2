"""Who may see tenders: one right for page, list, export and search."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

from search.readers import reader_for

VIEW = "tenders.view_tenderprocess"
ADD = "tenders.add_tenderprocess"
CHANGE = "tenders.change_tenderprocess"
AUDIENCE = frozenset({f"perm:{VIEW}"})


def tender_readers_only(view):
    """View decorator: the anonymous go to the login, those without the right are refused."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if reader_for(request.user).may_read(AUDIENCE):
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())

    return guarded
