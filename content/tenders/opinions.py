"""The department's opinion on a tender: first understanding, and the advantages that speak for a bid (S40)."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from content.tenders.access import CHANGE
from content.tenders.models import OPINION_FIELDS, TenderProcess


def write_opinion(process: TenderProcess, by, values: Mapping[str, str]) -> bool:
    """Set the opinion fields given, with who and when; tell whether anything changed.

    PermissionDenied without the right to change tenders.
    """
    if not by.has_perm(CHANGE):
        raise PermissionDenied
    changed = {name for name in OPINION_FIELDS if name in values and values[name] != getattr(process, name)}
    if not changed:
        return False
    with transaction.atomic():
        for name in changed:
            setattr(process, name, values[name])
        process.opinion_by, process.opinion_at = by, timezone.now()
        process.save(update_fields=[*changed, "opinion_by", "opinion_at", "updated_at"])
        log(process, "wagtail.edit", user=by)
    return True
