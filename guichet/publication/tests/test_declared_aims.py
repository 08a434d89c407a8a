"""What the source of a declared value aims at: beside this value, compared with nothing else."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from guichet.directory.tests.factories import lille
from guichet.indicators.actions.history import import_barometer
from guichet.indicators.models import IndicatorVersion
from guichet.indicators.tests.history.folders import folder_of
from guichet.publication.actions.releases import publish_release
from guichet.publication.models import PlaceFigures
from guichet.publication.tests.reading_pages import forget_kept, rows_of, text_of

pytestmark = pytest.mark.django_db
NORD = "/resultats/territoires/59/"
NEXT_YEAR = {"aimed_at": "10", "aimed_for": "2026-Q4"}


def declare(*items, **fields):
    """The declared mean time of the example in the Nord, with these values."""
    place = PlaceFigures.objects.get(part__is_declared=True)
    place.figures = [
        {"state": "declared", "source": "Rapport annuel 2025, page 12"} | one for one in items
    ]
    place.save()
    if fields:
        IndicatorVersion.objects.filter(indicator__code=place.part.indicator).update(**fields)
    forget_kept()


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (
            {"period": "2026-Q1", "value": "12.4"} | NEXT_YEAR,
            "12,4 jours Objectif pour le 4e trimestre 2026 : au plus 10 jours, pas encore atteint.",
        ),
        (
            {"period": "2026-Q1", "value": "10"} | NEXT_YEAR,
            "10 jours Objectif pour le 4e trimestre 2026 : au plus 10 jours, atteint.",
        ),
        (
            {"period": "2026-Q4", "value": "10.1"} | NEXT_YEAR,
            "10,1 jours Objectif pour le 4e trimestre 2026 : au plus 10 jours, pas atteint.",
        ),
    ],
)
def test_a_declared_value_says_whether_the_aim_of_its_source_is_reached(
    client, release, item, told
):
    declare(item)
    text = text_of(client, NORD)
    assert told in text
    assert "comparées qu'à l'objectif que fixe leur source" in text
    assert text.count("Objectif pour") == 1


def test_more_is_better_where_the_indicator_says_so(client, release):
    declare({"period": "2026-Q1", "value": "12.4"} | NEXT_YEAR, direction="higher")
    assert "Objectif pour le 4e trimestre 2026 : 10 jours, atteint." in text_of(client, NORD)


def test_only_the_newest_value_is_compared(client, release):
    declare(
        {"period": "2025-Q4", "value": "9"} | NEXT_YEAR,
        {"period": "2026-Q1", "value": "12.4"} | NEXT_YEAR,
    )
    text = text_of(client, NORD)
    assert "12,4 jours Objectif pour" in text
    assert text.count("Objectif pour") == 1


def test_without_any_aim_it_is_said_once(client, release):
    declare({"period": "2026-Q1", "value": "12.4"})
    text = text_of(client, NORD)
    assert "Rapport annuel 2025, page 12. Pas d'objectif publié." in text
    assert "Elles ne sont ni recalculées, ni comparées." in text


def test_the_csv_says_the_aim_its_period_and_the_verdict(client, release):
    declare({"period": "2026-Q1", "value": "12.4"} | NEXT_YEAR)
    (row,) = [row for row in rows_of(client, f"{NORD}?format=csv") if row["etat"] == "declare"]
    assert (row["objectif"], row["objectif_pour"], row["objectif_atteint"]) == (
        "10",
        "2026-Q4",
        "pas_encore",
    )


def test_the_csv_says_that_a_target_is_not_applicable(client, release):
    declare({"period": "2026-Q1", "value": "12.4"}, target=15)
    (row,) = [row for row in rows_of(client, f"{NORD}?format=csv") if row["etat"] == "declare"]
    assert (row["objectif"], row["objectif_pour"], row["objectif_atteint"]) == (
        "",
        "",
        "sans_objet",
    )


def test_aims_go_from_the_file_of_the_source_to_the_edition_and_its_pages(
    client, tmp_path, settings
):
    """Of an installation that holds declared values alone, too."""
    settings.LAKE = tmp_path / "lake"
    forget_kept()
    lille()
    import_barometer(folder_of(tmp_path))
    publish_release(name="baro", through=date(2026, 10, 31), frozen_on=date(2026, 11, 22))
    text = text_of(client, NORD)
    assert "juillet 2023 91,5 % Objectif pour décembre 2026 : 95 %, pas encore atteint." in text
    assert "2e trimestre 2022 4,51 mois Sans objectif pour ce territoire." in text
    folder = settings.LAKE / "releases" / "baro"
    declared = (folder / "declared.csv").read_text()
    assert "59,2023-07,91.5," in declared
    assert ",95,2026-12\n" in declared
    assert "95" not in (folder / "declared_figures.csv").read_text()
    checked = subprocess.run(
        [sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
