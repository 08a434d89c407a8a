"""The state of the whole directory, for the programme team.

Owns the counts; refuses to rank anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from guichet.directory.agent_lists import needing_check
from guichet.directory.models import ErrorReport, Network, Structure
from guichet.directory.network_pages import NetworkNumbers, numbers_of


@dataclass(frozen=True)
class ProgrammeNumbers:
    """Open sites, those with something to do, closed structures, and networks that have sites."""

    sites: int
    without_hours: int
    to_check: int
    reports: int
    closed: int
    networks: list[NetworkNumbers]


def programme_numbers() -> ProgrammeNumbers:
    """In five queries."""
    counts = Structure.objects.receiving_public().aggregate(
        sites=Count("pk"),
        without_hours=Count("pk", filter=Q(hours_known=False)),
        to_check=Count("pk", filter=needing_check()),
    )
    networks = numbers_of(list(Network.objects.all()))
    return ProgrammeNumbers(
        **counts,
        reports=ErrorReport.objects.filter(settled_at__isnull=True).count(),
        closed=Structure.objects.filter(closed_on__isnull=False).count(),
        networks=[one for one in networks if one.sites],
    )
