"""A whole portal for the browser tests: seeded database, gunicorn, worker and clock as real processes, real Chromium."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "portal-demo-1"


@dataclass(frozen=True)
class Portal:
    """A running portal: its address and the folder of everything it writes."""

    url: str
    var: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command on this portal and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def shell(self, code: str) -> str:
        """Run Python inside this portal's Django and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_up(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", "/login/", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError("门户没有在一分钟内启动")


@pytest.fixture(scope="session")
def portal():
    """The demo portal, started as `make run` starts it, on a free port and in a folder of its own."""
    var = Path(tempfile.mkdtemp(prefix="portal-browser-"))
    port = free_port()
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    } | {
        "PORTAL_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "PORTAL_URL": f"http://localhost:{port}",
        "EMAIL_URL": f"filemail:///{var / 'mail'}",
    }
    running = Portal(url=f"http://localhost:{port}", var=var, environment=environment)
    log = (var / "log").open("w")
    processes = []
    try:
        running.manage("migrate", "--noinput", "-v0")
        running.manage("setup_portal", "-v0")
        running.manage("seed_demo")
        for command in (
            [
                "-m",
                "gunicorn",
                "portal.wsgi:application",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "2",
                "--limit-request-line",
                "0",
            ],
            ["manage.py", "run_worker"],
            ["manage.py", "run_clock"],
        ):
            processes.append(
                subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=log)
            )
        wait_until_up(port)
        yield running
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        log.close()
        if os.environ.get("KEEP_BROWSER_VAR") is None:
            shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, headless; without it these tests are skipped (never in CI, which must have it)."""
    path = shutil.which("chromium")
    if path is None:
        assert not os.environ.get("CI"), "CI 必须有 Chromium"
        pytest.skip("未安装 Chromium：sudo apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser, portal: Portal, username: str | None, *, width: int = 1280, height: int = 900):
        self.portal = portal
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", accept_downloads=True
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        if username:
            self.go("/login/")
            self.page.fill("input[name=username]", username)
            self.page.fill("input[name=password]", PASSWORD)
            self.page.locator("form:has(input[name=password]) button[type=submit]").click()
            self.page.wait_for_url(lambda url: "/login" not in url)

    def go(self, path: str):
        """Open an address of the portal and return the response."""
        return self.page.goto(path if path.startswith("http") else f"{self.portal.url}{path}")

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def person(chromium, portal):
    """Open a browser as somebody: person("marketer"), person("gm", width=390), person(None) for a visitor."""
    opened = []

    def open_for(username: str | None, **size) -> Person:
        opened.append(Person(chromium, portal, username, **size))
        return opened[-1]

    yield open_for
    for one in opened:
        one.close()
