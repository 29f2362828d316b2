"""Exports too long for one request: made by the worker, kept for a while, given to nobody but who asked for them."""

import contextlib
import datetime
import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from django.contrib.auth import get_user_model
from django.core.files import File
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

import search
from search.documents import Hit
from search.engines.base import EngineUnavailable
from search.export_files import ExportFormat, csv_lines, write_xlsx
from search.export_rows import table_for
from search.forms import Parameters
from search.models import ExportState, SearchExport
from search.panels import chips
from search.readers import Reader, reader_for

logger = logging.getLogger("search")

KEPT = datetime.timedelta(days=3)
MOST_AT_ONCE = 3  # unfinished exports of one person
_PROGRESS = 1.0  # seconds between two notes of the progress
_STALE_AFTER = datetime.timedelta(minutes=3)
_listeners: list[Callable[[SearchExport], None]] = []


class TooManyExports(Exception):
    """The person has enough exports under way; the message says what to do."""


class _Cancelled(Exception):
    """The export was deleted while it was being made."""


def when_finished(listener: Callable[[SearchExport], None]) -> Callable[[SearchExport], None]:
    """Decorator: call this with every export that is done or has failed, in the transaction that says so."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def start_export(asked: Parameters, format: ExportFormat, user, *, total: int, site: str) -> SearchExport:
    """Queue an export; the same one that is still under way is returned instead of a second."""
    address = asked.address()
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=user.pk)  # two clicks at once count one after the other
        unfinished = SearchExport.objects.filter(owner_id=user.pk, state__in=ExportState.unfinished())
        same = unfinished.filter(address=address, format=format).first()
        if same is not None and not is_stalled(same):
            return same
        if unfinished.count() >= MOST_AT_ONCE:
            raise TooManyExports(f"您有 {MOST_AT_ONCE} 个导出正在进行，请等其中一个完成，或先取消一个。")
        export = SearchExport.objects.create(
            owner_id=user.pk, address=address, format=format, rows_total=total, site=site
        )
        transaction.on_commit(lambda: _enqueue(export.pk))
    return export


def _enqueue(export_id: int) -> None:
    from search.tasks import run_export  # noqa: PLC0415 (the task imports this module)

    run_export.enqueue(export_id)


def resume_export(export: SearchExport) -> None:
    """Queue a stalled export again; it begins anew."""
    with transaction.atomic():
        SearchExport.objects.filter(pk=export.pk, state__in=ExportState.unfinished()).update(
            state=ExportState.QUEUED, rows_done=0, progressed_at=timezone.now()
        )
        transaction.on_commit(lambda: _enqueue(export.pk))


def is_stalled(export: SearchExport) -> bool:
    """Tell whether an export should be moving and is not."""
    return export.is_unfinished and export.progressed_at < timezone.now() - _STALE_AFTER


def run_job(export_id: int) -> None:
    """Make the file of an export. Run twice it is made once; run again after a crash it begins anew."""
    export = SearchExport.objects.select_related("owner").filter(pk=export_id).first()
    if export is None or not export.is_unfinished:
        return
    SearchExport.objects.filter(pk=export.pk).update(state=ExportState.RUNNING, progressed_at=timezone.now())
    with contextlib.suppress(_Cancelled):
        message = _make(export)
        if message:
            _finish(export, ExportState.FAILED, message=message)


def _make(export: SearchExport) -> str:
    """Make the file and keep it; return why there is none, in words for its owner, or nothing."""
    reader = reader_for(export.owner)
    try:
        with tempfile.TemporaryFile() as out:
            asked = asked_of(export)
            write_export(asked, export.format, _counted(export, found_hits(asked, reader)), out, site=export.site)
            _keep(export, reader, out)
    except _Cancelled:
        raise
    except EngineUnavailable:
        logger.exception("Export %s found the index unavailable", export.pk)
        return "检索正在修复，没有导出。请过一会儿再试。"
    except OSError:
        logger.exception("Export %s could not be written", export.pk)
        return "服务器存不下这个文件，没有导出。请缩小范围，或联系系统管理员。"
    except Exception:
        logger.exception("Export %s broke off", export.pk)
        return "程序遇到没有料到的情况，没有导出，已记入日志。请联系系统管理员。"
    return ""


def asked_of(export: SearchExport) -> Parameters:
    """The search an export is of."""
    return Parameters.read(QueryDict(export.address[1:]))


def found_hits(asked: Parameters, reader: Reader) -> Iterator[Hit]:
    """Every hit of the search, in the order of the results page, as this reader may see it."""
    return search.scan(asked.text, reader=reader, **asked.narrowed())


def write_export(asked: Parameters, format: str, hits: Iterable[Hit], out: IO[bytes], *, site: str) -> None:
    """Write the hits as a file of this format."""
    table = table_for(asked.kinds, site)
    if format == ExportFormat.CSV:
        for line in csv_lines(table, table.rows(hits)):
            out.write(line.encode())
        return
    about = {
        "检索词": asked.text or "（不限）",
        "条件": "；".join(chip.label for chip in chips(asked)) or "（不限）",
        "网址": f"{site}/search/{asked.address()}",
        "导出时间": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    }
    write_xlsx(table, table.rows(hits), about, out)


def is_allowed(export: SearchExport, reader: Reader) -> bool:
    """Tell whether its owner may still read all that went into the file: no right it was made with is lost since."""
    return reader.everything or (not export.everything and reader.tokens.issuperset(export.tokens))


def remove_expired() -> int:
    """Delete exports whose time is over, with their files, and failed ones as old. Returns how many."""
    count = 0
    for export in SearchExport.objects.filter(created_at__lt=timezone.now() - KEPT):
        delete_export(export)
        count += 1
    return count


def delete_export(export: SearchExport) -> None:
    """Delete an export and its file; one that is being made stops."""
    storage, name = export.file.storage, export.file.name
    export.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _counted(export: SearchExport, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Pass the hits on and note now and then how many they are."""
    noted = time.monotonic()
    number = 0
    for number, hit in enumerate(hits, start=1):
        yield hit
        if time.monotonic() - noted > _PROGRESS:
            noted = time.monotonic()
            _note(export, number)
    _note(export, number)


def _note(export: SearchExport, number: int) -> None:
    noted = SearchExport.objects.filter(pk=export.pk, state=ExportState.RUNNING).update(
        rows_done=number, progressed_at=timezone.now()
    )
    if not noted:
        raise _Cancelled
    export.rows_done = number


def _keep(export: SearchExport, reader: Reader, out: IO[bytes]) -> None:
    size = out.seek(0, 2)
    out.seek(0)
    export.file.save(f"{export.pk}.{export.format}", File(out), save=False)
    name = str(export.file.name)
    try:
        _finish(
            export,
            ExportState.DONE,
            file=name,
            file_size=size,
            rows_total=export.rows_done,
            tokens=sorted(reader.tokens),
            everything=reader.everything,
        )
    except BaseException:
        with contextlib.suppress(OSError):
            export.file.storage.delete(name)
        raise


def _finish(export: SearchExport, state: ExportState, **values) -> None:
    """Write down how it ended, if it has not ended otherwise meanwhile, and tell who wants to know."""
    with transaction.atomic():
        ended = SearchExport.objects.filter(pk=export.pk, state__in=ExportState.unfinished()).update(
            state=state, finished_at=timezone.now(), progressed_at=timezone.now(), **values
        )
        if not ended:
            raise _Cancelled
        export.refresh_from_db()
        for listener in _listeners:
            listener(export)
