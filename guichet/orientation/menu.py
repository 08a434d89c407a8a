"""What orientation adds to the menus."""

from __future__ import annotations

from guichet.core.extensions import MenuEntry

ENTRIES = (
    MenuEntry("main", "Quel service pour ma démarche ?", "orientation", 20),
    MenuEntry("footer", "Couverture France services", "coverage", 12),
)
