"""Acts that change no signature: remind, copy to others, leave a word."""

import datetime

from django.db import transaction
from django.utils import timezone

from content.approvals import attachments, log, notices, subjects
from content.approvals.errors import AlreadyDecided, NotYours, SignOffError, TooSoon
from content.approvals.models import Act, AssignmentState, Copy, LogEntry, Run
from content.approvals.staffing import Staffing
from content.approvals.taking_part import takes_part
from content.organization.models import Post

URGE_AGAIN_AFTER = datetime.timedelta(hours=4)


@transaction.atomic
def urge(run: Run, by) -> LogEntry:
    """Remind those whose turn it is. The drafter may, and site managers; not again within four hours."""
    run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.drafter_id != by.pk and not subjects.manages_routes(by):
        raise NotYours("只有起草人可以催办。")
    if not run.is_running:
        raise AlreadyDecided(f"这次签批已经结束（{run.get_state_display()}），不必催办。")
    now = timezone.now()
    if run.urged_at is not None and now - run.urged_at < URGE_AGAIN_AFTER:
        again = timezone.localtime(run.urged_at + URGE_AGAIN_AFTER)
        raise TooSoon(f"刚催办过，请到{again:%m月%d日 %H:%M}以后再催。")
    staffing = Staffing()
    pending = run.assignments.filter(state=AssignmentState.PENDING).select_related("named_post")
    people = {user.pk: user for row in pending for user in staffing.seat_of(row, run.authors).people}
    if not people:
        raise SignOffError("当前环节没有人可以签批，已请系统管理员安排任职，催办没有发出。")
    run.urged_at = now
    run.save(update_fields=["urged_at"])
    notices.urged(run, list(pending), staffing)
    names = "、".join(str(user) for user in people.values())
    return log.record(run, Act.URGED, by=by, text=f"催办：{names}。", people=sorted(people))


@transaction.atomic
def copy(run: Run, by, posts: list[Post], note: str = "") -> list[Copy]:
    """Show the run to the holders of these posts; each person once, and told once."""
    run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if by is not None and not takes_part(by, run):
        raise NotYours("这份内容与您无关，不能抄送。")
    staffing = Staffing()
    vacant = [str(post) for post in posts if not staffing.holders(post.pk)]
    if vacant and by is not None:
        raise SignOffError(f"「{'、'.join(vacant)}」现在没有人任职，抄送没有发出；请换一个岗位。")
    known = set(run.copies.values_list("recipient_id", flat=True))
    rows = []
    for post in posts:
        for holder in staffing.holders(post.pk):
            if holder.user.pk not in known:
                known.add(holder.user.pk)
                rows.append(Copy(run=run, recipient=holder.user, post=post, sender=by, note=note.strip()))
    if not rows:
        if by is None:
            return []
        raise AlreadyDecided("这些岗位的人都已在抄送名单里，不必重复抄送。")
    Copy.objects.bulk_create(rows)
    notices.copied(run, rows, by)
    names = "、".join(str(row.recipient) for row in rows)
    log.record(run, Act.COPIED, by=by, text=f"抄送：{names}。{note.strip()}", people=[row.recipient_id for row in rows])
    return rows


def copy_at_the_end(run: Run) -> None:
    """Those the definition wants to know when all have signed."""
    ids = [post["id"] for post in run.definition.get("copy_to", [])]
    if ids:
        copy(run, None, list(Post.objects.filter(pk__in=ids)))


def mark_read(run: Run, user) -> None:
    """Somebody the run was copied to has opened it."""
    Copy.objects.filter(run=run, recipient=user, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def comment(run: Run, by, text: str, files=()) -> LogEntry:
    """Leave a word, with files if need be; neither a signature nor a refusal. Possible after the end as well."""
    kept = attachments.checked(files)
    if not text.strip() and not kept:
        raise SignOffError("请写下要说的话，或附上文件。")
    run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not takes_part(by, run):
        raise NotYours("这份内容与您无关，不能留言。")
    entry = log.record(run, Act.COMMENTED, by=by, text=text.strip(), files=[file.digest for file in kept])
    attachments.keep(entry, kept)
    notices.commented(run, by, text.strip())
    return entry
