"""`GET /api/v1/experiences`: published stories."""

from __future__ import annotations
