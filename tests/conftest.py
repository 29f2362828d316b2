"""Test database and the fixtures every test may use: people of the department and a clean start page."""

import hashlib
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from wagtail.models import Page, Site

import search
from content.core.choices import Audience
from content.home.models import HomePage
from tests.factories.organization import HoldingFactory, PostFactory, UnitFactory
from tests.factories.users import UserFactory

ROOT = Path(__file__).resolve().parent.parent

# Playwright's plain interface keeps an event loop in this thread while its session lasts; Django would take every
# test that comes after a browser's for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def _template_path() -> Path:
    """A migrated, otherwise empty SQLite file, named by the hash of everything that decides its content."""
    import django
    import wagtail

    digest = hashlib.sha256(f"{django.__version__} {wagtail.__version__} {settings.INSTALLED_APPS}".encode())
    folders = ("content/*", "search", "tests/*")
    for path in sorted(path for folder in folders for path in ROOT.glob(f"{folder}/migrations/*.py")):
        digest.update(path.read_bytes())
    digest.update((ROOT / "portal" / "admin_words.py").read_bytes())  # names the permissions while migrating
    return Path(settings.VAR_DIR) / f"test-template-{digest.hexdigest()[:16]}.sqlite3"


def pytest_configure(config):
    """Migrate the template once, before any worker starts; later runs only copy it (7 s → under 1 s)."""
    if hasattr(config, "workerinput") or connection.vendor != "sqlite":
        return
    template = _template_path()
    if template.exists():
        return
    for old in template.parent.glob("test-template-*"):
        old.unlink()
    fresh = template.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput", "-v0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{fresh}",
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "PORTAL_JOURNAL_MODE": "DELETE",  # one file, nothing left beside it in a -wal
        },
        check=True,
    )
    fresh.rename(template)


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """SQLite: a private copy of the template for each process. PostgreSQL: a database made anew."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
            database = Path(settings.VAR_DIR) / f"test-{worker}.sqlite3"
            for path in database.parent.glob(f"{database.name}*"):
                path.unlink()
            shutil.copyfile(_template_path(), database)
            connection.close()
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(database)
            # What a test of committed data («serialized_rollback») starts from.
            connection._test_serialized_contents = connection.creation.serialize_db_to_string()
            yield
            connection.close()
            return
        suffix = os.environ.get("PYTEST_XDIST_WORKER", "")
        if suffix:
            connection.settings_dict["TEST"]["NAME"] = f"test_{connection.settings_dict['NAME']}_{suffix}"
        names = setup_databases(verbosity=0, interactive=False, serialized_aliases={"default"})
        yield
        connection.close()
        teardown_databases(names, verbosity=0)


@pytest.fixture
def home(db):
    """A HomePage as root of the default site, in place of Wagtail's welcome page."""
    page = HomePage.objects.first()
    if page is None:
        page = Page.get_first_root_node().add_child(
            instance=HomePage(title="首页", slug="portal-home", audience=Audience.PUBLIC)
        )
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": page}
    )
    return page


@pytest.fixture
def department(db):
    """The unit 市场部 of 总部."""
    return UnitFactory(code="marketing", name="市场部")


@pytest.fixture
def staff(department):
    """A person holding an ordinary post: reads what staff may read, nothing more."""
    post = PostFactory(code="marketer", title="市场专员", unit=department)
    return HoldingFactory(post=post, user=UserFactory(username="staff", name="王敏")).user


@pytest.fixture
def outsider(db):
    """An account without any post: reads as the public does."""
    return UserFactory(username="outsider", name="周强")


@pytest.fixture
def superuser(db):
    return UserFactory(username="root", name="系统管理员", is_superuser=True, is_staff=True)


@pytest.fixture(autouse=True)
def _own_search_index(request, settings, tmp_path_factory):
    """Every test has its own, still empty search index; it is made by the first write.

    With SEARCH_TESTS_ON_SERVER=1 that is one on the Elasticsearch server of ELASTICSEARCH_URL.
    """
    settings.SEARCH_INDEX_DIR = tmp_path_factory.getbasetemp() / "search" / uuid.uuid4().hex
    if not os.environ.get("SEARCH_TESTS_ON_SERVER"):
        yield
        return
    if request.node.get_closest_marker("embedded"):
        pytest.skip("只与本机检索引擎有关")
    settings.ELASTICSEARCH_URL = os.environ["ELASTICSEARCH_URL"]
    settings.ELASTICSEARCH_PREFIX = f"test_{uuid.uuid4().hex[:12]}"
    yield
    from tests.search.servers import remove  # the client's library is loaded only where it is used

    remove(settings.ELASTICSEARCH_PREFIX)


@pytest.fixture
def search_index(db):
    """Call it to bring everything saved so far into the index: `search_index()` (tests do not commit by themselves)."""

    def refresh() -> int:
        done = 0
        while count := search.drain():
            done += count
        return done

    return refresh
