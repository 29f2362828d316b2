"""The text of a procedure as plain data: what a version keeps, and what page, chart, PDF, route and form are made from.

Shape of a snapshot (JSON)::

    {"code", "title", "summary", "purpose", "scope", "change_note": text,
     "unit": {"id", "name"}, "owner": {"id", "title"}, "further": [{"id", "title"}],
     "reading_days", "review_months": int, "can_be_started": bool,
     "steps": [{"key", "number", "title", "kind": "task|sign", "who": "posts|drafter|superior", "level",
                "posts": [{"id", "title", "short"}], "rule": "all|any|some", "needed", "text", "document", "inputs",
                "outputs", "days", "condition": {"field", "label", "operator", "value"} | null,
                "refusal": step key | "", "recurrence", "recurrence_day"}],
     "fields": [{"key", "label", "kind", "required", "options": [text], "help", "condition"}]}

A condition names the key of a field of the same snapshot; a label nobody has is kept with an empty key.
"""

from dataclasses import dataclass
from functools import cached_property

from content.procedures.models.steps import FieldKind, Operator, Person, StepKind, StepRule
from content.procedures.recurrence import recurrence_label

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def snapshot_of(page) -> dict:
    """The page as it stands in memory (a draft revision as an object, or the live row), as plain data."""
    fields = list(page.form_fields.all())
    keys = {field.label.strip(): field.key for field in fields}
    steps = list(page.steps.all())
    return {
        "code": page.code,
        "title": page.title,
        "summary": page.summary,
        "purpose": page.purpose,
        "scope": page.scope,
        "change_note": page.change_note,
        "unit": {"id": page.owner_unit_id, "name": page.owner_unit.name},
        "owner": {"id": page.owner_post_id, "title": str(page.owner_post)},
        "further": [_post(post) for post in page.further_readers.all()],
        "reading_days": page.reading_days,
        "review_months": page.review_months,
        "can_be_started": page.can_be_started,
        "steps": [_step(step, number, steps, keys) for number, step in enumerate(steps, start=1)],
        "fields": [_field(field, keys) for field in fields],
    }


def _post(post) -> dict:
    return {"id": post.pk, "title": str(post), "short": post.title}


def _condition(row, keys: dict[str, str]) -> dict | None:
    label = row.condition_field.strip()
    if not label:
        return None
    return {
        "field": keys.get(label, ""),
        "label": label,
        "operator": row.condition_operator,
        "value": row.condition_value.strip(),
    }


def _step(step, number: int, steps: list, keys: dict[str, str]) -> dict:
    target = step.refusal_step
    refusal = steps[target - 1].key if step.kind == StepKind.SIGN and target and target < number else ""
    return {
        "key": step.key,
        "number": number,
        "title": step.title,
        "kind": step.kind,
        "who": step.who,
        "level": step.level,
        "posts": [_post(post) for post in step.posts.all()] if step.who == Person.POSTS else [],
        "rule": step.rule,
        "needed": step.needed,
        "text": step.text,
        "document": step.document,
        "inputs": step.inputs,
        "outputs": step.outputs,
        "days": step.days,
        "condition": _condition(step, keys),
        "refusal": refusal,
        "recurrence": step.recurrence,
        "recurrence_day": step.recurrence_day,
    }


def _field(field, keys: dict[str, str]) -> dict:
    return {
        "key": field.key,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "options": field.option_list(),
        "help": field.help_text,
        "condition": _condition(field, keys),
    }


def condition_label(condition: dict | None) -> str:
    """«计划类型为年度计划或月度计划», «费用合计不少于 50000»; empty without a condition."""
    if condition is None:
        return ""
    value = "或".join(part for part in condition["value"].split("、") if part)
    words = {
        Operator.IS: f"为{value}",
        Operator.IS_NOT: f"不为{value}",
        Operator.AT_LEAST: f"不少于 {value}",
        Operator.LESS: f"少于 {value}",
        Operator.HAS: f"包含{value}",
        Operator.FILLED: "已填写",
    }
    return f"{condition['label']}{words[Operator(condition['operator'])]}"


