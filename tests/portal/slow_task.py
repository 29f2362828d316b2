"""A task for the worker tests: the first time it hangs after its first step, later it finishes."""

import time
from pathlib import Path

from django_tasks import task


@task()
def slow(journal: str) -> None:
    path = Path(journal)
    hang = not path.exists()
    with path.open("a") as lines:
        lines.write("begun\n")
    if hang:
        time.sleep(300)
    with path.open("a") as lines:
        lines.write("done\n")
