"""The append-only log of every decision and act: `record` writes a row, `verify` finds what was tampered with."""

import datetime
import hashlib
import json
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from content.approvals.models import Act, Assignment, Attachment, Decision, LogEntry, LogHead, Run, Verdict

FIRST = "0" * 64


def mark_of(entry: LogEntry) -> str:
    """SHA-256 over everything the row says and the mark of the row before."""
    said = {
        "number": entry.number,
        "run": entry.run_id,
        "assignment": entry.assignment_id,
        "act": str(entry.act),
        "actor": entry.actor_id,
        "post": entry.post_id,
        "text": entry.text,
        "data": entry.data,
        "at": entry.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        "previous": entry.previous,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def record(
    run: Run, act: Act, *, by=None, assignment: Assignment | None = None, post=None, text: str = "", **data
) -> LogEntry:
    """Append one row within the act's own transaction; writers wait for each other at the head of the chain."""
    head = LogHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        LogHead.objects.get_or_create(pk=1)
        head = LogHead.objects.select_for_update().get(pk=1)
    entry = LogEntry(
        number=head.number + 1,
        run=run,
        assignment=assignment,
        act=act,
        actor=by,
        post=post,
        text=text,
        data=data,
        at=timezone.now(),
        previous=head.mark or FIRST,
    )
    entry.mark = mark_of(entry)
    entry.save()
    head.number, head.mark = entry.number, entry.mark
    head.save()
    return entry


def verify(expected: str = "") -> Iterator[str]:
    """Yield one sentence per fault: changed, missing or inserted rows, decisions and files that differ from their row.

    `expected` is a mark noted down earlier (the command prints the last one): its row must still be there.
    """
    previous, number, marks = FIRST, 0, False
    signed: dict[int, LogEntry] = {}
    for entry in LogEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            missing = f"第 {number + 1} 行" if entry.number == number + 2 else f"第 {number + 1}–{entry.number - 1} 行"
            yield f"{missing}不见了。"
        elif entry.previous != previous:
            yield f"第 {entry.number} 行与前一行接不上。"
        if mark_of(entry) != entry.mark:
            yield f"第 {entry.number} 行（{entry.get_act_display()}，签批 {entry.run_id}）被改动过。"
        if "decision" in entry.data:
            signed[entry.data["decision"]] = entry
        marks = marks or entry.mark == expected
        previous, number = entry.mark, entry.number
    head = LogHead.objects.filter(pk=1).first() or LogHead()
    if head.number != number or (head.mark or FIRST) != previous:
        yield f"日志应有 {head.number} 行，现在到第 {number} 行为止；末尾的行被删除或改动过。"
    if expected and not marks:
        yield f"找不到摘要值为 {expected} 的行；它以前的记录可能被整体替换过。"
    yield from _decisions(signed)
    yield from _files()


def _decisions(signed: dict[int, LogEntry]) -> Iterator[str]:
    for decision in Decision.objects.order_by("pk").iterator(chunk_size=2000):
        entry = signed.pop(decision.pk, None)
        if entry is None:
            yield f"签批意见 {decision.pk} 在日志里没有记录。"
        elif (
            entry.data.get("verdict") != decision.verdict
            or entry.data.get("digest") != decision.digest
            or entry.actor_id != decision.user_id
            or entry.post_id != decision.post_id
            or entry.text != decision.comment
        ):
            yield f"签批意见 {decision.pk} 与日志第 {entry.number} 行不一致。"
    for entry in signed.values():
        yield f"日志第 {entry.number} 行记下的签批意见不见了。"


def _files() -> Iterator[str]:
    for attachment in Attachment.objects.select_related("entry").order_by("pk").iterator(chunk_size=500):
        where = f"日志第 {attachment.entry.number} 行的附件「{attachment.name}」"
        if attachment.digest not in attachment.entry.data.get("files", []):
            yield f"{where}不在当时记下的文件里。"
            continue
        try:
            with attachment.file.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            yield f"{where}打不开了。"
            continue
        if found != attachment.digest:
            yield f"{where}换成了别的文件。"


def record_decision(decision: Decision, act: Act, files: list[str] | None = None) -> LogEntry:
    """The row of a decision: it repeats who, what and on which content, so that neither can be changed alone."""
    assignment = decision.assignment
    return record(
        assignment.run,
        act,
        by=decision.user,
        assignment=assignment,
        post=decision.post,
        text=decision.comment,
        decision=decision.pk,
        verdict=str(Verdict(decision.verdict).value),
        digest=decision.digest,
        node=assignment.node_title,
        reauthenticated=decision.reauthenticated,
        files=files or [],
    )
