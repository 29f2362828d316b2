"""What changed between two versions, in the words a reader understands."""

import difflib
import re
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from content.procedures.models.steps import StepKind
from content.procedures.snapshots import ProcedureText, Step

REFUSAL = "退回"
_TOKEN = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One aspect of a step or of the procedure: its label, the words before and after."""

    label: str
    before: str
    after: str

    @property
    def marked(self) -> SafeString:
        """Both in one text, with <del> and <ins>."""
        return marked(self.before, self.after)


@dataclass(frozen=True, slots=True)
class StepChange:
    """`kind` is added, removed or changed; `step` is the new one (the old one if removed)."""

    kind: str
    step: Step
    changes: tuple[FieldChange, ...] = ()

    @property
    def label(self) -> str:
        return {"added": "新增", "removed": "删去", "changed": "改动"}[self.kind]


@dataclass(frozen=True, slots=True)
class Differences:
    general: tuple[FieldChange, ...]
    steps: tuple[StepChange, ...]
    fields: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.general or self.steps or self.fields)

    def step_keys(self) -> frozenset[str]:
        return frozenset(change.step.key for change in self.steps)


def aspects(step: Step, text: ProcedureText) -> list[tuple[str, str]]:
    """What a step says, as (label, words). The number is left out: moved by a new step before it, it says the same."""
    target = text.refusal_target(step)
    return [
        ("做什么", step.title),
        ("方式", "签批" if step.kind == StepKind.SIGN else "办理"),
        ("由谁", step.actors_label),
        ("几个岗位时", step.rule_label),
        ("怎么做", "\n".join(step.paragraphs())),
        ("表单或文件", step.document),
        ("依据与输入", step.inputs),
        ("结果与输出", step.outputs),
        ("时限", f"{step.days} 个工作日" if step.days else ""),
        ("条件", step.condition_label),
        (REFUSAL, f"退回到「{target.title}」" if target else ""),
        ("定期", step.recurrence_label),
    ]


def differences(old: dict, new: dict) -> Differences:
    """Compare two snapshots. Steps are told apart by their key, so a step that was only moved is not a new one."""
    before, after = ProcedureText(old), ProcedureText(new)
    general = _changed(
        [("名称", before.title), ("目的", before.purpose), ("适用范围", before.scope), ("归口部门", before.unit["name"]),
         ("负责岗位", before.owner["title"])],
        [("名称", after.title), ("目的", after.purpose), ("适用范围", after.scope), ("归口部门", after.unit["name"]),
         ("负责岗位", after.owner["title"])],
    )  # fmt: skip
    steps = [_step_change(before, after, step) for step in after.steps]
    removed = [StepChange("removed", step) for step in before.steps if step.key not in after.by_key]
    return Differences(general, (*(change for change in steps if change), *removed), _field_changes(before, after))


def _step_change(before: ProcedureText, after: ProcedureText, step: Step) -> StepChange | None:
    old = before.by_key.get(step.key)
    if old is None:
        return StepChange("added", step)
    changes = _changed(aspects(old, before), aspects(step, after))
    targets = [text.refusal_target(one) for text, one in ((before, old), (after, step))]
    if all(targets) and targets[0].key == targets[1].key:
        # It still goes back to the same step; that this one has a new name is told there.
        changes = tuple(change for change in changes if change.label != REFUSAL)
    return StepChange("changed", step, changes) if changes else None


def _changed(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(label, old, new)
        for (label, old), (_, new) in zip(before, after, strict=True)
        if (old or "").strip() != (new or "").strip()
    )


def _field_changes(before: ProcedureText, after: ProcedureText) -> tuple[str, ...]:
    old = {field["key"]: field for field in before.fields}
    new = {field["key"]: field for field in after.fields}
    lines = [f"表单新增栏目「{field['label']}」" for key, field in new.items() if key not in old]
    lines += [f"表单删去栏目「{field['label']}」" for key, field in old.items() if key not in new]
    for key, field in new.items():
        earlier = old.get(key)
        if earlier is not None and earlier != field:
            name = f"「{earlier['label']}」"
            renamed = f"改名为「{field['label']}」" if earlier["label"] != field["label"] else "有改动"
            lines.append(f"表单栏目{name}{renamed}")
    return tuple(lines)


def marked(before: str, after: str) -> SafeString:
    """Old and new words in one text; deletions in <del>, insertions in <ins>."""
    old, new = _TOKEN.findall(before or ""), _TOKEN.findall(after or "")
    parts: list[SafeString | str] = []
    for act, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            parts.append(format_html("{}", "".join(old[a:b])))
            continue
        if b > a:
            parts.append(format_html("<del>{}</del>", "".join(old[a:b])))
        if d > c:
            parts.append(format_html("<ins>{}</ins>", "".join(new[c:d])))
    return format_html_join(mark_safe(""), "{}", ((part,) for part in parts))
