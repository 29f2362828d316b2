"""Procedures: the text that is read, its versions in force, who has read them, and the cases that follow them.

Everything a reader sees and everything a case follows comes from one place, the snapshot in `ProcedureVersion`
(docs: content/procedures/snapshots.py says its shape).
"""

from content.procedures.models.series import CodeSeries, IssuedCode

from content.procedures.models.pages import ProcedureIndexPage, ProcedurePage  # isort: skip
from content.procedures.models.cases import Case, CaseCounter, CaseFile, Finding
from content.procedures.models.reading import ChangeProposal, DutyReminder, ProposalState, Reading, ReadingItem
from content.procedures.models.steps import (
    Operator,
    Person,
    ProcedureField,
    ProcedureStep,
    Recurrence,
    StepKind,
    StepRule,
)
from content.procedures.models.versions import ControlledCopy, ProcedureVersion

__all__ = [
    "Case",
    "CaseCounter",
    "CaseFile",
    "ChangeProposal",
    "CodeSeries",
    "ControlledCopy",
    "DutyReminder",
    "Finding",
    "IssuedCode",
    "Operator",
    "Person",
    "ProcedureField",
    "ProcedureIndexPage",
    "ProcedurePage",
    "ProcedureStep",
    "ProcedureVersion",
    "ProposalState",
    "Reading",
    "ReadingItem",
    "Recurrence",
    "StepKind",
    "StepRule",
]
