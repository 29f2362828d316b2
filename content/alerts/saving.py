"""Acts on saved searches: save, change, pause, delete."""

from django.db import transaction
from django.utils import timezone

from content.alerts import conditions
from content.alerts.models import Alert, MailRhythm, SavedSearch
from content.users.models import User


@transaction.atomic
def save_search(search: SavedSearch, owner: User, query: str | None = None) -> SavedSearch:
    """Save a new search or a changed one; `query` is the address it stands for from now on.

    What it finds already is known: people are told of what comes after. Alerts that wait for a mail follow a new rhythm.
    """
    if search.pk is None:
        search.owner = owner
    if query is not None:
        search.query = conditions.canonical(query)
    search.save()
    waiting = Alert.objects.filter(search=search, mailing=None).exclude(mail=MailRhythm.NEVER)
    waiting.update(mail=search.mail)
    return search


@transaction.atomic
def pause(search: SavedSearch) -> None:
    """Tell nobody of it until it goes on, what is waiting for a mail included."""
    if search.paused_at is None:
        search.paused_at = timezone.now()
        search.save(update_fields=["paused_at"])
        Alert.objects.filter(search=search, mailing=None).update(mail=MailRhythm.NEVER)


def go_on(search: SavedSearch) -> None:
    """Tell again, of what comes from now on."""
    if search.paused_at is not None:
        search.paused_at = None
        search.save(update_fields=["paused_at"])


def delete(search: SavedSearch) -> None:
    """Delete it. What people were told stays known, so that saving the same again tells nothing twice."""
    search.delete()
