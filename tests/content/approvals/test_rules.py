"""Votes with veto, ways back, repeated signers, resubmission, levels, passwords, editions."""

import pytest

from content.approvals import editions, signing
from content.approvals.errors import PasswordNeeded, SignOffError
from content.approvals.models import AssignmentState, Decision, Run, RunState
from content.approvals.queries import pending_for, stages, with_stages
from content.approvals.staffing import Staffing
from tests.content.approvals.worlds import check_run
from tests.factories.approvals import sign_everything
from tests.papers.models import Memo


@pytest.fixture
def submit(people):
    """submit(node, node, …, text="…", **definition) begins a run of a memo; each node a dict of title and posts."""

    def begin(*nodes, text="办法", memo=None, **outer):
        made = [
            {**node, "posts": [{"id": post.pk, "title": str(post), **more} for post, more in node.get("posts", [])]}
            for node in nodes
        ]
        memo = memo or Memo.objects.create(text=text)
        return signing.begin(
            None, memo, people.writer, definition={"code": "m", "name": "办法签批", **outer, "nodes": made}
        )

    return begin


def posts(*found, veto=()):
    return [(post, {"veto": True} if post in veto else {}) for post in found]


def act(run, user, how=signing.sign, **more):
    row = pending_for(user, run=run)[0].assignment
    return how(row, user, digest=run.digest, **({"comment": "不同意"} if how is signing.refuse else {}), **more)


def state(run):
    check_run(run)
    return Run.objects.get(pk=run.pk).state


@pytest.fixture
def vote(submit, people):
    return submit(
        {"title": "表决", "posts": posts(people.manager_post, people.tech_post, people.product_post, veto=[people.tech_post]),
         "rule": "count", "count": 2}
    )  # fmt: skip


def test_a_vote_passes_with_enough_signatures_and_the_one_that_must_be_there(vote, people):
    act(vote, people.manager)
    act(vote, people.product)
    assert state(vote) == RunState.RUNNING
    act(vote, people.tech)
    assert state(vote) == RunState.APPROVED


def test_one_no_in_a_vote_is_not_the_end_but_a_veto_is(vote, people):
    act(vote, people.manager, signing.refuse)
    assert state(vote) == RunState.RUNNING
    act(vote, people.tech, signing.refuse)
    assert state(vote) == RunState.REFUSED
    assert Run.objects.get(pk=vote.pk).note == "陈工在「表决」退回：不同意；李经理：不同意"


def test_a_vote_fails_when_too_few_are_left(vote, people):
    act(vote, people.manager, signing.refuse)
    act(vote, people.product, signing.refuse)
    assert state(vote) == RunState.REFUSED


def chain(people, **last):
    return [
        {"title": "一", "posts": posts(people.manager_post)},
        {"title": "二", "posts": posts(people.product_post)},
        {"title": "三", "posts": posts(people.tech_post), **last},
    ]


def test_back_to_a_chosen_step_that_signs_again(submit, people):
    run = submit(*chain(people, on_refusal="choose"))
    act(run, people.manager)
    act(run, people.product)
    act(run, people.tech, signing.refuse, to="0")
    assert state(run) == RunState.RUNNING
    assert [w.assignment.attempt for w in pending_for(people.manager, run=run)] == [2]
    assert run.assignments.filter(state=AssignmentState.SUPERSEDED).count() == 2
    shown = stages(with_stages(Run.objects.filter(pk=run.pk)).get(), Staffing())
    assert [(stage.state, len(stage.earlier)) for stage in shown] == [("now", 1), ("waiting", 1), ("waiting", 1)]
    assert sign_everything(run).state == RunState.APPROVED
    check_run(run)


def test_only_earlier_steps_may_be_chosen(submit, people):
    run = submit(*chain(people, on_refusal="choose"))
    act(run, people.manager)
    act(run, people.product)
    for wrong in ("2", "7", "-1", "x"):
        with pytest.raises(SignOffError, match="只能退回起草人或前面已经签过的环节"):
            act(run, people.tech, signing.refuse, to=wrong)
    act(run, people.tech, signing.refuse, to="drafter")
    assert state(run) == RunState.REFUSED


def test_back_to_the_step_before_or_a_fixed_one(submit, people):
    for rule, expected in (("previous", people.product), ("node:0", people.manager)):
        run = submit(*chain(people, on_refusal=rule))
        act(run, people.manager)
        act(run, people.product)
        act(run, people.tech, signing.refuse)
        assert len(pending_for(expected, run=run)) == 1
        assert state(run) == RunState.RUNNING


