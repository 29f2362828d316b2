"""What import-linter cannot see: foreign keys written as strings, and the promises of README and .env.example."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model

ROOT = Path(settings.BASE_DIR)


def content_layers() -> list[str]:
    """Apps of content/ from the highest to the lowest, as the import contract has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(contract["layers"] for contract in contracts if contract.get("containers") == ["content"])


def test_every_folder_of_content_is_in_the_import_contract():
    folders = {path.name for path in (ROOT / "content").iterdir() if (path / "__init__.py").exists()}

    assert folders == set(content_layers())


def test_foreign_keys_point_down_as_imports_do():
    layers = content_layers()
    height = {name: len(layers) - index for index, name in enumerate(layers)}
    upward = []
    for model in apps.get_models():
        app = model._meta.app_config.name
        if not app.startswith("content."):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or not field.concrete or not isinstance(target, type):
                continue
            if target is get_user_model():  # named by a setting, Django's own way round the direction
                continue
            target_app = target._meta.app_config.name
            if target_app.startswith("content."):
                here, there = (name.removeprefix("content.") for name in (app, target_app))
                if height[there] > height[here]:
                    upward.append(f"{model._meta.label}.{field.name} → {target._meta.label}")

    assert upward == []


def test_each_app_has_one_migration_per_number_and_a_name_that_says_its_subject():
    for app in content_layers():
        numbers = [path.name[:4] for path in (ROOT / "content" / app / "migrations").glob("0*.py")]
        assert len(numbers) == len(set(numbers)), app
        assert not list((ROOT / "content" / app / "migrations").glob("*_auto_*.py")), app


def test_readme_names_every_app():
    readme = (ROOT / "README.md").read_text()

    assert [name for name in content_layers() if f"`{name}`" not in readme] == []


def test_env_example_names_every_variable_the_settings_read():
    read = set()
    for path in (ROOT / "portal" / "settings").glob("*.py"):
        read |= set(re.findall(r'env\.\w+\(\s*"(\w+)"', path.read_text()))
    example = (ROOT / ".env.example").read_text()

    assert sorted(name for name in read if name not in example) == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.name)
def test_lock_files_carry_hashes_and_no_index_address(path):
    text = path.read_text()

    assert "--hash=sha256:" in text
    assert "://" not in text
    assert "--index-url" not in text


def test_no_file_of_ours_is_called_utils():
    ours = [*ROOT.glob("content/**/*.py"), *ROOT.glob("search/**/*.py"), *ROOT.glob("portal/**/*.py")]

    assert [path for path in ours if path.stem in {"utils", "helpers", "common", "misc"}] == []
