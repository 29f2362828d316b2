import pytest

from content.approvals.definitions import fingerprint, from_route, normal, shortcomings


def one(**node):
    return {"name": "制度", "nodes": [{"title": "审核", "posts": [{"id": 1, "title": "经理"}], **node}]}


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        ({"name": "空", "nodes": []}, "签批路线「空」还没有环节，暂时不能提交；请联系系统管理员。"),
        (one(posts=[]), "环节「审核」没有指定签批岗位；请系统管理员修改签批路线。"),
        (one(rule="count"), "环节「审核」是票签，须写明几人签准（1 到 1 之间）。"),
        (one(rule="count", count=5), "环节「审核」是票签，须写明几人签准（1 到 1 之间）。"),
        (one(rule="some"), "环节「审核」的签批规则“some”不认识；请改为会签、或签或票签。"),
        (one(vacancy="fallback"), "环节「审核」规定岗位空缺时由指定岗位签批，但没有指定是哪个岗位。"),
        (one(on_refusal="node:0"), "环节「审核」退回到的环节必须在它前面。"),
        (one(on_refusal="nowhere"), "环节「审核」的退回方式“nowhere”不认识。"),
    ],
)
def test_what_is_wrong_with_a_definition_is_one_sentence(definition, sentence):
    assert shortcomings(definition) == [sentence]


def test_a_definition_frozen_before_the_new_keys_is_still_followed():
    old = {"code": "release", "name": "新闻稿签批", "own_work_allowed": True, "nodes": [
        {"title": "审核", "rule": "all", "posts": [{"id": 1, "title": "经理"}], "condition": "", "days": 2},
    ]}  # fmt: skip
    full = normal(old)
    assert (full["own_work"], full["nodes"][0]["own_work"], full["nodes"][0]["when"]) == ("sign", "sign", [])
    assert shortcomings(old) == []


def test_the_fingerprint_is_of_the_rule_not_of_names_of_posts(route):
    definition = from_route(route)
    same = from_route(route)
    same["nodes"][0]["posts"][0]["title"] = "改了名的岗位"
    other = from_route(route)
    other["nodes"][0]["days"] = 9
    assert fingerprint(definition) == fingerprint(same) == fingerprint(normal(definition))
    assert fingerprint(other) != fingerprint(definition)
