"""From what a page sent to one of the acts, and back to one sentence: the views' half of every act."""

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest

from content.approvals import handing, signing, talking
from content.approvals.errors import AlreadyDecided, PasswordNeeded, SignOffError
from content.approvals.models import Assignment, AssignmentKind, Run, Verdict
from content.organization.models import Post

_HAND = {
    "transfer": (handing.transfer, "已转办给「{post}」，对方已得到通知。"),
    "delegate": (handing.delegate, "已委派「{post}」，对方答复后会回到您这里。"),
    "before": (handing.add_before, "已请「{post}」先签，签完会回到您这里。"),
    "after": (handing.add_after, "已加签：您签准之后由「{post}」接着签。"),
}


def decide(request: HttpRequest, assignment: Assignment, data: dict) -> str:
    """Sign or refuse as the form says; return the sentence to show if it was not done, else an empty text."""
    files = request.FILES.getlist("files")
    node = assignment.run.definition["nodes"][assignment.node_index]
    advice = assignment.kind == AssignmentKind.DELEGATED
    try:
        if data["verdict"] == Verdict.SIGN:
            confirmed = bool(node.get("reauth")) and password_is_right(request, data.get("password", ""))
            signing.sign(assignment, request.user, digest=data["digest"], comment=data["comment"], files=files,
                         reauthenticated=confirmed)  # fmt: skip
            messages.success(request, "已答复委派人：同意。" if advice else "已签准。")
        else:
            signing.refuse(assignment, request.user, digest=data["digest"], comment=data["comment"],
                           to=data.get("to") or None, files=files)  # fmt: skip
            messages.success(request, _refused(assignment))
    except AlreadyDecided as error:
        messages.info(request, str(error))
    except SignOffError as error:
        return str(error)
    return ""


def _refused(assignment: Assignment) -> str:
    run = Run.objects.get(pk=assignment.run_id)
    if assignment.kind == AssignmentKind.DELEGATED:
        return "已答复委派人：不同意。"
    if not run.is_running:
        return "已退回起草人，您的理由已一并送达。"
    if Assignment.objects.filter(run=run, attempt__gt=assignment.attempt, node_index=assignment.node_index).exists():
        return "已退回前面的环节重签，您的理由已一并送达。"
    return "已记下您不同意；票数还可能达到，签批继续。"


def password_is_right(request: HttpRequest, password: str) -> bool:
    """Check the password of who is signed in; wrong tries count as at the login. Raise PasswordNeeded with a sentence."""
    if not password:
        raise PasswordNeeded("本环节签准须再输一次密码，请输入后再签；您写的意见还在。")
    user = authenticate(request, username=request.user.get_username(), password=password)
    if user is None or user.pk != request.user.pk:
        raise PasswordNeeded("密码不对，您的签名没有记入；请重新输入，您写的意见还在。")
    return True


def sign_together(request: HttpRequest, chosen: list[str]) -> None:
    """Sign each «assignment:digest» by itself and tell how it went, in one message of each kind."""
    done, missed = [], []
    rows = Assignment.objects.select_related("run").in_bulk([_number(value.split(":")[0]) for value in chosen])
    for value in chosen:
        pk, digest = value.split(":")
        assignment = rows.get(_number(pk))
        if assignment is None:
            missed.append("有一份内容已经不在了。")
            continue
        title = f"《{assignment.run.title}》"
        node = assignment.run.definition["nodes"][assignment.node_index]
        if not node.get("batch") or node.get("reauth"):
            missed.append(f"{title}按路线须打开阅读后再签。")
            continue
        try:
            signing.sign(assignment, request.user, digest=digest)
        except SignOffError as error:
            missed.append(f"{title}没有签：{error}")
        else:
            done.append(title)
    if done:
        messages.success(request, f"已签准 {len(done)} 份：{'、'.join(done)}。")
    if missed:
        messages.error(request, "".join(missed))


def act_on_assignment(request: HttpRequest, assignment: Assignment) -> str:
    """Hand on, take back, take up; return the sentence to show if it was not done, else an empty text."""
    act = request.POST.get("act", "")
    try:
        if act in _HAND:
            post = _post(request)
            hand, said = _HAND[act]
            hand(assignment, request.user, post, request.POST.get("note", ""))
            messages.success(request, said.format(post=post))
        elif act == "remove":
            added = assignment.offspring.filter(pk=_number(request.POST.get("added"))).first()
            if added is None:
                raise AlreadyDecided("这一加签或委派已经不在了。")
            handing.remove(added, request.user)
            messages.success(request, f"已撤销对「{added.named_post}」的{added.get_kind_display()}。")
        elif act == "take":
            taken = handing.take(assignment, request.user)
            messages.success(request, "已标明您正在处理，其他人看得到。" if taken else "已取消“正在处理”。")
        else:
            return "不认识的操作，请刷新页面后再试。"
    except AlreadyDecided as error:
        messages.info(request, str(error))
    except SignOffError as error:
        return str(error)
    return ""


def act_on_run(request: HttpRequest, run: Run) -> str:
    """Remind, copy, leave a word; return the sentence to show if it was not done, else an empty text."""
    act = request.POST.get("act", "")
    try:
        if act == "urge":
            talking.urge(run, request.user)
            messages.success(request, "已催办，轮到的签批人会收到消息和邮件。")
        elif act == "copy":
            rows = talking.copy(run, request.user, [_post(request)], request.POST.get("note", ""))
            messages.success(request, f"已抄送{'、'.join(str(row.recipient) for row in rows)}。")
        elif act == "comment":
            talking.comment(run, request.user, request.POST.get("text", "")[:2000], request.FILES.getlist("files"))
            messages.success(request, "已留言。")
        else:
            return "不认识的操作，请刷新页面后再试。"
    except AlreadyDecided as error:
        messages.info(request, str(error))
    except SignOffError as error:
        return str(error)
    return ""


def _post(request: HttpRequest) -> Post:
    post = Post.objects.select_related("unit").filter(pk=_number(request.POST.get("post"))).first()
    if post is None:
        raise SignOffError("请先选一个岗位。")
    return post


def _number(text: str | None) -> int:
    """An id out of a form; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
