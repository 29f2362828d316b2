import pytest

from content.releases.setting_up import set_up_rules
from tests.factories import releases


@pytest.fixture
def newsroom(home):
    return releases.newsroom_below(home)


@pytest.fixture
def rules(db):
    """The shipped headquarters rules."""
    set_up_rules()
