"""The barometer in the database: declared values, their batch, and what a second run does."""

from __future__ import annotations

import io
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guichet.accounts.models import AuditEvent
from guichet.core.files import sha256_of
from guichet.directory.tests.factories import lille
from guichet.indicators import lake
from guichet.indicators.actions.history import import_barometer
from guichet.indicators.models import Batch, DeclaredValue, Indicator, IndicatorVersion
from guichet.indicators.reference_tables import digest_of_words
from guichet.indicators.tests.history.folders import EDITION_ROWS, folder_of
from guichet.territories.models import Departement, Region

pytestmark = pytest.mark.django_db

REAL = os.environ.get("GUICHET_SHARED_DATA", "")


@pytest.fixture(autouse=True)
def _lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE = tmp_path / "lake"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lille()
    return folder_of(tmp_path)


def test_values_are_declared_on_their_territories_with_source_and_date(folder: Path) -> None:
    import_barometer(folder)
    value = DeclaredValue.objects.get(
        version__indicator__code="IND-246", level="departement", place="59"
    )
    assert (value.period, value.value) == ("2023-07", Decimal("91.5"))
    assert value.network.code == "barometre"
    assert "17 octobre 2024" in value.source
    assert value.source_date is not None
    assert value.source_date.isoformat() == "2024-10-17"


def test_a_value_comes_with_what_its_source_aims_at_there(folder: Path) -> None:
    import_barometer(folder)
    values = DeclaredValue.objects.filter(version__indicator__code="IND-246")
    assert set(values.values_list("place", "aimed_at", "aimed_for")) == {
        ("59", Decimal(95), "2026-12"),
        ("FR", None, ""),
    }


def test_another_aim_comes_in_a_later_batch(folder: Path, tmp_path: Path) -> None:
    (first, _) = import_barometer(folder).batches
    rows = (*EDITION_ROWS[:2], ("IND-246", "DEPT", "D59", "2026-12-01", "", "96.0"))
    (later,) = import_barometer(folder_of(tmp_path, edition=rows)).batches
    assert [value.aimed_at for value in later.declared_values.all()] == [Decimal(96)]
    assert later.rows_sha256 != first.rows_sha256


def test_each_file_is_a_batch_that_is_listed_and_hashed(folder: Path) -> None:
    report = import_barometer(folder)
    edition, series = Batch.objects.counting().order_by("number")
    assert report.batches == [edition, series]
    assert edition.content == Batch.Content.DECLARED
    assert (edition.row_count, series.row_count) == (4, 3)
    assert edition.number is not None
    assert series.number == edition.number + 1
    assert sha256_of(lake.received_path(edition)) == edition.sha256
    assert ["IND-246", 1, "2023-07", 2] in edition.contents
    assert edition.rows_sha256 != series.rows_sha256


def test_definitions_say_kind_unit_and_direction(folder: Path) -> None:
    import_barometer(folder)
    delay = IndicatorVersion.objects.get(indicator__code="IND-296")
    assert (delay.kind, delay.unit, delay.direction) == ("mean", "month", "lower")
    assert delay.indicator.owner is not None
    assert delay.method == "Comment il est compté"


def test_a_second_run_changes_nothing(folder: Path) -> None:
    import_barometer(folder)
    before = state()
    report = import_barometer(folder)
    assert (report.written, report.batches) == (0, [])
    assert state() == before


def state() -> tuple[int, int, int, int]:
    return (
        Batch.objects.count(),
        DeclaredValue.objects.count(),
        IndicatorVersion.objects.count(),
        AuditEvent.objects.count(),
    )


def test_a_changed_value_comes_in_a_later_batch_and_the_former_stays(
    folder: Path, tmp_path: Path
) -> None:
    import_barometer(folder)
    changed = (("IND-246", "DEPT", "D59", "2023-07-01", "90.5"), *EDITION_ROWS[1:])
    report = import_barometer(folder_of(tmp_path, edition=changed))
    assert report.written == 1
    values = DeclaredValue.objects.filter(
        version__indicator__code="IND-246", level="departement"
    ).order_by("batch__number")
    assert [value.value for value in values] == [Decimal("91.5"), Decimal("90.5")]


def test_a_value_whose_batch_was_withdrawn_comes_back(folder: Path) -> None:
    import_barometer(folder)
    Batch.objects.update(withdrawn_at="2026-11-20T10:00Z", withdrawal_reason="Erreur de fichier")
    assert import_barometer(folder).written == 7


