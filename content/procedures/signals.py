"""Wagtail's lifecycle: published is in force (on its day), unpublished is over, deleted retires the code."""

from django.db.models.signals import post_delete
from wagtail.signals import page_published, page_unpublished

from content.procedures.models import ProcedurePage
from content.procedures.numbering import retire_code
from content.procedures.versions import end_versions, make_version


def follow_publishing(sender, instance, revision, **kwargs) -> None:
    make_version(instance, revision)


def follow_withdrawal(sender, instance, **kwargs) -> None:
    end_versions(instance)
    retire_code(instance.code)


def follow_deletion(sender, instance, **kwargs) -> None:
    retire_code(instance.code)


def connect() -> None:
    """Called once when apps are ready."""
    page_published.connect(follow_publishing, sender=ProcedurePage, dispatch_uid="procedures_make_version")
    page_unpublished.connect(follow_withdrawal, sender=ProcedurePage, dispatch_uid="procedures_end_versions")
    post_delete.connect(follow_deletion, sender=ProcedurePage, dispatch_uid="procedures_retire_code")
