"""Fixtures every test may use: people of the department and a clean start page."""

import pytest
from wagtail.models import Page, Site

from content.core.choices import Audience
from content.home.models import HomePage
from tests.factories.organization import HoldingFactory, PostFactory, UnitFactory
from tests.factories.users import UserFactory


@pytest.fixture
def home(db):
    """A HomePage as root of the default site, in place of Wagtail's welcome page."""
    page = HomePage.objects.first()
    if page is None:
        page = Page.get_first_root_node().add_child(
            instance=HomePage(title="首页", slug="portal-home", audience=Audience.PUBLIC)
        )
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": page}
    )
    return page


@pytest.fixture
def department(db):
    """The unit 市场部 of 总部."""
    return UnitFactory(code="marketing", name="市场部")


@pytest.fixture
def staff(department):
    """A person holding an ordinary post: reads what staff may read, nothing more."""
    post = PostFactory(code="marketer", title="市场专员", unit=department)
    return HoldingFactory(post=post, user=UserFactory(username="staff", name="王敏")).user


@pytest.fixture
def outsider(db):
    """An account without any post: reads as the public does."""
    return UserFactory(username="outsider", name="周强")


@pytest.fixture
def superuser(db):
    return UserFactory(username="root", name="系统管理员", is_superuser=True, is_staff=True)
