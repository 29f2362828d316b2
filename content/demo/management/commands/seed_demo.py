import contextlib

from django.core.management.base import BaseCommand
from django.db import transaction

import search
from content.demo import accounts, handovers, organization, procedures, releases, tenders
from search.engines.base import EngineBusy, EngineUnavailable


class Command(BaseCommand):
    help = "装入演示数据（虚构的山河文旅集团）。可重复执行：已有的不重复装入。"

    def handle(self, *args, verbosity: int = 1, **options):
        with transaction.atomic():
            organization.load()
            accounts.load()
            in_force = procedures.load()
            written = releases.load()
            collected = tenders.load()
            handovers.load()
        # So much at once is left to the worker, which may not be running yet.
        with contextlib.suppress(EngineBusy, EngineUnavailable):
            while search.drain():
                pass
        if verbosity:
            self.stdout.write(f"  制度 {in_force}，稿件 {written}，招标信息 {collected}（本次新增）")
