"""Which events change the text of files, or who finds them. Connected by MediaConfig.ready."""

from collections.abc import Collection as Names
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from wagtail.models import Collection, CollectionViewRestriction

from content.media import attachments, texts
from content.media.models import Document
from search.signals import follow_tree


def connect() -> None:
    post_save.connect(_document_saved, sender=Document, dispatch_uid="media.document")
    pre_delete.connect(_document_goes, sender=Document, dispatch_uid="media.document")
    pre_save.connect(_carrier_changes, dispatch_uid="media.carrier")
    post_save.connect(_carrier_saved, dispatch_uid="media.carrier")
    pre_delete.connect(_carrier_goes, dispatch_uid="media.carrier")
    post_save.connect(_collection_saved, sender=Collection, dispatch_uid="media.collection")
    for signal in (post_save, post_delete):
        signal.connect(_restriction_changed, sender=CollectionViewRestriction, dispatch_uid="media.restriction")
    m2m_changed.connect(
        _restriction_groups_changed, sender=CollectionViewRestriction.groups.through, dispatch_uid="media.restriction"
    )
    follow_tree(attachments.touch_files_below)


def _document_saved(
    sender: type[Model], instance: Document, raw: bool = False, created: bool = False,
    update_fields: Names[str] | None = None, **kwargs: Any,
) -> None:  # fmt: skip
    if not raw:
        if update_fields is None or "file" in update_fields:  # Wagtail notes sizes and hashes when it shows them
            texts.ask_for_text(instance)
        if not created:
            attachments.touch_carriers_of(instance)


def _document_goes(sender: type[Model], instance: Document, **kwargs: Any) -> None:
    attachments.touch_carriers_of(instance)


def _carrier_changes(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """Before the save: the files named until now, some of which may be named no longer."""
    if not raw and instance.pk and attachments.may_carry(sender):
        attachments.touch_files_of(instance)


def _carrier_saved(
    sender: type[Model], instance: Model, raw: bool = False, update_fields: Names[str] | None = None, **kwargs: Any
) -> None:
    # A save of some fields may be that of a draft: the object in memory is not what the table holds.
    if not raw and update_fields is None and attachments.may_carry(sender):
        attachments.follow_references(instance)


def _carrier_goes(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    if attachments.may_carry(sender):
        attachments.touch_files_of(instance)


def _collection_saved(
    sender: type[Model], instance: Collection, created: bool = False, raw: bool = False, **kwargs: Any
):
    """A collection that was moved is under other restrictions."""
    if not created and not raw:
        attachments.touch_collections([instance])


def _restriction_changed(sender: type[Model], instance: CollectionViewRestriction, **kwargs: Any) -> None:
    attachments.touch_collections(Collection.objects.filter(pk=instance.collection_id))


def _restriction_groups_changed(sender, instance, action, reverse, **kwargs) -> None:
    if not reverse:
        if action.startswith("post_"):
            attachments.touch_collections([instance.collection])
    elif action in {"post_add", "post_remove", "pre_clear"}:  # instance is a group
        chosen = {"pk__in": kwargs["pk_set"] or ()} if action != "pre_clear" else {"groups": instance}
        restrictions = CollectionViewRestriction.objects.select_related("collection").filter(**chosen)
        attachments.touch_collections(restriction.collection for restriction in restrictions)
