"""Jobs of publication."""

from __future__ import annotations

from procrastinate.contrib.django import app

from guichet.core.errors import RuleViolation
from guichet.publication.actions.releases import publish_release
from guichet.publication.models import Release


@app.task(name="publish_release", queueing_lock="publish_release", lock="publish_release")
def publish_release_later(*, release_id: int) -> None:
    """Publish an edition that was asked for; started again after a crash, it begins afresh.

    A refusal is not a failure of the job: the edition's page says why.
    """
    release = Release.objects.select_related("by").filter(pk=release_id).first()
    unfinished = (Release.State.WAITING, Release.State.COMPUTING)
    if release is None or release.state not in unfinished:
        return
    try:
        publish_release(
            name=release.name, through=release.through, note=release.note, by=release.by
        )
    except RuleViolation:
        return
