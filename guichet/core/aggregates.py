"""What PostgreSQL computes over rows and Django has no name for."""

from __future__ import annotations

from django.db.models import Aggregate


class Median(Aggregate):
    """The middle value, NULL left out (`percentile_cont`, SQL:2003). `output_field` is that of the
    values, which PostgreSQL can place between two: floats or durations."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
