"""The organisation: networks, structures and their hours, who may act on them, where they come
from."""

from guichet.directory.models.hours import (
    Announcement,
    ExceptionalHours,
    OpeningInterval,
    ReceptionKind,
)
from guichet.directory.models.imports import Correction, ErrorReport, ImportRun, SourceIdentifier
from guichet.directory.models.memberships import Membership, Role
from guichet.directory.models.structures import (
    Accessibility,
    Competence,
    Level,
    Network,
    Structure,
    StructureKind,
)

__all__ = [
    "Accessibility",
    "Announcement",
    "Competence",
    "Correction",
    "ErrorReport",
    "ExceptionalHours",
    "ImportRun",
    "Level",
    "Membership",
    "Network",
    "OpeningInterval",
    "ReceptionKind",
    "Role",
    "SourceIdentifier",
    "Structure",
    "StructureKind",
]
