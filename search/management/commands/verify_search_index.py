"""Compare the search index with the database and mend it."""

from django.core.management.base import BaseCommand, CommandError

from search import operations
from search.engines.base import EngineBusy, EngineUnavailable
from search.maintenance import compare
from search.models import MaintenanceRun


class Command(BaseCommand):
    help = "核对检索索引与数据库是否一致，并修正差异。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不修正；有差异时以错误码 1 结束。")

    def handle(self, *args, check: bool = False, **options) -> None:
        try:
            if check:
                self._check()
                return
            run = operations.perform(operations.begin(MaintenanceRun.Kind.VERIFY, "命令行").pk)
        except (EngineBusy, EngineUnavailable, operations.AlreadyRunning) as error:
            raise CommandError(str(error)) from error
        if run is None or run.state != MaintenanceRun.State.DONE:
            raise CommandError(run.result if run else "核对没有完成，请再试一次。")
        self.stdout.write(run.result)

    def _check(self) -> None:
        difference = compare()
        if not difference:
            self.stdout.write("检索索引与数据库一致。")
            return
        self.stdout.write(
            f"缺少 {len(difference.missing)} 篇，过期 {len(difference.outdated)} 篇，"
            f"多余 {len(difference.superfluous)} 篇。"
        )
        raise CommandError("检索索引与数据库不一致，请运行 verify_search_index 修正。")
