"""Who may see tenders: one right for page, list, export and search."""

from content.core.access import readers_only

VIEW = "tenders.view_tenderprocess"
ADD = "tenders.add_tenderprocess"
CHANGE = "tenders.change_tenderprocess"
AUDIENCE = frozenset({f"perm:{VIEW}"})

tender_readers_only = readers_only(*AUDIENCE)
