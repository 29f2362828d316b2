import pytest

from content.approvals import handing, signing
from content.approvals.errors import AlreadyDecided, NotYours, SignOffError
from content.approvals.models import Assignment, AssignmentState, Run, RunState
from content.approvals.queries import pending_for
from content.notifications.models import Notification
from tests.factories.approvals import sign_everything, sign_mine


@pytest.fixture
def run(paper, people):
    return signing.submit(paper, people.writer)


def mine(user):
    return pending_for(user)[0].assignment


def test_transferred_the_other_post_signs_instead(run, people):
    handing.transfer(mine(people.manager), people.manager, people.tech_post, "您更熟悉")
    assert pending_for(people.manager) == []
    row = mine(people.tech)
    assert (row.kind, row.note, row.given_by) == ("transferred", "您更熟悉", people.manager)
    assert "转办，李经理交办" in Notification.objects.filter(recipient=people.tech).latest("pk").body
    sign_mine(people.tech)
    assert [waiting.assignment.node_title for waiting in pending_for(people.product)] == ["会签"]
    assert sign_everything(run).state == RunState.APPROVED


def test_delegated_it_comes_back_to_who_asked(run, people):
    asked = mine(people.manager)
    handing.delegate(asked, people.manager, people.tech_post)
    with pytest.raises(SignOffError, match="在等您请的人答复"):
        signing.sign(asked, people.manager, digest=run.digest)
    signing.refuse(mine(people.tech), people.tech, digest=run.digest, comment="数据要核")
    assert Run.objects.get(pk=run.pk).state == RunState.RUNNING
    assert mine(people.manager).pk == asked.pk
    sign_mine(people.manager)
    assert [waiting.assignment.node_title for waiting in pending_for(people.product)] == ["会签"]


def test_added_before_signs_first_and_added_after_last(run, people):
    asked = mine(people.manager)
    handing.add_after(asked, people.manager, people.product_post)
    handing.add_before(asked, people.manager, people.tech_post)
    assert pending_for(people.manager) == pending_for(people.product) == []
    sign_mine(people.tech)
    sign_mine(people.manager)
    assert mine(people.product).kind == "after"
    assert pending_for(people.tech) == []
    sign_mine(people.product)
    assert [waiting.assignment.node_title for waiting in pending_for(people.tech)] == ["会签"]


def test_an_added_signer_who_refuses_sends_it_back(run, people):
    handing.add_before(mine(people.manager), people.manager, people.tech_post)
    signing.refuse(mine(people.tech), people.tech, digest=run.digest, comment="不行")
    assert Run.objects.get(pk=run.pk).state == RunState.REFUSED


def test_what_was_added_can_be_taken_back_until_it_is_signed(run, people):
    asked = mine(people.manager)
    added = handing.add_before(asked, people.manager, people.tech_post)
    with pytest.raises(NotYours, match="只有加签或委派的人"):
        handing.remove(added, people.product)
    handing.remove(added, people.manager)
    assert pending_for(people.tech) == []
    assert mine(people.manager).pk == asked.pk
    with pytest.raises(AlreadyDecided, match="不能再撤销"):
        handing.remove(added, people.manager)
    with pytest.raises(AlreadyDecided, match="这一加签已被撤销"):
        signing.sign(added, people.tech, digest=run.digest)
    with pytest.raises(SignOffError, match="路线所列的岗位不能减去"):
        handing.remove(asked, people.manager)


def test_nothing_goes_round_in_circles(run, people):
    asked = mine(people.manager)
    with pytest.raises(SignOffError, match="已经在本环节里"):
        handing.transfer(asked, people.manager, people.manager_post)
    handing.transfer(asked, people.manager, people.tech_post)
    with pytest.raises(SignOffError, match="「市场部 部门经理」已经在本环节里，请换一个岗位。"):
        handing.transfer(mine(people.tech), people.tech, people.manager_post)


def test_a_vacant_post_nobody_can_stand_in_for_is_not_asked(run, people):
    people.tech_post.holdings.all().delete()
    people.gm_post.holdings.all().delete()
    with pytest.raises(SignOffError, match="上级岗位也没有人可以签批"):
        handing.transfer(mine(people.manager), people.manager, people.tech_post)
    assert mine(people.manager).state == AssignmentState.PENDING


def test_others_cannot_hand_on_what_is_not_theirs(run, people):
    for act in (handing.transfer, handing.delegate, handing.add_before, handing.add_after, handing.take):
        arguments = () if act is handing.take else (people.gm_post,)
        with pytest.raises(NotYours):
            act(mine(people.manager), people.product, *arguments)


def test_somebody_is_on_it_and_lays_it_down(run, people):
    row = mine(people.manager)
    assert handing.take(row, people.manager) is True
    assert Assignment.objects.get(pk=row.pk).taken_by == people.manager
    assert handing.take(row, people.manager) is False
    assert Assignment.objects.get(pk=row.pk).taken_by is None
