"""Compare the search index with the database and mend it."""

from django.core.management.base import BaseCommand, CommandError

from search import admin_index
from search.engines.base import EngineBusy, EngineUnavailable
from search.maintenance import compare, mend
from search.outbox import drain


class Command(BaseCommand):
    help = "核对检索索引与数据库是否一致，并修正差异。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不修正；有差异时以错误码 1 结束。")

    def handle(self, *args, check: bool = False, **options) -> None:
        try:
            if not check:
                while drain():
                    pass
                mended = admin_index.mend()
                if mended:
                    self.stdout.write(f"后台检索索引已修正 {mended} 条。")
            difference = compare()
            if not difference:
                self.stdout.write("检索索引与数据库一致。")
                return
            self.stdout.write(
                f"缺少 {len(difference.missing)} 篇，过期 {len(difference.outdated)} 篇，"
                f"多余 {len(difference.superfluous)} 篇。"
            )
            if check:
                raise CommandError("检索索引与数据库不一致，请运行 verify_search_index 修正。")
            self.stdout.write(f"已修正 {mend(difference)} 篇。")
        except (EngineBusy, EngineUnavailable) as error:
            raise CommandError(str(error)) from error
