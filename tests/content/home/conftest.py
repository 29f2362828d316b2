"""A newsroom under sign-off by the department manager, and the manager."""

import pytest

from content.approvals.setting_up import attach_to_page, ensure_route
from content.organization.groups import MARKETERS, grant_page
from tests.factories import releases
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.users import UserFactory


@pytest.fixture
def newsroom(home):
    """The newsroom, where the group 市场专员 may write."""
    page = releases.newsroom_below(home)
    grant_page(MARKETERS, page, ("add", "change"))
    return page


@pytest.fixture
def manager(department):
    post = PostFactory(code="department-manager", title="部门经理", unit=department)
    return HoldingFactory(post=post, user=UserFactory(username="manager", name="李思远")).user


@pytest.fixture
def route(newsroom, manager):
    post = manager.holdings.get().post
    made = ensure_route("release", "新闻稿签批", [{"title": "部门审核", "posts": [post], "days": 2}])
    attach_to_page(made, newsroom)
    return made
