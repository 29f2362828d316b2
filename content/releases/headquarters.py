"""Which words of a release need headquarters' confirmation, where they stand and why (S20).

Anything that touches the company's image or its overall figures is confirmed by headquarters before it is published,
whoever issues it: the rule protects the whole group's name, and headquarters' own text can be wrong too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from content.approvals.conditions import Outcome
from content.releases.choices import RuleKind
from content.releases.patterns import fold, spans
from content.releases.rules import HeadquartersRule

CONDITION = "headquarters"
CONDITION_LABEL = "涉及公司形象或整体数据"
EXCERPT_MARGIN = 18  # characters shown either side of the words found


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that need confirmation. The excerpt is `before` + `text` + `after`, cut from the paragraph `where`."""

    rule: str
    kind: str
    where: str
    text: str
    before: str
    after: str
    reason: str

    @property
    def kind_label(self) -> str:
        return str(RuleKind(self.kind).label)

    @property
    def excerpt(self) -> str:
        return f"{self.before}{self.text}{self.after}"

    @property
    def evidence(self) -> str:
        """One line for a path or a mail: «导语：……【全年营业收入3.2亿元】……（整体数据·经营业绩）»."""
        return f"{self.where}：{self.before}【{self.text}】{self.after}（{self.kind_label}·{self.rule}）"


def findings(subject, rules: Iterable[HeadquartersRule] | None = None) -> list[Finding]:
    """Everything in the subject that an active rule touches, in reading order.

    The subject is anything with `readable_texts()` → (where, text): a release, a company introduction.
    """
    rules = list(HeadquartersRule.objects.filter(active=True)) if rules is None else list(rules)
    return [finding for where, text in subject.readable_texts() for finding in _in_text(where, text, rules)]


def _in_text(where: str, text: str, rules: list[HeadquartersRule]) -> Iterator[Finding]:
    folded = fold(text)
    found = [(span, rule) for rule in rules for span in spans(folded, rule.pattern_lines(), rule.exception_lines())]
    for span, rule in sorted(found, key=lambda item: (item[0], item[1].sort_order)):
        start, end = folded.original_span(*span)
        yield Finding(
            rule=rule.name,
            kind=rule.kind,
            where=where,
            text=text[start:end],
            before=("…" if start > EXCERPT_MARGIN else "") + text[max(0, start - EXCERPT_MARGIN) : start],
            after=text[end : end + EXCERPT_MARGIN] + ("…" if end + EXCERPT_MARGIN < len(text) else ""),
            reason=rule.reason,
        )


def summary_of(found: list[Finding]) -> str:
    """One sentence for the path: why headquarters signs, or why it does not."""
    if not found:
        return "没有发现涉及公司形象或整体数据的内容，不需要总部确认。"
    kinds = "和".join(label for value, label in RuleKind.choices if any(f.kind == value for f in found))
    return f"有 {len(found)} 处涉及{kinds}，按规定须经总部确认后才能发布。"


def needs_headquarters(subject) -> Outcome:
    """Sign-off condition: holds where a rule touches the subject, with every place and each rule's reason as evidence."""
    found = findings(subject)
    reasons = dict.fromkeys(f"{finding.rule}：{finding.reason}" for finding in found)
    return Outcome(bool(found), summary_of(found), (*(finding.evidence for finding in found), *reasons))
