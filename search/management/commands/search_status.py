"""Show the state of the search indexes and of the outbox; the exit code is 1 where something is to be done."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from search import registry
from search.engines.base import EngineStatus
from search.models import MaintenanceRun
from search.status import search_status


class Command(BaseCommand):
    help = "显示检索索引的状态、可检索的内容类别和等待更新的条目；有问题时以错误码 1 结束。"

    def handle(self, *args, **options) -> None:
        status = search_status()
        self._index("检索索引", "篇", status.readers)
        self._index("后台检索索引", "条", status.editors)
        for index in registry.all_indexes():
            self.stdout.write(f"  {index.label}（{index.kind}）：{index.model._meta.label}")
        for model, reason in registry.excluded().items():
            self.stdout.write(f"  不检索 {model._meta.label}：{reason}")
        lag = f"，最早的一条已等 {int(status.lag.total_seconds())} 秒" if status.waiting else ""
        self.stdout.write(f"等待更新：{status.waiting} 条{lag}；多次失败：{status.stuck} 条")
        for entry in status.stuck_rows:
            self.stdout.write(f"  {entry}：{entry.last_error}")
        if status.last_error:
            self.stdout.write(f"最近一次错误：{status.last_error}")
        self._run("正在进行", status.active)
        self._run("最近一次核对", status.last_verified)
        self._run("最近一次重建", status.last_rebuilt)
        if status.problems:
            raise CommandError("\n".join(status.problems))

    def _index(self, name: str, unit: str, index: EngineStatus) -> None:
        if index.exists:
            size = f"{index.bytes / 1e6:.1f} MB"
            self.stdout.write(f"{name}（{index.name}）：{index.documents} {unit}，{size}，索引代 {index.generation}")

    def _run(self, name: str, run: MaintenanceRun | None) -> None:
        if run is not None:
            at = timezone.localtime(run.finished_at or run.progressed_at)
            progress = f"“{run.phase}”{run.done}/{run.total}" if run.active else run.result
            self.stdout.write(f"{name}：{at:%Y-%m-%d %H:%M} {run.get_kind_display()} {progress}（{run.asked_by}）")
