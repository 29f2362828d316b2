"""Who is told what. Rows go into the inbox in the same transaction; mail follows after commit."""

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from content.approvals import subjects
from content.approvals.models import Assignment, AssignmentState, Decision, Run
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


def path_url(subject) -> str:
    """Where a page, snippet or record is submitted and followed."""
    key = subjects.key_of(subject)
    return reverse("approvals:path", args=[key["content_type"].pk, key["object_id"]])


def opened(run: Run, node_index: int, staffing: Staffing) -> None:
    """A node has opened: its signers are asked; where nobody can sign, site managers are told whom it lacks."""
    rows = run.assignments.filter(node_index=node_index, state=AssignmentState.PENDING).select_related("named_post")
    for assignment in rows:
        seat = staffing.seat(assignment.named_post, run.authors)
        if seat.problem:
            notify(
                User.objects.with_perm("approvals.change_route", backend=MODEL_BACKEND),
                kind=NotificationKind.SYSTEM,
                title=f"签批缺人：《{run.title}》",
                body=f"环节「{assignment.node_title}」：{seat.problem}",
                url=run_url(run),
            )
            continue
        due = f"，请在{timezone.localtime(assignment.due_at):%m月%d日 %H:%M}前签批" if assignment.due_at else ""
        notify(
            seat.people,
            kind=NotificationKind.SIGN,
            title=f"请签批：《{run.title}》",
            body=f"{run.drafter}提交，环节「{assignment.node_title}」{due}。{seat.reason}",
            url=sign_url(assignment),
        )


def decided(assignment: Assignment) -> None:
    """Nothing waits under this address any more."""
    forget(sign_url(assignment))


def progress(run: Run, decision: Decision) -> None:
    """The drafter sees each signature in the inbox; no mail for it."""
    notify(
        [run.drafter],
        kind=NotificationKind.SIGNED,
        title=f"签批进展：《{run.title}》",
        body=f"{decision.user}在「{decision.assignment.node_title}」签准。{decision.comment}",
        url=run_url(run),
        mail=False,
    )


def refused(run: Run, decision: Decision) -> None:
    """The comment reaches the drafter, those who had signed and those who still had it on their desk."""
    said = f"{decision.user}（{decision.post}）在「{decision.assignment.node_title}」退回：{decision.comment}"
    notify([run.drafter], kind=NotificationKind.RETURNED, title=f"已退回：《{run.title}》", body=said, url=run_url(run))
    _tell_asked(run, f"已退回起草人：《{run.title}》", said, leave_out=decision.user_id)


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