@dataclass(frozen=True)
class Step:
    """One step of a snapshot with what templates and the chart ask of it."""

    data: dict
    refusal_number: int | None = None  # where it goes back to; None where it cannot refuse

    def __getattr__(self, name: str):
        # Only names that are not fields come here; templates ask for keys of the snapshot.
        try:
            return self.data[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def mark(self) -> str:
        """«①», or «21» beyond twenty."""
        number = self.data["number"]
        return CIRCLED[number - 1] if number <= len(CIRCLED) else str(number)

    @property
    def is_sign(self) -> bool:
        return self.data["kind"] == StepKind.SIGN

    @property
    def post_ids(self) -> frozenset[int]:
        return frozenset(post["id"] for post in self.data["posts"])

    @property
    def actors(self) -> list[str]:
        """Who acts, as lanes of the chart: posts by short title, or «发起人», «发起人的上级»."""
        who = self.data["who"]
        if who == Person.DRAFTER:
            return ["发起人"]
        if who == Person.SUPERIOR:
            level = self.data["level"]
            return ["发起人的直接主管" if level == 1 else f"发起人的第 {level} 级主管"]
        return [post["short"] for post in self.data["posts"]] or ["（未定岗位）"]

    @property
    def actors_label(self) -> str:
        """«产品营销经理、技术总监», with unit where posts are named."""
        if self.data["who"] == Person.POSTS and self.data["posts"]:
            return "、".join(post["title"] for post in self.data["posts"])
        return self.actors[0]

    @property
    def rule_label(self) -> str:
        """How several posts act together; empty for one."""
        if len(self.data["posts"]) < 2:
            return ""
        count = len(self.data["posts"])
        if self.data["rule"] == StepRule.ALL:
            return f"{count} 个岗位会签" if self.is_sign else f"{count} 个岗位都要办理"
        if self.data["rule"] == StepRule.ANY:
            return "或签，一人签即可" if self.is_sign else "任一岗位办理即可"
        return f"票签，{self.data['needed'] or count} 票通过"

    @property
    def condition_label(self) -> str:
        return condition_label(self.data["condition"])

    @property
    def recurrence_label(self) -> str:
        return recurrence_label(self.data["recurrence"], self.data["recurrence_day"])

    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.data["text"].splitlines() if line.strip()]


class ProcedureText:
    """A snapshot with what templates, chart and route ask of it."""

    def __init__(self, content: dict):
        self.content = content

    @property
    def code(self) -> str:
        return self.content["code"]

    @property
    def title(self) -> str:
        return self.content["title"]

    @property
    def purpose(self) -> str:
        return self.content["purpose"]

    @property
    def scope(self) -> str:
        return self.content["scope"]

    @property
    def unit(self) -> dict:
        return self.content["unit"]

    @property
    def owner(self) -> dict:
        return self.content["owner"]

    @cached_property
    def steps(self) -> list[Step]:
        numbers = {data["key"]: data["number"] for data in self.content["steps"]}
        return [
            Step(
                data, numbers.get(data["refusal"], 1) if data["kind"] == StepKind.SIGN and data["number"] > 1 else None
            )
            for data in self.content["steps"]
        ]

    @cached_property
    def by_key(self) -> dict[str, Step]:
        return {step.key: step for step in self.steps}

    @property
    def fields(self) -> list[dict]:
        return self.content["fields"]

    @property
    def has_form(self) -> bool:
        return bool(self.content["fields"])

    def refusal_target(self, step: Step) -> Step | None:
        """Where this step sends a paper back to; None for steps that cannot refuse and for a single step."""
        return self.steps[step.refusal_number - 1] if step.refusal_number else None

    def post_ids(self) -> frozenset[int]:
        """Every post that has to know the text: those of the steps and those named besides."""
        further = {post["id"] for post in self.content["further"]}
        return frozenset(further.union(*(step.post_ids for step in self.steps)))

    def steps_of(self, post_ids) -> list[Step]:
        """The steps in which one of these posts acts."""
        wanted = frozenset(post_ids)
        return [step for step in self.steps if step.post_ids & wanted]

    def posts(self) -> list[dict]:
        """Posts of the steps, each once, in order of first appearance."""
        found = {post["id"]: post for step in self.steps for post in step.posts}
        return list(found.values())

    def documents(self) -> list[tuple[str, Step]]:
        """Forms and documents the steps use."""
        return [(step.document, step) for step in self.steps if step.document]

    def words(self) -> str:
        """All its words, for search."""
        parts = [self.content["summary"], self.purpose, self.scope]
        for step in self.steps:
            parts += [step.title, step.actors_label, step.text, step.document, step.inputs, step.outputs]
        parts += [field["label"] for field in self.fields]
        return "\n".join(part for part in parts if part)

    def field_kinds(self) -> list[tuple[str, str]]:
        """(label, kind in words) of the form's fields."""
        return [(field["label"], str(FieldKind(field["kind"]).label)) for field in self.fields]
