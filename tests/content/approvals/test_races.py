"""Two signers at the same moment, two hundred times: each signature counts once and the paper is finished once."""

from threading import Barrier, Thread

import pytest
from django.db import close_old_connections, connection

from content.approvals import log, signing
from content.approvals.models import Decision, LogEntry, Run, RunState
from content.approvals.queries import pending_for
from tests.papers.models import Memo

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs DATABASE_URL of a PostgreSQL server"),
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
RACES = 200


def test_two_signers_meet_two_hundred_times_and_each_counts_once(people, monkeypatch):
    finished: list[int] = []
    monkeypatch.setattr(Memo, "sign_off_finished", lambda memo, run: finished.append(run.pk), raising=False)
    named = [{"id": post.pk, "title": str(post)} for post in (people.tech_post, people.product_post)]
    definition = {"code": "race", "name": "会签", "nodes": [{"title": "会签", "posts": named}]}
    runs = [
        signing.begin(None, Memo.objects.create(text=f"第 {number} 份"), people.writer, definition=definition)
        for number in range(RACES)
    ]
    work = {
        user: [(pending_for(user, run=run)[0].assignment, run.digest) for run in runs]
        for user in (people.tech, people.product)
    }
    barrier, faults = Barrier(2), []

    def signer(user):
        close_old_connections()
        for assignment, digest in work[user]:
            barrier.wait(60)
            try:
                signing.sign(assignment, user, digest=digest)
            except Exception as error:
                faults.append(error)
        connection.close()

    threads = [Thread(target=signer, args=(user,)) for user in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)

    assert faults == []
    assert Decision.objects.count() == 2 * RACES
    assert Run.objects.filter(state=RunState.APPROVED).count() == RACES
    assert sorted(finished) == sorted(run.pk for run in runs)
    assert LogEntry.objects.filter(act="approved").count() == RACES
    assert list(log.verify()) == []
