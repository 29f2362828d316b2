"""Show the state of the search index and of its outbox."""

from django.core.management.base import BaseCommand

from search import admin_index, registry
from search.engines import get_engine
from search.models import OutboxEntry
from search.outbox import MAX_ATTEMPTS


class Command(BaseCommand):
    help = "显示检索索引的状态、可检索的内容类别和等待更新的条目。"

    def handle(self, *args, **options) -> None:
        status = get_engine().status()
        if not status.exists:
            self.stdout.write("检索索引还没有建立，请运行 rebuild_search_index。")
        else:
            state = "可用" if status.current else "由旧版本生成，请运行 rebuild_search_index"
            self.stdout.write(
                f"引擎 {status.name}：{state}；{status.documents} 篇，{status.bytes / 1e6:.1f} MB，"
                f"索引代 {status.generation}"
            )
        editors = admin_index.engine().status()
        self.stdout.write(f"后台检索索引：{editors.documents} 条，{editors.bytes / 1e6:.1f} MB")
        for index in registry.all_indexes():
            self.stdout.write(f"  {index.label}（{index.kind}）：{index.model._meta.label}")
        for model, reason in registry.excluded().items():
            self.stdout.write(f"  不检索 {model._meta.label}：{reason}")
        waiting = OutboxEntry.objects.filter(attempts__lt=MAX_ATTEMPTS).count()
        failed = OutboxEntry.objects.filter(attempts__gte=MAX_ATTEMPTS)
        self.stdout.write(f"等待更新：{waiting} 条；多次失败：{failed.count()} 条")
        for entry in failed[:20]:
            self.stdout.write(f"  {entry}：{entry.last_error}")
