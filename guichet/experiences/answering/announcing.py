"""What happens to a story is kept as an event, and told to its author.

Owns the event and the order; the words of the mail are `following`'s.
"""

from __future__ import annotations

from guichet.experiences.following.mails import tell
from guichet.experiences.models import Addressee, Event


def announce(addressee: Addressee, kind: Event.Kind, **detail: object) -> Event:
    """Keep the event, in the transaction of what happened, and queue the author's mail."""
    event = Event.objects.create(
        experience=addressee.experience, addressee=addressee, kind=kind, detail=detail
    )
    tell(event)
    return event
