"""Error pages and dashboards of the portal shell."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """One sentence instead of Django's English page; nothing typed is lost because the browser keeps the form."""
    return render(request, "403_csrf.html", status=403)
