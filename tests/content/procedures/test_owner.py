"""What the owner does: answering proposals, comparing versions, handing out and calling back copies."""

import pytest
import time_machine

from content.notifications.models import Notification
from content.procedures import copies, proposals
from content.procedures.differences import differences, marked
from content.procedures.models import ControlledCopy, ProposalState
from tests.factories.organization import HoldingFactory, PostFactory
from tests.factories.procedures import procedure, revise, step


@pytest.fixture
def owner(db):
    return HoldingFactory(post=PostFactory(code="owner", title="产品营销经理"), user__name="方见微").user


def test_a_proposal_reaches_the_owner_and_the_answer_the_author(client, index, owner, staff):
    page = procedure(index)
    client.force_login(staff)
    client.post("/procedures/sc-001/versions/1/propose/", {"text": "两天太短，建议三天。"})
    proposal = page.proposals.get()
    assert Notification.objects.get(recipient=owner).title.startswith("修改建议")

    client.force_login(owner)
    client.post(f"/procedures/proposals/{proposal.pk}/answer/", {"state": "accepted", "text": "下一版改。"})

    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == (ProposalState.ACCEPTED, "下一版改。")
    assert "采纳" in Notification.objects.get(recipient=staff).title


def test_an_answer_without_words_comes_back_with_what_was_chosen(client, index, owner, staff):
    proposal = proposals.propose(procedure(index).versions.get(), staff, "两天太短。")
    client.force_login(owner)

    response = client.post(f"/procedures/proposals/{proposal.pk}/answer/", {"state": "declined", "text": ""})

    assert response.status_code == 422
    assert "请写一句答复" in response.text
    assert 'value="declined" required checked' in response.text


def test_who_does_not_own_it_cannot_answer(index, owner, staff):
    proposal = proposals.propose(procedure(index).versions.get(), staff, "两天太短。")

    with pytest.raises(proposals.ProposalError, match="负责岗位"):
        proposals.answer(proposal, staff, state="accepted", text="好。")


def test_the_superior_hears_where_the_owner_post_is_vacant(index, staff):
    above = PostFactory(code="director", title="市场总监")
    director = HoldingFactory(post=above).user
    page = procedure(index, owner_post=PostFactory(code="owner", title="产品营销经理", superior=above))

    proposals.propose(page.versions.get(), staff, "两天太短。")

    assert Notification.objects.get().recipient == director


def test_a_moved_step_is_no_change_and_a_changed_one_says_what(index):
    page = procedure(index)

    def change(draft):
        first, second = draft.steps.all()
        second.title, second.days = "复核计划", 3
        new = step("登记", PostFactory(code="clerk", title="文员"), sort_order=1)
        second.sort_order = 2
        draft.steps = [first, new, second]

    new = revise(page, change)
    found = differences(page.versions.get(number=1).content, new.content)

    assert [(one.kind, one.step.title) for one in found.steps] == [("added", "登记"), ("changed", "复核计划")]
    assert [(c.label, c.before, c.after) for c in found.steps[1].changes] == [
        ("做什么", "审核计划", "复核计划"),
        ("时限", "", "3 个工作日"),
    ]
    assert marked("审核计划", "复核计划") == "<del>审</del><ins>复</ins>核计划"


def test_markup_in_a_text_stays_text():
    assert marked("<b>", "<i>") == "&lt;<del>b</del><ins>i</ins>&gt;"


def test_staff_see_what_changed(client, index, staff):
    page = procedure(index)
    revise(page, lambda draft: setattr(draft, "purpose", "换了目的。"))
    client.force_login(staff)

    assert "<ins>" in client.get("/procedures/sc-001/compare/").text


def test_the_code_on_paper_says_in_force_then_superseded(client, index, owner):
    with time_machine.travel("2026-03-01 10:00+08:00"):
        page = procedure(index, "绝密调研计划")
        copy = copies.issue_copy(page.versions.get(), owner, "公告栏")
        before = client.get(f"/v/{copy.token}/").text
    with time_machine.travel("2026-05-01 10:00+08:00"):
        revise(page, lambda draft: setattr(draft, "purpose", "换了目的。"))
        after = client.get(f"/v/{copy.token}/").text
        recall = list(copies.to_call_back(page))

    assert "现行有效" in before
    assert "第 1 版" in before
    assert "已经作废" in after
    assert "第 2 版，请换用" in after
    assert "绝密" not in before + after
    assert recall == [copy]


def test_an_invented_code_is_unknown(client, db):
    response = client.get("/v/made-up/")

    assert (response.status_code, "查无此件" in response.text) == (404, True)


def test_copies_are_numbered_and_those_of_old_versions_not_issued(index, owner):
    page = procedure(index)
    first = page.versions.get()
    numbers = [copies.issue_copy(first, owner, "公告栏").number for _ in range(2)]
    first.effective_until = first.effective_from.replace(year=2020)
    first.save()

    assert numbers == [1, 2]
    with pytest.raises(copies.CopyError, match="已经废止"):
        copies.issue_copy(first, owner, "公告栏")


def test_a_copy_taken_back_is_off_the_list(client, index, owner):
    page = procedure(index)
    copy = copies.issue_copy(page.versions.get(), owner, "公告栏")
    revise(page, lambda draft: setattr(draft, "purpose", "换了目的。"))
    client.force_login(owner)

    client.post(f"/procedures/copies/{copy.pk}/return/")

    assert ControlledCopy.objects.get().returned_by == owner
    assert not copies.to_call_back(page)


def test_a_controlled_copy_says_its_number_and_where_to_check_it(index, owner):
    copy = copies.issue_copy(procedure(index).versions.get(), owner, "公告栏")

    html = copies.copy_html(copy)

    assert "受控副本 第 1 份" in html
    assert copies.check_url(copy.token) in html
    assert 'class="qr"' in html
