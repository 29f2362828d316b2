"""Two people, or one person twice, at the same moment. On whichever database the tests run; CI runs both."""

from contextlib import suppress
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, close_old_connections, connection

from content.approvals import signing
from content.approvals.errors import AlreadyDecided, SignOffError
from content.approvals.models import Decision, Run, RunState
from content.approvals.queries import pending_for
from tests.factories.approvals import sign_mine
from tests.papers.models import PaperPage

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*acts):
    """Run the acts in threads that start together; return what each returned or raised."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        close_old_connections()
        barrier.wait()
        try:
            results[index] = act()
        except SignOffError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def signer(user, run):
    assignment = pending_for(user, run=run)[0].assignment
    return lambda: signing.sign(assignment, user, digest=run.digest)


def test_two_signers_at_the_same_moment_both_count_once(paper, people):
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    results = at_once(signer(people.tech, run), signer(people.product, run))
    assert [type(result) for result in results] == [Decision, Decision]
    assert Decision.objects.filter(assignment__run=run, assignment__node_index=1).count() == 2
    assert Run.objects.get(pk=run.pk).state == RunState.APPROVED
    assert PaperPage.objects.get(pk=paper.pk).live
    assert paper.workflow_states.get().status == "approved"


def test_one_signature_sent_four_times_at_once_is_one_decision(paper, people):
    run = signing.submit(paper, people.writer)
    results = at_once(*[signer(people.manager, run)] * 4)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided"] * 3 + ["Decision"]
    assert Decision.objects.count() == 1


def test_of_two_at_once_on_an_any_node_one_signs(paper, people, route):
    node = route.nodes.get(title="会签")
    node.rule = "any"
    node.save()
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    results = at_once(signer(people.tech, run), signer(people.product, run))
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided", "Decision"]
    assert Run.objects.get(pk=run.pk).state == RunState.APPROVED


def test_signing_and_refusing_at_once_ends_in_a_refusal(paper, people):
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    assignment = pending_for(people.product)[0].assignment
    at_once(
        signer(people.tech, run),
        lambda: signing.refuse(assignment, people.product, digest=run.digest, comment="不行"),
    )
    assert Run.objects.get(pk=run.pk).state == RunState.REFUSED
    assert not PaperPage.objects.get(pk=paper.pk).live


def test_submitting_and_withdrawing_at_once_leaves_one_clear_state(paper, people):
    results = at_once(*[lambda: signing.submit(PaperPage.objects.get(pk=paper.pk), people.writer)] * 3)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided", "AlreadyDecided", "Run"]
    run = Run.objects.get()
    signature = signer(people.manager, run)
    results = at_once(lambda: signing.withdraw(run, people.writer), signature)
    assert Run.objects.get().state == RunState.CANCELLED
    assert isinstance(results[1], Decision | AlreadyDecided)


def test_the_last_signature_and_a_cancelled_workflow_at_once_never_contradict(paper, people):
    run = signing.submit(paper, people.writer)
    sign_mine(people.manager)
    sign_mine(people.tech)
    state = PaperPage.objects.get(pk=paper.pk).current_workflow_state

    def cancel():
        with suppress(OperationalError):  # PostgreSQL may end one of the two, which then has done nothing
            state.cancel(user=people.writer)

    at_once(signer(people.product, run), cancel)

    live = PaperPage.objects.get(pk=paper.pk).live
    assert (Run.objects.get(pk=run.pk).state, live) in {(RunState.APPROVED, True), (RunState.CANCELLED, False)}
