"""Inbox and one story, shaped for the agents' pages."""

from __future__ import annotations
