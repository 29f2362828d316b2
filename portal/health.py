"""The address a load balancer or a watchman asks: is this process of use?"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.status import can_answer


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served, 503 without the database. A dead index is told, but pages go on without it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = True
    except DatabaseError:
        database = False
    search = "ok" if database and can_answer() else "repairing"
    return JsonResponse(
        {"status": "ok" if database else "down", "database": "ok" if database else "down", "search": search},
        status=200 if database else 503,
    )
