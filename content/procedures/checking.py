"""What a procedure still lacks before anyone may sign it: one clear sentence each."""

from collections import Counter

from content.procedures.models.steps import FieldKind, Operator, Person, StepKind, StepRule

WITH_OPTIONS = {
    FieldKind.RADIO: "选项",
    FieldKind.CHECKBOXES: "选项",
    FieldKind.TABLE: "列名",
    FieldKind.CHECKLIST: "检查项",
}
MAX_STEPS = 60
MAX_FIELDS = 200


def shortcomings_of(page) -> list[str]:
    """Sentences about steps and form; empty if it can be signed, drawn and run."""
    steps, fields = list(page.steps.all()), list(page.form_fields.all())
    found = [*_of_steps(steps, fields), *_of_fields(fields)]
    if page.can_be_started and len(steps) == 1:
        found.append("只有一步，发起后没有人可办：请写出后面的步骤，或去掉“可以发起”。")
    return found


def _of_steps(steps: list, fields: list) -> list[str]:
    found = []
    if not steps:
        found.append("还没有步骤：请至少写一步。")
    if len(steps) > MAX_STEPS:
        found.append(f"有 {len(steps)} 步，太长了：请拆成几份制度，每份不超过 {MAX_STEPS} 步。")
    labels = {field.label.strip(): field for field in fields}
    for number, step in enumerate(steps, start=1):
        name = f"第 {number} 步「{step.title}」"
        posts = list(step.posts.all())
        if step.who == Person.POSTS and not posts:
            found.append(f"{name}没有选岗位：请写明由谁办理。")
        if step.rule == StepRule.SOME and not 1 <= (step.needed or 0) <= max(len(posts), 1):
            found.append(f"{name}是票签，票数应在 1 到 {max(len(posts), 1)} 之间。")
        if step.refusal_step and step.refusal_step >= number:
            found.append(f"{name}退回到第 {step.refusal_step} 步，但只能退回到它前面的步骤。")
        if number == 1 and step.kind == StepKind.SIGN:
            found.append(f"{name}是签批，但第一步还没有可签的内容：请先写一步“办理”，由发起人起草。")
        if number == 1 and step.condition_field.strip():
            found.append(f"{name}不能设条件：第一步总要有人开始。")
        found += _of_condition(name, step, labels)
        if step.recurrence in ("weekly", "monthly") and not step.recurrence_day:
            found.append(f"{name}是定期的，请写明几日或周几。")
        if step.recurrence == "weekly" and (step.recurrence_day or 0) > 7:
            found.append(f"{name}每周定期，周几应在 1 到 7 之间。")
    return found


def _of_condition(name: str, row, labels: dict) -> list[str]:
    label = row.condition_field.strip()
    if not label:
        return []
    field = labels.get(label)
    if field is None:
        return [f"{name}的条件用到栏目「{label}」，但表单里没有这个栏目：请改成表单中的栏目名称，或去掉条件。"]
    if row.condition_operator == Operator.FILLED:
        return []
    value = row.condition_value.strip()
    if not value:
        return [f"{name}的条件没有写条件值。"]
    if row.condition_operator in (Operator.AT_LEAST, Operator.LESS):
        return [] if _is_number(value) else [f"{name}的条件值「{value}」不是数字。"]
    if field.kind in (FieldKind.RADIO, FieldKind.CHECKBOXES):
        unknown = [part for part in value.split("、") if part and part not in field.option_list()]
        if unknown:
            return [f"{name}的条件值「{'、'.join(unknown)}」不在栏目「{label}」的选项里。"]
    return []


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def _of_fields(fields: list) -> list[str]:
    found = []
    if len(fields) > MAX_FIELDS:
        found.append(f"表单有 {len(fields)} 个栏目，太长了：请不超过 {MAX_FIELDS} 个。")
    for label, times in Counter(field.label.strip() for field in fields).items():
        if times > 1:
            found.append(f"表单里有 {times} 个栏目都叫「{label}」：请起不同的名称。")
    labels = {field.label.strip(): field for field in fields}
    for field in fields:
        name = f"栏目「{field.label}」"
        wanted = WITH_OPTIONS.get(FieldKind(field.kind))
        if wanted and not field.option_list():
            found.append(f"{name}还没有写{wanted}，每行一个。")
        if field.condition_field.strip() == field.label.strip():
            found.append(f"{name}的条件用到它自己：请换一个栏目。")
        else:
            found += _of_condition(name, field, labels)
    return found
