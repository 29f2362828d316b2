"""The to-do page with 500 runs and with 50,000: the same number of queries, about the same time.

    python -m bench sign_off [--small 500] [--large 50000] [--requests 60]

One run in a hundred is still going and waits for the department manager, a hundred at least, so that the page is full
either way; the others ended. Four readers ask: that signer, the general manager far above, the site manager who is told
what lacks people, a drafter with half of all runs. Each portal is made in a scratch folder.
"""

import argparse
import datetime
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READERS = ("department-manager", "gm", "site-manager", "marketer")


def fill(count: int) -> None:
    """Runs of a route of three nodes, written in bulk."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 (Django is set up in the measured process only)
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from content.approvals.definitions import from_route, normal  # noqa: PLC0415
    from content.approvals.models import Assignment, Decision, Route, Run, RunAuthor  # noqa: PLC0415
    from content.organization.models import Unit  # noqa: PLC0415

    route = Route.objects.get(code="release")
    definition = normal(from_route(route))
    for node in definition["nodes"]:
        node["outcome"] = {"holds": True, "reason": "", "evidence": []}
    people = list(get_user_model().objects.filter(holdings__post__code__in=["marketer", "lijiang-marketer"]).distinct())
    content_type = ContentType.objects.get_for_model(Unit)
    now = timezone.now()
    have, going_every = Run.objects.count(), max(1, count // max(100, count // 100))
    for start in range(have, count, 2000):
        runs = []
        for number in range(start, min(start + 2000, count)):
            drafter = people[number % len(people)]
            going = number % going_every == 0
            runs.append(
                Run(
                    route=route, definition={**definition, "authors": [drafter.pk]}, content_type=content_type,
                    object_id=f"bench-{number}", title=f"稿件 {number}", digest=f"{number:064d}", drafter=drafter,
                    state="running" if going else "approved", finished_at=None if going else now,
                )
            )  # fmt: skip
        runs = Run.objects.bulk_create(runs)
        RunAuthor.objects.bulk_create(RunAuthor(run=run, user=run.drafter) for run in runs)
        rows = []
        for run in runs:
            for index, node in enumerate(definition["nodes"]):
                for post in node["posts"]:
                    state = "signed" if run.state == "approved" else ("pending" if index == 0 else "waiting")
                    rows.append(
                        Assignment(
                            run=run, node_index=index, node_title=node["title"], named_post_id=post["id"], state=state,
                            opened_at=now - datetime.timedelta(minutes=run.pk % 5000) if state != "waiting" else None,
                        )
                    )  # fmt: skip
        rows = Assignment.objects.bulk_create(rows)
        Decision.objects.bulk_create(
            Decision(assignment=row, user=people[0], post_id=row.named_post_id, capacity="regular", verdict="sign",
                     digest=row.run.digest)
            for row in rows if row.state == "signed"
        )  # fmt: skip


def measure(requests: int) -> None:
    """Print for each reader: number of queries of the to-do page, then the time of every request in ms."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    for username in READERS:
        client = Client(headers={"host": "localhost"})
        client.force_login(get_user_model().objects.get(username=username))
        for _ in range(3):
            client.get("/sign/")
        captured: list[str] = []

        def count(execute, sql, params, many, context, seen=captured):
            seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = client.get("/sign/")
        if response.status_code != 200:
            sys.exit(f"/sign/ 返回 {response.status_code}")
        times = []
        for _ in range(requests):
            begun = time.perf_counter()
            client.get("/sign/")
            times.append((time.perf_counter() - begun) * 1000)
        print(username, len(captured), *(f"{spent:.2f}" for spent in times), flush=True)


def environment_of(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PORTAL_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
    }


def make_portal(folder: Path, runs: int) -> None:
    folder.mkdir(parents=True)
    for command in (["migrate", "-v0"], ["setup_portal", "-v0"], ["seed_demo"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment_of(folder), check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    call(folder, f"sign_off.fill({runs})\nconnection.cursor().execute('ANALYZE')")


def call(folder: Path, code: str) -> str:
    """Run code of this module in a process of that portal; what it printed."""
    begin = "import django; django.setup()\nfrom django.db import connection\nfrom bench import sign_off\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code], cwd=ROOT, env=environment_of(folder), capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", type=int, default=500)
    parser.add_argument("--large", type=int, default=50_000)
    parser.add_argument("--requests", type=int, default=40, help="requests per round; there are three rounds")
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="bench-sign-off-"))
    queries: dict[tuple[str, str], int] = {}
    times: dict[tuple[str, str], list[float]] = {}
    try:
        for size, runs in (("small", options.small), ("large", options.large)):
            make_portal(scratch / size, runs)
        # In turns, so that a busy moment of the machine falls on both.
        for size in ("small", "large") * 3:
            for line in call(scratch / size, f"sign_off.measure({options.requests})").splitlines():
                reader, *figures = line.split()
                if reader in READERS:
                    queries[reader, size] = int(figures[0])
                    times.setdefault((reader, size), []).extend(float(figure) for figure in figures[1:])
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"待我签批页：{options.small} 次与 {options.large} 次签批，各请求 {options.requests * 3} 次")
    print(f"{'读者':<22}{'查询数':>10}{'p50 毫秒':>18}{'p95 毫秒':>18}{'p95 之比':>10}")
    for reader in READERS:
        middle = [statistics.median(times[reader, size]) for size in ("small", "large")]
        slow = [statistics.quantiles(times[reader, size], n=20)[-1] for size in ("small", "large")]
        print(
            f"{reader:<22}{queries[reader, 'small']:>6} →{queries[reader, 'large']:>4}"
            f"{middle[0]:>9.1f} →{middle[1]:>7.1f}{slow[0]:>9.1f} →{slow[1]:>7.1f}{slow[1] / slow[0]:>10.2f}"
        )


if __name__ == "__main__":
    main()
