"""From a user to the tokens of what the user may read: the one rule behind pages, search, lists, feeds and exports."""

from content.organization.holders import posts_of
from search.readers import ANONYMOUS, Reader

# Rights that open a whole kind of record, as `perm:` tokens. Apps above add theirs in AppConfig.ready.
_permissions: set[str] = set()


def register_permission(permission: str) -> None:
    """Let documents carry the token ``perm:<permission>``, e.g. ``tenders.view_tenderprocess``."""
    _permissions.add(permission)


def reader_for(user) -> Reader:
    """Return what this user may read. Staff is who holds a post today; an account without a post reads as the public."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ANONYMOUS
    cached = getattr(user, "_reader", None)
    if cached is not None:
        return cached
    tokens = {"public", f"user:{user.pk}"}
    posts = posts_of(user)
    if posts or user.is_superuser:
        tokens.add("staff")
    tokens.update(f"post:{post.pk}" for post in posts)
    tokens.update(f"unit:{post.unit_id}" for post in posts)
    tokens.update(f"group:{pk}" for pk in user.groups.values_list("pk", flat=True))
    tokens.update(f"perm:{permission}" for permission in _permissions if user.has_perm(permission))
    user._reader = Reader(tokens=frozenset(tokens), everything=user.is_superuser, user_id=user.pk)
    return user._reader
