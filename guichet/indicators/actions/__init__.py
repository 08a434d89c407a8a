"""Writes that carry a rule, one module a subject. Each is atomic and audited."""
