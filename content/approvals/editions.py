"""Which edition of a route a run follows: counted up whenever what the route asks for has changed."""

from typing import Any

from django.utils import timezone

from content.approvals.definitions import fingerprint, from_route, normal
from content.approvals.models import Route, Run
from content.approvals.resubmission import fingerprint_asked


def keep(route: Route) -> Route:
    """Note a new edition if the route asks for something else than when last looked at; return the route."""
    mark = fingerprint(from_route(route))
    if route.edition_mark != mark:
        route.edition += bool(route.edition_mark)
        route.edition_on, route.edition_mark = timezone.localdate(), mark
        Route.objects.filter(pk=route.pk).update(edition=route.edition, edition_on=route.edition_on, edition_mark=mark)
    return route


def label_of(route: Route) -> str:
    """«2026-03-01»: the day from which the route asks for what it asks for now. Changes nothing."""
    since = route.edition_on if route.edition_mark == fingerprint(from_route(route)) else None
    return (since or timezone.localdate()).isoformat()


def change_since(run: Run, subject: Any = None) -> str:
    """A sentence if the rule has changed since the run was submitted, else nothing."""
    if run.route is not None:
        now = from_route(run.route)
    elif subject is not None and hasattr(subject, "sign_off_definition"):
        now = subject.sign_off_definition()
    else:
        return ""
    if "nodes" not in run.definition or fingerprint(normal(now)) == fingerprint_asked(run):
        return ""
    return "路线在提交之后改过；这次签批仍按提交时的路线走完，改动从下一次提交起生效。"
