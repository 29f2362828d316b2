"""The acts of a case: start, save, attach, discard; findings follow. Submitting and signing belong to the engine."""

import hashlib
from pathlib import PurePosixPath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from content.approvals.models import Run, RunState
from content.approvals.subjects import key_of
from content.media.file_types import mismatch
from content.procedures import form_values
from content.procedures.models import Case, CaseCounter, CaseFile, Finding, ProcedurePage, ProcedureVersion
from content.procedures.models.steps import FieldKind, Person
from content.procedures.models.versions import VersionState
from search.readers import reader_for

MAX_FILE = 20 * 1024 * 1024
FILE_KINDS = {"pdf", "docx", "xlsx", "pptx", "txt", "csv", "zip", "jpg", "jpeg", "png", "webp", "mp3", "m4a", "wav"}
PHOTO_KINDS = {"jpg", "jpeg", "png", "webp"}


class CaseError(Exception):
    """Not done; `str(error)` says why and what to do."""


class StaleForm(CaseError):
    """What was sent belongs to a form that has been overtaken."""


def why_not_startable(user, page: ProcedurePage, version: ProcedureVersion | None) -> str:
    """Empty if this person may start a case by this version today, else one sentence."""
    if version is None or version.state != VersionState.EFFECTIVE or not page.live:
        return "这份制度今天没有施行中的版本，不能发起。"
    content = version.content
    if not content["can_be_started"] or len(content["steps"]) < 2:
        return "这份制度不是用来发起办理的，请照正文执行。"
    tokens = reader_for(user).tokens
    if "staff" not in tokens:
        return "只有在任员工可以发起。"
    first = content["steps"][0]
    if first["who"] == Person.POSTS and not any(f"post:{post['id']}" in tokens for post in first["posts"]):
        names = "、".join(post["title"] for post in first["posts"])
        return f"这件事由{names}发起；需要时请找他们。"
    return ""


