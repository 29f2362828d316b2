import pytest
from django.core.management import call_command

from content.organization.models import Post
from content.releases.models import NewsroomPage
from content.releases.setting_up import set_up_rules
from tests.factories import releases
from tests.factories.organization import HoldingFactory
from tests.factories.users import UserFactory

SIGNERS = {
    "department-manager": "刘芳",
    "marketing-director": "张伟",
    "product-marketing-manager": "李思远",
    "hq-brand": "赵磊",
}


@pytest.fixture
def newsroom(home):
    return releases.newsroom_below(home)


@pytest.fixture
def rules(db):
    """The shipped headquarters rules."""
    set_up_rules()


@pytest.fixture
def portal(db):
    """The newsroom of a site as `setup_portal` leaves it."""
    call_command("setup_portal", verbosity=0)
    return NewsroomPage.objects.get()


@pytest.fixture
def marketer(portal):
    """Holds the standard post 市场专员, with the rights the post brings."""
    user = UserFactory(username="marketer", name="陈静")
    HoldingFactory(post=Post.objects.get(code="marketer"), user=user)
    return user


@pytest.fixture
def signers(portal):
    """Holders of the posts the routes name, by post code."""
    people = {code: UserFactory(username=code, name=name) for code, name in SIGNERS.items()}
    for code, user in people.items():
        HoldingFactory(post=Post.objects.get(code=code), user=user)
    return people
