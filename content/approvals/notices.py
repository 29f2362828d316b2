"""Who is told what. Rows go into the inbox in the same transaction; mail follows after commit."""

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from content.approvals import subjects
from content.approvals.models import Assignment, AssignmentKind, AssignmentState, Copy, Decision, Run, Verdict
from content.approvals.staffing import Staffing
from content.notifications.models import Notification, NotificationKind
from content.notifications.sending import forget, notify
from content.users.models import User

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_url(assignment: Assignment) -> str:
    return reverse("approvals:sign", args=[assignment.pk])


def run_url(run: Run) -> str:
    """Where the drafter follows the run."""
    return reverse("approvals:path", args=[run.content_type_id, run.object_id])


def trail_url(run: Run) -> str:
    """Where everybody concerned reads the content and everything that was done with it."""
    return reverse("approvals:run", args=[run.pk])


def path_url(subject) -> str:
    """Where a page, snippet or record is submitted and followed."""
    key = subjects.key_of(subject)
    return reverse("approvals:path", args=[key["content_type"].pk, key["object_id"]])


def opened(run: Run, node_index: int, staffing: Staffing) -> None:
    """A node has opened: its signers are asked; where nobody can sign, site managers are told whom it lacks."""
    rows = run.assignments.filter(node_index=node_index, state=AssignmentState.PENDING).select_related("named_post")
    for assignment in rows:
        asked(run, assignment, staffing)


def asked(run: Run, assignment: Assignment, staffing: Staffing, *, again: bool = False) -> None:
    """One assignment waits for its signers; `again` when it has come back to them."""
    seat = staffing.seat_of(assignment, run.authors)
    if seat.problem:
        lacking(run, assignment, seat.problem)
        return
    due = f"，请在{_moment(assignment.due_at)}前签批" if assignment.due_at else ""
    how = f"（{assignment.get_kind_display()}，{assignment.given_by}交办）" if assignment.given_by_id else ""
    note = f"附言：{assignment.note}" if assignment.note else ""
    notify(
        seat.people,
        kind=NotificationKind.SIGN,
        title=f"{'已有答复，请签批' if again else '请签批'}：《{run.title}》",
        body=f"{run.drafter}提交，环节「{assignment.node_title}」{how}{due}。{seat.reason}{note}",
        url=sign_url(assignment),
    )


def lacking(run: Run, assignment: Assignment, problem: str) -> None:
    """Nobody can sign: site managers are told whom it lacks."""
    notify(
        User.objects.with_perm("approvals.change_route", backend=MODEL_BACKEND),
        kind=NotificationKind.SYSTEM,
        title=f"签批缺人：《{run.title}》",
        body=f"环节「{assignment.node_title}」：{problem}",
        url=run_url(run),
    )


def _moment(at) -> str:
    return f"{timezone.localtime(at):%m月%d日 %H:%M}"


def decided(assignment: Assignment) -> None:
    """Nothing waits under this address any more."""
    forget(sign_url(assignment))


def progress(run: Run, decision: Decision) -> None:
    """The drafter sees each signature in the inbox; no mail for it."""
    notify(
        [run.drafter],
        kind=NotificationKind.SIGNED,
        title=f"签批进展：《{run.title}》",
        body=f"{decision.user}在「{decision.assignment.node_title}」{_said(decision)}。{decision.comment}",
        url=run_url(run),
        mail=False,
    )


def _said(decision: Decision) -> str:
    if decision.assignment.kind == AssignmentKind.DELEGATED:
        return "答复同意" if decision.verdict == Verdict.SIGN else "答复不同意"
    return "签准" if decision.verdict == Verdict.SIGN else "表示不同意"


def refused(run: Run, decision: Decision) -> None:
    """The comment reaches the drafter, those who had signed and those who still had it on their desk."""
    said = run.note.replace(str(decision.user), f"{decision.user}（{decision.post}）", 1)
    notify([run.drafter], kind=NotificationKind.RETURNED, title=f"已退回：《{run.title}》", body=said, url=run_url(run))
    _tell_asked(run, f"已退回起草人：《{run.title}》", said, leave_out=decision.user_id)


def stepped_back(run: Run, decision: Decision, said: str) -> None:
    """Back to an earlier node: the drafter and all who were asked hear it; those who sign again are asked anew."""
    notify(
        [run.drafter],
        kind=NotificationKind.SIGNED,
        title=f"退回前面的环节：《{run.title}》",
        body=said,
        url=run_url(run),
        mail=False,
    )
    _tell_asked(run, f"退回前面的环节：《{run.title}》", said, leave_out=decision.user_id)


def handed(run: Run, by, said: str) -> None:
    """The drafter sees where the signature went."""
    notify(
        [run.drafter],
        kind=NotificationKind.SIGNED,
        title=f"签批进展：《{run.title}》",
        body=f"{by}{said}",
        url=run_url(run),
        mail=False,
    )


def removed(run: Run, assignment: Assignment, by) -> None:
    """Who was asked in addition hears that nothing is wanted any more."""
    people = Staffing().seat_of(assignment, run.authors).people if assignment.opened_at else ()
    notify(
        people,
        kind=NotificationKind.SIGNED,
        title=f"不必再签：《{run.title}》",
        body=f"{by}撤销了这一{assignment.get_kind_display()}。",
        url=sign_url(assignment),
        mail=False,
    )


