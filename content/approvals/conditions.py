"""Named conditions a node may carry. Apps above register theirs in AppConfig.ready; a route stores only the code."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Does the condition hold for this content, why (one sentence), and the places in the text that show it."""

    holds: bool
    reason: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    code: str
    label: str
    check: Callable[[object], Outcome]


_conditions: dict[str, Condition] = {}


def register(code: str, label: str, check: Callable[[object], Outcome]) -> None:
    """Offer a condition. `check(subject)` gets the content to be signed and must not change anything."""
    _conditions[code] = Condition(code, label, check)


def choices() -> list[tuple[str, str]]:
    """Registered conditions for a form, «每次都签» first."""
    return [("", "每次都签"), *((c.code, c.label) for c in sorted(_conditions.values(), key=lambda c: c.label))]


def label_of(code: str) -> str:
    """What people read for a code; the code itself where nothing is registered under it any more."""
    return _conditions[code].label if code in _conditions else code


def evaluate(code: str, subject: object) -> Outcome:
    """Tell whether a node with this condition is to be signed. In doubt (unknown or failing condition) it is."""
    if not code:
        return Outcome(True, "")
    condition = _conditions.get(code)
    if condition is None:
        return Outcome(True, f"条件「{code}」已停用，按必须签批处理。")
    try:
        return condition.check(subject)
    except Exception:
        # A fault in a rule must neither let text through unsigned nor stop the drafter with an error page.
        logger.exception("Condition %s failed on %r", code, subject)
        return Outcome(True, f"条件「{condition.label}」未能判断，按必须签批处理。")
