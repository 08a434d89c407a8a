"""The public pages of stories."""

from __future__ import annotations
