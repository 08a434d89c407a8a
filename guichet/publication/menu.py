"""Where the pages of publication stand in the menus."""

from __future__ import annotations

from guichet.core.extensions import MenuEntry

ENTRIES = (MenuEntry("main", "Résultats", "results", 30),)
