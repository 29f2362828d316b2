"""Units, posts, who holds them, what they were before, and the role description of each post.

Everything that names a signer, a reader or a trainer names a post, never a person: people change, posts stay.
"""

from content.organization.models.history import PostState, UnitState
from content.organization.models.roles import (
    DutyGroup,
    Indicator,
    RoleDescriptionPage,
    RoleIndexPage,
    RoleIndicator,
    RoleVersion,
)
from content.organization.models.structure import Holding, HoldingKind, Post, Unit, UnitKind, refuse_cycle
from content.organization.models.working_days import WorkingDay

__all__ = [
    "DutyGroup",
    "Holding",
    "HoldingKind",
    "Indicator",
    "Post",
    "PostState",
    "RoleDescriptionPage",
    "RoleIndexPage",
    "RoleIndicator",
    "RoleVersion",
    "Unit",
    "UnitKind",
    "UnitState",
    "WorkingDay",
    "refuse_cycle",
]
