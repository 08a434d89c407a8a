"""A sender's journey in a real browser, on a phone without JavaScript and as axe reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from guichet.indicators.actions.comments import comment_figure
from guichet.indicators.actions.tokens import create_token
from guichet.indicators.models import Batch, BatchWork
from guichet.indicators.tests.factories import GrainFactory, VersionFactory
from guichet.indicators.tests.sendings import accepted, csv_of
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible, assert_no_table_scrolls

pytestmark = pytest.mark.browser
LOTS = "/agents/reseaux/caf/lots/"
JANUARY = [("caf-lille", "2026-01", 80, 100), ("caf-roubaix", "2026-01", 75, 100)]
JUMP = [("caf-lille", "2026-02", 10, 100), ("caf-roubaix", "2026-01", 90, 100)]
BAD = [("caf-lille", "2026-02", 120, 100), ("caf-rouba", "février", 1, 2)]


@pytest.fixture
def grain(network, site, sibling, lake):
    return GrainFactory(network=network, version=VersionFactory())


@pytest.fixture
def file_of(tmp_path):
    """`file_of(lines)`: the path of a file to send."""

    def write(lines, name="fevrier.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(csv_of(lines))
        return path

    return write


def test_faults_are_mended_and_jumps_confirmed(
    live_server, signed_in_at, lead, grain, network, tmp_path, file_of
):
    accepted(network, JANUARY, tmp_path)
    page = signed_in_at(lead, DESK)
    page.goto(f"{live_server.url}{LOTS}")
    assert_accessible(page)
    assert_no_table_scrolls(page)
    page.get_by_role("link", name="Envoyer un fichier").click()
    page.get_by_role("heading", name="Envoyer un fichier").wait_for()
    assert_accessible(page)
    page.locator("input[type=file]").set_input_files(file_of(BAD))
    page.get_by_role("button", name="Contrôler le fichier").click()
    page.get_by_text("Rien n'a été pris").wait_for()
    assert_accessible(page)
    assert_no_table_scrolls(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Fichier corrigé (CSV)").click()
    assert "caf-lille" in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name="Envoyer le fichier corrigé").click()
    page.locator("input[type=file]").set_input_files(file_of(JUMP))
    page.get_by_role("button", name="Contrôler le fichier").click()
    page.get_by_text("Aucun défaut : à vous de confirmer").wait_for()
    assert_accessible(page)
    assert_no_table_scrolls(page)
    page.get_by_role("button", name="Confirmer : ces chiffres comptent").click()
    page.get_by_text("Cochez cette case pour continuer.").first.wait_for()
    assert_accessible(page)
    page.get_by_text("J'ai vérifié ces écarts").last.click()
    page.get_by_role("button", name="Confirmer : ces chiffres comptent").click()
    page.get_by_text("Lot accepté").wait_for()
    assert_accessible(page)


def test_a_file_is_sent_and_confirmed_without_javascript(
    live_server, signed_in_at, manager, grain, file_of
):
    page = signed_in_at(manager, PHONE, javascript=False)
    page.goto(f"{live_server.url}{LOTS}envoyer/")
    page.locator("input[type=file]").set_input_files(file_of(JANUARY[:1]))
    page.get_by_role("button", name="Contrôler le fichier").click()
    page.get_by_role("button", name="Confirmer : ces chiffres comptent").click()
    page.get_by_text("Lot accepté").wait_for()
    assert Batch.objects.counting().count() == 1


def test_every_page_is_accessible(live_server, signed_in_at, lead, site, grain, network, tmp_path):
    batch = accepted(network, JANUARY, tmp_path)
    create_token(network=network, label="entrepôt", by=lead)
    comment_figure(
        structure=site,
        version=grain.version,
        period="2026-01",
        text="Le standard était en panne.",
        signed_as="la direction",
        by=lead,
    )
    work = BatchWork.objects.create(
        act="check", network=network, sender=lead, file_name="grand.csv", told="Lecture du fichier"
    )
    page = signed_in_at(lead, PHONE)
    for path in (
        f"{LOTS}{batch.address}/retirer/",
        f"{LOTS}travaux/{work.pk}/",
        f"{LOTS}suivi/",
        f"{LOTS}suivi/{grain.pk}/2026-10/",
        "/agents/reseaux/caf/jetons/",
        "/agents/reseaux/caf/mesures/",
        "/agents/reseaux/caf/mesures/declarer/",
        f"/agents/reseaux/caf/mesures/{grain.pk}/",
        "/agents/indicateurs/",
        "/agents/indicateurs/delais-repartition/",
        "/agents/indicateurs/creer/",
        "/agents/indicateurs/creer/?forme=distribution",
        "/agents/structures/caf-lille/chiffres/",
        "/agents/structures/caf-lille/chiffres/decroche/1/2026-01/",
    ):
        page.goto(f"{live_server.url}{path}")
        assert_accessible(page)
