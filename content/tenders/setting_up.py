"""Who may see and gather tenders on a fresh site."""

from content.organization.groups import INFO_ASSISTANTS, MARKETERS, SIGNERS, SITE_MANAGERS, grant
from content.tenders.access import ADD, CHANGE, VIEW


def set_up() -> None:
    """Grant the standard groups their rights to tenders; idempotent."""
    grant(INFO_ASSISTANTS, VIEW, ADD, CHANGE)
    grant(SITE_MANAGERS, VIEW, ADD, CHANGE, "tenders.delete_tenderprocess")
    for group in (MARKETERS, SIGNERS):
        grant(group, VIEW)
