"""What each room finds of a person's and how it changes hands."""

import pytest
from wagtail.models import Page

from content.alerts.handing_over import free_name
from content.alerts.models import SavedSearch
from content.approvals import signing
from content.handovers.leavings import left_by, rooms
from content.procedures.cases import start_case
from content.procedures.models import Case
from content.procedures.proposals import propose
from content.releases.models import NewsroomPage
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.procedures import procedure, procedures_below
from tests.factories.releases import draft
from tests.factories.users import UserFactory


def started(regulation, by):
    """A case that may be submitted."""
    case = start_case(regulation, by)
    case.title = "夜游调研"
    case.save(update_fields=["title"])
    return case


def room(name):
    return next(one for one in rooms() if one.name == name)


@pytest.fixture
def marketer(staff):
    return staff


@pytest.fixture
def regulation(home, marketer):
    HoldingFactory(post=PostFactory(code="manager", title="部门经理"))
    return procedure(procedures_below(home))


@pytest.fixture
def other(db):
    return UserFactory(username="other", name="顾远帆")


def test_every_room_is_asked(db, outsider):
    assert [one.name for one in rooms()] == ["drafts", "cases", "proposals", "papers", "waiting", "searches"]
    assert left_by(outsider) == []


def test_drafts_change_their_owner_and_only_once(home, marketer, other):
    newsroom = home.add_child(instance=NewsroomPage(title="新闻中心", slug="newsroom"))
    page = draft(newsroom, "古城夜游", owner=marketer)
    found = room("drafts").find(marketer, None)

    assert [(leaving.key, leaving.title, leaving.detail, leaving.moves) for leaving in found] == [
        (str(page.pk), "古城夜游", "新闻稿 / 软文，还没有发布", True)
    ]
    assert room("drafts").move(marketer, other, [str(page.pk)]) == [str(page.pk)]
    assert room("drafts").move(marketer, other, [str(page.pk)]) == []
    assert Page.objects.get(pk=page.pk).owner == other


def test_a_case_moves_before_it_is_submitted_and_not_while_it_is_signed(regulation, marketer, other):
    waiting, under_way = started(regulation, marketer), started(regulation, marketer)
    signing.submit(under_way, marketer)
    found = room("cases").find(marketer, None)

    assert [(leaving.key, leaving.moves) for leaving in found] == [(str(waiting.pk), True), (str(under_way.pk), False)]
    assert room("cases").move(marketer, other, [str(waiting.pk), str(under_way.pk)]) == [str(waiting.pk)]
    assert dict(Case.objects.values_list("pk", "drafter")) == {waiting.pk: other.pk, under_way.pk: marketer.pk}


def test_a_refused_case_moves_and_is_told_among_the_papers(regulation, marketer, other):
    case = started(regulation, marketer)
    run = signing.submit(case, marketer)
    papers = room("papers").find(marketer, None)
    assert [(leaving.key, leaving.detail, leaving.moves) for leaving in papers] == [
        (str(run.pk), "签批中：提交人留痕不改，请接手人跟进", False)
    ]

    assignment = run.assignments.get(state="pending")
    signer = assignment.named_post.holdings.get().user
    signing.refuse(assignment, signer, digest=run.digest, comment="请补预算。")
    assert [leaving.detail for leaving in room("papers").find(marketer, None)] == ["已退回：由接手人修改后重新提交"]
    assert room("cases").move(marketer, other, [str(case.pk)]) == [str(case.pk)]


def test_what_waits_at_the_post_is_said_to_follow_it(regulation, marketer):
    signing.submit(started(regulation, marketer), marketer)
    manager = PostFactory(code="manager")

    found = room("waiting").find(marketer, manager)
    assert [leaving.moves for leaving in found] == [False]
    assert found[0].detail.startswith("随岗位走")
    assert room("waiting").find(marketer, None) == []


def test_open_proposals_are_told(regulation, marketer):
    propose(regulation.version_in_force(), marketer, "时限太短。")

    assert [leaving.title for leaving in room("proposals").find(marketer, None)] == [f"{regulation.code}　时限太短。"]


def test_a_saved_search_gets_a_suffix_where_its_name_is_taken(marketer, other):
    for owner in (marketer, other):
        SavedSearch.objects.create(owner=owner, name="总规", query="q=总体规划")
    keys = [leaving.key for leaving in room("searches").find(marketer, None)]

    assert room("searches").move(marketer, other, keys) == keys
    assert sorted(SavedSearch.objects.filter(owner=other).values_list("name", flat=True)) == [
        "总规",
        "总规（王敏移交）",
    ]


def test_a_suffixed_name_keeps_its_length(marketer):
    name = "长" * 60
    first = free_name(name, marketer, {name})

    assert (len(first), first.endswith("（王敏移交）")) == (60, True)
    assert free_name(name, marketer, {name, first}).endswith("（王敏移交2）")


@pytest.mark.parametrize("number", [1, 3])
def test_asking_all_rooms_costs_the_same_for_one_thing_and_three(
    home, regulation, marketer, number, django_assert_num_queries
):
    newsroom = home.add_child(instance=NewsroomPage(title="新闻中心", slug="newsroom"))
    for order in range(number):
        draft(newsroom, f"稿件{order}", owner=marketer)
        started(regulation, marketer)
        signing.submit(started(regulation, marketer), marketer)
        propose(regulation.version_in_force(), marketer, "时限太短。")
        SavedSearch.objects.create(owner=marketer, name=f"检索{order}", query="q=丽江")
    post = PostFactory(code="manager")
    left_by(marketer, post)

    with django_assert_num_queries(7):
        left_by(marketer, post)
