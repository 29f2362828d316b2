"""Run in a process of its own by test_export_memory.py: export many rows and print how much memory that took.

    python -m tests.search.export_memory <rows> <csv|xlsx>

Prints the peak of resident memory before and after the export, in KiB, and the number of rows.
"""

import os
import resource
import sys
import tempfile
from pathlib import Path

import django


def main() -> None:
    with tempfile.TemporaryDirectory() as own:
        os.environ["PORTAL_VAR"] = own  # a database of its own: searching asks for the synonyms in force
        django.setup()
        from django.core.management import call_command

        call_command("migrate", "search", verbosity=0)
        measure()


def measure() -> None:
    from django.conf import settings

    from search.engines import get_engine
    from search.export_jobs import found_hits, write_export
    from search.forms import Parameters
    from search.readers import ANONYMOUS
    from tests.search.documents import document

    rows, format = int(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        settings.SEARCH_INDEX_DIR = Path(folder) / "index"
        if not (child := os.fork()):  # what indexing takes must not count
            with get_engine().rebuild() as generation:
                generation.add(
                    document(number, title=f"第{number}号景区规划公告", body="旅游发展总体规划编制，" * 20)
                    for number in range(rows)
                )
            os._exit(0)
        os.waitpid(child, 0)
        asked = Parameters(text="规划")
        next(found_hits(asked, ANONYMOUS))  # dictionaries are loaded and the index is mapped
        before = _peak()
        with (Path(folder) / f"export.{format}").open("wb") as out:
            counted = 0

            def hits():
                nonlocal counted
                for hit in found_hits(asked, ANONYMOUS):
                    counted += 1
                    yield hit

            write_export(asked, format, hits(), out, site="https://portal.example.com")
        print(before, _peak(), counted)  # noqa: T201


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
