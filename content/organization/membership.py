"""Groups follow posts: who holds a post is a member of its groups for as long as the holding is in force."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import transaction

from content.organization.holders import holdings_on
from content.organization.models import Post


def sync_groups(user=None, *, released: Iterable[int] = ()) -> int:
    """Bring memberships into line with today's holdings, of one user or of everybody; return how many were changed.

    Only groups that hang on some post are managed, plus those in `released` (ids of groups just taken off a post);
    members of any other group stay untouched. Run twice, the second run changes nothing.
    """
    hanging = Post.groups.through.objects.values_list("post_id", "group_id")
    membership = get_user_model().groups.through
    with transaction.atomic():
        groups_of_post: dict[int, set[int]] = {}
        for post_id, group_id in hanging:
            groups_of_post.setdefault(post_id, set()).add(group_id)
        managed = set(released).union(*groups_of_post.values())
        if not managed:
            return 0
        holdings = holdings_on().filter(post_id__in=groups_of_post).select_related(None)
        present = membership.objects.filter(group_id__in=managed)
        if user is not None:
            holdings, present = holdings.filter(user=user), present.filter(user=user)
        wanted = {
            (user_id, group_id)
            for user_id, post_id in holdings.values_list("user_id", "post_id")
            for group_id in groups_of_post[post_id]
        }
        has = {(row.user_id, row.group_id): row.pk for row in present}
        surplus = [pk for pair, pk in has.items() if pair not in wanted]
        missing = wanted - has.keys()
        membership.objects.filter(pk__in=surplus).delete()
        membership.objects.bulk_create(
            (membership(user_id=user_id, group_id=group_id) for user_id, group_id in sorted(missing)),
            ignore_conflicts=True,
        )
    return len(surplus) + len(missing)
