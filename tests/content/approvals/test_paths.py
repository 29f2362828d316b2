import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.approvals import conditions, signing
from content.approvals.errors import SignOffError
from content.approvals.models import AssignmentState, Run, RunState
from content.approvals.paths import freeze, resolve_path
from content.approvals.queries import lacking_people, pending_for
from content.approvals.setting_up import ensure_route
from content.approvals.staffing import Staffing
from content.notifications.models import Notification
from content.organization.holders import holders_of
from content.organization.models import Holding, HoldingKind, Post
from tests.factories.approvals import post_with, sign_everything, sign_mine
from tests.factories.organization import HoldingFactory
from tests.factories.users import UserFactory
from tests.papers.models import Memo, PaperPage


def vacate(post):
    Holding.objects.filter(post=post).delete()


def step(route, memo, drafter, index=0):
    return resolve_path(route, memo, drafter=drafter).steps[index]


@pytest.fixture
def memo(db):
    return Memo(text="差旅办法")


def test_the_path_names_posts_people_rule_and_why_a_node_is_skipped(route, memo, people, django_assert_num_queries):
    definition = freeze(route)
    with django_assert_num_queries(2):
        path = resolve_path(definition, memo, drafter=people.writer)
    assert [(s.title, [str(u) for u in s.people], s.skipped, s.reason) for s in path.steps] == [
        ("部门审核", ["李经理"], False, ""),
        ("会签", ["陈工", "刘芳"], False, ""),
        ("总部确认", [], True, "文中没有提到集团，不必总部确认。"),
    ]
    assert (path.blocked, path.problems) == ("", ())
    assert path.steps[1].rule_label == "会签，都要签"


def test_a_vacant_post_goes_up_with_the_reason(route, memo, people):
    vacate(people.manager_post)
    found = step(route, memo, people.writer)
    assert [str(user) for user in found.people] == ["赵总"]
    assert found.seats[0].reason == "「市场部 部门经理」空缺，由上级「市场部 总经理」签批。"


def test_a_person_acting_for_a_vacant_post_signs_before_the_superior(route, memo, people):
    vacate(people.manager_post)
    HoldingFactory(post=people.manager_post, user=people.tech, kind=HoldingKind.ACTING)
    found = step(route, memo, people.writer)
    assert [holder.label for holder in found.seats[0].holders] == ["陈工（代理）"]
    assert found.seats[0].reason == "「市场部 部门经理」现由陈工代理。"


def test_a_substitute_may_sign_beside_the_holder(route, memo, people):
    HoldingFactory(post=people.manager_post, user=people.tech, kind=HoldingKind.SUBSTITUTE)
    assert [str(user) for user in step(route, memo, people.writer).people] == ["李经理", "陈工"]


def test_the_drafter_does_not_sign_own_work_nor_does_the_drafters_deputy(route, memo, people):
    HoldingFactory(post=people.manager_post, user=people.tech, kind=HoldingKind.SUBSTITUTE)
    found = step(route, memo, people.manager)
    assert [str(user) for user in found.people] == ["赵总"]
    assert found.seats[0].reason == (
        "「市场部 部门经理」李经理参与了起草，不签批自己的内容，由上级「市场部 总经理」签批。"
    )


def test_a_colleague_on_the_same_post_signs_for_the_drafter(route, memo, people):
    colleague = HoldingFactory(post=people.manager_post, user=UserFactory(name="孙副经理")).user
    assert step(route, memo, people.manager).people == (colleague,)


def test_a_route_may_allow_own_work(route, memo, people):
    route.own_work = "sign"
    assert step(route, memo, people.manager).people == (people.manager,)


def test_whoever_wrote_part_of_it_does_not_sign_it(paper, people):
    draft = PaperPage.objects.get(pk=paper.pk)
    draft.body = "经理亲自改过。"
    draft.save_revision(user=people.manager)
    path = signing.preview(PaperPage.objects.get(pk=paper.pk), people.writer)
    assert [str(user) for user in path.steps[0].people] == ["赵总"]


