"""The definition a run follows: plain JSON, frozen when the paper is submitted.

It comes from a Route (`from_route`) or is built by a room above from its own data and given to `signing.submit`; a
record may also say it itself by `sign_off_definition()`. Everything but `nodes`, `title` and one signer may be left out:

    {
      "code": "SC-001", "name": "市场调研计划",
      "edition": "2026-03-01",         # shown as «按 2026-03-01 版»; any short text
      "own_work": "superior",          # the drafter is a signer: "superior" signs, "skip" the signature, "sign" himself
      "vacancy": "superior",           # nobody holds the post: "superior", "fallback" (post below), "stop" and say so
      "fallback": {"id": 7, "title": "总部 总经理"},
      "repeat": "each",                # the same person again: "each" time, or "once" suffices
      "resubmit": "again",             # after a refusal: "again" from the start, "resume" at the one who refused
      "copy_to": [{"id": 9, "title": …}],   # told when all have signed
      "nodes": [{
        "title": "部门审核",
        "posts": [{"id": 3, "title": "市场部 部门经理", "veto": true}],
        "levels": [{"level": 1}],      # «第N级主管» of the drafter; 0 is the drafter in person
        "rule": "all",                 # "all", "any", or "count" with
        "count": 2,                    #   how many must sign; those with "veto" must be among them
        "condition": "touches-image",  # code registered in conditions, or
        "when": [{"field": "amount", "label": "金额", "operator": "gte", "value": "10000"}],   # all must hold
        "clause": "SC-001 §4.2",       # where it is written, shown with the reason
        "days": 2,                     # working days
        "on_refusal": "drafter",       # "drafter", "choose", "previous", or "node:0" (place in this list)
        "reauth": false, "batch": false,   # password again; may be signed from the list together with others
        "own_work": "", "vacancy": "", "fallback": null    # in place of the definition's, for this node
      }]
    }

`when` reads `subject.sign_off_values()`: ``{"amount": ("金额", Decimal("12000"))}``. Names and shape are stable: runs
keep them for good.
"""

import hashlib
import json
from typing import Any

from content.approvals.models.routes import (
    OnRefusal,
    OwnWork,
    Repeat,
    Resubmission,
    Route,
    Rule,
    Vacancy,
)

_OUTER: dict[str, Any] = {
    "code": "",
    "name": "",
    "edition": "",
    "own_work": OwnWork.SUPERIOR.value,
    "vacancy": Vacancy.SUPERIOR.value,
    "fallback": None,
    "repeat": Repeat.EACH.value,
    "resubmit": Resubmission.AGAIN.value,
    "copy_to": [],
}
_NODE: dict[str, Any] = {
    "posts": [],
    "levels": [],
    "rule": Rule.ALL.value,
    "count": None,
    "condition": "",
    "when": [],
    "clause": "",
    "days": None,
    "on_refusal": OnRefusal.DRAFTER.value,
    "reauth": False,
    "batch": False,
    "own_work": "",
    "vacancy": "",
    "fallback": None,
}


def normal(definition: dict) -> dict:
    """A copy with every key present, also of a definition frozen before a key was invented."""
    full = {**_OUTER, **definition}
    if definition.get("own_work_allowed"):
        full["own_work"] = OwnWork.SIGN.value
    nodes = []
    for number, given in enumerate(definition.get("nodes", []), start=1):
        node = {**_NODE, "title": f"第 {number} 步", **given}
        for key in ("own_work", "vacancy"):
            node[key] = node[key] or full[key]
        node["fallback"] = node["fallback"] or full["fallback"]
        nodes.append(node)
    return {**full, "nodes": nodes}


def from_route(route: Route) -> dict:
    """The route as a definition: posts by id, and by title of the day."""
    return {
        "code": route.code,
        "name": route.name,
        "own_work": route.own_work,
        "vacancy": route.vacancy,
        "fallback": _named(route.fallback) if route.fallback else None,
        "repeat": route.repeat,
        "resubmit": route.resubmit,
        "copy_to": [_named(post) for post in route.copy_to.all()],
        "nodes": [_node(node) for node in route.nodes.all()],
    }


def _node(node) -> dict:
    veto = {post.pk for post in node.veto_posts.all()}
    posts = [{**_named(post), "veto": True} if post.pk in veto else _named(post) for post in node.posts.all()]
    when = []
    if node.when_field:
        label = node.when_label or node.when_field
        when = [{"field": node.when_field, "label": label, "operator": node.when_operator, "value": node.when_value}]
    return {
        "title": node.title,
        "posts": posts,
        "levels": [{"level": node.level}] if node.level is not None else [],
        "rule": node.rule,
        "count": node.count,
        "condition": node.condition,
        "when": when,
        "clause": node.clause,
        "days": node.days,
        "on_refusal": node.on_refusal,
        "reauth": node.reauth,
        "batch": node.batch,
        "own_work": node.own_work,
        "vacancy": node.vacancy,
        "fallback": _named(node.fallback) if node.fallback else None,
    }


def _named(post) -> dict:
    return {"id": post.pk, "title": str(post)}


def fingerprint(definition: dict) -> str:
    """Digest of what the definition asks for; the same as long as the rule is the same. Titles of posts do not count."""
    plain = json.loads(json.dumps(normal(definition), default=str))
    for key in ("edition", "fingerprint", "authors", "own_work_allowed", "resumed"):
        plain.pop(key, None)
    for node in plain["nodes"]:
        for key in ("outcome", "origin"):
            node.pop(key, None)
        for post in [*node["posts"], *([node["fallback"]] if node["fallback"] else [])]:
            post.pop("title", None)
    for post in [*plain["copy_to"], *([plain["fallback"]] if plain["fallback"] else [])]:
        post.pop("title", None)
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def shortcomings(definition: dict) -> list[str]:
    """Sentences about what is wrong with a definition; empty if papers can follow it."""
    full = normal(definition)
    if not full["nodes"]:
        return [f"签批路线「{full['name']}」还没有环节，暂时不能提交；请联系系统管理员。"]
    found = []
    for index, node in enumerate(full["nodes"]):
        found += _node_shortcomings(node, index, full)
    return found


def _node_shortcomings(node: dict, index: int, full: dict) -> list[str]:
    title, found = f"环节「{node['title']}」", []
    signers = [*node["posts"], *node["levels"]]
    if not signers:
        found.append(f"{title}没有指定签批岗位；请系统管理员修改签批路线。")
    if node["rule"] not in Rule.values:
        found.append(f"{title}的签批规则“{node['rule']}”不认识；请改为会签、或签或票签。")
    if node["rule"] == Rule.COUNT:
        most, veto = len(signers), sum(bool(signer.get("veto")) for signer in signers)
        if not node["count"] or not 1 <= node["count"] <= max(most, 1):
            found.append(f"{title}是票签，须写明几人签准（1 到 {most} 之间）。")
        elif veto > node["count"]:
            found.append(f"{title}有 {veto} 个岗位必须签准，票数不能少于 {veto}。")
    if node["vacancy"] == Vacancy.FALLBACK and not node["fallback"]:
        found.append(f"{title}规定岗位空缺时由指定岗位签批，但没有指定是哪个岗位。")
    target = str(node["on_refusal"])
    if target.startswith("node:"):
        place = target.removeprefix("node:")
        if not place.isdigit() or int(place) >= index:
            found.append(f"{title}退回到的环节必须在它前面。")
    elif target not in OnRefusal.values:
        found.append(f"{title}的退回方式“{target}”不认识。")
    return found
