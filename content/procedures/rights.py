"""Who may do what with a procedure besides reading it."""

from typing import TYPE_CHECKING

from content.approvals.guard import _PageTester
from content.organization.holders import posts_of

if TYPE_CHECKING:
    from content.procedures.models.pages import ProcedurePage


class ProcedureTester(_PageTester):
    """A code is issued once, so a procedure is not copied; what was once in force is not deleted."""

    def can_copy(self):
        return False

    def can_delete(self, ignore_bulk=False):
        return not self.page.versions.exists() and super().can_delete(ignore_bulk)


def owns(user, page: "ProcedurePage") -> bool:
    """Owners answer proposals, see who has not read, and hand out copies: the owner post, and site managers."""
    if not user.is_authenticated or not user.is_active:
        return False
    return manages(user) or any(post.pk == page.owner_post_id for post in posts_of(user))


def manages(user) -> bool:
    """Site managers: they keep the series and look after all procedures."""
    return user.is_authenticated and user.is_active and user.has_perm("procedures.change_codeseries")
