import pytest

from content.places import setting_up


@pytest.fixture
def divisions(db):
    """All divisions shipped with the portal."""
    setting_up.set_up()
