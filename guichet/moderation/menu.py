"""What moderation adds to the agents' menu."""

from __future__ import annotations

from guichet.core.extensions import MenuEntry
from guichet.moderation.policies import moderates

ENTRIES = (MenuEntry("agents", "Modération", "moderation_queue", 16, moderates),)
