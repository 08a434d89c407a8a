"""Where the pages of publication stand in the menus."""

from __future__ import annotations

from guichet.core.extensions import MenuEntry
from guichet.directory.models import Role
from guichet.directory.permissions import powers_of


def publishes(user: object) -> bool:
    return powers_of(user).has_programme_role(Role.PUBLISHER, Role.ADMINISTRATOR)


ENTRIES = (
    MenuEntry("main", "Résultats", "results", 30),
    MenuEntry("agents", "Éditions des résultats", "releases", 38, publishes),
)
