"""Puts the demo's group, people and role descriptions into the portal; run again it adds only what is missing."""

import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from content.core.choices import Audience
from content.demo.data.organization import FORMER_TITLES, HOLDINGS, LEFT, PEOPLE, POSTS, UNITS
from content.demo.data.roles import ROLES, RoleData
from content.organization.groups import group_named
from content.organization.models import (
    DutyGroup,
    Holding,
    Indicator,
    Post,
    PostState,
    RoleDescriptionPage,
    RoleIndexPage,
    RoleIndicator,
    Unit,
)
from content.users.models import User

FOUNDED = datetime.date(2016, 3, 1)
PASSWORD = "portal-demo-1"  # noqa: S105 (the demo prints it; no other site has these accounts)


def load() -> None:
    """Units, posts, people, holdings and role descriptions; the portal must be set up before."""
    today = timezone.localdate()
    with transaction.atomic():
        adopt = (
            not Holding.objects.exists()
        )  # the set-up has made some units and posts; nobody has worked with them yet
        units = load_units(adopt=adopt)
        posts = load_posts(units, adopt=adopt)
        load_past(posts, today)
        people = load_people()
        load_holdings(posts, people, today)
        load_roles(posts, people, today)


def load_units(*, adopt: bool) -> dict[str, Unit]:
    """Units by code. Those the set-up made are hung below the group; `adopt` takes over what the set-up made, else
    what has been edited stays as it is."""
    units: dict[str, Unit] = {}
    for order, data in enumerate(UNITS, start=1):
        unit, created = Unit.objects.get_or_create(
            code=data.code,
            defaults={
                "name": data.name,
                "kind": data.kind,
                "parent": units.get(data.parent),
                "sort_order": order * 10,
                "established_on": FOUNDED,
            },
        )
        if not created and adopt:
            unit.name, unit.kind, unit.parent = data.name, data.kind, units.get(data.parent)
            unit.sort_order, unit.established_on = order * 10, FOUNDED
            unit.save()
        units[data.code] = unit
    return units


def load_posts(units: dict[str, Unit], *, adopt: bool) -> dict[str, Post]:
    """Posts by code, with the groups they bring."""
    posts: dict[str, Post] = {}
    for order, data in enumerate(POSTS, start=1):
        post, created = Post.objects.get_or_create(
            code=data.code,
            defaults={
                "title": data.title,
                "unit": units[data.unit],
                "superior": posts.get(data.superior),
                "headcount": data.headcount,
                "sort_order": order * 10,
                "established_on": FOUNDED,
            },
        )
        if not created and adopt:
            post.title, post.unit, post.superior = data.title, units[data.unit], posts.get(data.superior)
            post.headcount, post.sort_order, post.established_on = data.headcount, order * 10, FOUNDED
            post.save()
        posts[data.code] = post
        posts[data.code].groups.add(*(group_named(name) for name in data.groups))
    return posts


def load_past(posts: dict[str, Post], today: datetime.date) -> None:
    """What the department was before it was drawn anew, so that looking back shows something."""
    changed = today - datetime.timedelta(days=300)
    for code, old_title in FORMER_TITLES.items():
        post = posts[code]
        if post.states.count() > 1:
            continue
        state = post.states.get()
        PostState.objects.create(
            record=post, title=old_title, unit_id=state.unit_id, superior_id=state.superior_id,
            since=state.since, until=changed - datetime.timedelta(days=1),
        )  # fmt: skip
        state.since = changed
        state.save(update_fields=["since"])


def load_people() -> dict[str, User]:
    """Accounts by user name. One hash serves all: it is the same printed password, and hashing takes its time."""
    password = make_password(PASSWORD)
    people: dict[str, User] = {}
    for number, data in enumerate(PEOPLE, start=1):
        people[data.username], _ = User.objects.get_or_create(
            username=data.username,
            defaults={
                "name": data.name,
                "employee_number": f"演示-{number:02d}",
                "email": f"{data.username}@example.com",
                "password": password,
                "is_active": data.username not in LEFT,
            },
        )
    return people


def load_holdings(posts: dict[str, Post], people: dict[str, User], today: datetime.date) -> None:
    """Who holds which post; a person's holding of a post that is there already is left as it is."""
    for data in HOLDINGS:
        Holding.objects.get_or_create(
            post=posts[data.post],
            user=people[data.person],
            kind=data.kind,
            defaults={
                "since": today + datetime.timedelta(days=data.since),
                "until": None if data.until is None else today + datetime.timedelta(days=data.until),
            },
        )


def load_roles(posts: dict[str, Post], people: dict[str, User], today: datetime.date) -> None:
    """Published role descriptions of posts that have none."""
    index = RoleIndexPage.objects.get()
    indicators = {indicator.name: indicator for indicator in Indicator.objects.all()}
    described = set(RoleDescriptionPage.objects.values_list("post__code", flat=True))
    for data in ROLES:
        if data.post not in described:
            load_role(index, data, posts[data.post], people, indicators, today)


def load_role(
    index: RoleIndexPage,
    data: RoleData,
    post: Post,
    people: dict[str, User],
    indicators: dict[str, Indicator],
    today: datetime.date,
) -> RoleDescriptionPage:
    """Write one role description and publish it, with its trail."""
    page = RoleDescriptionPage(
        title=f"{post.title}岗位说明书",
        slug=data.post,
        number=data.number,
        post=post,
        audience=Audience.STAFF,
        summary=data.summary,
        purpose=data.purpose,
        working_flow="\n".join(data.flow),
        prepared_by=people["marketing-assistant"],
        prepared_on=today - datetime.timedelta(days=data.age + 12),
        reviewed_by=people["department-manager"],
        reviewed_on=today - datetime.timedelta(days=data.age + 5),
        approved_by=people["gm"],
        approved_on=today - datetime.timedelta(days=data.age),
    )
    page.duty_groups = [
        DutyGroup(sort_order=order, title=title, duties="\n".join(duties))
        for order, (title, duties) in enumerate(data.duties)
    ]
    page.indicators = [
        RoleIndicator(sort_order=order, indicator=indicators[name], explanation=explanation)
        for order, (name, explanation) in enumerate(data.indicators)
    ]
    index.add_child(instance=page)
    page.save_revision(user=people["site-manager"], log_action=True).publish(user=people["site-manager"])
    return page
