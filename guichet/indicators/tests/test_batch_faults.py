"""Every kind of fault is told with its line, its cell and its mend, all in one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.indicators.actions.batches import receive_batch
from guichet.indicators.batches.corrected import corrected_file
from guichet.indicators.models import Batch, Indicator, Outcome
from guichet.indicators.tests.factories import VersionFactory
from guichet.indicators.tests.faulty_files import FAULTY, TITLES, network_of_every_kind

TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = list(FAULTY)
LINE_OF = {name: rank for rank, name in enumerate(NAMES, start=2)}
Send = Callable[..., Batch]


@pytest.fixture(scope="module")
def faulty_batch(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Batch:
    """One file that holds every faulty line, received once for all the tests."""
    folder = tmp_path_factory.mktemp("faulty")
    path = folder / "fautes.csv"
    lines = [TITLES, *(line for line, _, _ in FAULTY.values())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (
        django_db_blocker.unblock(),
        override_settings(LAKE=folder / "lake"),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(timezone, "now", lambda: TODAY)
        network = network_of_every_kind()
        batch = receive_batch(path=path, file_name=path.name, network=network)
        transaction.set_rollback(True)
    return batch


@pytest.mark.parametrize("name", NAMES)
def test_the_fault_is_told_with_its_line_cell_and_mend(faulty_batch: Batch, name: str) -> None:
    _, column, words = FAULTY[name]
    told = [fault for fault in faulty_batch.faults if fault["line"] == LINE_OF[name]]
    if not words:
        assert told == []
        return
    assert [fault["column"] for fault in told] == [column]
    assert words in told[0]["message"]
    if column:
        letter = chr(ord("A") + TITLES.split(";").index(column))
        assert told[0]["cell"] == f"{letter}{LINE_OF[name]}"


def test_a_file_with_faults_is_refused_whole_with_a_number(faulty_batch: Batch) -> None:
    assert faulty_batch.outcome == Outcome.REFUSED
    assert faulty_batch.number is not None
    assert faulty_batch.fault_count == len(faulty_batch.faults) == len(FAULTY) - 1
    assert faulty_batch.rows_file == ""


@pytest.fixture
def example_network(db: None, settings: Any, tmp_path: Path) -> Network:
    settings.LAKE = tmp_path / "lake"
    return network_of_every_kind()


@pytest.fixture
def send(example_network: Network, tmp_path: Path) -> Send:
    """Receive lines of text as a CSV file."""

    def receive(*lines: str, **options: Any) -> Batch:
        path = tmp_path / "lot.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return receive_batch(path=path, file_name="lot.csv", network=example_network, **options)

    return receive


def messages(batch: Batch) -> list[str]:
    return [fault["message"] for fault in batch.faults]


def test_titles_unknown_missing_and_twice_are_told(send: Send) -> None:
    batch = send(
        "indicateur;version;struct;periode;partie;total;total;remarque",
        "decroche;1;S01;2026-01;1;2;2;bonjour",
    )
    assert messages(batch) == [
        "La colonne « struct » n'existe pas : voulez-vous dire « structure » ?",
        "La colonne « total » est écrite deux fois : gardez-en une.",
        "La colonne « remarque » n'existe pas : supprimez-la.",
        "La colonne « structure » manque : ajoutez-la, avec ce titre exactement.",
    ]
    assert {fault["line"] for fault in batch.faults} == {1}


def test_a_missing_counter_column_is_told_once_rather_than_on_each_line(send: Send) -> None:
    batch = send(
        "indicateur;version;structure;periode;partie",
        *(f"decroche;1;S0{rank};2026-01;1" for rank in range(1, 8)),
    )
    (message,) = messages(batch)
    assert message.startswith("La colonne « total » manque")


def test_titles_in_capitals_with_accents_and_columns_for_people_are_taken(send: Send) -> None:
    batch = send(
        "Indicateur;VERSION;Structure;nom;Période;Coupe;Partie;Total;erreur",
        "decroche;1;S01;Lille;2026-01;;1;2;",
    )
    assert (batch.faults, batch.outcome) == ([], Outcome.TO_CONFIRM)


def test_the_same_key_twice_is_a_fault_even_when_equal(send: Send) -> None:
    line = "decroche;1;S01;2026-01;1;2"
    batch = send("indicateur;version;structure;periode;partie;total", line, line, line)
    assert (batch.fault_count, [fault["line"] for fault in batch.faults]) == (1, [3])
    assert messages(batch) == [
        "Les lignes 2, 3 et 4 ont les mêmes indicateur, version, structure, période et coupe : "
        "n'en gardez qu'une."
    ]


def test_of_a_key_on_many_lines_the_first_ones_are_named(send: Send) -> None:
    batch = send(
        "indicateur;version;structure;periode;partie;total",
        *["decroche;1;S01;2026-01;1;2"] * 20,
        *["decroche;1;S02;2026-01;1;2"] * 2,
    )
    assert [fault["line"] for fault in batch.faults] == [3, 23]
    assert "Les lignes 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 et 8 autres" in messages(batch)[0]
    assert "Les lignes 22 et 23 ont" in messages(batch)[1]


def test_only_versions_that_the_network_sends_are_advised(send: Send) -> None:
    VersionFactory(indicator=Indicator.objects.get(code="decroche"), number=2)
    batch = send(
        "indicateur;version;structure;periode;partie;total",
        "decroche;1.0;S01;2026-01;1;2",
        "decroche;2;S01;2026-01;1;2",
    )
    assert messages(batch)[0].endswith("« 1.0 » de decroche n'existe pas : écrivez 1.")
    assert "« Mes réseaux > Mesures »" in messages(batch)[1]


def test_a_key_written_two_ways_is_the_same_key(send: Send) -> None:
    batch = send(
        "indicateur;version;structure;periode;partie;total",
        "decroche;1;S01;2026-01;1;2",
        "decroche;01; S01 ;2026-01;1;2",
    )
    assert [fault["line"] for fault in batch.faults] == [3]


def test_a_structure_outside_the_senders_subtree_is_refused(send: Send) -> None:
    batch = send(
        "indicateur;version;structure;periode;partie;total",
        "decroche;1;S05;2026-01;1;2",
        "decroche;1;S01;2026-01;1;2",
        scope=Structure.objects.get(code="REL-62"),
    )
    assert [(fault["line"], fault["message"]) for fault in batch.faults] == [
        (3, "S01 ne dépend pas de REL-62 : retirez la ligne.")
    ]


def test_the_day_of_a_move_is_told_when_the_history_holds_it(send: Send) -> None:
    from guichet.accounts.tests.factories import UserFactory
    from guichet.directory.actions.structures import move_structure

    moved = Structure.objects.get(code="S05")
    parent = Structure.objects.get(code="REL-59")
    move_structure(structure=moved, parent=parent, by=UserFactory())
    batch = send(
        "indicateur;version;structure;periode;partie;total",
        "decroche;1;S05;2026-01;1;2",
        scope=Structure.objects.get(code="REL-62"),
    )
    assert messages(batch)[0].startswith("S05 ne dépend plus de REL-62 depuis le ")


def test_a_file_of_titles_only_is_refused(send: Send) -> None:
    batch = send("indicateur;version;structure;periode;partie;total")
    assert messages(batch) == ["Le fichier n'a aucune ligne sous ses titres : ajoutez-en."]


def test_thousands_of_faults_are_counted_and_the_first_ones_kept(send: Send) -> None:
    batch = send(
        "indicateur;version;structure;periode;partie;total",
        *(f"decroche;1;X{rank};2026-01;1;2" for rank in range(1_500)),
    )
    assert (batch.fault_count, len(batch.faults)) == (1_500, 1_000)


def test_a_file_over_the_limit_is_refused_before_it_is_read(send: Send, settings: Any) -> None:
    settings.BATCH_LIMIT_MB = 0
    with pytest.raises(RuleViolation, match="la limite d'un envoi"):
        send("indicateur;version;structure;periode;partie;total")
    assert not Batch.objects.exists()


DECLARED = "indicateur;version;niveau;lieu;periode;valeur;source"


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("delai-moyen;1;canton;59;2026-Q1;12,4;x", "niveau", "structure, departement, region"),
        ("delai-moyen;1;departement;99;2026-Q1;12,4;x", "lieu", "n'est le code d'aucun dép"),
        ("delai-moyen;1;region;1;2026-Q1;12,4;x", "lieu", "n'est le code d'aucune région"),
        ("delai-moyen;1;nation;France;2026-Q1;12,4;x", "lieu", "« FR »"),
        ("delai-moyen;1;structure;AUTRE-1;2026-Q1;12,4;x", "lieu", "n'existe pas dans le rés"),
        ("delai-moyen;1;departement;59;2999;12,4;x", "periode", "n'est pas terminé"),
        ("delai-moyen;1;departement;59;2026-Q1;12,45678;x", "valeur", "quatre décimales"),
        ("delai-moyen;1;departement;59;2026-Q1;environ 12;x", "valeur", "nombre décimal"),
        ("delai-moyen;1;departement;59;2026-Q1;;x", "valeur", "La valeur manque"),
        ("delai-moyen;1;departement;59;2026-Q1;=1+1;x", "valeur", "une formule"),
        ("delai-moyen;1;departement;59;2026-Q1;12,4;", "source", "d'où vient la valeur"),
        ("decroche;1;departement;59;2026-Q1;12,4;x", "periode", "envoie des observations"),
    ],
)
def test_a_declared_value_that_breaks_a_rule_is_refused(
    send: Send, line: str, column: str, words: str
) -> None:
    batch = send(DECLARED, line)
    assert [fault["column"] for fault in batch.faults] == [column]
    assert words in batch.faults[0]["message"]


def test_a_manager_of_a_subtree_declares_for_its_structures_only(send: Send) -> None:
    batch = send(
        DECLARED,
        "delai-moyen;1;structure;S05;2026-Q1;1;x",
        "delai-moyen;1;departement;59;2026-Q1;1;x",
        "delai-moyen;1;structure;S01;2026-Q1;1;x",
        scope=Structure.objects.get(code="REL-62"),
    )
    assert [fault["line"] for fault in batch.faults] == [3, 4]


def test_a_value_declared_before_observations_begin_is_taken(send: Send) -> None:
    batch = send(DECLARED, "decroche;1;departement;59;2025;-12.4567;Rapport", accept="always")
    assert [str(value.value) for value in batch.declared_values.all()] == ["-12.4567"]


@pytest.mark.parametrize("blank_lines", [0, 70_000])  # beyond what is looked at first
def test_any_character_of_a_file_can_be_told(send: Send, blank_lines: int) -> None:
    batch = send(
        "indicateur;version;structure;periode;partie;total",
        *[""] * blank_lines,
        "decroche;1;S\0\x1b99;2026-01;1\x07;2",
    )
    assert [(fault["column"], fault["value"]) for fault in batch.faults] == [
        ("structure", "S  99"),
        ("partie", "1 "),
    ]
    assert "des caractères invisibles (U+0000, U+001B)" in messages(batch)[0]
    assert "un caractère invisible (U+0007)" in messages(batch)[1]


def test_an_invisible_character_is_named_and_the_corrected_file_has_none(send: Send) -> None:
    batch = send(
        "indica\u200bteur;version;structure;periode;partie;total",
        "decroche;1;S\u200b01;2026-\ufeff01;1\u202a;2",
        "decroche;1;S02\u00ad;2026-01;1;2\n",
    )
    assert [(fault["line"], fault["column"]) for fault in batch.faults] == [
        (2, "structure"),
        (2, "periode"),
        (2, "partie"),
        (3, "structure"),
    ]
    assert "un caractère invisible (U+200B)" in messages(batch)[0]
    with corrected_file(batch) as file:
        lines = file.read().decode("utf-8-sig").splitlines()
    assert lines[0] == "indicateur;version;structure;periode;partie;total;erreur"
    assert lines[1:] == ["decroche;1;S01;2026-01;1;2;", "decroche;1;S02;2026-01;1;2;"]
