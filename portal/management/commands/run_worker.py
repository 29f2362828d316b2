from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.lost_tasks import requeue_lost_tasks, worker_id


class Command(BaseCommand):
    help = "后台任务进程：执行排队的任务；先把上次中途退出的任务重新排队。"

    def handle(self, *args, **options):
        requeue_lost_tasks()
        call_command(
            "db_worker", queue_name="*", interval=0.5, worker_id=worker_id(), startup_delay=False, reload=False
        )
