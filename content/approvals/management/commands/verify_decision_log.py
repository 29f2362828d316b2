"""Tell whether the log of signatures is whole: run it regularly and note down the mark it prints."""

from django.core.management.base import BaseCommand, CommandError

from content.approvals import log
from content.approvals.models import LogHead


class Command(BaseCommand):
    help = "核对签批日志：找出被改动、删除或插入的行，以及与日志不一致的签批意见和附件。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect", default="", metavar="摘要值", help="上次核对时记下的末行摘要值：它必须还在日志里"
        )

    def handle(self, *args, expect: str, **options):
        faults = 0
        for sentence in log.verify(expect):
            faults += 1
            self.stderr.write(sentence)
        if faults:
            raise CommandError(f"签批日志有 {faults} 处问题，请立即联系系统管理员并保留现场。")
        head = LogHead.objects.filter(pk=1).first()
        number, mark = (head.number, head.mark) if head else (0, "")
        self.stdout.write(
            f"签批日志完整，共 {number} 行。末行摘要值（请记在别处，下次用 --expect 核对）：{mark or '无'}"
        )
