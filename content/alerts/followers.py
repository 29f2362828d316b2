"""Who is told about a saved search."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from content.alerts.models import OptOut, SavedSearch
from content.organization.holders import holdings_on, posts_of
from content.users.models import User


def followers(searches: Iterable[SavedSearch]) -> dict[int, list[User]]:
    """Return by search who is to be told: its owner and who holds its post today, the accounts that may still log in,
    without those who have stopped it. Two queries; give the searches with `owner` selected."""
    searches = list(searches)
    holders: dict[int, list[User]] = defaultdict(list)
    posts = {search.post_id for search in searches if search.post_id}
    if posts:
        for holding in holdings_on().filter(post__in=posts):
            holders[holding.post_id].append(holding.user)
    stopped = set(OptOut.objects.filter(search__in=searches).values_list("search_id", "user_id"))
    found = {}
    for search in searches:
        people = [search.owner, *holders.get(search.post_id or 0, ())]
        once = {user.pk: user for user in people if user.is_active and (search.pk, user.pk) not in stopped}
        found[search.pk] = list(once.values())
    return found


def searches_of(user) -> QuerySet[SavedSearch]:
    """Searches this user follows or has stopped: own ones, and those shared with a post the user holds today."""
    posts = [post.pk for post in posts_of(user)]
    return SavedSearch.objects.filter(Q(owner=user) | Q(post__in=posts)).select_related("owner", "post__unit")
