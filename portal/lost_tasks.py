"""Tasks whose worker died are run again.

django-tasks-db marks a task RUNNING when a worker claims it and nothing ever looks at it again if that worker is
killed. Our worker ids name host, process and the process's start time, so a dead worker can be told from a slow one.
"""

import datetime
import os
import secrets
import socket
from pathlib import Path

from django.utils import timezone
from django_tasks_db.models import DBTaskResult, TaskResultStatus

# A worker on another machine cannot be looked at; nothing of ours runs longer than this.
LEASE = datetime.timedelta(hours=1)
# A task that killed its worker this often is given up instead of killing a fourth.
ATTEMPTS = 3


def _start_time(pid: int) -> str:
    """Kernel start time of a process (field 22 of /proc/<pid>/stat), «» where it is gone or /proc is not there."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rsplit(")", 1)[1].split()[19]


def worker_id() -> str:
    """Id of this worker: «host/pid/start/random», at most 64 characters."""
    pid = os.getpid()
    return f"{socket.gethostname()[:30]}/{pid}/{_start_time(pid)}/{secrets.token_hex(3)}"


def is_alive(worker: str) -> bool | None:
    """Whether that worker still runs; None where it cannot be known from here."""
    parts = worker.split("/")
    if len(parts) != 4 or parts[0] != socket.gethostname()[:30] or not parts[1].isdigit():
        return None
    return bool(parts[2]) and _start_time(int(parts[1])) == parts[2]


def requeue_lost_tasks() -> int:
    """Make tasks of dead workers ready again (or failed after ATTEMPTS); return how many were touched."""
    touched = 0
    for row in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        alive = is_alive(row.worker_ids[-1]) if row.worker_ids else None
        expired = row.started_at is not None and row.started_at < timezone.now() - LEASE
        if alive or (alive is None and not expired):
            continue
        if len(row.worker_ids) >= ATTEMPTS:
            change = {
                "status": TaskResultStatus.FAILED,
                "finished_at": timezone.now(),
                "traceback": f"执行它的进程连续 {ATTEMPTS} 次中途退出，已停止重试。",
            }
        else:
            change = {"status": TaskResultStatus.READY, "started_at": None}
        # The filter repeats the state, so that two clocks do not both decide.
        touched += DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, worker_ids=row.worker_ids
        ).update(**change)
    return touched
