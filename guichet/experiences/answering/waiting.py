"""How many stories wait for somebody's answer, for their home.

Owns whom that concerns; counts as the tab of the inbox that it leads to.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from guichet.directory.menu import settles_reports
from guichet.directory.models import Role
from guichet.directory.permissions import powers_of
from guichet.experiences.answering.inbox import ALONE, LATE, Reader, has_responder
from guichet.experiences.models import Addressee


@dataclass(frozen=True)
class WaitingStories:
    """`late` of the `waiting` ones are overdue; the address of each list."""

    waiting: int
    late: int
    url: str
    late_url: str


def waiting_stories(user: object) -> WaitingStories | None:
    """Of the services that `user` answers for; of those where nobody does, for a moderator; None
    for who answers nowhere. One query, once the roles are read."""
    found, url = Addressee.objects.waiting().filter(Reader(user).scope()), reverse("stories_inbox")
    late_url = f"{url}?liste={LATE}"
    if not settles_reports(user):
        if not powers_of(user).has_programme_role(Role.MODERATOR):
            return None
        found = found.filter(~has_responder())
        url = f"{url}?liste={ALONE}"
        late_url = f"{url}&echeance={LATE}"
    counts = found.aggregate(
        waiting=Count("pk"), late=Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    )
    return WaitingStories(**counts, url=url, late_url=late_url)
