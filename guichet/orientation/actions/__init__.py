"""Writes that carry a rule, by concept."""
