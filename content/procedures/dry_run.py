"""Trying a procedure before it is signed: a case that exists only in memory."""

from typing import Any

from content.organization.holders import holdings_on
from content.procedures import form_values
from content.procedures.definitions import definition_of
from content.procedures.snapshots import ProcedureText


class DryCase:
    """Answers the sign-off engine as a case does, out of a draft and what was typed; nothing of it is stored."""

    def __init__(self, text: ProcedureText, values: dict[str, Any]):
        self.text = text
        self.values = values

    def sign_off_definition(self) -> dict:
        return definition_of(self.text, edition="草稿")

    def sign_off_values(self) -> dict[str, tuple[str, Any]]:
        shown = form_values.applicable(self.text.fields, self.values)
        return {
            field["key"]: (
                field["label"],
                form_values.value_of(field, self.values.get(field["key"])) if field["key"] in shown else None,
            )
            for field in self.text.fields
        }

    def states(self, path) -> dict[str, str]:
        """The path on the chart: skipped steps faded, the rest to come."""
        states = {self.text.steps[0].key: "now"}
        for step, on_path in zip(self.text.steps[1:], path.steps, strict=True):
            states[step.key] = "skipped" if on_path.skipped else "waiting"
        return states


def people_to_try() -> list[tuple[int, str]]:
    """Whom one may pretend to be the drafter: everybody who holds a post today."""
    found: dict[int, str] = {}
    for holding in holdings_on().order_by("post__unit__sort_order", "post__sort_order", "pk"):
        found.setdefault(holding.user_id, f"{holding.user}（{holding.post}）")
    return list(found.items())
