"""How the search is: what the command, the page of the desk and the health address tell."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from search import admin_index
from search.documents import Query
from search.engines import get_engine
from search.engines.base import Engine, EngineStatus, EngineUnavailable
from search.models import MaintenanceRun, OutboxEntry
from search.outbox import MAX_ATTEMPTS, is_lost
from search.query import parse

LAG_ALLOWED = datetime.timedelta(minutes=2)  # the clock looks every 5 seconds
SHOWN = 20  # stuck rows that are listed
_NOTHING = EngineStatus("", False, False, 0, 0, "")


@dataclass(frozen=True, slots=True)
class SearchStatus:
    """State of both indexes and of the outbox; `problems` are Chinese sentences that say what to do, none if healthy."""

    readers: EngineStatus
    editors: EngineStatus
    waiting: int
    oldest_at: datetime.datetime | None
    stuck: int
    stuck_rows: list[OutboxEntry]
    last_error: str
    active: MaintenanceRun | None
    last_verified: MaintenanceRun | None
    last_rebuilt: MaintenanceRun | None
    problems: list[str] = field(default_factory=list)

    @property
    def is_healthy(self) -> bool:
        return not self.problems

    @property
    def lag(self) -> datetime.timedelta:
        """How long the oldest change has been waiting."""
        return timezone.now() - self.oldest_at if self.oldest_at else datetime.timedelta()


def search_status() -> SearchStatus:
    """Look at everything; never raises for an index that is damaged or away."""
    problems: list[str] = []
    readers = _looked_at(get_engine(), "检索索引", problems)
    editors = _looked_at(admin_index.engine(), "后台检索索引", problems)
    waiting = OutboxEntry.objects.filter(attempts__lt=MAX_ATTEMPTS)
    stuck = OutboxEntry.objects.filter(attempts__gte=MAX_ATTEMPTS)
    oldest = waiting.order_by("created_at").first()
    troubled = OutboxEntry.objects.exclude(last_error="").order_by("-pk").first()
    runs = MaintenanceRun.objects.filter(state=MaintenanceRun.State.DONE)
    status = SearchStatus(
        readers=readers,
        editors=editors,
        waiting=waiting.count(),
        oldest_at=oldest.created_at if oldest else None,
        stuck=stuck.count(),
        stuck_rows=list(stuck[:SHOWN]),
        last_error=troubled.last_error if troubled else "",
        active=MaintenanceRun.objects.filter(active=True).first(),
        last_verified=runs.filter(kind=MaintenanceRun.Kind.VERIFY).first(),
        last_rebuilt=runs.filter(kind=MaintenanceRun.Kind.REBUILD).first(),
        problems=problems,
    )
    if status.lag > LAG_ALLOWED:
        minutes = int(status.lag.total_seconds() // 60)
        problems.append(
            f"最早的一条更新已经等了 {minutes} 分钟：请确认后台任务进程（run_worker）和时钟进程（run_clock）都在运行。"
        )
    if status.stuck:
        problems.append(f"有 {status.stuck} 条内容多次没能编入索引：请看下面的原因，改正后点“核对并修复”。")
    return status


def can_answer() -> bool:
    """Tell whether a search would get an answer now; cheap enough to be asked every few seconds."""
    try:
        engine = get_engine()
        probe(engine)
        return not is_lost(engine)
    except EngineUnavailable:
        return False


def probe(engine: Engine) -> None:
    """Ask something; a damaged index raises EngineUnavailable."""
    engine.search(Query(parse(""), tokens=frozenset(), everything=True, limit=1))


def _looked_at(engine: Engine, name: str, problems: list[str]) -> EngineStatus:
    try:
        status = engine.status()
        if not status.exists:
            problems.append(f"{name}还没有建立，请点“重建”或运行 rebuild_search_index。")
        elif not status.current:
            problems.append(f"{name}由旧版本生成，请点“重建”或运行 rebuild_search_index。")
        else:
            probe(engine)
    except EngineUnavailable as error:
        problems.append(f"{name}无法使用：{error}")
        return _NOTHING
    return status
