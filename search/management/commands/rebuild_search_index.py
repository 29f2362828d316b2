"""Rebuild the search index from the database."""

import time

from django.core.management.base import BaseCommand, CommandError

from search import admin_index
from search.engines.base import EngineBusy, EngineUnavailable
from search.maintenance import rebuild
from search.outbox import drain


class Command(BaseCommand):
    help = "重建检索索引：期间仍可用旧索引检索，完成后一次换上新索引。"

    def handle(self, *args, **options) -> None:
        quiet = options["verbosity"] < 1
        started = time.monotonic()

        def progress(label: str, done: int, total: int) -> None:
            if not quiet:
                self.stdout.write(f"  {label}：{done}/{total}")

        try:
            count = rebuild(progress)
            editors = admin_index.rebuild()
            while drain():
                pass
        except (EngineBusy, EngineUnavailable) as error:
            raise CommandError(str(error)) from error
        if not quiet:
            self.stdout.write(
                f"检索索引已重建：{count} 篇；后台检索索引 {editors} 条；用时 {time.monotonic() - started:.1f} 秒。"
            )
