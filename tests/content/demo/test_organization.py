import pytest
from django.core.management import call_command

from content.demo import organization
from content.demo.data.organization import PEOPLE, POSTS
from content.demo.data.roles import ROLES
from content.organization.models import Holding, Indicator, Post, RoleDescriptionPage, Unit
from content.organization.structure import branches
from content.users.models import User


@pytest.fixture
def demo(db):
    call_command("setup_portal", verbosity=0)
    organization.load()


def counts() -> list[int]:
    return [model.objects.count() for model in (Unit, Post, User, Holding, Indicator, RoleDescriptionPage)]


def test_the_group_is_complete(demo):
    assert counts() == [9, len(POSTS), len(PEOPLE), 29, 15, len(ROLES)]
    assert RoleDescriptionPage.objects.live().count() == len(ROLES)


def test_loading_again_changes_nothing(demo):
    before = counts()

    organization.load()

    assert counts() == before


def test_one_post_is_vacant_one_acted_for_and_one_substituted(demo):
    seats = {seat.post.code: seat for branch in branches() for seat in branch.seats}

    assert seats["plaza-inspector"].people == "空缺"
    assert seats["hotel-manager"].people == "罗市明（代理）"
    assert seats["tech-director"].people == "石映川、严松筠（职务代理）"
    assert [code for code, seat in seats.items() if seat.vacant] == ["plaza-inspector", "hotel-manager"]


def test_holdings_obey_the_rules_of_the_form(demo):
    for holding in Holding.objects.all():
        holding.full_clean()


def test_rights_follow_the_posts(demo):
    assert list(User.objects.get(username="marketer").groups.values_list("name", flat=True)) == ["市场专员"]
    assert list(User.objects.get(username="gm").groups.values_list("name", flat=True)) == ["签批人"]
    assert not User.objects.get(username="former-director").groups.exists()


def test_every_person_is_marked_as_fictional(demo):
    assert all(user.employee_number.startswith("演示-") for user in User.objects.all())
    assert all(user.email.endswith("@example.com") for user in User.objects.all())
