"""A killed worker's task is run again, once in effect. A real worker process is killed with SIGKILL."""

import datetime
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from portal.lost_tasks import ATTEMPTS, is_alive, requeue_lost_tasks, worker_id

PATH = "content.notifications.tasks.mail_notifications"


def make_row(*, worker_ids, status=TaskResultStatus.RUNNING, started_at=None, path=PATH, args=()):
    return DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": list(args), "kwargs": {}},
        task_path=path,
        worker_ids=worker_ids,
        backend_name="default",
        run_after=timezone.now(),
        started_at=started_at or timezone.now(),
        exception_class_path="",
        traceback="",
    )


def dead_worker_id() -> str:
    """Id of a process of this machine that has ended."""
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    host = worker_id().split("/")[0]
    return f"{host}/{done.stdout.strip()}/1/abc"


def test_a_worker_knows_itself_to_be_alive_and_a_finished_process_to_be_dead():
    assert is_alive(worker_id()) is True
    assert is_alive(dead_worker_id()) is False


def test_a_worker_elsewhere_cannot_be_known():
    assert is_alive("elsewhere/1/1/abc") is None
    assert is_alive("xYz") is None


def test_a_reused_process_number_is_not_taken_for_the_old_worker():
    host, pid, start, tail = worker_id().split("/")

    assert is_alive(f"{host}/{pid}/{int(start) - 1}/{tail}") is False


def test_a_task_of_a_dead_worker_is_ready_again_and_one_of_a_living_worker_is_left_alone(db):
    lost = make_row(worker_ids=[dead_worker_id()])
    running = make_row(worker_ids=[worker_id()])

    assert requeue_lost_tasks() == 1

    lost.refresh_from_db()
    running.refresh_from_db()
    assert (lost.status, running.status) == (TaskResultStatus.READY, TaskResultStatus.RUNNING)


def test_a_task_that_killed_its_worker_three_times_is_given_up(db):
    lost = make_row(worker_ids=[dead_worker_id()] * ATTEMPTS)

    requeue_lost_tasks()

    lost.refresh_from_db()
    assert lost.status == TaskResultStatus.FAILED
    assert "停止重试" in lost.traceback


def test_a_task_on_another_machine_is_taken_back_only_after_its_lease(db):
    fresh = make_row(worker_ids=["elsewhere/1/1/abc"])
    old = make_row(worker_ids=["elsewhere/1/1/abc"], started_at=timezone.now() - datetime.timedelta(hours=2))

    assert requeue_lost_tasks() == 1

    fresh.refresh_from_db()
    old.refresh_from_db()
    assert (fresh.status, old.status) == (TaskResultStatus.RUNNING, TaskResultStatus.READY)


def start_worker():
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        parts = connection.settings_dict
        url = f"postgres://{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}:{parts['PORT']}/{name}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_worker"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "DATABASE_URL": url,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_task_interrupted_by_kill_9_is_run_again_by_the_next_worker_and_done_once(tmp_path):
    journal = tmp_path / "journal"
    row = make_row(
        worker_ids=[], status=TaskResultStatus.READY, path="tests.portal.slow_task.slow", args=[str(journal)]
    )
    first = start_worker()
    try:
        assert wait_for(journal.exists)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    row.refresh_from_db()
    assert row.status == TaskResultStatus.RUNNING  # left behind by the killed worker

    second = start_worker()
    try:
        assert wait_for(lambda: DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.SUCCESSFUL).exists())
    finally:
        second.terminate()
        second.wait(20)

    assert journal.read_text().splitlines() == ["begun", "begun", "done"]
    row.refresh_from_db()
    assert len(row.worker_ids) == 2
