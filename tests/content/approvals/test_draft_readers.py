"""Signers may print the draft they are asked to sign; nobody else may because of it."""

from content.approvals import signing
from content.approvals.draft_readers import reads_draft
from content.printing.pages import may_read_draft
from tests.factories.approvals import sign_mine


def test_whom_the_draft_waits_for_reads_it_and_keeps_it_after_signing(paper, people):
    assert not may_read_draft(people.manager, paper)

    signing.submit(paper, people.writer)
    paper.refresh_from_db()

    assert may_read_draft(people.manager, paper)
    assert not may_read_draft(people.tech, paper)
    sign_mine(people.manager)
    assert reads_draft(people.manager, paper)
    assert may_read_draft(people.tech, paper)


def test_a_draft_changed_after_submission_is_not_what_is_signed(paper, people):
    signing.submit(paper, people.writer)
    paper.body = "又改了。"
    paper.save_revision(user=people.writer)
    paper.refresh_from_db()

    assert not reads_draft(people.manager, paper)


def test_a_finished_run_opens_nothing(paper, people):
    run = signing.submit(paper, people.writer)
    signing.withdraw(run, people.writer)
    paper.refresh_from_db()

    assert not reads_draft(people.manager, paper)
    assert not reads_draft(people.gm, paper)
