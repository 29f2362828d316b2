"""What the steps say is what the route does: each step a node, nothing added, nothing lost."""

from hypothesis import given, settings

from content.procedures.definitions import definition_of
from content.procedures.snapshots import ProcedureText
from tests.content.procedures.test_chart import POSTS, make_step, procedures, text_of
from tests.factories.organization import PostFactory
from tests.factories.procedures import change_step, field, procedure, revise, step


@settings(max_examples=80, deadline=None)
@given(procedures())
def test_every_step_after_the_first_is_a_node(text):
    nodes = definition_of(text)["nodes"]

    assert [node["step"] for node in nodes] == [s.key for s in text.steps[1:]]
    for node, one in zip(nodes, text.steps[1:], strict=True):
        assert [post["id"] for post in node["posts"]] == [post["id"] for post in one.posts]
        assert bool(node["when"]) == bool(one.condition)
        target = text.refusal_target(one)
        expected = "drafter" if target is None or target.number == 1 else f"node:{target.number - 2}"
        assert node["on_refusal"] == expected


def test_who_drafts_may_carry_out_but_not_sign():
    text = text_of([make_step(1, POSTS[:1]), make_step(2, [], who="drafter"), make_step(3, POSTS[:1], kind="sign")])

    assert [node["own_work"] for node in definition_of(text)["nodes"]] == ["sign", ""]
    assert definition_of(text)["nodes"][0]["levels"] == [{"level": 0}]


def test_a_condition_compares_the_field_by_its_key(index):
    page = procedure(
        index,
        steps=[
            step("申请", who="drafter"),
            step("批准", PostFactory(), kind="sign", condition_field="金额", condition_operator="at_least",
                 condition_value="5000"),
        ],
        form_fields=[field("金额", "money")],
    )  # fmt: skip
    content = page.versions.get().content

    assert definition_of(ProcedureText(content))["nodes"][0]["when"] == [
        {"field": content["fields"][0]["key"], "label": "金额", "operator": "gte", "value": "5000"}
    ]


def test_a_new_version_is_the_new_route_and_the_old_one_stays(index):
    page = procedure(index)

    def rename(draft):
        change_step(draft, 2, title="复核计划")

    revise(page, rename)
    titles = [
        [node["title"] for node in definition_of(ProcedureText(version.content))["nodes"]]
        for version in page.versions.order_by("number")
    ]

    assert titles == [["审核计划"], ["复核计划"]]
