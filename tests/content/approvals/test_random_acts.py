"""Whatever people do in whatever order: no run is stuck, none ends approved without every signature, the log is whole."""

import datetime
from contextlib import suppress

from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from content.approvals import deadlines, handing, log, returning, signing, talking
from content.approvals.errors import SignOffError
from content.approvals.models import OPEN_STATES, Assignment, AssignmentState, Run
from content.approvals.queries import pending_for
from content.approvals.staffing import Staffing
from content.organization.models import Holding
from tests.content.approvals.worlds import POSTS, STAFFING, check_run, definitions, made_of, staffed
from tests.factories.organization import HoldingFactory
from tests.factories.users import UserFactory
from tests.papers.models import Memo

HANDS = [handing.transfer, handing.delegate, handing.add_before, handing.add_after]


class SignOff(RuleBasedStateMachine):
    """One memo going round an organisation in which people also come and go."""

    run: Run | None = None

    @initialize(kinds=STAFFING, definition=definitions())
    def begin(self, kinds, definition):
        self.drafter = UserFactory(name="起草人")
        self.posts = staffed(kinds, self.drafter)
        self.asked = made_of(definition, self.posts)
        self.memo = Memo.objects.create(text="经费 5000")
        self._submit()

    def _submit(self):
        try:
            self.run = signing.begin(None, self.memo, self.drafter, definition=self.asked)
        except SignOffError:
            self.run = None

    def _pending(self, data) -> tuple[Assignment, list] | None:
        rows = list(Assignment.objects.filter(run=self.run, state=AssignmentState.PENDING).order_by("pk"))
        staffing = Staffing()
        able = [(row, staffing.seat_of(row, self.run.authors).people) for row in rows]
        able = [(row, list(people)) for row, people in able if people]
        return data.draw(st.sampled_from(able)) if able else None

    def running(self):
        return self.run is not None and Run.objects.get(pk=self.run.pk).is_running

    @precondition(running)
    @rule(data=st.data())
    def sign(self, data):
        if found := self._pending(data):
            signing.sign(found[0], data.draw(st.sampled_from(found[1])), digest=self.run.digest)

    @precondition(running)
    @rule(data=st.data())
    def sign_again(self, data):
        """Weighted: papers mostly move forward."""
        self.sign_one(data)

    def sign_one(self, data):
        if found := self._pending(data):
            signing.sign(found[0], found[1][0], digest=self.run.digest)

    @precondition(running)
    @rule(data=st.data())
    def refuse(self, data):
        if found := self._pending(data):
            row, people = found
            to = data.draw(st.sampled_from([value for value, _ in returning.choices(self.run, row)]))
            signing.refuse(row, people[0], digest=self.run.digest, comment="不行", to=to)

    @precondition(running)
    @rule(data=st.data(), post=st.integers(0, POSTS - 1), hand=st.sampled_from(HANDS))
    def hand_on(self, data, post, hand):
        if found := self._pending(data):
            with suppress(SignOffError):  # some posts cannot be asked; then nothing has changed
                hand(found[0], found[1][0], self.posts[post], "请看")

    @precondition(running)
    @rule(data=st.data())
    def take_back(self, data):
        rows = Assignment.objects.filter(run=self.run, kind__in=["before", "after", "delegated"], state__in=OPEN_STATES)
        if rows:
            row = data.draw(st.sampled_from(list(rows.order_by("pk"))))
            handing.remove(row, row.given_by)

    @precondition(running)
    @rule(hours=st.sampled_from([1, 30, 100]))
    def time_goes_by(self, hours):
        deadlines.remind()
        deadlines.escalate(timezone.now() + datetime.timedelta(hours=hours))

    @precondition(running)
    @rule(post=st.integers(0, POSTS - 1), leaves=st.booleans())
    def somebody_comes_or_leaves(self, post, leaves):
        if leaves:
            Holding.objects.filter(post=self.posts[post]).delete()
        else:
            HoldingFactory(post=self.posts[post], user=UserFactory())

    @precondition(running)
    @rule()
    def remark(self):
        talking.comment(self.run, self.drafter, "请尽快")

    @precondition(running)
    @rule()
    def withdraw(self):
        signing.withdraw(self.run, self.drafter)

    @precondition(lambda self: not self.running())
    @rule(change=st.booleans())
    def submit_again(self, change):
        if change:
            self.memo.text += "。"
            self.memo.save()
        self._submit()

    @invariant()
    def all_is_well(self):
        if self.run is None:
            return
        check_run(self.run)
        rows = Assignment.objects.filter(run=self.run, state=AssignmentState.PENDING, run__state="running")
        staffing = Staffing()
        for row in rows.select_related("run"):
            for user in staffing.seat_of(row, row.run.authors).people:
                assert row.pk in [waiting.assignment.pk for waiting in pending_for(user, staffing, run=self.run)]

    def teardown(self):
        assert list(log.verify()) == []


def test_no_order_of_acts_breaks_a_run(db, mentions_group, monkeypatch):
    monkeypatch.setattr(Memo, "sign_off_values", lambda memo: {"amount": ("金额", 5000)}, raising=False)
    run_state_machine_as_test(
        SignOff,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
