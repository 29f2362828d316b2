"""The editors' backend passes modelsearch's own suite wherever it claims the feature."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.search.servers import address, remove


def suite(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The suite brings its own models, so it runs as a project of its own in another process."""
    root = Path(__file__).resolve().parents[2]
    settings = "tests.search.modelsearch_contract.settings"
    return subprocess.run(
        [sys.executable, "-m", "django", "test", "tests.search.modelsearch_contract.contract", "--settings", settings],
        cwd=root,
        env={**os.environ, "CONTRACT_INDEX_DIR": str(folder), "PYTHONPATH": str(root), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_backend_passes_the_suite_of_modelsearch(tmp_path):
    done = suite(tmp_path)

    assert done.returncode == 0, done.stderr
    assert "OK (skipped=8)" in done.stderr


@pytest.mark.elasticsearch
def test_backend_passes_the_suite_on_a_server_too(tmp_path):
    prefix = f"test_{uuid.uuid4().hex[:12]}"
    server = {"CONTRACT_ELASTICSEARCH_URL": address(), "CONTRACT_ELASTICSEARCH_PREFIX": prefix}
    done = suite(tmp_path, **server)
    remove(prefix)

    assert done.returncode == 0, done.stderr
    assert "OK (skipped=8)" in done.stderr
