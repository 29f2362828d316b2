"""Account pages and error pages of the portal shell."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from content.home.forms import ChangePasswordForm, LoginForm

DESK = "/admin/"


class LoginView(auth_views.LoginView):
    """The only door: staff and editors log in here."""

    form_class = LoginForm
    redirect_authenticated_user = True

    def dispatch(self, request, *args, **kwargs):
        # Wagtail sends everybody it refuses here; who is logged in would be sent back and forth without end.
        to_the_desk = self.get_redirect_url().startswith(DESK)
        if to_the_desk and request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class PasswordChangeView(auth_views.PasswordChangeView):
    """A person changes the own password; other devices are logged out by Django's session hash."""

    form_class = ChangePasswordForm
    success_url = "/"

    def form_valid(self, form):
        messages.success(self.request, "密码已修改，下次请用新密码登录。")
        return super().form_valid(form)


def to_login(request):
    """Wagtail's own login page would be a second door: send people to the portal's, keeping where they want to go."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = DESK
    return redirect(f"{reverse('login')}?{urlencode({'next': target})}")


def csrf_failure(request, reason=""):
    """One sentence instead of Django's English page; nothing typed is lost because the browser keeps the form."""
    return render(request, "403_csrf.html", status=403)
