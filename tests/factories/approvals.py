from content.approvals import signing, subjects
from content.approvals.models import AssignmentState, Run, RunState
from content.approvals.queries import pending_for
from content.approvals.setting_up import attach_to_page, ensure_route
from tests.factories.organization import HoldingFactory, PostFactory


def post_with(title, *, superior=None, name=None, **kwargs):
    """A post and, if a name is given, its holder: (post, user)."""
    post = PostFactory(title=title, superior=superior, **kwargs)
    user = HoldingFactory(post=post, user__name=name).user if name else None
    return post, user


def route_under(page, code="release", nodes=None):
    """A route of the given nodes for this page and all below it."""
    route = ensure_route(code, f"路线 {code}", nodes or [])
    attach_to_page(route, page)
    return route


def sign_everything(run):
    """Sign node after node, each assignment by the first person able to, until the run ends."""
    from content.approvals.staffing import Staffing

    while Run.objects.get(pk=run.pk).state == RunState.RUNNING:
        staffing = Staffing()
        for assignment in run.assignments.filter(state=AssignmentState.PENDING):
            seat = staffing.seat_of(assignment, run.authors)
            assignment.refresh_from_db()
            if assignment.state == AssignmentState.PENDING:
                assert seat.people, (str(run), str(assignment), seat)
                signing.sign(assignment, seat.people[0], digest=run.digest)
    return Run.objects.get(pk=run.pk)


def sign_mine(user, comment=""):
    """The user signs the first paper that waits; returns the decision."""
    waiting = pending_for(user)[0]
    return signing.sign(waiting.assignment, user, digest=waiting.run.digest, comment=comment)


def publish_signed(page, drafter):
    """Publish a page or snippet as it should be: submitted by the drafter and signed by all its route asks for."""
    run = signing.submit(page, drafter)
    sign_everything(run)
    return subjects.find(run.content_type_id, run.object_id)
