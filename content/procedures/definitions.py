"""The route a case takes, made from the steps of its version and from nothing else.

There is no second place where the route of a procedure is kept, so text, chart and route cannot drift apart: the
definition is built from the snapshot at each submission (shape: content/approvals/definitions.py) and frozen in the run.
"""

from content.procedures.models import Operator, Person, StepKind, StepRule
from content.procedures.snapshots import ProcedureText, Step

_OPERATORS = {
    Operator.IS: "in",
    Operator.IS_NOT: "not_in",
    Operator.AT_LEAST: "gte",
    Operator.LESS: "lt",
    Operator.HAS: "in",
    Operator.FILLED: "filled",
}
_RULES = {StepRule.ALL: "all", StepRule.ANY: "any", StepRule.SOME: "count"}


def definition_of(text: ProcedureText, *, edition: str = "") -> dict:
    """The definition of a case: the first step is writing and submitting it, every further step is one node.

    Each node says in `step` which step it is, and in `act` whether it is done («task») or signed («sign»).
    """
    return {
        "code": text.code,
        "name": text.title,
        "edition": edition,
        "own_work": "superior",
        "nodes": [_node(text, step) for step in text.steps[1:]],
    }


def _node(text: ProcedureText, step: Step) -> dict:
    return {
        "title": step.title,
        "step": step.key,
        "act": step.kind,
        "posts": [{"id": post["id"], "title": post["title"]} for post in step.posts],
        "levels": _levels(step),
        "rule": _RULES[StepRule(step.rule)],
        "count": step.needed if step.rule == StepRule.SOME else None,
        "when": _when(text, step.condition),
        "clause": f"{text.code} 第 {step.number} 步",
        "days": step.days,
        "on_refusal": _on_refusal(step),
        # Who drafted a case may have to carry out later steps too; only signatures are for somebody else.
        "own_work": "sign" if step.kind == StepKind.TASK else "",
    }


def _levels(step: Step) -> list[dict]:
    if step.who == Person.DRAFTER:
        return [{"level": 0}]
    return [{"level": step.level}] if step.who == Person.SUPERIOR else []


def _when(text: ProcedureText, condition: dict | None) -> list[dict]:
    if condition is None:
        return []
    operator = Operator(condition["operator"])
    kinds = {field["key"]: field["kind"] for field in text.fields}
    several = kinds.get(condition["field"]) in ("checkboxes", "radio", "checkbox", "person", "post")
    asked = "contains" if operator == Operator.HAS and not several else _OPERATORS[operator]
    return [
        {
            # A field that is gone keeps its name, so that the engine says which one and asks for the signature.
            "field": condition["field"] or condition["label"],
            "label": condition["label"],
            "operator": asked,
            "value": condition["value"],
        }
    ]


def _on_refusal(step: Step) -> str:
    number = step.refusal_number
    return "drafter" if number is None or number == 1 else f"node:{number - 2}"
