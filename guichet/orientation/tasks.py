"""Jobs of orientation."""

from __future__ import annotations

from procrastinate.contrib.django import app

from guichet.orientation.coverage.measures import measure_common_kinds


@app.periodic(cron="20 3 * * *")
@app.task(name="measure_coverage", queueing_lock="measure_coverage", lock="measure_coverage")
def measure_coverage(timestamp: int) -> None:
    """Measure again France services and the common kinds, as the directory stands tonight."""
    for _ in measure_common_kinds():
        pass


@app.periodic(cron="40 3 * * *")
@app.task(name="submit_calls", queueing_lock="submit_calls", lock="submit_calls")
def submit_desk_calls(timestamp: int) -> None:
    """Send the indicators what the months that are over counted at the telephone desk."""
    from guichet.orientation.actions.counts import submit_calls

    submit_calls()
