"""Begin an import, and go on with one whose worker died."""

import datetime

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from content.importing.models import ImportBatch, ImportState
from content.importing.registry import importer_for
from content.importing.tasks import run_import

# Without progress for this long a running import is taken to be dead.
STALE_AFTER = datetime.timedelta(minutes=3)


def start_import(kind: str, file: File, user, *, name: str = "") -> ImportBatch:
    """Keep the file and queue its import; PermissionDenied where the user may not import this kind."""
    importer = importer_for(kind)
    if importer is None or not user.has_perm(importer.permission):
        raise PermissionDenied
    name = (name or file.name or "").replace("\\", "/").rsplit("/", 1)[-1] or "未命名"
    with transaction.atomic():
        file.seek(0)
        batch = ImportBatch(kind=kind, file_name=name[-255:], file_size=file.size, uploaded_by=user)
        batch.file.save(_stored_name(name), file, save=False)
        batch.save()
        transaction.on_commit(lambda: run_import.enqueue(batch.pk))
    return batch


def is_stalled(batch: ImportBatch) -> bool:
    """Tell whether an import should be moving and is not."""
    return batch.is_running and batch.progressed_at < timezone.now() - STALE_AFTER


def resume_import(batch: ImportBatch) -> None:
    """Queue a stalled import again; it goes on after the last portion that was committed."""
    with transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.QUEUED, progressed_at=timezone.now())
        transaction.on_commit(lambda: run_import.enqueue(batch.pk))


def _stored_name(name: str) -> str:
    """A short ASCII name for the disk; what the person called the file is kept in `file_name`."""
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return f"upload.{extension}" if extension in {"csv", "xlsx", "json", "zip", "txt"} else "upload.bin"
