"""Random organisations, definitions and acts for property tests, and what must hold of every run."""

from hypothesis import strategies as st

from content.approvals.models import MET_STATES, OPEN_STATES, AssignmentState, Rule, Run, RunState, Verdict
from content.approvals.paths import needed
from content.approvals.progress import rows_of
from content.approvals.staffing import Staffing
from content.organization.models import HoldingKind
from tests.factories.approvals import post_with
from tests.factories.organization import HoldingFactory
from tests.factories.users import UserFactory

POSTS = 5
KINDS = ["regular", "acting", "substitute", "vacant", "drafter", "first", "two"]
STAFFING = st.lists(st.sampled_from(KINDS), min_size=POSTS, max_size=POSTS)


@st.composite
def nodes(draw):
    """One node: posts by number, perhaps a level, a rule with votes and vetoes, conditions, ways back."""
    posts = draw(st.lists(st.integers(0, POSTS - 1), min_size=0, max_size=3, unique=True))
    levels = draw(st.lists(st.integers(0, 2), min_size=0 if posts else 1, max_size=1))
    rule = draw(st.sampled_from(["all", "any", "count"]))
    count = draw(st.integers(1, len(posts) + len(levels)))
    veto = (
        set(draw(st.lists(st.sampled_from(posts), max_size=count, unique=True))) if rule == "count" and posts else set()
    )
    when = draw(st.sampled_from([[], [], [{"field": "amount", "label": "金额", "operator": "gte", "value": "1000"}]]))
    return {
        "posts": posts,
        "veto": veto,
        "levels": [{"level": level} for level in levels],
        "rule": rule,
        "count": count if rule == "count" else None,
        "when": when,
        "condition": draw(st.sampled_from(["", "", "mentions-group"])),
        "on_refusal": draw(st.sampled_from(["drafter", "choose", "previous"])),
        "own_work": draw(st.sampled_from(["", "superior", "skip", "sign"])),
        "vacancy": draw(st.sampled_from(["", "superior", "fallback", "stop"])),
        "fallback": draw(st.integers(0, POSTS - 1)),
        "days": draw(st.sampled_from([None, 1])),
    }


@st.composite
def definitions(draw):
    return {
        "code": "random",
        "name": "随机路线",
        "repeat": draw(st.sampled_from(["each", "once"])),
        "resubmit": draw(st.sampled_from(["again", "resume"])),
        "own_work": draw(st.sampled_from(["superior", "skip", "sign"])),
        "vacancy": draw(st.sampled_from(["superior", "stop"])),
        "nodes": draw(st.lists(nodes(), min_size=1, max_size=4)),
    }


def staffed(kinds, drafter):
    """A chain of posts, each below the one before, staffed as named; (posts, people)."""
    posts, first = [], None
    for index, kind in enumerate(kinds):
        post, _ = post_with(f"岗位{index}", superior=posts[-1] if posts else None)
        if kind == "drafter":
            HoldingFactory(post=post, user=drafter)
        elif kind == "first" and first is not None:
            HoldingFactory(post=post, user=first)
        elif kind == "two":
            HoldingFactory(post=post)
            HoldingFactory(post=post, kind=HoldingKind.SUBSTITUTE)
        elif kind not in ("vacant", "first"):
            first = HoldingFactory(post=post, kind=kind, user=UserFactory()).user
        posts.append(post)
    return posts


def made_of(definition, posts):
    """The definition with real posts in place of numbers."""

    def named(index, **more):
        return {"id": posts[index].pk, "title": str(posts[index]), **more}

    return {
        **definition,
        "nodes": [
            {
                **{key: value for key, value in node.items() if key != "veto"},
                "title": f"环节{number}",
                "posts": [named(index, veto=index in node["veto"]) for index in node["posts"]],
                "fallback": named(node["fallback"]),
            }
            for number, node in enumerate(definition["nodes"])
        ],
    }


def check_run(run: Run) -> None:
    """What holds of a run at any moment."""
    run = Run.objects.get(pk=run.pk)
    rows = list(run.assignments.select_related("named_post", "decision", "covered_by"))
    for row in rows:
        decision = getattr(row, "decision", None)
        if row.state == AssignmentState.SIGNED:
            assert decision is not None
            assert decision.verdict == Verdict.SIGN or row.kind == "delegated"
            assert decision.digest == run.digest
        if row.state == AssignmentState.COVERED:
            assert row.covered_by is not None
            assert row.covered_by.digest == run.digest
    if run.state == RunState.APPROVED:
        for index, node in enumerate(run.definition["nodes"]):
            check_met(run, index, node)
    if run.state != RunState.RUNNING:
        assert not [row for row in rows if row.state in OPEN_STATES]
        return
    pending = [row for row in rows if row.state == AssignmentState.PENDING]
    assert pending, "a running run waits for somebody"
    staffing = Staffing()
    for row in pending:
        seat = staffing.seat_of(row, run.authors)
        assert seat.people or seat.problem, "somebody can sign, or it says whom it lacks"


def check_met(run: Run, index: int, node: dict) -> None:
    """The rule of the node, told anew from its rows: every required signature is there."""
    rows = rows_of(run, index)
    voting = [
        row for row in rows if row.is_counted and row.state not in (AssignmentState.HANDED_ON, AssignmentState.SKIPPED)
    ]
    if not voting:
        assert not node["outcome"]["holds"] or all(row.state == AssignmentState.SKIPPED for row in rows)
        return
    met = [row for row in voting if row.state in MET_STATES]
    wanted = {"all": len(voting), "any": 1, "count": min(node["count"] or 0, len(voting))}[node["rule"]]
    assert wanted == needed(node, len(voting))
    assert len(met) >= wanted
    assert all(row.state in MET_STATES for row in voting if row.veto)
    if node["rule"] == Rule.ALL:
        assert {row.state for row in voting} <= set(MET_STATES)
    added = [row for row in rows if row.kind in ("before", "after")]
    assert all(row.state in (*MET_STATES, AssignmentState.REMOVED, AssignmentState.CLOSED, AssignmentState.HANDED_ON)
               for row in added)  # fmt: skip
