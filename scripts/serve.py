"""Start web, worker and clock together on one machine; Ctrl-C, or the end of any of them, stops all."""

import os
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from honcho.manager import Manager  # noqa: E402 (the path comes first)


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one within 50."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    sys.exit(f"✗ {wanted}–{wanted + 49} 端口都被占用，请用 PORT=其他端口 make run")


def welcome(address: str) -> str:
    """The address, one account per post and what to try, as printed when everything is started."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    import django  # noqa: PLC0415 (needs the settings named first)

    django.setup()
    from content.demo.accounts import welcome_text  # noqa: PLC0415 (needs the app registry)

    return welcome_text(address)


def main() -> int:
    port = free_port(int(os.environ.get("PORT", "8000")))
    address = f"http://localhost:{port}"
    os.environ.setdefault("PORTAL_URL", address)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    python = sys.executable
    manager = Manager()
    manager.add_process(
        "web",
        f"{python} -m gunicorn portal.wsgi:application --bind 127.0.0.1:{port} --workers {os.environ.get('WEB_WORKERS', '2')} "
        "--limit-request-line 0 --worker-tmp-dir /dev/shm --timeout 120 --graceful-timeout 5 --log-level warning",
        env=environment,
        cwd=str(ROOT),
    )
    manager.add_process("worker", f"{python} manage.py run_worker", env=environment, cwd=str(ROOT))
    manager.add_process("clock", f"{python} manage.py run_clock", env=environment, cwd=str(ROOT))
    print(welcome(address), flush=True)
    manager.loop()
    return manager.returncode or 0


if __name__ == "__main__":
    sys.exit(main())
