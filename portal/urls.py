"""Addresses of the portal. Wagtail's catch-all comes last."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from content.home import views as home_views
from content.procedures import views as procedure_views
from content.releases.sitemaps import ReleaseSitemap
from content.users.account import AccountView
from portal.health import health


def pictures(request, path: str, folder: str):
    """Send a picture of the media library."""
    return serve(request, path, document_root=Path(settings.MEDIA_ROOT) / folder)


urlpatterns = [
    path("login/", home_views.LoginView.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", home_views.PasswordChangeView.as_view(), name="password_change"),
    # Above Wagtail's addresses: its own login page would be a second door.
    path("admin/login/", home_views.to_login),
    path("admin/account/", require_admin_access(AccountView.as_view())),  # in place of Wagtail's, same address
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("search/", include("search.urls")),
    path("organization/", include("content.organization.urls")),
    path("procedures/", include("content.procedures.urls")),
    path("cases/", include("content.procedures.case_urls")),
    path("v/<str:token>/", procedure_views.check, name="procedure-check"),
    path("sign/", include("content.approvals.urls")),
    path("saved/", include("content.alerts.urls")),
    path("handovers/", include("content.handovers.urls")),
    path("inbox/", include("content.notifications.urls")),
    path("import/", include("content.importing.urls")),
    path("tenders/", include("content.tenders.urls")),
    path("releases/", include("content.releases.urls")),
    path("print/", include("content.printing.urls")),
    path("healthz/", health, name="health"),
    path("sitemap.xml", sitemap, {"sitemaps": {"releases": ReleaseSitemap}}, name="sitemap"),
    path("", include("content.home.urls")),
    *(
        # Only pictures, each folder a root of its own so that no «..» leads out of it: documents go through Wagtail's
        # view, which asks who reads, and imported files are for nobody.
        path(f"media/{folder}/<path:path>", pictures, {"folder": folder})
        for folder in ("images", "original_images")
    ),
    path("_util/login/", home_views.to_login),  # Wagtail's login for pages: a second door too
    path("", include(wagtail_urls)),
]