def urged(run: Run, rows: list[Assignment], staffing: Staffing) -> None:
    """Remind all whose turn it is, with mail."""
    for row in rows:
        due = f"期限{_moment(row.due_at)}。" if row.due_at else ""
        notify(
            staffing.seat_of(row, run.authors).people,
            kind=NotificationKind.SIGN,
            title=f"催办：《{run.title}》",
            body=f"{run.drafter}请您尽快签批，环节「{row.node_title}」。{due}",
            url=sign_url(row),
        )


def reminded(run: Run, row: Assignment, staffing: Staffing) -> None:
    """The term comes near."""
    notify(
        staffing.seat_of(row, run.authors).people,
        kind=NotificationKind.SIGN,
        title=f"快到期限：《{run.title}》",
        body=f"环节「{row.node_title}」请在{_moment(row.due_at)}前签批。",
        url=sign_url(row),
    )


def escalated(run: Run, row: Assignment, staffing: Staffing) -> None:
    """The term is over: the superior may sign too; the signers and the drafter hear it."""
    seat = staffing.seat_of(row, run.authors)
    late = f"环节「{row.node_title}」已过期限{_moment(row.due_at)}"
    if seat.superior is not None:
        notify(
            seat.superior.people,
            kind=NotificationKind.SIGN,
            title=f"逾期上报：《{run.title}》",
            body=f"{late}，「{seat.post}」还没有签批。您可以督促，也可以直接签批。",
            url=sign_url(row),
        )
    own = [holder.user for holder in seat.holders]
    to = f"，已上报「{seat.superior.post}」" if seat.superior is not None else ""
    notify(own, kind=NotificationKind.SIGN, title=f"已逾期：《{run.title}》", body=f"{late}{to}，请尽快签批。",
           url=sign_url(row))  # fmt: skip
    notify([run.drafter], kind=NotificationKind.SIGNED, title=f"签批逾期：《{run.title}》", body=f"{late}{to}。",
           url=run_url(run), mail=False)  # fmt: skip


def copied(run: Run, rows: list[Copy], by) -> None:
    """Shown to others: they hear it and find the run under this address."""
    sender = f"{by}抄送给您" if by is not None else "已全部签准，抄送给您"
    for row in rows:
        notify(
            [row.recipient],
            kind=NotificationKind.SIGNED,
            title=f"抄送：《{run.title}》",
            body=f"{sender}。{row.note}",
            url=trail_url(run),
        )


def commented(run: Run, by, text: str) -> None:
    """A word reaches the drafter and those whose turn it is."""
    staffing = Staffing()
    rows = run.assignments.filter(state__in=[AssignmentState.PENDING, AssignmentState.HELD]).select_related(
        "named_post"
    )
    people = {user.pk: user for row in rows for user in staffing.seat_of(row, run.authors).people}
    people[run.drafter_id] = run.drafter
    people.pop(by.pk, None)
    notify(
        people.values(),
        kind=NotificationKind.SIGNED,
        title=f"留言：《{run.title}》",
        body=f"{by}：{text or '附上了文件。'}",
        url=trail_url(run),
        mail=False,
    )


def voided(run: Run) -> None:
    notify(
        [run.drafter],
        kind=NotificationKind.RETURNED,
        title=f"签批作废：《{run.title}》",
        body=run.note,
        url=run_url(run),
    )
    _tell_asked(run, f"签批作废：《{run.title}》", run.note)


def withdrawn(run: Run, by) -> None:
    """Everyone who was asked hears that nothing is to be signed any more."""
    _tell_asked(run, f"已撤回：《{run.title}》", f"{run.note}不再需要您签批。", leave_out=by.pk if by else None)


def approved(run: Run, subject) -> None:
    """All signed: the drafter by inbox and mail, the signers by inbox."""
    live = bool(getattr(subject, "live", True))
    if live:
        title, body = f"已签准并发布：《{run.title}》", "所有签批人都已签准，内容已经发布。"
    else:
        when = getattr(subject, "go_live_at", None)
        at = f"，将于{timezone.localtime(when):%Y年%m月%d日 %H:%M}发布" if when else ""
        title, body = f"已签准：《{run.title}》", f"所有签批人都已签准{at}。"
    url = (subjects.public_url(subject) if subject is not None else "") or run_url(run)
    notify([run.drafter], kind=NotificationKind.PUBLISHED, title=title, body=body, url=url)
    signers = get_user_model().objects.filter(decisions__assignment__run=run).exclude(pk=run.drafter_id)
    notify(signers, kind=NotificationKind.PUBLISHED, title=title, body=body, url=url, mail=False)


def _tell_asked(run: Run, title: str, body: str, leave_out: int | None = None) -> None:
    """Inbox rows for all who were asked in this run (signed or not) except one person and the drafter."""
    urls = [sign_url(assignment) for assignment in run.assignments.all()]
    for url in urls:
        forget(url)
    asked = get_user_model().objects.filter(
        notifications__in=Notification.objects.filter(url__in=urls, kind=NotificationKind.SIGN)
    )
    people = [user for user in asked if user.pk not in (leave_out, run.drafter_id)]
    notify(people, kind=NotificationKind.SIGNED, title=title, body=body, url=urls[0] if urls else "", mail=False)


def not_started(subject, drafter, reason: str) -> None:
    """It was sent off from Wagtail's own screens but there is no path for it."""
    if drafter is None or subject is None:
        return
    notify(
        [drafter],
        kind=NotificationKind.RETURNED,
        title=f"未能提交签批：《{subject}》",
        body=reason,
        url=path_url(subject),
    )
