"""Files that came to nothing are not kept for ever; what was said of them is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.directory.tests.agents.conftest import text_of
from guichet.indicators import lake as files
from guichet.indicators.actions.batches import abandon_batch, receive_batch
from guichet.indicators.batches.sending import erase_unused_files
from guichet.indicators.models import Batch, Outcome
from guichet.indicators.tasks import forget_batch_works
from guichet.indicators.tests.factories import GrainFactory, VersionFactory
from guichet.indicators.tests.sendings import accepted, csv_of

GOOD = [("caf-lille", "2026-01", 80, 100), ("caf-roubaix", "2026-01", 75, 100)]
BAD = [("caf-lille", "2026-01", 120, 100)]


@pytest.fixture
def grain(network, site, sibling, lake):
    return GrainFactory(network=network, version=VersionFactory())


def sent(network, lines, tmp_path):
    path = tmp_path / "sent.csv"
    path.write_bytes(csv_of(lines))
    return receive_batch(path=path, file_name="envoi.csv", network=network)


def in_days(count):
    return timezone.now() + timedelta(days=count)


def test_the_files_of_batches_refused_and_abandoned_are_erased_after_ninety_days(
    grain, network, tmp_path, client, lead
):
    kept = accepted(network, GOOD, tmp_path)
    refused = sent(network, BAD, tmp_path)
    abandoned = abandon_batch(batch=sent(network, GOOD[:1], tmp_path))
    waiting = sent(network, GOOD[1:], tmp_path)
    assert erase_unused_files(in_days(89)) == 0
    assert erase_unused_files(in_days(91)) == 2
    for batch in (refused, abandoned):
        assert not files.received_path(batch).exists()
    for batch in (kept, waiting):
        assert files.received_path(batch).exists()
        assert Batch.objects.get(pk=batch.pk).received_file
    stored = Batch.objects.get(pk=refused.pk)
    assert (stored.received_file, stored.sha256) == ("", refused.sha256)
    assert stored.faults == refused.faults != []
    client.force_login(lead)
    page = client.get(f"/agents/reseaux/caf/lots/{refused.address}/")
    assert "Ce fichier n'est plus gardé" in text_of(page)
    assert "corrige.csv" not in page.content.decode()


def test_a_file_that_another_batch_holds_stays(grain, network, tmp_path):
    abandoned = abandon_batch(batch=sent(network, GOOD, tmp_path))
    kept = accepted(network, GOOD, tmp_path)
    assert kept.received_file == abandoned.received_file
    assert erase_unused_files(in_days(91)) == 0
    assert files.received_path(kept).exists()


def test_a_file_received_again_meanwhile_stays(grain, network, tmp_path):
    refused = sent(network, BAD, tmp_path)
    settled = timezone.now() - timedelta(days=91)
    Batch.objects.filter(pk=refused.pk).update(settled_at=settled)
    erase_unused_files(timezone.now())
    assert files.received_path(refused).exists()


def test_the_nightly_job_erases_them(grain, network, tmp_path, monkeypatch):
    refused = sent(network, BAD, tmp_path)
    assert refused.outcome == Outcome.REFUSED
    later = in_days(91)
    monkeypatch.setattr("guichet.indicators.tasks.timezone.now", lambda: later)
    forget_batch_works(timestamp=0)
    assert not files.received_path(refused).exists()
