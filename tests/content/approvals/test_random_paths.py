"""Preview equals run, for random routes, staffing, conditions and rules."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.approvals import signing
from content.approvals.errors import SignOffError
from content.approvals.models import AssignmentState, Run, RunState
from content.approvals.staffing import Staffing
from tests.content.approvals.worlds import STAFFING, check_run, definitions, made_of, staffed
from tests.factories.users import UserFactory
from tests.papers.models import Memo


@pytest.fixture
def amounts(monkeypatch):
    """A memo says an amount: the number in its text, none if there is none."""

    def values(memo):
        digits = "".join(char for char in memo.text if char.isdigit())
        return {"amount": ("金额", Decimal(digits) if digits else None)}

    monkeypatch.setattr(Memo, "sign_off_values", values, raising=False)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=STAFFING,
    definition=definitions(),
    text=st.sampled_from(["办法", "集团办法", "经费 800", "集团经费 12000"]),
    data=st.data(),
)
def test_what_the_preview_says_is_what_happens(db, mentions_group, amounts, kinds, definition, text, data):
    drafter = UserFactory(name="起草人")
    posts = staffed(kinds, drafter)
    asked = made_of(definition, posts)
    memo = Memo.objects.create(text=text)
    path = signing.preview(memo, drafter, definition=asked)
    if path.blocked:
        with pytest.raises(SignOffError):
            signing.begin(None, memo, drafter, definition=asked)
        return
    run = signing.begin(None, memo, drafter, definition=asked)
    for index, step in enumerate(path.steps):
        rows = {row.named_post_id: row for row in run.assignments.filter(node_index=index)}
        assert set(rows) == {seat.named.pk for seat in step.seats}
        for seat in step.seats:
            row = rows[seat.named.pk]
            if step.skipped or seat.skipped:
                assert row.state == AssignmentState.SKIPPED
                continue
            found = Staffing().seat_of(row, run.authors)
            assert (found.post, found.people, found.problem) == (seat.post, seat.people, seat.problem)
            assert row.veto == seat.veto
    expected = [index for index, step in enumerate(path.steps) if not step.skipped]
    visited = []
    while Run.objects.get(pk=run.pk).state == RunState.RUNNING:
        check_run(run)
        pending = list(run.assignments.filter(state=AssignmentState.PENDING))
        index = pending[0].node_index
        if not visited or visited[-1] != index:
            visited.append(index)
        row = data.draw(st.sampled_from(pending))
        seat = Staffing().seat_of(row, run.authors)
        if not seat.people:
            able = [other for other in pending if Staffing().seat_of(other, run.authors).people]
            if path.steps[index].problem and not able:
                return
            row = able[0]
            seat = Staffing().seat_of(row, run.authors)
        signing.sign(row, data.draw(st.sampled_from(seat.people)), digest=run.digest)
    check_run(run)
    assert not any(step.problem for step in path.steps)
    for index, step in enumerate(path.steps):
        for seat in step.seats:
            row = run.assignments.get(node_index=index, named_post=seat.named)
            covered = row.state == AssignmentState.COVERED
            if seat.covered:
                assert row.state in (AssignmentState.COVERED, AssignmentState.CLOSED)
            elif covered:
                assert seat.perhaps
    covered_whole = {
        index for index in expected if any(seat.covered or seat.perhaps for seat in path.steps[index].seats)
    }
    assert [index for index in expected if index in visited or index not in covered_whole] == visited
