"""What the engine needs to know of whatever is signed: a page, a snippet, or a plain record.

A plain record takes part by whichever of these methods it has: `sign_off_definition()` (see definitions),
`sign_off_values()` (``{"amount": ("金额", value)}``, for conditions), `sign_off_content()` (JSON data: what a signature
is for), `sign_off_may_submit(user)`, `sign_off_shortcomings()` (sentences), `sign_off_authors()` (ids of users),
`sign_off_url()`, `sign_off_post` (the post it is drafted in), `sign_off_finished(run)` when all have signed,
`sign_off_returned(run)` when it ended otherwise. How it is shown: see rendering.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page, Revision, RevisionMixin, WorkflowMixin
from wagtail.permissions import policy_registry

from content.approvals.block_errors import missing_in_blocks
from content.approvals.digests import digest_of, digest_of_content, digest_of_data
from content.approvals.models import Route, Run


def find(content_type_id: int, object_id: str) -> Any:
    """The specific object behind a pair of ids, or None."""
    content_type = ContentType.objects.filter(pk=content_type_id).first()
    model = content_type.model_class() if content_type else None
    if model is None:
        return None
    try:
        subject = model._default_manager.filter(pk=object_id).first()
    except (ValueError, ValidationError):
        return None
    return subject.specific if isinstance(subject, Page) else subject


def key_of(subject: models.Model) -> dict:
    """Fields that name the subject in a Run: content_type and object_id."""
    return {"content_type": ContentType.objects.get_for_model(subject), "object_id": str(subject.pk)}


def latest_revision(subject: models.Model) -> Revision | None:
    return subject.get_latest_revision() if isinstance(subject, RevisionMixin) else None


def as_signed(subject: models.Model) -> Any:
    """The content a signature would be given to now: the latest revision as an object, else the record itself."""
    revision = latest_revision(subject)
    return revision.as_object() if revision else subject


def current_digest(subject: Any) -> str:
    """Digest of that content."""
    revision = latest_revision(subject)
    if revision:
        return digest_of_content(revision.content, type(subject))
    if hasattr(subject, "sign_off_content"):
        return digest_of_data(subject.sign_off_content())
    return digest_of(subject)


def content_of_run(run: Run) -> Any:
    """The very content this run is about, as an object to be read; None where the subject has been deleted."""
    revision = Revision.objects.filter(pk=run.revision_id).first() if run.revision_id else None
    if revision is None:
        subject = find(run.content_type_id, run.object_id)
        return as_signed(subject) if subject else None
    if revision.content_object is None:
        return None
    return revision.as_object()


def authors_of(subject: Any) -> frozenset[int]:
    """Ids of those who wrote what is new: everyone who saved a revision since the one that is live."""
    if not isinstance(subject, RevisionMixin):
        return frozenset(subject.sign_off_authors()) if hasattr(subject, "sign_off_authors") else frozenset()
    revisions = Revision.objects.for_instance(subject).filter(user__isnull=False)
    live_revision_id = getattr(subject, "live_revision_id", None)
    if live_revision_id:
        revisions = revisions.filter(pk__gt=live_revision_id)
    return frozenset(revisions.order_by().values_list("user_id", flat=True).distinct())


def route_of(subject: models.Model) -> Route | None:
    """The route of the workflow this page or snippet is under; None if it goes through none."""
    if not isinstance(subject, WorkflowMixin):
        return None
    workflow = subject.get_workflow()
    if workflow is None:
        return None
    routes = (getattr(task, "route", None) for task in workflow.tasks.filter(active=True).specific())
    return next((route for route in routes if route is not None), None)


def manages_routes(user) -> bool:
    """Site managers: they edit routes, see every run and whom it lacks, and may withdraw a paper nobody can sign."""
    return user.is_active and user.has_perm("approvals.change_route")


def may_submit(user, subject: Any) -> bool:
    """Whoever may edit may submit; a record may say so itself by `sign_off_may_submit(user)`."""
    if hasattr(subject, "sign_off_may_submit"):
        return subject.sign_off_may_submit(user)
    if isinstance(subject, Page):
        return subject.permissions_for_user(user).can_edit()
    return policy_registry.get(subject).user_has_permission_for_instance(user, "change", subject)


def shortcomings(content: Any) -> list[str]:
    """Sentences about what is missing before this could be published; empty if nothing is."""
    if hasattr(content, "sign_off_shortcomings"):
        return content.sign_off_shortcomings()
    try:
        content.full_clean()
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            return list(error.messages)
        return [f"{_label(content, name)}：{' '.join(messages)}" for name, messages in error.message_dict.items()]
    # What only the whole text can tell, with its inline rows: forms check a page before its rows are there.
    further: Any = getattr(content, "further_shortcomings", None)
    return [*missing_in_blocks(content), *(further() if further is not None else [])]


def _label(content: models.Model, name: str) -> str:
    fields = {field.name: field for field in content._meta.get_fields() if hasattr(field, "verbose_name")}
    return str(fields[name].verbose_name) if name in fields else "内容"


def edit_url(subject: Any) -> str:
    """Address of the editor; empty for records without one. A record may name its own by `sign_off_url()`."""
    if hasattr(subject, "sign_off_url"):
        return subject.sign_off_url()
    if isinstance(subject, Page):
        return reverse("wagtailadmin_pages:edit", args=[subject.pk])
    viewset = getattr(subject, "snippet_viewset", None)
    if viewset is None:
        return ""
    try:
        return reverse(viewset.get_url_name("edit"), args=[subject.pk])
    except NoReverseMatch:
        return ""


def public_url(subject: models.Model) -> str:
    """Address where readers find it once it is live; empty if there is none."""
    return subject.get_url() or "" if isinstance(subject, Page) and subject.live else ""
