"""A director who leaves, the successor, the manager above, and the record keepers."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from content.alerts.models import SavedSearch
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.users import UserFactory


def days(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


@pytest.fixture
def post(department):
    return PostFactory(
        code="director", title="市场总监", unit=department, superior=PostFactory(code="gm", title="总经理")
    )


@pytest.fixture
def above(post):
    return HoldingFactory(post=post.superior, user=UserFactory(username="gm", name="岳青山")).user


@pytest.fixture
def leaver(db):
    return UserFactory(username="leaver", name="谢长亭")


@pytest.fixture
def holding(post, leaver, above):
    """The leaver's, which ends in ten days."""
    return HoldingFactory(post=post, user=leaver, until=days(10))


@pytest.fixture
def successor(post):
    """Holds the post from the eleventh day on."""
    return HoldingFactory(post=post, user=UserFactory(username="next", name="顾远帆"), since=days(11)).user


@pytest.fixture
def keeper(db):
    """A site manager."""
    user = UserFactory(username="keeper", name="程以恒")
    user.user_permissions.add(Permission.objects.get(codename="change_holding"))
    return user


@pytest.fixture
def saved(leaver):
    return SavedSearch.objects.create(owner=leaver, name="丽江招标", query="q=丽江")


def end(holding) -> None:
    """The holding ended yesterday."""
    holding.until = days(-1)
    holding.save()
