"""A portal of its own for a benchmark: scratch folder, database and index, nothing of the real one touched."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FACETS = ("place", "subject", "qualification", "state")


@contextlib.contextmanager
def portal(*, migrated: bool = False) -> Generator[Path]:
    """Set Django up on a scratch folder and yield it; with `migrated` there is a database too."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    os.environ.update(
        PORTAL_VAR=str(folder / "var"),
        DJANGO_SETTINGS_MODULE="portal.settings.dev",
        DATABASE_URL=os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}"),
    )
    try:
        import django  # noqa: PLC0415 (after the settings are named)

        django.setup()
        if migrated:
            from django.core.management import call_command  # noqa: PLC0415 (the same)

            call_command("migrate", verbosity=0)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def only_notices() -> None:
    """Make the generated notices the one kind there is, so that every search counts the same facets."""
    from content.releases.models import Boilerplate  # noqa: PLC0415 (models must be loaded)
    from search import registry  # noqa: PLC0415

    class NoticeIndex(registry.SearchIndex):
        model = Boilerplate
        kind = "tender"
        label = "公告"
        facets = tuple(registry.Facet(name, name) for name in FACETS)

    registry._indexes.clear()
    registry._indexes[Boilerplate] = NoticeIndex()
