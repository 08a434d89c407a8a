"""Passing on, answering, promising: the agents' writes."""

from __future__ import annotations
