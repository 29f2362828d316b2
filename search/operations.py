"""Checking and rebuilding the index on somebody's word: one at a time, in the worker, with progress to look at."""

import datetime
import logging
import time
from collections.abc import Callable
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from search import admin_index, maintenance
from search.engines import get_engine, is_embedded
from search.engines.base import EngineBusy, EngineUnavailable
from search.models import MaintenanceRun, OutboxEntry
from search.outbox import drain, is_lost
from search.status import probe

logger = logging.getLogger("search")

LOST_AFTER = datetime.timedelta(minutes=15)  # without progress: the process that did it is gone
HEAL_AGAIN_AFTER = datetime.timedelta(minutes=10)
HEALER = "系统（自动修复）"
NIGHTLY = "系统（每日核对）"
NIGHT = range(2, 6)  # hours, local time
_EVERY = 0.5  # seconds between two writes of the progress
_UNFORESEEN = "出现没有预料到的错误，已记入日志，请联系系统管理员"

Kind, State = MaintenanceRun.Kind, MaintenanceRun.State


class AlreadyRunning(Exception):
    """Another checking or rebuilding has not ended; the message says which, since when and who asked."""


def ask(kind: str, by: str) -> MaintenanceRun:
    """Queue a checking or rebuilding for the worker; AlreadyRunning if one has not ended yet."""
    with transaction.atomic():
        run = begin(kind, by)
        transaction.on_commit(partial(_queue, run.pk))
    return run


def _queue(run_pk: int) -> None:
    from search.tasks import maintain_index  # noqa: PLC0415 (the task imports this module)

    maintain_index.enqueue(run_pk)


def begin(kind: str, by: str) -> MaintenanceRun:
    """Make the row of a run; AlreadyRunning if another has not ended. One whose process is gone is ended here."""
    long_ago = timezone.now() - LOST_AFTER
    MaintenanceRun.objects.filter(active=True, progressed_at__lt=long_ago).update(
        active=False, state=State.FAILED, finished_at=timezone.now(), result="执行它的进程中途退出。"
    )
    try:
        with transaction.atomic():
            return MaintenanceRun.objects.create(kind=kind, asked_by=by[:150])
    except IntegrityError:
        raise AlreadyRunning(_who_runs()) from None


def perform(run_pk: int, progress: maintenance.Progress | None = None) -> MaintenanceRun | None:
    """Do what a run asks for; one that has ended is left alone, one that broke off is done from the start.

    Never raises: `state` and `result` say what came of it. Returns None where there is no such run.
    """
    run = MaintenanceRun.objects.filter(pk=run_pk).first()
    if run is None or not run.active:
        return run
    run.state, run.progressed_at = State.RUNNING, timezone.now()
    run.save()
    try:
        result = _ACTS[Kind(run.kind)](_Telling(run, progress))
        run.state = State.DONE
    except (EngineBusy, EngineUnavailable) as error:
        run.state, result = State.FAILED, str(error)
    except Exception:
        logger.exception("Maintenance run %s failed", run_pk)
        run.state, result = State.FAILED, f"{_UNFORESEEN}。"
    run.active, run.result, run.finished_at = False, result[:500], timezone.now()
    run.progressed_at = timezone.now()
    run.save()
    return run


def heal() -> bool:
    """Have an index rebuilt that is missing, damaged or of another version; returns whether that was asked for.

    For the clock. A server that is away is waited for, and what failed is not tried again at once.
    """
    broken = False
    for engine in (get_engine(), admin_index.engine()):
        try:
            status = engine.status()
            if status.exists and status.current:
                probe(engine)
            elif status.exists or is_lost(engine):
                broken = True
        except EngineUnavailable:
            broken = broken or is_embedded()
    if not broken:
        return False
    recently = timezone.now() - HEAL_AGAIN_AFTER
    if MaintenanceRun.objects.filter(asked_by=HEALER, state=State.FAILED, finished_at__gt=recently).exists():
        return False
    try:
        ask(Kind.REBUILD, HEALER)
    except AlreadyRunning:
        return False
    return True


def verify_daily() -> bool:
    """Have the index checked once a day, in the small hours; returns whether that was asked for. For the clock."""
    now = timezone.localtime()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if now.hour not in NIGHT or MaintenanceRun.objects.filter(kind=Kind.VERIFY, asked_at__gte=today).exists():
        return False
    try:
        ask(Kind.VERIFY, NIGHTLY)
    except AlreadyRunning:
        return False
    return True


class _Telling:
    """Writes the progress into the run's row, not oftener than anybody looks."""

    def __init__(self, run: MaintenanceRun, further: maintenance.Progress | None) -> None:
        self._run = run
        self._further = further
        self._last = 0.0

    def __call__(self, label: str, done: int, total: int) -> None:
        if self._further:
            self._further(label, done, total)
        now = time.monotonic()
        if label == self._run.phase and now - self._last < _EVERY:
            return
        self._last = now
        self._run.phase, self._run.done, self._run.total = label[:80], done, total
        self._run.progressed_at = timezone.now()
        self._run.save(update_fields=["phase", "done", "total", "progressed_at"])


def _rebuild(tell: _Telling) -> str:
    count = maintenance.rebuild(tell)
    editors = admin_index.rebuild(lambda label, number: tell(f"后台检索：{label}", number, number))
    _drain_all()
    return f"检索索引已重建：{count} 篇；后台检索索引 {editors} 条。"


def _verify(tell: _Telling) -> str:
    tell("等待更新的条目", 0, 0)
    OutboxEntry.objects.filter(attempts__gt=0).update(attempts=0)  # what failed before may work now
    _drain_all()
    editors = admin_index.mend()
    difference = maintenance.compare(tell)
    mended = maintenance.mend(difference) if difference else 0
    if not mended and not editors:
        return "检索索引与数据库一致。"
    found = (
        f"缺少 {len(difference.missing)} 篇，过期 {len(difference.outdated)} 篇，多余 {len(difference.superfluous)} 篇"
    )
    parts = [f"{found}，已修正 {mended} 篇"] if mended else []
    parts += [f"后台检索索引已修正 {editors} 条"] if editors else []
    return "；".join(parts) + "。"


def _drain_all() -> None:
    while drain():
        pass


_ACTS: dict[str, Callable[[_Telling], str]] = {Kind.REBUILD: _rebuild, Kind.VERIFY: _verify}


def _who_runs() -> str:
    run = MaintenanceRun.objects.filter(active=True).first()
    if run is None:
        return "另一项索引维护刚刚结束，请再试一次。"
    since = timezone.localtime(run.asked_at)
    return f"{run.asked_by}在 {since:%H:%M} 发起的“{run.get_kind_display()}”还没有结束，请等它完成后再试。"