def test_nobody_at_all_is_a_problem_in_one_sentence(route, memo, people):
    vacate(people.manager_post)
    vacate(people.gm_post)
    path = resolve_path(route, memo, drafter=people.writer)
    assert path.problems == (
        "「市场部 部门经理」空缺，「市场部 总经理」空缺，上级岗位也没有人可以签批；请系统管理员先安排任职。",
    )
    assert path.blocked == ""


def test_an_any_node_has_no_problem_while_one_of_its_posts_is_held(people, memo):
    vacate(people.gm_post)
    vacate(people.tech_post)
    nodes = [{"title": "任一", "posts": [people.tech_post, people.product_post], "rule": "any"}]
    route = ensure_route("any", "任一", nodes)
    path = resolve_path(route, memo, drafter=people.writer)
    assert path.problems == ()
    assert [str(user) for user in path.steps[0].people] == ["刘芳"]


def test_superiors_in_a_circle_end_in_a_problem_not_in_a_loop(route, memo, people):
    Post.objects.filter(pk=people.gm_post.pk).update(superior=people.manager_post)
    vacate(people.manager_post)
    vacate(people.gm_post)
    assert len(resolve_path(route, memo, drafter=people.writer).problems) == 1


@pytest.mark.parametrize(
    ("nodes", "sentence"),
    [
        ([], "签批路线「空」还没有环节，暂时不能提交；请联系系统管理员。"),
        ([{"title": "谁签", "posts": []}], "环节「谁签」没有指定签批岗位；请系统管理员修改签批路线。"),
    ],
)
def test_a_route_without_signers_cannot_be_submitted(memo, people, nodes, sentence):
    route = ensure_route("empty", "空", nodes)
    assert resolve_path(route, memo, drafter=people.writer).blocked == sentence
    with pytest.raises(SignOffError, match=sentence):
        signing.begin(route, Memo.objects.create(text="x"), people.writer)
    assert Run.objects.count() == 0


def test_a_path_of_skipped_nodes_only_cannot_be_submitted(people, mentions_group):
    nodes = [{"title": "总部", "posts": [people.gm_post], "condition": "mentions-group"}]
    route = ensure_route("skip", "全跳过", nodes)
    with pytest.raises(SignOffError, match="没有任何人需要签批"):
        signing.begin(route, Memo.objects.create(text="普通"), people.writer)


def test_an_unknown_or_failing_condition_means_the_node_is_signed(people, memo, monkeypatch):
    monkeypatch.setattr(conditions, "_conditions", {})
    conditions.register("broken", "坏规则", lambda subject: 1 / 0)
    nodes = [
        {"title": "甲", "posts": [people.gm_post], "condition": "gone"},
        {"title": "乙", "posts": [people.gm_post], "condition": "broken"},
    ]
    path = resolve_path(ensure_route("odd", "异常", nodes), memo, drafter=people.writer)
    assert [(s.skipped, s.reason) for s in path.steps] == [
        (False, "条件「gone」已停用，按必须签批处理。"),
        (False, "条件「坏规则」未能判断，按必须签批处理。"),
    ]
    assert conditions.choices() == [("", "每次都签"), ("broken", "坏规则")]


def test_a_run_without_signers_says_so_to_site_managers_and_goes_on_after_an_appointment(paper, people, superuser):
    vacate(people.gm_post)
    vacate(people.tech_post)
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    assert [line.assignment.named_post for line in lacking_people()] == [people.tech_post]
    notice = Notification.objects.get(recipient=superuser)
    assert notice.title == "签批缺人：《春游路线上新》"
    assert "「市场部 技术总监」空缺" in notice.body
    sign_mine(people.product)
    assert Run.objects.get(pk=run.pk).state == RunState.RUNNING
    successor = HoldingFactory(post=people.tech_post, user=UserFactory(name="新总监")).user
    assert lacking_people() == []
    sign_mine(successor)
    assert Run.objects.get(pk=run.pk).state == RunState.APPROVED


