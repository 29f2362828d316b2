"""Rights never lag behind posts: whichever way a holding or a post is changed, memberships follow at once."""

from content.organization.membership import sync_groups
from content.organization.role_versions import keep


def follow_holding(sender, **kwargs):
    # Everybody, not only the holding's person: the form may have handed the holding to someone else.
    sync_groups()


def follow_post_groups(sender, instance, action, reverse, pk_set, **kwargs):
    if action == "pre_clear":
        instance._cleared_groups = {instance.pk} if reverse else set(instance.groups.values_list("pk", flat=True))
    elif action == "post_clear":
        sync_groups(released=instance.__dict__.pop("_cleared_groups", ()))
    elif action == "post_add":
        sync_groups()
    elif action == "post_remove":
        sync_groups(released={instance.pk} if reverse else pk_set)


def keep_role_version(sender, instance, **kwargs):
    """Wagtail has published a role description: what readers see from now on is kept as a version."""
    keep(instance)
