"""Requests per second of the portal's main pages under gunicorn, beside the stock `wagtail start` home page.

    python -m bench pages [--tenders 10000] [--seconds 8]

Both servers run with 2 workers and DEBUG off on loopback and are measured one after the other in one run, so the
ratio holds on a noisy machine. The client is a handful of threads with kept-alive connections.
"""

import argparse
import http.client
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(folder: Path, application: str, environment: dict[str, str], port: int) -> subprocess.Popen:
    """Start gunicorn with 2 workers and wait until it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "2",
         "--log-level", "error"],
        cwd=folder, env={**os.environ, **environment},
    )  # fmt: skip
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/", headers={"Host": "localhost"})
            connection.getresponse().read()
            return process
        except OSError:
            time.sleep(0.2)
    process.kill()
    sys.exit(f"{application} 没有启动")


def measure(port: int, path: str, cookie: str, seconds: float) -> tuple[float, float]:
    """Requests per second and 95th percentile in ms of one address."""
    times: list[float] = []
    lock = threading.Lock()
    end = time.perf_counter() + seconds

    def client() -> None:
        own: list[float] = []
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < end:
            begun = time.perf_counter()
            connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookie})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise SystemExit(f"{path} 返回 {response.status}")
            own.append(time.perf_counter() - begun)
        with lock:
            times.extend(own)

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(6):  # warm both workers
        connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookie})
        connection.getresponse().read()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / seconds, statistics.quantiles(times, n=20)[-1] * 1000


def stock_site(folder: Path) -> tuple[Path, dict[str, str]]:
    """A fresh `wagtail start` project, migrated, with DEBUG off."""
    wagtail = Path(sys.executable).parent / "wagtail"
    folder.mkdir(parents=True)  # it asks for the folder to be there
    subprocess.run([wagtail, "start", "stock", folder], check=True, capture_output=True)
    (folder / "stock" / "settings" / "bench.py").write_text(
        "from .base import *\n"
        f"SECRET_KEY = {secrets.token_hex()!r}\nALLOWED_HOSTS = ['*']\nDEBUG = False\n"
        "STORAGES['staticfiles'] = {'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}\n"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "stock.settings.bench"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=folder, env={**os.environ, **environment}, check=True
    )
    return folder, environment


def portal_site(folder: Path, tenders: int) -> dict[str, str]:
    """A portal of its own in a scratch folder: set up, seeded, with generated tenders up to the number wanted."""
    environment = {"PORTAL_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings.dev"}
    for command in (["migrate", "-v0"], ["setup_portal", "-v0"], ["seed_demo"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "bench.fill_tenders", str(tenders)],
        cwd=ROOT, env={**os.environ, **environment}, check=True,
    )  # fmt: skip
    return environment


def session_cookie(environment: dict[str, str], username: str) -> str:
    """Open a session for a demo person and return the cookie header."""
    code = (
        "import django; django.setup()\n"
        "from django.contrib.auth import get_user_model\n"
        "from django.test import Client\n"
        f"client = Client(); client.force_login(get_user_model().objects.get(username={username!r}), "
        "'django.contrib.auth.backends.ModelBackend')\n"
        "print(client.cookies['sessionid'].value)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(done.stderr)
    return f"sessionid={done.stdout.strip().splitlines()[-1]}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenders", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=8.0)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="bench-pages-"))
    servers: list[subprocess.Popen] = []
    try:
        stock_folder, stock_environment = stock_site(scratch / "stock")
        portal_environment = portal_site(scratch / "portal", options.tenders)
        print(f"招标信息 {options.tenders} 条，gunicorn 2 个进程，{CLIENTS} 个并发连接，每页 {options.seconds:g} 秒")
        release = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n"
             "from content.releases.models import ReleasePage\nprint(ReleasePage.objects.live().first().url)"],
            cwd=ROOT, env={**os.environ, **portal_environment}, capture_output=True, text=True, check=True,
        ).stdout.strip().splitlines()[-1]  # fmt: skip
        cookie = session_cookie(portal_environment, "info-assistant")
        stock_port, portal_port = free_port(), free_port()
        servers.append(serve(stock_folder, "stock.wsgi:application", stock_environment, stock_port))
        servers.append(serve(ROOT, "portal.wsgi:application", portal_environment, portal_port))
        pages = [
            ("首页（访客）", "/", ""),
            ("首页（员工工作台）", "/", cookie),
            ("新闻稿（访客）", release, ""),
            ("招标列表", "/tenders/", cookie),
            ("检索 旅游规划", "/search/?q=%E6%97%85%E6%B8%B8%E8%A7%84%E5%88%92", cookie),
        ]
        print(f"{'页面':<20}{'次/秒':>10}{'p95 毫秒':>12}{'与 wagtail start 首页之比':>26}")
        for name, path, who in pages:
            base, _ = measure(stock_port, "/", "", options.seconds)
            rate, p95 = measure(portal_port, path, who, options.seconds)
            print(f"{name:<20}{rate:>10.0f}{p95:>12.0f}{rate / base:>18.2f}（基准 {base:.0f} 次/秒）", flush=True)
    finally:
        for server in servers:
            server.terminate()
            server.wait(15)
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
