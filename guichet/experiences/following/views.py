"""The author's page; gestures, reports, subscriptions."""

from __future__ import annotations
