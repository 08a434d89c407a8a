"""What is given back: the corrected file, the model file, the schema of the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.indicators.actions.batches import ALWAYS, receive_batch
from guichet.indicators.batches.corrected import corrected_file
from guichet.indicators.batches.models_of_files import model_file
from guichet.indicators.batches.schema import table_schema
from guichet.indicators.checking.columns import COUNTERS, KEY
from guichet.indicators.models import Batch, Grain, Outcome
from guichet.indicators.tests.factories import GrainFactory, IndicatorFactory, VersionFactory
from guichet.indicators.tests.observation_example import load_definitions

Receive = Callable[[bytes, str], Batch]
TODAY = date(2026, 4, 10)


@pytest.fixture
def network(db: None, settings: Any, tmp_path: Path) -> Network:
    settings.LAKE = tmp_path / "lake"
    return load_definitions("structures.csv")


@pytest.fixture
def receive(network: Network, tmp_path: Path) -> Receive:
    def send(content: bytes, name: str = "lot.csv") -> Batch:
        path = tmp_path / name
        path.write_bytes(content)
        return receive_batch(path=path, file_name=name, network=network, accept=ALWAYS)

    return send


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def corrected_bytes(batch: Batch) -> bytes:
    with corrected_file(batch) as file:
        return file.read()


def filled(rows: list[list[str]]) -> list[list[str]]:
    """The rows of a model with counters written in."""
    width = rows[0].index("partie")
    return [rows[0], *([*row[:width], "12", "15"] for row in rows[1:])]


def csv_bytes(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode()


def test_mechanical_mends_are_made_and_the_mended_file_is_accepted(receive: Receive) -> None:
    batch = receive(
        (
            "Indicateur;version;structure;periode;coupe;partie;total;nom\n"
            "DECROCHE ;1,0; s01 ;janv-26;;1 200;1 500,0;Lille\n"
            "decroche;v1;S02;01/02/2026;;12’000;1.500.000;'=Roubaix\n"
            "Accuse Delai;1;rel-59;T1 2026;Courrier;1;2;\n"
            "accuse-delai;1;REL-59;2026-Q1;EN-LIGNE;1;2;\n"
        ).encode(),
        "fautes.csv",
    )
    assert batch.outcome == Outcome.REFUSED
    mended = corrected_bytes(batch)
    rows = csv_rows(mended)
    assert rows[0] == [*KEY, "partie", "total", "nom", "erreur"]
    assert rows[1] == ["decroche", "1", "S01", "2026-01", "", "1200", "1500", "Lille", ""]
    assert rows[2] == [
        "decroche", "1", "S02", "2026-02", "", "12000", "1500000", "'=Roubaix", "",
    ]  # fmt: skip
    assert rows[3][:5] == ["accuse-delai", "1", "REL-59", "2026-Q1", "courrier"]
    assert rows[4][:5] == ["accuse-delai", "1", "REL-59", "2026-Q1", "en-ligne"]
    assert receive(mended, "corrige.csv").outcome == Outcome.ACCEPTED


def test_a_month_that_a_workbook_holds_as_a_date_is_told_and_made_a_month_again(
    receive: Receive,
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["indicateur", "version", "structure", "periode", "partie", "total"])
    book.active.append(["decroche", 1, "S01", date(2026, 1, 1), 12, 15])
    out = io.BytesIO()
    book.save(out)
    batch = receive(out.getvalue(), "dates.xlsx")
    assert [(fault["cell"], fault["value"]) for fault in batch.faults] == [("D2", "2026-01-01")]
    assert batch.faults[0]["message"].endswith("envoie des mois : écrivez « 2026-01 ».")
    assert receive(corrected_bytes(batch), "corrige.csv").outcome == Outcome.ACCEPTED


def test_what_remains_wrong_is_said_beside_each_line(receive: Receive) -> None:
    batch = receive(
        b"indicateur;version;structure;periode;partie;total;nom\n"
        b"decroche;1;S01;2026-01;3;2;\n"
        b"decroche;1;S02;2026-01;1,234;2;=1+1\n"
        b"decroche;1;S03;2026-01;1;2;3;4\n",
        "fautes.csv",
    )
    rows = csv_rows(corrected_bytes(batch))
    assert rows[0][-2:] == ["nom", "erreur"]
    assert "partie : La partie (3) dépasse le total (2)" in rows[1][-1]
    assert "de deux façons" in rows[2][-1]
    assert rows[2][-2] == "'=1+1"
    assert rows[3][:7] == [""] * 7
    assert rows[3][-1].startswith("Ligne 4 : La ligne a 8 cases")


def test_a_corrected_file_keeps_known_columns_only(receive: Receive) -> None:
    batch = receive(
        b"indicateur;version;structure;periode;partie;total;remarque;erreur;nom\n"
        b"decroche;1;S01;2026-01;1;2;a relire;ancienne;Lille\n",
        "remarque.csv",
    )
    assert "« remarque » n'existe pas" in batch.faults[0]["message"]
    titles, row = csv_rows(corrected_bytes(batch))
    assert titles == [
        "indicateur", "version", "structure", "periode", "partie", "total", "nom", "erreur",
    ]  # fmt: skip
    assert row == ["decroche", "1", "S01", "2026-01", "1", "2", "Lille", ""]
    assert receive(corrected_bytes(batch), "corrige.csv").outcome == Outcome.ACCEPTED


def test_a_corrected_file_out_of_proportion_is_refused_in_words(
    receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = receive(
        b"indicateur;version;structure;periode;partie;total\ndecroche;1;S01;2026-01;3;2\n",
        "fautes.csv",
    )
    monkeypatch.setattr("guichet.indicators.batches.corrected.MOST_BYTES", 100)
    with pytest.raises(RuleViolation, match="en plusieurs fichiers"):
        corrected_file(batch)


def test_a_corrected_file_is_checked_again_when_it_comes_back_unmended(receive: Receive) -> None:
    batch = receive(
        b"indicateur;version;structure;periode;partie;total\n"
        b"decroche;1;S01;2026-01;1;2\n"
        b"decroche;1;S02;2026-01;1;2;3;4\n",
        "fautes.csv",
    )
    again = receive(corrected_bytes(batch), "corrige.csv")
    assert again.outcome == Outcome.REFUSED
    assert {fault["line"] for fault in again.faults} == {3}


def test_dates_of_a_workbook_become_months(receive: Receive) -> None:
    book = openpyxl.Workbook()
    book.active.append(["indicateur", "version", "structure", "periode", "partie", "total"])
    book.active.append(["decroche", 1, "S01", date(2026, 1, 1), 1, 2])
    buffer = io.BytesIO()
    book.save(buffer)
    batch = receive(buffer.getvalue(), "lot.xlsx")
    assert [(fault["cell"], fault["value"]) for fault in batch.faults] == [("D2", "2026-01-01")]
    assert csv_rows(corrected_bytes(batch))[1][3] == "2026-01"


def test_what_was_no_table_has_no_corrected_file(receive: Receive) -> None:
    batch = receive(b"%PDF-1.7", "lot.pdf")
    assert (batch.outcome, batch.number, batch.faults[0]["line"]) == (Outcome.REFUSED, 1, 0)
    with pytest.raises(RuleViolation, match="un PDF"):
        corrected_bytes(batch)


def test_declared_values_are_mended_too(receive: Receive) -> None:
    batch = receive(
        b"indicateur;version;niveau;lieu;periode;valeur;source\n"
        b"Delai-Moyen;1;Departement;59;T1 2026;12,4;rapport\n",
        "declare.csv",
    )
    again = receive(corrected_bytes(batch), "corrige.csv")
    assert (batch.outcome, again.outcome) == (Outcome.REFUSED, Outcome.ACCEPTED)


def test_the_model_holds_the_expected_structures_of_the_latest_whole_period(
    network: Network,
) -> None:
    rows = csv_rows(model_file(network, today=TODAY))
    assert rows[0] == [
        "indicateur", "version", "structure", "nom", "periode", "coupe", "partie", "total",
    ]  # fmt: skip
    of = {name: [row for row in rows[1:] if row[0] == name] for name in {r[0] for r in rows[1:]}}
    assert {name: len(found) for name, found in of.items()} == {
        "decroche": 12,  # S12 closed in February
        "satisfaction": 12,
        "accuse-delai": 6,
    }
    assert {row[4] for row in of["decroche"]} == {"2026-03"}
    assert {(row[4], row[5]) for row in of["accuse-delai"]} == {
        ("2026-Q1", "courrier"),
        ("2026-Q1", "en-ligne"),
    }


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_model_once_filled_is_accepted(
    network: Network, receive: Receive, file_format: str
) -> None:
    content = model_file(network, today=TODAY, file_format=file_format)
    if file_format == "csv":
        assert receive(csv_bytes(filled(csv_rows(content))), "lot.csv").faults == []
        return
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Observations", "Lisez-moi"]
    sheet = book["Observations"]
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, 7).value, sheet.cell(line, 8).value = 12, 15
    buffer = io.BytesIO()
    book.save(buffer)
    batch = receive(buffer.getvalue(), "lot.xlsx")
    assert (batch.faults, batch.row_count, batch.outcome) == ([], 30, Outcome.ACCEPTED)


def test_a_model_left_empty_is_refused_cell_by_cell(network: Network, receive: Receive) -> None:
    batch = receive(model_file(network, today=TODAY), "lot.csv")
    assert batch.fault_count == 60
    assert {fault["message"][:20] for fault in batch.faults} == {"La case est vide : é"}


def test_a_model_is_limited_to_what_its_sender_holds(network: Network) -> None:
    scope = Structure.objects.get(code="REL-62")
    rows = csv_rows(model_file(network, scope=scope, today=TODAY))
    assert {row[2] for row in rows[1:]} == {"S05", "S06", "S07", "REL-62"}


def test_a_model_leaves_out_what_the_platform_counts(network: Network) -> None:
    GrainFactory(
        network=network,
        version=VersionFactory(indicator=IndicatorFactory(code="avis")),
        source="avis",
    )
    rows = csv_rows(model_file(network, today=TODAY))
    assert "avis" not in {row[0] for row in rows}


@pytest.mark.parametrize(
    ("today", "period"), [(date(2026, 11, 20), "2026-10"), (date(2027, 1, 15), "2026-12")]
)
def test_a_model_asks_for_what_is_due_while_the_next_grain_is_to_come(
    network: Network, today: date, period: str
) -> None:
    asked = Grain.objects.filter(network=network, version__indicator__code="decroche")
    asked.update(ended_on=date(2026, 12, 31))
    GrainFactory(network=network, version=asked[0].version, first_period="2027-01")
    rows = csv_rows(model_file(network, today=today))
    assert {row[4] for row in rows if row[0] == "decroche"} == {period}


def test_a_model_asks_nothing_of_a_grain_that_ended(network: Network) -> None:
    asked = Grain.objects.filter(network=network, version__indicator__code="decroche")
    asked.update(ended_on=date(2026, 1, 31))
    rows = csv_rows(model_file(network, today=TODAY))
    assert "decroche" not in {row[0] for row in rows}


def test_names_that_look_like_formulas_are_neutral_in_models(network: Network) -> None:
    Structure.objects.filter(code="S01").update(name="=HYPERLINK(1)")
    rows = csv_rows(model_file(network, today=TODAY))
    assert "'=HYPERLINK(1)" in {row[3] for row in rows}
    book = openpyxl.load_workbook(io.BytesIO(model_file(network, today=TODAY, file_format="xlsx")))
    cells = [cell for row in book["Observations"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}


def test_the_schema_describes_every_column_that_is_read() -> None:
    schema = table_schema()
    names = [field["name"] for field in schema["fields"]]
    assert names == [*KEY, *COUNTERS]
    assert schema["primaryKey"] == list(KEY)
    required = [f["name"] for f in schema["fields"] if f["constraints"].get("required")]
    assert required == ["indicateur", "version", "structure", "periode"]
    largest = {f["name"]: f["constraints"].get("maximum") for f in schema["fields"]}
    assert (largest["total"], largest["somme_carres"]) == (10**12, 10**15)
    assert all(field["description"] for field in schema["fields"])


def test_a_formula_is_told_once(receive: Receive) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["indicateur", "version", "structure", "periode", "coupe", "partie", "total"])
    sheet.append(["decroche", 1, "S01", "2026-02", "", "=1+1", 4])
    written = io.BytesIO()
    book.save(written)
    batch = receive(written.getvalue(), "formule.xlsx")
    assert [(fault["cell"], fault["value"]) for fault in batch.faults] == [("F2", "=1+1")]
    assert batch.fault_count == 1
