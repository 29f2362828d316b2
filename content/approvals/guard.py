"""Publishing only what was signed: held in the model, so that no way of publishing goes round it.

`SignOffMixin` for pages, `SignOffSnippetMixin` for snippets, `SignOffParentMixin` for pages that hold guarded pages.
The rule: a row may be live only with content whose digest an approved run carries. Three places keep it:
`save()` (everything Wagtail does ends there), `publish()` (so that nothing is even begun), and a signal on revisions
given a time to go live (scheduling saves no live row). Only SQL, `QuerySet.update` included, is outside.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.signals import pre_save
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import DraftStateMixin, LockableMixin, PagePermissionTester, Revision, RevisionMixin, WorkflowMixin
from wagtail.permission_policies import ModelPermissionPolicy

from content.approvals.digests import VOLATILE, digest_of, digest_of_content
from content.approvals.errors import SignOffRequired
from content.approvals.models import Run, RunState

# What the guard is put before: for the type checker only, in the running code it stands alone.
_Guarded = DraftStateMixin if TYPE_CHECKING else object


def is_signed(subject: models.Model, digest: str) -> bool:
    """Tell whether an approved run of this very object carries this digest."""
    return Run.objects.filter(
        content_type=ContentType.objects.get_for_model(subject),
        object_id=str(subject.pk),
        state=RunState.APPROVED,
        digest=digest,
    ).exists()


def revision_is_signed(revision: Revision) -> bool:
    """Tell whether the content of this revision was signed by everyone its route asked for."""
    subject: Any = revision.content_object
    return is_signed(subject, digest_of_content(revision.content, type(subject)))


class SignOffGuard(_Guarded):
    """Shared by pages and snippets; put it before Wagtail's classes."""

    needs_sign_off = True

    def save(self, *args, **kwargs):
        if self.live:
            self._hold_unsigned(kwargs.get("update_fields"))
        return super().save(*args, **kwargs)

    def publish(self, revision, *args, **kwargs):
        if not revision_is_signed(revision):
            raise SignOffRequired(self)
        return super().publish(revision, *args, **kwargs)

    def _hold_unsigned(self, update_fields) -> None:
        """Turn a new live row into a draft; refuse to write unsigned content into an existing one."""
        if self._state.adding:
            if not self._live_content_is_signed():
                self.live = False
                self.live_revision = None
                self.first_published_at = self.last_published_at = None
                self.has_unpublished_changes = True
            return
        if update_fields is not None and "live" not in update_fields and VOLATILE.issuperset(update_fields):
            return
        if self._live_content_is_signed():
            return
        before = type(self)._default_manager.get(pk=self.pk)
        if before.live and digest_of(before) == digest_of(self):
            return
        raise SignOffRequired(self)

    def _live_content_is_signed(self) -> bool:
        source = getattr(self, "alias_of", None)
        row: Any = self
        if source is None:
            return self.pk is not None and is_signed(self, digest_of(self))
        # An alias shows the live content of its source under an address of its own.
        content = {**row.serializable_data(), "slug": source.slug}
        return is_signed(source.specific, digest_of_content(content, type(self)))


class _PageTester(PagePermissionTester):
    """Nobody publishes by hand, superusers included: the last signature does."""

    def can_publish(self):
        return False

    def can_set_view_restrictions(self):
        return super().can_publish()

    def can_unschedule(self):
        # Taking back a date is safe: nothing gets out by it.
        return self.can_edit()


class _ParentTester(PagePermissionTester):
    """No «create and publish», no live copy below this page."""

    def can_publish_subpage(self):
        return False


class DraftCopyForm(CopyForm):
    """A copy has not been signed, so there is nothing to tick for publishing it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("publish_copies", None)


class SignOffMixin(SignOffGuard):
    """For pages: ``class ReleasePage(SignOffMixin, ContentPage)``."""

    copy_form_class = DraftCopyForm

    def permissions_for_user(self, user):
        return _PageTester(user, self)


class SignOffParentMixin:
    """For pages under which guarded pages live: ``class NewsroomPage(SignOffParentMixin, ContentPage)``."""

    def permissions_for_user(self, user):
        return _ParentTester(user, self)


class SignOffSnippetMixin(SignOffGuard, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin):
    """For snippets: ``class Boilerplate(SignOffSnippetMixin, models.Model)`` brings Wagtail's four mixins with it."""

    class Meta:
        abstract = True


class SignOffPolicy(ModelPermissionPolicy):
    """Model rights without «publish»: nobody holds it on guarded snippets, superusers included."""

    def user_has_permission(self, user, action):
        return action != "publish" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return super().user_has_any_permission(user, [action for action in actions if action != "publish"])

    def users_with_any_permission(self, actions):
        actions = [action for action in actions if action != "publish"]
        users = super().users_with_any_permission(actions)
        return users if actions else users.none()


def hold_unsigned_schedule(sender, instance: Revision, **kwargs) -> None:
    """Signal handler: a revision may be given a time to go live only if it was signed."""
    if instance.approved_go_live_at is None:
        return
    model = instance.content_type.model_class()
    if model is not None and issubclass(model, SignOffGuard) and not revision_is_signed(instance):
        raise SignOffRequired(instance.object_str)


def connect() -> None:
    """Called once when apps are ready."""
    pre_save.connect(hold_unsigned_schedule, sender=Revision, dispatch_uid="approvals_hold_unsigned_schedule")
