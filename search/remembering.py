"""Own earlier searches: kept for nobody else, as long as their owner wants."""

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from search import text as texts
from search.models import RememberedSearch, SearchMemory
from search.spelling_out import spell, typed_form
from search.suggestions import Offer

KEPT = 100  # searches of one person
LONGEST = 100  # longer ones are pasted, not typed again
_AGAIN = datetime.timedelta(minutes=10)  # the same search within this time is one


def is_on(user) -> bool:
    """Tell whether this user's searches are remembered; never for the anonymous."""
    if not user.is_authenticated:
        return False
    return not SearchMemory.objects.filter(user_id=user.pk, is_on=False).exists()


def remember(user, text: str) -> None:
    """Remember that somebody searched for this, unless that is switched off."""
    text = " ".join(texts.clean(text).split())
    if not text or len(text) > LONGEST or not user.is_authenticated:
        return
    now = timezone.now()
    folded = texts.fold(text)[:200]
    if RememberedSearch.objects.filter(user_id=user.pk, folded=folded, searched_at__gt=now - _AGAIN).exists():
        return
    if not is_on(user):
        return
    with transaction.atomic():
        RememberedSearch.objects.update_or_create(
            user_id=user.pk, folded=folded, defaults={"text": text, "searched_at": now}
        )
        old = RememberedSearch.objects.filter(user_id=user.pk).values_list("pk", flat=True)[KEPT:]
        if old:
            RememberedSearch.objects.filter(pk__in=list(old)).delete()


def forget(user, pk: int | None = None) -> int:
    """Forget one remembered search of this user, or all. Returns how many."""
    mine = RememberedSearch.objects.filter(user_id=user.pk)
    return (mine if pk is None else mine.filter(pk=pk)).delete()[0]


def switch(user, *, on: bool) -> None:
    """Remember this user's searches from now on, or no longer; switching off forgets those there are."""
    with transaction.atomic():
        SearchMemory.objects.update_or_create(user_id=user.pk, defaults={"is_on": on})
        if not on:
            forget(user)


def offers(typed: str, user_id: int | None, limit: int) -> list[Offer]:
    """Own searches that begin as typed, or with nothing typed the latest; none for the anonymous."""
    if user_id is None:
        return []
    rows = RememberedSearch.objects.filter(user_id=user_id).values_list("text", flat=True)
    if not typed:
        return [_offer(text) for text in rows[:limit]]
    form = typed_form(typed)
    found = [(at, text) for text in rows[:KEPT] if (at := spell(text).found(form)) is not None]
    same = texts.fold(typed)
    wanted = [text for _, text in sorted(found, key=lambda one: one[0] > 0) if texts.fold(text) != same]
    return [_offer(text) for text in wanted[:limit]]


def _offer(text: str) -> Offer:
    return Offer(text, f"{reverse('search:results')}?{urlencode({'q': text})}")
