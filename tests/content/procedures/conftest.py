import pytest

from tests.factories.procedures import procedures_below


@pytest.fixture
def index(home):
    return procedures_below(home)
