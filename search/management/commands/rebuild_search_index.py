"""Rebuild the search index from the database."""

import time

from django.core.management.base import BaseCommand, CommandError

from search import operations
from search.models import MaintenanceRun


class Command(BaseCommand):
    help = "重建检索索引：期间仍可用旧索引检索，完成后一次换上新索引。"

    def handle(self, *args, **options) -> None:
        quiet = options["verbosity"] < 1
        started = time.monotonic()

        def progress(label: str, done: int, total: int) -> None:
            if not quiet:
                self.stdout.write(f"  {label}：{done}/{total}")

        try:
            run = operations.perform(operations.begin(MaintenanceRun.Kind.REBUILD, "命令行").pk, progress)
        except operations.AlreadyRunning as error:
            raise CommandError(str(error)) from error
        if run is None or run.state != MaintenanceRun.State.DONE:
            raise CommandError(run.result if run else "重建没有完成，请再试一次。")
        if not quiet:
            self.stdout.write(f"{run.result.removesuffix('。')}；用时 {time.monotonic() - started:.1f} 秒。")
