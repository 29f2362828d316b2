"""Ending reminders: for one search or for all mail, from the portal or by the link in a mail, without logging in."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from content.alerts.models import Alert, MailRhythm, MailStop, OptOut, SavedSearch
from content.users.models import User

_SIGNER = signing.Signer(salt="alerts.stop")  # without a time: a link in an old mail works still


@dataclass(frozen=True, slots=True)
class Stop:
    """What a link ends: the reminders of one search to one person, or (`search` None) all mail to that person.

    `gone` where the search or the account is no more.
    """

    user: User | None
    search: SavedSearch | None
    everything: bool

    @property
    def gone(self) -> bool:
        return self.user is None or (self.search is None and not self.everything)

    @property
    def stopped(self) -> bool:
        if self.everything:
            return MailStop.objects.filter(user=self.user).exists()
        return OptOut.objects.filter(user=self.user, search=self.search).exists()


def stop_url(user: User, search: SavedSearch | None) -> str:
    """Return the whole address that ends this search (None: all mail) for this person and nothing else."""
    token = _SIGNER.sign_object([user.pk, search.pk if search else 0])
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('alerts:stop', args=[token])}"


def read_token(token: str) -> Stop:
    """Return what a link ends; signing.BadSignature for one that is not ours."""
    user_pk, search_pk = _SIGNER.unsign_object(token)
    user = User.objects.filter(pk=user_pk).first()
    search = SavedSearch.objects.filter(pk=search_pk).select_related("owner").first() if search_pk else None
    return Stop(user, search, everything=not search_pk)


def stop(user: User, search: SavedSearch | None) -> None:
    """Tell this person nothing of this search any more (None: send no mail), what is waiting for a mail included."""
    waiting = Alert.objects.filter(user=user, mailing=None)
    if search is None:
        MailStop.objects.get_or_create(user=user)
        waiting.update(mail=MailRhythm.NEVER)
    else:
        OptOut.objects.get_or_create(user=user, search=search)
        waiting.filter(search=search).update(mail=MailRhythm.NEVER)


def resume(user: User, search: SavedSearch | None) -> None:
    """Tell this person again, of what comes from now on."""
    if search is None:
        MailStop.objects.filter(user=user).delete()
    else:
        OptOut.objects.filter(user=user, search=search).delete()
