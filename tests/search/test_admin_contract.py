"""The editors' backend passes modelsearch's own suite wherever it claims the feature."""

import os
import subprocess
import sys
from pathlib import Path


def test_backend_passes_the_suite_of_modelsearch(tmp_path):
    """The suite brings its own models, so it runs as a project of its own in another process."""
    root = Path(__file__).resolve().parents[2]
    settings = "tests.search.modelsearch_contract.settings"
    done = subprocess.run(
        [sys.executable, "-m", "django", "test", "tests.search.modelsearch_contract.contract", "--settings", settings],
        cwd=root,
        env={**os.environ, "CONTRACT_INDEX_DIR": str(tmp_path), "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "OK (skipped=8)" in done.stderr
