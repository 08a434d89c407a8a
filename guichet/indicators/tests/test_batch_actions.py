"""Batches confirmed, abandoned, withdrawn; numbers; files of the lake."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from django.db import connection

from guichet.accounts.models import AuditEvent, User
from guichet.accounts.tests.factories import UserFactory
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.indicators import lake
from guichet.indicators.actions import batches, numbering
from guichet.indicators.actions.batches import (
    ALWAYS,
    UNLESS_JUMPS,
    abandon_batch,
    confirm_batch,
    receive_batch,
    withdraw_batch,
)
from guichet.indicators.actions.definitions import edit_version
from guichet.indicators.definitions.content import content_of
from guichet.indicators.full_disk import is_full_disk
from guichet.indicators.models import Batch, Grain, IndicatorVersion, Outcome
from guichet.indicators.tests.observation_example import load_definitions

TITLES = "indicateur;version;structure;periode;partie;total"
JANUARY = "decroche;1;S01;2026-01;800;1000"
JUMP = "decroche;1;S01;2026-02;100;1000"
Send = Callable[..., Batch]


@pytest.fixture
def network(db: None, settings: Any, tmp_path: Path) -> Network:
    settings.LAKE = tmp_path / "lake"
    return load_definitions("structures.csv")


@pytest.fixture
def send(network: Network, tmp_path: Path) -> Send:
    def receive(*lines: str, **options: Any) -> Batch:
        path = tmp_path / "lot.csv"
        path.write_text("\n".join([TITLES, *lines]) + "\n", encoding="utf-8")
        return receive_batch(path=path, file_name="lot.csv", network=network, **options)

    return receive


def files_of_lake(settings: Any) -> list[str]:
    return sorted(
        str(path.relative_to(settings.LAKE))
        for path in settings.LAKE.rglob("*")
        if path.is_file() and path.name != "starting"
    )


def test_a_batch_waits_without_number_then_is_confirmed_with_one(send: Send) -> None:
    waiting = send(JANUARY)
    assert (waiting.outcome, waiting.number, waiting.rows_file) == (Outcome.TO_CONFIRM, None, "")
    accepted = confirm_batch(batch=waiting)
    assert (accepted.outcome, accepted.number) == (Outcome.ACCEPTED, 1)
    assert pq.read_metadata(lake.rows_path(accepted)).num_rows == 1
    with pytest.raises(RuleViolation, match="n'attend pas"):
        confirm_batch(batch=waiting)


def test_the_received_file_is_kept_as_it_came(send: Send, tmp_path: Path) -> None:
    batch = send(JANUARY)
    assert lake.received_path(batch).read_bytes() == (tmp_path / "lot.csv").read_bytes()
    assert batch.byte_count == (tmp_path / "lot.csv").stat().st_size
    assert batch.received_file == f"batches/received/{batch.sha256}.csv"


def test_a_batch_is_checked_again_when_it_is_confirmed(send: Send) -> None:
    waiting = send(JANUARY)
    Grain.objects.filter(version__indicator__code="decroche").update(period_kind="quarter")
    refused = confirm_batch(batch=waiting)
    assert (refused.outcome, refused.number) == (Outcome.REFUSED, 1)
    assert refused.faults[0]["line"] == 2


def test_jumps_that_came_since_the_preview_are_shown_before_anything_is_accepted(
    send: Send,
) -> None:
    waiting = send(JUMP)
    assert waiting.jump_count == 0
    send(JANUARY, accept=ALWAYS)
    again = confirm_batch(batch=waiting)
    assert (again.outcome, again.number, again.jump_count) == (Outcome.TO_CONFIRM, None, 1)
    assert "jump" in {notice["kind"] for notice in again.warnings}
    stored = Batch.objects.get(pk=waiting.pk)
    assert (stored.outcome, stored.jump_count) == (Outcome.TO_CONFIRM, 1)
    assert confirm_batch(batch=stored).outcome == Outcome.ACCEPTED


def test_who_accepts_whatever_the_jumps_is_not_asked_again(send: Send) -> None:
    waiting = send(JUMP)
    send(JANUARY, accept=ALWAYS)
    assert confirm_batch(batch=waiting, accept=ALWAYS).outcome == Outcome.ACCEPTED


def test_only_jumps_wait_for_a_confirmation(send: Send) -> None:
    first = send(JANUARY, accept=UNLESS_JUMPS)
    assert (first.outcome, first.jump_count) == (Outcome.ACCEPTED, 0)
    assert {notice["kind"] for notice in first.warnings} == {"missing"}
    second = send(JUMP, accept=UNLESS_JUMPS)
    assert (second.outcome, second.jump_count) == (Outcome.TO_CONFIRM, 1)


def test_the_same_file_sent_again_takes_the_place_of_the_one_that_waits(send: Send) -> None:
    send(JANUARY, accept=ALWAYS)
    waiting = send(JUMP, accept=UNLESS_JUMPS)
    again = send(JUMP, accept=ALWAYS)
    waiting.refresh_from_db()
    assert (waiting.outcome, again.outcome) == (Outcome.ABANDONED, Outcome.ACCEPTED)
    told = AuditEvent.objects.filter(action="batch.abandoned")
    assert [event.subject_id for event in told] == [str(waiting.pk)]


def test_a_file_identical_to_an_accepted_one_is_told(send: Send) -> None:
    send(JANUARY, accept=ALWAYS)
    again = send(JANUARY, accept=UNLESS_JUMPS)
    assert "identique à celui du lot 1" in again.warnings[-1]["message"]
    assert again.changes["same"] == 1
    withdraw_batch(batch=again, by=None, reason="en double")


def test_numbers_are_one_sequence_of_accepted_and_refused(send: Send) -> None:
    assert send("decroche;1;S99;2026-01;1;2").number == 1
    assert send(JANUARY, accept=ALWAYS).number == 2
    assert abandon_batch(batch=send(JUMP)).number is None
    assert send(JUMP, accept=ALWAYS).number == 3


def test_an_abandoned_batch_cannot_be_confirmed_nor_withdrawn(send: Send) -> None:
    batch = abandon_batch(batch=send(JANUARY), by=UserFactory())
    assert batch.outcome == Outcome.ABANDONED
    with pytest.raises(RuleViolation):
        confirm_batch(batch=batch)
    with pytest.raises(RuleViolation):
        abandon_batch(batch=batch)
    with pytest.raises(RuleViolation, match="Seul un lot accepté"):
        withdraw_batch(batch=batch, by=None, reason="essai")


def test_a_withdrawal_has_a_reason_and_makes_replaced_rows_count_again(send: Send) -> None:
    send(JANUARY, accept=ALWAYS)
    wrong = send("decroche;1;S01;2026-01;100;1000", accept=ALWAYS)
    assert wrong.changes["rows"][0]["before"] == [800, 1000]
    with pytest.raises(RuleViolation, match="Dites pourquoi"):
        withdraw_batch(batch=wrong, by=None, reason="  ")
    lead = UserFactory()
    withdrawn = withdraw_batch(batch=wrong, by=lead, reason="essai  envoyé")
    assert (withdrawn.withdrawn_by, withdrawn.withdrawal_reason) == (lead, "essai envoyé")
    with pytest.raises(RuleViolation):
        withdraw_batch(batch=wrong, by=None, reason="encore")
    after = send("decroche;1;S01;2026-01;810;1000")
    assert after.changes["rows"][0]["before"] == [800, 1000]
    assert list(Batch.objects.counting().values_list("number", flat=True)) == [1]


def test_jumps_compare_with_the_latest_earlier_period_and_the_winning_row(send: Send) -> None:
    send(JANUARY, accept=ALWAYS)
    send("decroche;1;S01;2026-01;150;1000", accept=ALWAYS)
    assert send(JUMP).jump_count == 0
    assert send("decroche;1;S01;2026-04;790;1000").jump_count == 1
    several = send("decroche;1;S01;2026-02;160;1000", "decroche;1;S01;2026-03;700;1000")
    assert [notice["line"] for notice in several.warnings if notice["kind"] == "jump"] == [3]


def test_a_correction_of_the_past_is_compared_with_what_was_before_it(send: Send) -> None:
    send(JANUARY, "decroche;1;S01;2026-03;100;1000", accept=ALWAYS)
    assert send("decroche;1;S01;2026-02;790;1000").jump_count == 0


@pytest.mark.parametrize(
    ("before", "now", "jumps"),
    [
        ("30;100", "60;100", 1),  # 30 points exactly
        ("30;100", "599;1000", 1),  # 29.9 points, but ten times more cases
        ("300;1000", "599;1000", 0),
        ("0;29", "29;29", 0),  # too few cases
        ("0;30", "30;30", 1),
        ("9;10", "45;49", 0),  # 4.9 times more cases
        ("9;10", "45;50", 1),
        ("0;0", "45;50", 1),
        ("0;0", "45;49", 0),
    ],
)
def test_thresholds_of_jumps_are_exact(send: Send, before: str, now: str, jumps: int) -> None:
    send(f"decroche;1;S01;2026-01;{before}", accept=ALWAYS)
    assert send(f"decroche;1;S01;2026-02;{now}").jump_count == jumps


def test_the_history_tells_who_did_what(send: Send) -> None:
    lead = UserFactory()
    batch = send(JANUARY, sender=lead)
    confirm_batch(batch=batch, by=lead)
    withdraw_batch(batch=batch, by=lead, reason="essai")
    events = AuditEvent.objects.filter(subject_kind="batch").order_by("pk")
    assert [event.action for event in events] == ["batch.accepted", "batch.withdrawn"]
    assert {event.actor for event in events} == {lead}


def test_a_subtree_is_warned_of_its_own_structures_only(send: Send) -> None:
    batch = send("decroche;1;S05;2026-01;1;2", scope=Structure.objects.get(code="REL-62"))
    (notice,) = batch.warnings
    assert notice["count"] == 2
    assert "Calais (S06), Guichet fictif de Lens (S07)" in notice["message"]


def test_a_crash_after_the_rows_are_in_the_lake_leaves_nothing_that_counts(
    send: Send, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("panne")

    with monkeypatch.context() as patch:
        patch.setattr(batches, "tell_audit", crash)
        with pytest.raises(RuntimeError, match="panne"):
            send(JANUARY, accept=ALWAYS)
    assert not Batch.objects.exists()
    batch = send("decroche;1;S02;2026-01;1;2", accept=ALWAYS)
    (row,) = pq.read_table(lake.rows_path(batch)).to_pylist()
    assert (batch.number, row["structure"]) == (1, "S02")


@pytest.mark.parametrize(
    ("module", "function"), [(lake, "copy_hashed"), (lake, "synced"), (batches, "sha256_of")]
)
def test_a_full_disk_keeps_nothing_and_says_so(
    send: Send, monkeypatch: pytest.MonkeyPatch, settings: Any, module: Any, function: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(module, function, full)
        with pytest.raises(RuleViolation, match="disque du serveur est plein"):
            send(JANUARY, accept=ALWAYS)
    assert not Batch.objects.exists()
    assert not any(settings.LAKE.glob("batches/preparing/tmp*"))
    assert not any(settings.LAKE.glob("batches/rows/*"))
    assert send(JANUARY, accept=ALWAYS).number == 1


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), True),
        (OSError(errno.EACCES, "No space left"), False),
        (duckdb.IOException('Could not write: "No space left on device"'), True),
        (duckdb.OutOfMemoryException("failed to offload data block"), True),
        (duckdb.IOException("No such file"), False),
        (RuntimeError("No space left"), False),
    ],
)
def test_a_full_disk_is_told_by_the_system_or_by_duckdb(error: Exception, is_full: bool) -> None:
    assert is_full_disk(error) == is_full


def test_duckdb_without_room_is_a_full_disk(network: Network) -> None:
    with pytest.raises(RuleViolation, match="disque du serveur est plein"), lake.workshop():
        raise duckdb.IOException('Could not write: "No space left on device"')


def test_folders_of_dead_workshops_are_removed_and_those_of_others_kept(
    network: Network,
) -> None:
    with lake.workshop() as alive:
        dead = alive.parent / "tmpdead"
        dead.mkdir()
        (dead / lake.LOCK_NAME).touch()
        with lake.workshop():
            assert alive.exists()
            assert not dead.exists()
    assert not alive.exists()


def test_a_definition_edited_while_a_file_is_checked_stops_its_acceptance(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = lake.settle

    def edited_meanwhile(path: Path, name: str) -> Path:
        IndicatorVersion.objects.update(kind="count")
        return settle(path, name)

    monkeypatch.setattr(lake, "settle", edited_meanwhile)
    with pytest.raises(RuleViolation, match="La définition de decroche vient de changer"):
        send(JANUARY, accept=ALWAYS)
    assert not Batch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_edition_waits_for_the_batch_being_accepted_then_finds_its_figures(
    settings: Any, tmp_path: Path, publisher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LAKE = tmp_path / "lake"
    network = load_definitions("structures.csv")
    path = tmp_path / "lot.csv"
    path.write_text(f"{TITLES}\n{JANUARY}\n")
    version = IndicatorVersion.objects.get(indicator__code="decroche")
    told: list[str] = []

    def edit() -> None:
        try:
            edit_version(
                version=version, content=replace(content_of(version), minimum=30), by=publisher
            )
            told.append("edited")
        except RuleViolation as error:
            told.append(str(error))
        finally:
            connection.close()

    editing = threading.Thread(target=edit)

    def number_while_edited() -> int:
        editing.start()
        editing.join(1)
        assert told == []
        return numbering.next_number()

    monkeypatch.setattr(batches, "next_number", number_while_edited)
    receive_batch(path=path, file_name="lot.csv", network=network, accept=ALWAYS)
    editing.join()
    assert told[0].startswith("Des chiffres acceptés reposent sur cette version")


@pytest.mark.django_db(transaction=True)
def test_two_batches_accepted_at_once_have_two_numbers(settings: Any, tmp_path: Path) -> None:
    settings.LAKE = tmp_path / "lake"
    network = load_definitions("structures.csv")
    path = tmp_path / "lot.csv"
    path.write_text(f"{TITLES}\n{JANUARY}\n")
    numbers: list[int | None] = []

    def receive() -> None:
        try:
            batch = receive_batch(path=path, file_name="lot.csv", network=network, accept=ALWAYS)
            numbers.append(batch.number)
        finally:
            connection.close()

    threads = [threading.Thread(target=receive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers, key=str) == [1, 2, 3, 4]
