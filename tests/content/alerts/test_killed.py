"""A process that compares documents is killed with SIGKILL again and again; everybody is told of everything once."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from content.alerts.models import Alert, WaitingDocument
from content.notifications.models import Notification
from tests.content.alerts.conftest import tender
from tests.factories.alerts import SavedSearchFactory
from tests.factories.users import UserFactory

COMPARE = """
import django; django.setup()
from content.alerts import matching
matching.BATCH = 2
while matching.match_batch(): pass
"""


def start():
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{parts['NAME']}"
    else:
        url = f"postgres://{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-c", COMPARE],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.dev", "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nothing_is_lost_and_nothing_told_twice_however_often_the_process_is_killed():
    user = UserFactory(username="root", is_superuser=True)
    number = 60
    made = [tender(f"第{at}个总体规划") for at in range(number)]
    SavedSearchFactory(owner=user)
    WaitingDocument.objects.all().delete()
    WaitingDocument.objects.bulk_create(WaitingDocument(key=f"tenders.tenderprocess:{one.pk}") for one in made)

    kills = 0
    for _ in range(3):
        before = WaitingDocument.objects.count()
        process = start()
        until = time.monotonic() + 60
        while WaitingDocument.objects.count() == before and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += process.returncode == -signal.SIGKILL
    assert kills >= 1
    assert start().wait(60) == 0

    assert not WaitingDocument.objects.exists()
    assert sorted(Alert.objects.values_list("key", flat=True)) == sorted(
        f"tenders.tenderprocess:{one.pk}" for one in made
    )
    titles = Notification.objects.exclude(title__startswith="今天已有").values_list("title", flat=True)
    assert len(titles) == len(set(titles))
