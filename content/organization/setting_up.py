"""What the organisation needs on a fresh site: groups with their rights, the indicators, the list of role descriptions."""

from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Site, Workflow

from content.core.choices import Audience
from content.organization.groups import (
    INFO_ASSISTANTS,
    MARKETERS,
    SIGNERS,
    SITE_MANAGERS,
    grant,
    grant_collection,
    grant_page,
    group_named,
)
from content.organization.holidays import ARRANGEMENTS, days_of
from content.organization.indicators import INDICATORS
from content.organization.models import Indicator, RoleDescriptionPage, RoleIndexPage, WorkingDay
from content.organization.role_versions import keep

ADMIN = "wagtailadmin.access_admin"
# Wagtail seeds these on migrate; rights come from posts here, so nobody is ever put into them.
SEEDED_GROUPS = ("Moderators", "Editors")
SEEDED_WORKFLOW = "Moderators approval"
MEDIA = ("media.add_image", "media.choose_image", "media.add_document", "media.choose_document")


def set_up() -> None:
    """Create what is missing, widen groups to their rights, leave everything the site has edited as it is."""
    remove_seeded_groups()
    set_up_groups()
    for order, (name, explanation) in enumerate(INDICATORS, start=1):
        Indicator.objects.get_or_create(name=name, defaults={"explanation": explanation, "sort_order": order * 10})
    set_up_working_days()
    set_up_role_index()
    keep_first_versions()


def remove_seeded_groups() -> None:
    """Take away Wagtail's two English groups and their workflow, as long as nobody uses them."""
    for workflow in Workflow.objects.filter(name=SEEDED_WORKFLOW, workflow_states__isnull=True):
        workflow.delete()
    GroupApprovalTask.objects.filter(name=SEEDED_WORKFLOW, task_states__isnull=True).delete()
    Group.objects.filter(name__in=SEEDED_GROUPS, user__isnull=True).delete()


def set_up_groups() -> None:
    """The standard groups. Rights to a content type are granted by its own app; here are those of the library and site."""
    root = Site.objects.get(is_default_site=True).root_page
    group_named(SIGNERS)  # signs on the portal's own pages and needs no desk
    for name in (MARKETERS, INFO_ASSISTANTS):
        grant(name, ADMIN)
        grant_collection(name, *MEDIA)
    # Whoever gathers the market's words knows what readers meant by theirs.
    grant(INFO_ASSISTANTS, "search.change_missedsearch", *(f"search.{act}_synonymgroup" for act in ("add", "change")))
    grant_collection(MARKETERS, "media.change_image", "media.change_document")
    grant(
        SITE_MANAGERS,
        ADMIN,
        *(
            f"{model[0]}.{action}_{model[1]}"
            for model in (
                ("organization", "unit"),
                ("organization", "post"),
                ("organization", "holding"),
                ("organization", "indicator"),
                ("organization", "workingday"),
                ("taxonomy", "subject"),
                ("users", "user"),
                ("search", "synonymgroup"),
                ("wagtailredirects", "redirect"),
            )
            for action in ("add", "change", "delete")
        ),
        "wagtailcore.change_site",
        "search.operate_search",
        "search.change_missedsearch",
    )
    grant_collection(
        SITE_MANAGERS,
        *MEDIA,
        "media.change_image",
        "media.delete_image",
        "media.change_document",
        "media.delete_document",
    )
    grant_page(SITE_MANAGERS, root, ("add", "change", "publish", "lock", "unlock"))


def set_up_working_days() -> None:
    """The holiday arrangement of each known year; a year somebody has entered already is left as it is."""
    for year in ARRANGEMENTS:
        if not WorkingDay.objects.filter(date__year=year).exists():
            WorkingDay.objects.bulk_create(
                WorkingDay(date=day, works=works, name=name) for day, works, name in days_of(year)
            )


def set_up_role_index() -> None:
    """The list of role descriptions below the start page."""
    if RoleIndexPage.objects.exists():
        return
    root = Site.objects.get(is_default_site=True).root_page
    root.add_child(
        instance=RoleIndexPage(
            title="岗位说明书",
            slug="roles",
            summary="每个岗位做什么、向谁负责、怎样考核，都写在这里。",
            audience=Audience.STAFF,
        )
    )


def keep_first_versions() -> None:
    """Role descriptions published before versions were kept get their present text as the first one."""
    for page in RoleDescriptionPage.objects.live().filter(versions__isnull=True).select_related("post__unit"):
        published = page.last_published_at or page.first_published_at
        keep(page, on=timezone.localdate(published) if published else None)
