"""People who read tenders, and helpers to make, change and compare them."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from content.alerts.models import Alert
from content.alerts.tasks import match_waiting
from content.notifications.models import Notification
from content.tenders.models import TenderProcess
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.tenders import TenderProcessFactory
from tests.factories.users import UserFactory


def reads_tenders(user):
    user.user_permissions.add(Permission.objects.get(codename="view_tenderprocess"))
    return user


@pytest.fixture
def assistant(department):
    """The information assistant, who may read tenders."""
    post = PostFactory(code="info-assistant", title="市场信息管理助理", unit=department)
    return reads_tenders(HoldingFactory(post=post, user=UserFactory(username="assistant", name="李思远")).user)


@pytest.fixture
def colleague(department):
    """Somebody with another post who may read tenders too."""
    post = PostFactory(code="expansion-manager", title="项目拓展经理", unit=department)
    return reads_tenders(HoldingFactory(post=post, user=UserFactory(username="colleague", name="张伟")).user)


@pytest.fixture
def compare(search_index):
    """Call it to bring what was saved into the index and compare it with the saved searches."""

    def run() -> int:
        search_index()
        return match_waiting.enqueue().return_value

    return run


def tender(title: str = "云南省丽江市旅游发展总体规划", **values) -> TenderProcess:
    return TenderProcessFactory(title=title, **values)


def on(year: int, month: int, day: int) -> datetime.datetime:
    return datetime.datetime(year, month, day, 12, tzinfo=timezone.get_default_timezone())


def told(user) -> list[str]:
    """Titles of the messages to this person, oldest first."""
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("title", flat=True))


def alerts(user) -> list[str]:
    return list(Alert.objects.filter(user=user).order_by("pk").values_list("key", flat=True))
