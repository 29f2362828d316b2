"""For the set-up of other apps: make a route and put pages or snippets under it. Every function may run again."""

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import Page, Workflow, WorkflowContentType, WorkflowPage, WorkflowTask

from content.approvals import editions
from content.approvals.models import Node, Route, RouteTask
from content.organization.groups import SITE_MANAGERS, grant


def set_up() -> None:
    """Site managers edit routes and see all runs. The routes themselves belong to the apps whose papers take them."""
    grant(SITE_MANAGERS, *(f"approvals.{action}_route" for action in ("view", "add", "change", "delete")))


@transaction.atomic
def ensure_route(code: str, name: str, nodes: list[dict], description: str = "") -> Route:
    """Return the route of this code, made if it does not exist. An existing one is left as site managers have it.

    Each node: ``{"title": …, "posts": [Post, …]}`` and optionally any other field of Node, ``rule``, ``days``…
    """
    route, created = Route.objects.get_or_create(code=code, defaults={"name": name, "description": description})
    if created:
        for order, data in enumerate(nodes):
            posts, veto = data["posts"], data.get("veto_posts", [])
            plain = {key: value for key, value in data.items() if key not in ("posts", "veto_posts")}
            node = Node(route=route, sort_order=order, **plain)
            node.posts = posts
            node.veto_posts = veto
            node.save()
        editions.keep(Route.objects.get(pk=route.pk))
    return route


def ensure_workflow(route: Route) -> Workflow:
    """The Wagtail workflow whose only task is this route."""
    task = RouteTask.objects.filter(route=route).order_by("pk").first()
    if task is None:
        task = RouteTask.objects.create(name=route.name, route=route)
    workflow = Workflow.objects.filter(workflow_tasks__task=task).order_by("pk").first()
    if workflow is None:
        workflow = Workflow.objects.create(name=route.name)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow


@transaction.atomic
def attach_to_page(route: Route, page: Page) -> Workflow:
    """Send this page and everything below it through the route, unless the page is under another workflow by choice."""
    workflow = ensure_workflow(route)
    WorkflowPage.objects.get_or_create(page=Page.objects.get(pk=page.pk), defaults={"workflow": workflow})
    return workflow


@transaction.atomic
def attach_to_model(route: Route, model: type[models.Model]) -> Workflow:
    """Send all snippets of this model through the route, unless they are under another workflow by choice."""
    workflow = ensure_workflow(route)
    WorkflowContentType.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
    )
    return workflow
