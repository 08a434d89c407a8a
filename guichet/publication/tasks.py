"""Jobs of publication."""

from __future__ import annotations

from procrastinate.contrib.django import app

from guichet.publication.actions.poster_archives import forget_old_archives, make_posters
from guichet.publication.actions.releases import publish_asked
from guichet.publication.models import PosterArchive
from guichet.publication.open_data.kept_archives import refresh_archives
from guichet.publication.open_data.kept_files import refresh_all
from guichet.publication.result_pages.kept_charts import forget_unused


@app.task(name="publish_release", lock="publish_release")
def publish_release_later(*, release_id: int) -> None:
    """Publish an edition that was asked for; started again after a crash, it begins afresh."""
    publish_asked(release_id)


@app.task(name="make_posters", lock="make_posters")
def make_posters_later(*, archive_id: int) -> None:
    """Draw all posters of a network, one network at a time."""
    archive = PosterArchive.objects.select_related("network").filter(pk=archive_id).first()
    if archive is not None:
        make_posters(archive)


@app.periodic(cron="10 4 * * *")
@app.task(name="forget_old_posters", queueing_lock="forget_old_posters")
def forget_old_posters(timestamp: int) -> None:
    forget_old_archives()


@app.periodic(cron="*/10 * * * *")
@app.task(name="refresh_open_data", queueing_lock="refresh_open_data", lock="refresh_open_data")
def refresh_open_data(timestamp: int) -> None:
    """Make again the files of the open tables whose rows have changed."""
    refresh_all()


@app.periodic(cron="*/10 * * * *")
@app.task(name="keep_archives", queueing_lock="keep_archives", lock="keep_archives")
def keep_archives(timestamp: int) -> None:
    """Compress the editions that came since, once for all who download them."""
    refresh_archives()


@app.periodic(cron="20 4 * * *")
@app.task(name="forget_unused_charts", queueing_lock="forget_unused_charts")
def forget_unused_charts(timestamp: int) -> None:
    forget_unused()


@app.periodic(cron="50 3 * * *")
@app.task(name="submit_displays", queueing_lock="submit_displays", lock="submit_displays")
def submit_confirmed_displays(timestamp: int) -> None:
    """Send the indicators which sites displayed their results at the end of each quarter."""
    from guichet.publication.collectors import submit_displays

    submit_displays()
