"""The root of the site: the start page in place of Wagtail's welcome page, Chinese names for the two roots."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Collection, Page, Site

from content.core.choices import Audience
from content.home.models import HomePage

SEEDED_TITLES = ("Welcome to your new Wagtail site!",)


def set_up(*, site_name: str | None = None, hostname: str | None = None, port: int | None = None) -> HomePage:
    """Create start page and default site where missing and return the start page; only what is given is overwritten."""
    root = Page.get_first_root_node()
    page = HomePage.objects.first()
    if page is None:
        page = root.add_child(
            instance=HomePage(
                title="首页",
                slug="shou-ye",
                audience=Audience.PUBLIC,
                summary="山河文旅集团市场部：新闻与资讯、招标信息、岗位与制度，都从这里开始。",
            )
        )
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or site.root_page_id != page.pk:
        site = site or Site(is_default_site=True)
        site.root_page = page
        site.hostname = hostname or address.hostname or "localhost"
        site.port = port or address.port or (443 if address.scheme == "https" else 80)
        site.site_name = site_name or settings.WAGTAIL_SITE_NAME
        site.save()
    given = {"site_name": site_name, "hostname": hostname, "port": port}
    changes = {field: value for field, value in given.items() if value is not None and getattr(site, field) != value}
    if changes:
        for field, value in changes.items():
            setattr(site, field, value)
        site.save()
    for welcome in Page.objects.filter(depth=2, title__in=SEEDED_TITLES).exclude(pk=page.pk):
        welcome.delete()
    # The editor's breadcrumb begins with these two names.
    Page.objects.filter(depth=1, title="Root").update(title="门户", draft_title="门户")
    Collection.objects.filter(depth=1, name="Root").update(name="全部文件")
    page.refresh_from_db()
    return page
