"""The process is killed with SIGKILL in the middle of the last signature: it is given once and published once."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from content.approvals import log, signing
from content.approvals.errors import AlreadyDecided
from content.approvals.models import Assignment, AssignmentState, Decision, LogEntry, Run, RunState
from tests.factories.approvals import sign_mine
from tests.papers.models import PaperPage

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

# Signs in a process of its own; WHERE is the place in the act at which the process is killed, if any.
SCRIPT = """
import os, signal, sys
import django
django.setup()
from django.contrib.auth import get_user_model
from django.db import transaction
from content.approvals import notices, signing
from content.approvals.models import Assignment
from wagtail.models import Revision

def kill(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

where, pk, user = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
if where == "before-publishing":
    Revision.publish = kill
if where == "after-publishing":
    publish = Revision.publish
    Revision.publish = lambda *args, **kwargs: (publish(*args, **kwargs), kill())
if where == "after-commit":
    approved = notices.approved
    notices.approved = lambda *args: (transaction.on_commit(kill), approved(*args))
assignment = Assignment.objects.select_related("run").get(pk=pk)
signing.sign(assignment, get_user_model().objects.get(pk=user), digest=assignment.run.digest)
"""


def sign_elsewhere(assignment, user, where="nowhere") -> int:
    """Sign in another process; its return code."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor != "sqlite":
        url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    connection.close()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, where, str(assignment.pk), str(user.pk)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test", "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


@pytest.fixture
def last(paper, people):
    """The last signature that is missing, and who may give it."""
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    sign_mine(people.tech)
    return Assignment.objects.get(run=run, named_post=people.product_post)


@pytest.mark.parametrize("where", ["before-publishing", "after-publishing"])
def test_killed_between_signature_and_publication_it_is_as_if_nothing_happened_and_then_done_once(last, people, where):
    assert sign_elsewhere(last, people.product, where) == -signal.SIGKILL
    assert Run.objects.get(pk=last.run_id).state == RunState.RUNNING
    assert not Decision.objects.filter(assignment=last).exists()
    assert Assignment.objects.get(pk=last.pk).state == AssignmentState.PENDING
    assert not PaperPage.objects.get().live

    assert sign_elsewhere(last, people.product) == 0
    assert Run.objects.get(pk=last.run_id).state == RunState.APPROVED
    assert Decision.objects.filter(assignment=last).count() == 1
    assert LogEntry.objects.filter(run=last.run_id, act="approved").count() == 1
    assert PaperPage.objects.get().live
    assert list(log.verify()) == []


def test_killed_right_after_the_commit_everything_is_done(last, people):
    assert sign_elsewhere(last, people.product, "after-commit") == -signal.SIGKILL
    assert Run.objects.get(pk=last.run_id).state == RunState.APPROVED
    assert PaperPage.objects.get().live
    with pytest.raises(AlreadyDecided, match="您已经签准，不必重复提交"):
        signing.sign(last, people.product, digest=last.run.digest)
    assert list(log.verify()) == []
