"""Run an import: portion by portion, each in one short transaction, each row in a savepoint of its own.

Killed in the middle, a run goes on where the last portion was committed; run twice, it does nothing twice.
"""

import itertools
import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from content.importing.errors import UNFORESEEN, RowRejectedError, UnreadableFileError
from content.importing.models import ImportBatch, ImportState, RejectedRow
from content.importing.reading import open_source
from content.importing.registry import Importer, Outcome, SourceRow, importer_for

PORTION = 200

log = logging.getLogger(__name__)


class _TakenOverError(Exception):
    """Another worker has gone on with this batch."""


def run_batch(batch_id: int) -> None:
    """Import what is left of a batch; its state, counts and rejected rows are the result."""
    batch = ImportBatch.objects.select_related("uploaded_by").get(pk=batch_id)
    if not batch.is_running:
        return
    importer_class = importer_for(batch.kind)
    if importer_class is None:
        _finish(batch, ImportState.FAILED, "这一类导入已停用；请联系系统管理员。")
        return
    try:
        with batch.file.open("rb") as file:
            source = open_source(file, importer_class)
            batch.state, batch.format = ImportState.RUNNING, source.format
            batch.note, batch.total_rows = source.note[:200], source.total
            batch.save(update_fields=["state", "format", "note", "total_rows", "progressed_at"])
            _run(batch, importer_class(batch), source.rows)
    except _TakenOverError:
        return
    except FileNotFoundError:
        _finish(batch, ImportState.FAILED, "上传的文件已不在服务器上；请重新上传。")
    except UnreadableFileError as error:
        kept = f"此前的 {batch.rows_done:,} 行已经处理并保留。" if batch.rows_done else ""
        _finish(batch, ImportState.FAILED, f"{error}{kept}")
    except Exception:
        log.exception("import batch %s broke off", batch.pk)
        kept = f"此前的 {batch.rows_done:,} 行已经处理并保留，" if batch.rows_done else ""
        _finish(batch, ImportState.FAILED, f"导入中断：程序遇到没有料到的情况，已记入日志；{kept}请联系系统管理员。")


def _run(batch: ImportBatch, importer: Importer, rows) -> None:
    rows = itertools.islice(rows, batch.rows_done, None)
    while True:
        portion: list[SourceRow] = []
        broken: UnreadableFileError | None = None
        try:
            for row in itertools.islice(rows, PORTION):
                portion.append(row)  # one by one: what was read before an error is kept
        except UnreadableFileError as error:
            broken = error
        if portion:
            _take(batch, importer, portion)
        if broken:
            raise broken
        if not portion:
            break
    if batch.rows_done == 0:
        raise UnreadableFileError("文件里只有表头，没有数据行；请填好数据后再上传。")
    _finish(batch, ImportState.DONE, "")


def _take(batch: ImportBatch, importer: Importer, portion: Sequence[SourceRow]) -> None:
    """Import one portion and write its counts in the same transaction."""
    expected = batch.rows_done
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.rows_done != expected or not locked.is_running:
            raise _TakenOverError
        counts = dict.fromkeys(Outcome, 0)
        rejected: list[RejectedRow] = []
        importer.prepare(portion)
        for row in portion:
            outcome, reason = _import_row(importer, row)
            counts[outcome] += 1
            if outcome is Outcome.REJECTED:
                rejected.append(
                    RejectedRow(
                        batch=batch, number=row.number, reason=reason[:500], original=list(row.original),
                        record=row.record,
                    )
                )  # fmt: skip
        importer.finish_portion()
        RejectedRow.objects.bulk_create(rejected)
        locked.rows_done += len(portion)
        locked.created_count += counts[Outcome.CREATED]
        locked.updated_count += counts[Outcome.UPDATED]
        locked.unchanged_count += counts[Outcome.UNCHANGED]
        locked.rejected_count += counts[Outcome.REJECTED]
        locked.save()
    batch.rows_done = locked.rows_done


def _import_row(importer: Importer, row: SourceRow) -> tuple[Outcome, str]:
    try:
        with transaction.atomic():
            return importer.import_row(row), ""
    except RowRejectedError as error:
        return Outcome.REJECTED, str(error)
    except Exception:
        # One row nobody foresaw must not cost the other rows of the file.
        log.exception("row %s of import batch %s", row.number, importer.batch.pk)
        return Outcome.REJECTED, UNFORESEEN


def _finish(batch: ImportBatch, state: ImportState, message: str) -> None:
    now = timezone.now()
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=state, message=message[:500], finished_at=now, progressed_at=now
    )
