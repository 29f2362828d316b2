"""Files given with a signature or a comment: looked at before anything is written, kept beside the log row."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import File

from content.approvals.errors import SignOffError
from content.approvals.models import Attachment, LogEntry
from content.media.file_types import mismatch

ALLOWED = ("pdf", "docx", "xlsx", "pptx", "csv", "txt", "jpg", "jpeg", "png", "webp", "zip")
MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be kept."""

    name: str
    file: File
    digest: str


def checked(files: Iterable) -> list[Upload]:
    """Look at uploads; raise SignOffError with one sentence about the first that cannot be taken."""
    files = list(files)
    if len(files) > MOST_FILES:
        raise SignOffError(f"一次最多附 {MOST_FILES} 个文件，现在有 {len(files)} 个，请减少后再提交。")
    return [_checked(file) for file in files]


def _checked(file) -> Upload:
    name = PurePath(str(file.name).replace("\\", "/")).name[:200] or "附件"
    extension = PurePath(name).suffix.removeprefix(".").lower()
    if extension not in ALLOWED:
        raise SignOffError(f"附件「{name}」的类型不能上传；可以上传 PDF、Office 文档、图片、文本或压缩包。")
    if file.size > MOST_BYTES:
        raise SignOffError(f"附件「{name}」超过 {MOST_BYTES // 1024 // 1024} MB，请压缩或拆分后再上传。")
    if not file.size:
        raise SignOffError(f"附件「{name}」是空文件，请检查后再上传。")
    problem = mismatch(file, extension)
    if problem:
        raise SignOffError(f"附件「{name}」：{problem}")
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return Upload(name, file, digest.hexdigest())


def keep(entry: LogEntry, files: list[Upload]) -> None:
    """Store the files of a row that already names their digests; an act rolled back may leave a file nobody is led to."""
    for upload in files:
        extension = PurePath(upload.name).suffix.lower()
        row = Attachment(entry=entry, name=upload.name, size=upload.file.size, digest=upload.digest)
        row.file.save(f"{upload.digest[:32]}{extension}", upload.file, save=False)
        row.save()
