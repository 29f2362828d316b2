import contextlib
import datetime
import logging
import signal
import threading
import time

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils.module_loading import autodiscover_modules

from content.core.schedule import Job, jobs
from portal.lost_tasks import requeue_lost_tasks
from search import export_jobs, operations, outbox
from search.engines.base import EngineBusy

logger = logging.getLogger("content.clock")
TICK_SECONDS = 1.0


def publish_scheduled() -> None:
    """Wagtail's own command: what was signed for a later hour goes live, what has expired goes offline."""
    call_command("publish_scheduled", verbosity=0)


def catch_up_search() -> None:
    """Index what could not be indexed when it was saved. While another process writes, that one does it."""
    with contextlib.suppress(EngineBusy):
        while outbox.drain():
            pass


BUILT_IN = (
    Job("publish_scheduled", datetime.timedelta(seconds=20), publish_scheduled),
    Job("catch_up_search", datetime.timedelta(seconds=5), catch_up_search),
    Job("remove_expired_exports", datetime.timedelta(hours=1), export_jobs.remove_expired),
    Job("heal_search", datetime.timedelta(seconds=60), operations.heal),
    Job("verify_search", datetime.timedelta(hours=1), operations.verify_daily),
    Job("requeue_lost_tasks", datetime.timedelta(seconds=30), requeue_lost_tasks),
)


class Command(BaseCommand):
    help = "时钟进程：到点发布、补建索引、找回中断的任务，以及各应用登记的定时工作。"

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="每项工作执行一次后退出")

    def handle(self, *args, once: bool = False, **options):
        autodiscover_modules("schedule")
        stopping = threading.Event()
        if threading.current_thread() is threading.main_thread() and not once:
            signal.signal(signal.SIGTERM, lambda *_: stopping.set())
            signal.signal(signal.SIGINT, lambda *_: stopping.set())
        due: dict[str, float] = {}
        while not stopping.is_set():
            for job in (*BUILT_IN, *jobs()):
                if time.monotonic() >= due.get(job.name, 0):
                    due[job.name] = time.monotonic() + job.interval.total_seconds()
                    run_job(job)
            if once:
                return
            stopping.wait(TICK_SECONDS)


def run_job(job: Job) -> None:
    """Run one job; a failure is logged and stops neither the clock nor the other jobs."""
    close_old_connections()
    try:
        job.run()
    except Exception:
        logger.exception("定时工作 %s 出错，下次到点再试", job.name)
    finally:
        close_old_connections()
