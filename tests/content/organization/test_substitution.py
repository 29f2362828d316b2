import datetime

import pytest
from django.core.exceptions import ValidationError

from content.organization.models import Holding, HoldingKind
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.users import UserFactory

JUNE = {"since": datetime.date(2026, 6, 1), "until": datetime.date(2026, 6, 30)}
JULY = {"since": datetime.date(2026, 7, 1), "until": datetime.date(2026, 7, 31)}


@pytest.fixture
def chain(db):
    """Three posts with their holders: (post, user) each."""
    made = []
    for name in ("甲", "乙", "丙"):
        post = PostFactory(title=f"{name}岗")
        made.append((post, HoldingFactory(post=post, user=UserFactory(name=name)).user))
    return made


def stand_in(post, user, **days):
    return Holding(post=post, user=user, kind=HoldingKind.SUBSTITUTE, **days)


def test_two_people_do_not_stand_in_for_each_other_on_the_same_days(chain):
    (first, one), (second, two), _ = chain
    stand_in(first, two, **JUNE).save()
    with pytest.raises(ValidationError, match="乙、甲在这段时间互为职务代理，都不在时没有人能办"):
        stand_in(second, one, **JUNE).full_clean()
    stand_in(second, one, **JULY).full_clean()


def test_a_longer_circle_is_seen_too_and_a_chain_is_fine(chain):
    (first, one), (second, two), (third, three) = chain
    stand_in(first, two, **JUNE).save()
    chained = stand_in(second, three, **JUNE)
    chained.full_clean()
    chained.save()
    with pytest.raises(ValidationError, match="丙、甲、乙在这段时间互为职务代理"):
        stand_in(third, one, since=datetime.date(2026, 6, 15)).full_clean()