def test_one_fault_in_one_file_and_nothing_is_written(tmp_path: Path) -> None:
    lille()
    wrong = ("IND-246", "DEPT", "D59", "2023-07-01", "beaucoup")
    out = io.StringIO()
    with pytest.raises(CommandError, match="Rien n'a été changé"):
        call_command(
            "import_barometer", folder_of(tmp_path, edition=(*EDITION_ROWS[1:], wrong)), stdout=out
        )
    assert "barometre_ditp_2024.csv.gz, ligne 7 : valeur « beaucoup »" in out.getvalue()
    assert not DeclaredValue.objects.exists()
    assert not Indicator.objects.filter(code="IND-246").exists()


def test_a_code_of_another_owner_stops_everything(folder: Path) -> None:
    Indicator.objects.create(code="nb-familles-aripa")
    with pytest.raises(CommandError, match="nb-familles-aripa"):
        call_command("import_barometer", folder)
    assert not DeclaredValue.objects.exists()


def test_words_edited_on_the_site_stay(folder: Path) -> None:
    import_barometer(folder)
    IndicatorVersion.objects.filter(indicator__code="IND-246").update(public_title="Réécrit")
    import_barometer(folder)
    assert IndicatorVersion.objects.get(indicator__code="IND-246").public_title == "Réécrit"


def test_words_that_nobody_edited_follow_the_table(folder: Path) -> None:
    import_barometer(folder)
    version = IndicatorVersion.objects.get(indicator__code="IND-246")
    version.public_title = "Le titre d'avant"
    version.shipped_words = digest_of_words(version)
    version.save()
    import_barometer(folder)
    version.refresh_from_db()
    assert version.public_title == "Usagers satisfaits de France services"
    assert version.nature == "sample"


def test_a_zero_that_is_kept_says_that_the_source_wrote_it(folder: Path, tmp_path: Path) -> None:
    fibre = ("DEPT", "59", "Fibre", "taux-deploiement-fibre", "0.0", "2020-12-31")
    farmers = ("DEPT", "59", "Agriculteurs", "taux-paiement-dpb", "0.0", "2017-12-31")
    out = io.StringIO()
    call_command("import_barometer", folder_of(tmp_path, series=(fibre, farmers)), stdout=out)
    value = DeclaredValue.objects.get(version__indicator__code="taux-deploiement-fibre")
    assert value.source.endswith("(valeur 0 dans la source)")
    assert "Zéros passés, sans valeur connue : taux-paiement-dpb, 1." in out.getvalue()


def test_without_folder_the_command_says_what_to_write(settings: Any) -> None:
    settings.SHARED_DATA = None
    with pytest.raises(CommandError, match="GUICHET_SHARED_DATA"):
        call_command("import_barometer")


def test_the_command_tells_what_it_did(folder: Path) -> None:
    out = io.StringIO()
    call_command("import_barometer", folder, stdout=out)
    assert "7 valeurs lues (32 indicateurs), 7 nouvelles ou changées." in out.getvalue()


@pytest.mark.skipif(not REAL, reason="needs the real files (GUICHET_SHARED_DATA)")
def test_the_real_files_go_in_whole() -> None:
    region, _ = Region.objects.get_or_create(code="00", defaults={"name": "Région"})
    placed = {"region": region, "latitude": 46.0, "longitude": 2.0}
    for code in departement_codes():
        Departement.objects.get_or_create(code=code, defaults={"name": code, **placed})
    for code in "01 02 03 04 06 11 24 27 28 32 44 52 53 75 76 84 93 94".split():
        Region.objects.get_or_create(code=code, defaults={"name": code})
    report = import_barometer(Path(REAL))
    assert report.faults == []
    assert report.empty_zeros == {"taux-paiement-dpb": 108, "duree-moyenne-traitement-aah": 30}
    assert (report.read, report.written, report.indicators) == (39141, 39141, 40)
    aimed = DeclaredValue.objects.exclude(aimed_at=None)
    assert aimed.values("version").distinct().count() == 29
    assert (
        aimed.get(version__indicator__code="IND-734", place="59", period="2024-09").aimed_at == 759
    )
    asked = {"IND-246", "IND-296", "IND-297", "IND-323", "IND-326", "IND-563", "IND-565", "IND-658"}
    held = set(DeclaredValue.objects.values_list("version__indicator__code", flat=True))
    assert asked <= held
    industry = DeclaredValue.objects.filter(version__indicator__code="IND-335")
    assert industry.get(level="nation", period="2023-12").value == Decimal("13.4")
    assert set(industry.values_list("level", flat=True)) == {"nation", "region"}
    assert import_barometer(Path(REAL)).written == 0
    nation = DeclaredValue.objects.get(
        version__indicator__code="tx-satisfaction-usagers-services-publics", period="2017"
    )
    assert (nation.level, nation.value) == ("nation", Decimal(72))


def departement_codes() -> list[str]:
    metropolitan = [f"{number:02}" for number in range(1, 96) if number != 20]
    return [*metropolitan, "2A", "2B", "971", "972", "973", "974", "976"]
