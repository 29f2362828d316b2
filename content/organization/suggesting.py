"""Posts are offered while one types in the search box: by their names, their units and who holds them."""

from collections.abc import Sequence

from django.urls import reverse

from content.organization.holders import holdings_on
from content.organization.models import Post
from search.readers import Reader
from search.spelling_out import spell, typed_form
from search.suggestions import Offer


class PostSource:
    name, label = "post", "岗位"

    def offers(self, typed: str, reader: Reader, limit: int) -> Sequence[Offer]:
        """Posts of the chart, which is for staff; two queries."""
        if not reader.may_read(frozenset({"staff"})):
            return ()
        form = typed_form(typed)
        holders: dict[int, list[str]] = {}
        for post_id, name, username in holdings_on().values_list("post_id", "user__name", "user__username"):
            holders.setdefault(post_id, []).append(name or username)
        found: list[tuple[bool, str, str, str, list[str]]] = []
        for pk, title, code, unit in Post.objects.values_list("pk", "title", "code", "unit__name"):
            people = list(dict.fromkeys(holders.get(pk, ())))
            matches = (spell(name).found(form) for name in (title, unit + title, code, *people))
            starts = [at for at in matches if at is not None]
            if starts:
                found.append((min(starts) > 0, title, code, unit, people))
        found.sort(key=lambda one: one[0])
        return [
            Offer(title, reverse("organization:post", args=[code]), " · ".join([unit, "、".join(people) or "空缺"]))
            for _, title, code, unit, people in found[:limit]
        ]