@transaction.atomic
def start_case(page: ProcedurePage, by) -> Case:
    """Begin a draft by the version of today. Numbers run per procedure and year, without gaps."""
    version = page.version_in_force()
    reason = why_not_startable(by, page, version)
    if reason or version is None:
        raise CaseError(reason)
    year = timezone.localdate().year
    CaseCounter.objects.get_or_create(code=page.code, year=year)
    counter = CaseCounter.objects.select_for_update().get(code=page.code, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return Case.objects.create(version=version, number=str(counter), drafter=by)


def newest_run(case: Case) -> Run | None:
    """The latest sign-off of the case."""
    return Run.objects.filter(**key_of(case)).select_related("drafter").order_by("-started_at", "-pk").first()


def why_not_editable(user, case: Case, run: Run | None) -> str:
    """Empty if this person may change the case now, else one sentence."""
    if user.pk != case.drafter_id:
        return "只有发起人可以修改这件事项。"
    if run is not None and run.state == RunState.RUNNING:
        return "正在办理，不能修改；要改请先撤回。"
    if run is not None and run.state == RunState.APPROVED:
        return "已经办结，不能再改。"
    return ""


def _held(case: Case, by) -> Case:
    """The case under lock, if this person may change it."""
    case = Case.objects.select_for_update(of=("self",)).select_related("version__page").get(pk=case.pk)
    reason = why_not_editable(by, case, newest_run(case))
    if reason:
        raise CaseError(reason)
    return case


@transaction.atomic
def save_values(case: Case, by, post, *, by_itself: bool = False) -> Case:
    """Keep what is typed, right or wrong; `post` is the request's data.

    The form brings back in `saves` which state it was filled in upon. One that was overtaken, by a save from another
    window or by the button pressed just after it was sent off, is not kept: StaleForm.
    """
    case = _held(case, by)
    if str(post.get("saves", case.saves)) != str(case.saves):
        raise StaleForm(
            f"这件事项在{timezone.localtime(case.saved_at):%H:%M:%S}已在别处保存过，这里填的还没有存；"
            "请核对后再点一次“保存”，将以这里填的为准。"
        )
    case.title = post.get("title", case.title).replace("\x00", "").strip()[:120]
    fields = case.version.content["fields"]
    # Fields that were not on the form keep what was typed before they were hidden.
    asked = form_values.applicable(fields, case.values)
    hidden = {key: value for key, value in case.values.items() if key not in asked}
    case.values = {**form_values.read(fields, post), **hidden}
    case.saved_at = timezone.now()
    case.saves += not by_itself
    case.save(update_fields=["title", "values", "saved_at", "saves"])
    return case


@transaction.atomic
def attach(case: Case, by, field_key: str, upload: UploadedFile, item: int | None = None) -> CaseFile:
    """Keep a file of a file field, or the photo of one item of a checklist. Says what is wrong with it, if anything."""
    case = _held(case, by)
    field = next((one for one in case.version.content["fields"] if one["key"] == field_key), None)
    kinds = {FieldKind.FILE} if item is None else {FieldKind.CHECKLIST}
    if field is None or field["kind"] not in kinds or (item is not None and item >= len(field["options"])):
        raise CaseError("表单里没有这个栏目，文件没有存下；请刷新页面后重试。")
    name = PurePosixPath(upload.name or "文件").name[:160]
    extension = PurePosixPath(name).suffix.removeprefix(".").lower()
    allowed = FILE_KINDS if item is None else PHOTO_KINDS
    if extension not in allowed:
        raise CaseError(f"“{name}”的类型不在可上传之列，可用：{'、'.join(sorted(allowed))}。")
    if not upload.size:
        raise CaseError(f"“{name}”是空文件，没有存下；请检查后重新上传。")
    if upload.size > MAX_FILE:
        raise CaseError(f"“{name}”超过 20 MB，没有存下；请压缩后重新上传。")
    wrong = mismatch(upload.file, extension) or _not_a_picture(upload, extension)
    if wrong:
        raise CaseError(f"“{name}”没有存下：{wrong}")
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return CaseFile.objects.create(
        case=case,
        field_key=field_key,
        item=item,
        file=upload,
        name=name,
        size=upload.size,
        digest=digest.hexdigest(),
        uploaded_by=by,
    )


_PICTURES = {"jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG", "webp": b"RIFF"}


def _not_a_picture(upload: UploadedFile, extension: str) -> str:
    """A sentence if a file named as a picture does not begin like one."""
    start = _PICTURES.get(extension)
    if start is None:
        return ""
    upload.seek(0)
    head = upload.read(12)
    upload.seek(0)
    return "" if head.startswith(start) else "内容不是图片，请另存为真正的图片后再上传。"


@transaction.atomic
def detach(case: Case, by, file_id: int) -> None:
    """Remove one file."""
    case = _held(case, by)
    row = case.files.filter(pk=file_id).first()
    if row is not None:
        stored = row.file
        row.delete()
        transaction.on_commit(lambda: stored.delete(save=False))


@transaction.atomic
def discard(case: Case, by) -> None:
    """Throw away a draft that was never submitted; the number stays used."""
    case = _held(case, by)
    if newest_run(case) is not None:
        raise CaseError("提交过的事项要留痕，不能删除。")
    stored = [row.file for row in case.files.all()]
    case.findings.all().delete()
    case.delete()
    transaction.on_commit(lambda: [file.delete(save=False) for file in stored])


@transaction.atomic
def note_findings(case: Case) -> int:
    """Bring the findings into line with the checklists; closed ones stay. Return how many are open. Idempotent."""
    shown = form_values.applicable(case.version.content["fields"], case.values)
    wanted: dict[tuple[str, int], dict] = {}
    for field in case.version.content["fields"]:
        if field["kind"] != FieldKind.CHECKLIST or field["key"] not in shown:
            continue
        for number, (item, row) in enumerate(zip(field["options"], case.values.get(field["key"]) or [], strict=False)):
            if row.get("state") == "problem":
                wanted[field["key"], number] = {"text": item, "note": row.get("note", "")}
    for finding in case.findings.filter(closed_at=None):
        if (finding.field_key, finding.item) not in wanted:
            finding.delete()
    for (key, number), said in wanted.items():
        Finding.objects.update_or_create(case=case, field_key=key, item=number, defaults=said)
    return case.findings.filter(closed_at=None).count()


@transaction.atomic
def close_finding(finding: Finding, by, remedy: str) -> Finding:
    """Say what was done about it; from then on it is no longer open."""
    finding = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if finding.closed_at is not None:
        raise CaseError(f"这个问题已由{finding.closed_by}关闭，不必重复。")
    if not remedy.strip():
        raise CaseError("请写明怎么改的，再关闭这个问题。")
    finding.remedy, finding.closed_by, finding.closed_at = remedy.strip()[:2000], by, timezone.now()
    finding.save(update_fields=["remedy", "closed_by", "closed_at"])
    return finding