def test_the_same_person_signs_once_where_that_suffices(submit, people):
    run = submit(
        {"title": "一", "posts": posts(people.manager_post)},
        {"title": "二", "posts": posts(people.manager_post, people.tech_post)},
        repeat="once",
    )
    act(run, people.manager)
    row = run.assignments.get(node_index=1, named_post=people.manager_post)
    assert (row.state, row.reason) == ("covered", "李经理已在「一」签准，同一人不必重签。")
    act(run, people.tech)
    assert state(run) == RunState.APPROVED


def test_after_a_refusal_it_comes_first_to_who_refused_and_unchanged_signatures_count(submit, people):
    first = submit(*chain(people), resubmit="resume")
    act(first, people.manager)
    act(first, people.product)
    act(first, people.tech, signing.refuse)
    again = submit(*chain(people), memo=first.subject, resubmit="resume")
    assert [w.assignment.node_title for w in pending_for(people.tech, run=again)] == ["三"]
    assert pending_for(people.manager, run=again) == []
    act(again, people.tech)
    assert state(again) == RunState.APPROVED


def test_after_a_change_earlier_signers_confirm_the_new_text(submit, people):
    first = submit(*chain(people), resubmit="resume")
    act(first, people.manager)
    act(first, people.product)
    act(first, people.tech, signing.refuse)
    memo = first.subject
    memo.text = "改过的办法"
    memo.save()
    again = submit(*chain(people), memo=memo, resubmit="resume")
    act(again, people.tech)
    assert state(again) == RunState.RUNNING
    act(again, people.manager)
    act(again, people.product)
    assert state(again) == RunState.APPROVED


def test_levels_of_the_drafters_line_sign(submit, people):
    run = submit(
        {"title": "本人", "levels": [{"level": 0}]},
        {"title": "一级", "levels": [{"level": 1}]},
        {"title": "二级", "levels": [{"level": 2}]},
    )
    for user in (people.writer, people.manager, people.gm):
        act(run, user)
    assert state(run) == RunState.APPROVED
    assert run.assignments.get(node_index=1).reason == "王敏的第1级主管是「市场部 部门经理」。"


def test_who_drafts_without_a_post_is_told_that_no_superior_is_found(submit, people):
    people.writer_post.holdings.all().delete()
    with pytest.raises(SignOffError, match="王敏现在没有任职，找不到第1级主管；请系统管理员先安排任职。"):
        submit({"title": "一级", "levels": [{"level": 1}]})


def test_an_empty_post_by_rule(submit, people):
    people.tech_post.holdings.all().delete()
    node = {"title": "一", "posts": posts(people.tech_post)}
    stopped = submit({**node, "vacancy": "stop"})
    assert [len(pending_for(user, run=stopped)) for user in (people.gm, people.manager)] == [0, 0]
    line = stages(with_stages(Run.objects.filter(pk=stopped.pk)).get(), Staffing())[0].lines[0]
    assert line.problem == "「市场部 技术总监」空缺，按路线规则停在这里；请系统管理员先安排任职。"
    fallback = {"id": people.product_post.pk, "title": "产品"}
    run = submit({**node, "vacancy": "fallback", "fallback": fallback})
    assert pending_for(people.product, run=run)[0].seat.reason == (
        "「市场部 技术总监」空缺，由指定岗位「市场部 产品经理」签批。"
    )


def test_own_work_by_rule(submit, people):
    node = {"title": "一", "posts": posts(people.writer_post)}
    with pytest.raises(SignOffError, match="没有任何人需要签批"):
        submit({**node, "own_work": "skip"})
    assert len(pending_for(people.writer, run=submit({**node, "own_work": "sign"}))) == 1
    assert len(pending_for(people.manager, run=submit(node))) == 1


def test_a_password_is_asked_where_the_node_says_so(submit, people):
    run = submit({"title": "一", "posts": posts(people.manager_post), "reauth": True})
    with pytest.raises(PasswordNeeded):
        act(run, people.manager)
    act(run, people.manager, reauthenticated=True)
    assert Decision.objects.get().reauthenticated


def test_a_run_says_which_edition_it_follows_and_whether_the_route_changed(paper, people, route):
    run = signing.submit(paper, people.writer)
    assert run.followed == f"按 {editions.label_of(route)} 版“文稿签批”"
    assert editions.change_since(run) == ""
    route.nodes.filter(title="会签").update(days=9)
    assert editions.change_since(Run.objects.get(pk=run.pk)).startswith("路线在提交之后改过")
