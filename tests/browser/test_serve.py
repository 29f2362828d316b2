"""`make run` from the point where the environment stands: one command starts all, Ctrl-C stops all."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, free_port, wait_until_up

pytestmark = pytest.mark.browser


def children_of(pid: int) -> set[int]:
    """All living descendants of a process."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | children_of(child)
    return found


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


def test_ctrl_c_stops_web_worker_and_clock(portal):
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "scripts/serve.py"],
        cwd=ROOT,
        env=portal.environment | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until_up(port)
        family = children_of(server.pid)
        assert len(family) >= 5  # gunicorn with two workers, worker, clock

        os.killpg(server.pid, signal.SIGINT)  # what Ctrl-C sends: to the whole foreground group

        printed, _ = server.communicate(timeout=30)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    end = time.monotonic() + 10
    while any(alive(pid) for pid in family) and time.monotonic() < end:
        time.sleep(0.1)
    assert [pid for pid in family if alive(pid)] == []
    assert f"http://localhost:{port}" in printed
    assert "marketer" in printed
    assert "Traceback" not in printed
