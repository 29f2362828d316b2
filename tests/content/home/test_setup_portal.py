from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import Collection, GroupApprovalTask, Page, Site, Workflow

from content.home.models import HomePage


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_a_second_run_changes_no_count(db):
    call_command("setup_portal", verbosity=0)
    before = counts()

    call_command("setup_portal", verbosity=0)

    assert counts() == before


def test_the_start_page_takes_the_place_of_the_welcome_page(db):
    call_command("setup_portal", verbosity=0)

    site = Site.objects.get()
    assert site.root_page.specific == HomePage.objects.get()
    assert list(Page.objects.filter(depth__lte=2).order_by("path").values_list("title", flat=True)) == ["门户", "首页"]
    assert Collection.objects.get(depth=1).name == "全部文件"


def test_nothing_english_is_left_of_what_wagtail_seeds(db):
    call_command("setup_portal", verbosity=0)

    assert not Group.objects.filter(name__in=["Moderators", "Editors"]).exists()
    assert not Workflow.objects.filter(name="Moderators approval").exists()
    assert not GroupApprovalTask.objects.filter(name="Moderators approval").exists()


def test_the_site_is_named_by_the_options_and_keeps_what_is_not_given(db):
    call_command("setup_portal", verbosity=0, site_name="某某集团门户", hostname="portal.example.com", port=8080)

    call_command("setup_portal", verbosity=0, port=443)

    site = Site.objects.get()
    assert (site.site_name, site.hostname, site.port) == ("某某集团门户", "portal.example.com", 443)
