"""What authors and visitors do after the publication."""

from __future__ import annotations