def test_a_signer_who_leaves_on_the_way_hands_over_to_the_successor(paper, people):
    signing.submit(paper, people.writer)
    Holding.objects.filter(post=people.manager_post).update(until=datetime.date(2020, 12, 31))
    successor = HoldingFactory(post=people.manager_post, user=UserFactory(name="新经理")).user
    assert pending_for(people.manager) == []
    assert len(pending_for(successor)) == 1


def test_the_snapshot_agrees_with_the_organisation(people):
    HoldingFactory(post=people.manager_post, user=people.tech, kind=HoldingKind.SUBSTITUTE)
    HoldingFactory(post=people.manager_post, user=people.gm, kind=HoldingKind.ACTING)
    staffing = Staffing()
    for post in Post.objects.all():
        assert list(staffing.seat(post).holders) == holders_of(post)


STAFFING = st.lists(st.sampled_from(["regular", "acting", "substitute", "vacant", "drafter"]), min_size=4, max_size=4)
NODES = st.lists(
    st.tuples(
        st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True),
        st.sampled_from(["all", "any"]),
        st.sampled_from(["", "mentions-group"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    staffing=STAFFING, nodes=NODES, text=st.sampled_from(["普通办法", "集团办法"]), own=st.booleans(), data=st.data()
)
def test_what_the_preview_says_is_what_happens(transactional_cleanup, mentions_group, staffing, nodes, text, own, data):
    posts, drafter = [], UserFactory(name="起草人")
    for index, kind in enumerate(staffing):
        post, _ = post_with(f"岗位{index}", superior=posts[-1] if posts else None)
        if kind == "drafter":
            HoldingFactory(post=post, user=drafter)
        elif kind != "vacant":
            HoldingFactory(post=post, kind=kind)
        posts.append(post)
    definition = [
        {"title": f"环节{i}", "posts": [posts[p] for p in chosen], "rule": rule, "condition": condition}
        for i, (chosen, rule, condition) in enumerate(nodes)
    ]
    route = ensure_route(f"route-{posts[0].pk}", f"路线 {posts[0].pk}", definition)
    route.own_work = "sign" if own else "superior"
    memo = Memo.objects.create(text=text)
    path = resolve_path(route, memo, drafter=drafter)
    if path.blocked:
        with pytest.raises(SignOffError):
            signing.begin(route, memo, drafter)
        return
    run = signing.begin(route, memo, drafter)
    happened = [index for index, s in enumerate(path.steps) if not s.skipped]
    skipped = set(run.assignments.filter(state=AssignmentState.SKIPPED).values_list("node_index", flat=True))
    assert skipped == {index for index, s in enumerate(path.steps) if s.skipped}
    for index in happened:
        pending = list(run.assignments.filter(state=AssignmentState.PENDING))
        assert {row.node_index for row in pending} == {index}
        foreseen = {seat.named.pk: seat for seat in path.steps[index].seats}
        snapshot = Staffing()
        for row in pending:
            seat = snapshot.seat(row.named_post, run.authors)
            assert (seat.post, seat.people, seat.reason) == (
                foreseen[row.named_post_id].post,
                foreseen[row.named_post_id].people,
                foreseen[row.named_post_id].reason,
            )
        if path.steps[index].problem:
            assert Run.objects.get(pk=run.pk).is_running
            assert lacking_people()
            return
        for row in data.draw(st.permutations(pending)):
            row.refresh_from_db()
            seat = snapshot.seat(row.named_post, run.authors)
            if row.state == AssignmentState.PENDING and seat.people:
                signing.sign(row, seat.people[0], digest=run.digest)
    assert Run.objects.get(pk=run.pk).state == RunState.APPROVED


@pytest.fixture
def transactional_cleanup(db):
    """Examples of one property share the database: each makes its own posts, people and routes."""


def test_signing_everything_follows_the_path_to_the_end(paper, people):
    assert sign_everything(signing.submit(paper, people.writer)).state == RunState.APPROVED
