"""Cells common to all sources: text, e-mail, web, dates, postal codes, positions, telephones."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.directory.sources import fields
from guichet.directory.sources.coordinates import FRENCH_BOXES, in_france, read_position
from guichet.directory.sources.fields import FaultLog


def log() -> FaultLog:
    return FaultLog(7, "fictif")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Mairie \u00a0 d'Évry\n", "Mairie d'Évry"),
        ("a\x00b\u200bc\ufeff", "abc"),
        ("a\ud800b", "ab"),
        ("<p>Ouvert&nbsp;: <b>oui</b></p>", "Ouvert : oui"),
        ("Der & Blaise", "Der & Blaise"),
        ("https://a.fr/?a=1&copy=2", "https://a.fr/?a=1&copy=2"),
        ("1 < 2", "1 < 2"),
        (12, "12"),
        (0, "0"),
        (48.5, "48.5"),
        (None, ""),
        (True, ""),
        ([], ""),
        ({"a": 1}, ""),
        (10**400, ""),
    ],
)
def test_text_is_cleaned_and_other_values_are_not_text(raw: object, expected: str) -> None:
    assert fields.clean_text(raw) == expected


def test_a_block_keeps_its_lines() -> None:
    assert fields.clean_block(" a  b\r\nc\rd ") == "a b\nc\nd"


@settings(deadline=None)
@given(st.text())
def test_cleaned_text_can_be_stored(raw: str) -> None:
    cleaned = fields.clean_block(raw)
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned
    assert fields.clean_text(cleaned) == fields.clean_text(raw)


@pytest.mark.parametrize(
    ("raw", "expected", "warned"),
    [
        ("mairie@exemple.fr", ("mairie@exemple.fr",), False),
        ("mailto:a@b.fr", ("a@b.fr",), False),
        ("a@b.fr ; c@d-e.fr", ("a@b.fr", "c@d-e.fr"), False),
        ("a@b.fr/c@d.fr", ("a@b.fr", "c@d.fr"), False),
        ("a@b.fr.", ("a@b.fr",), False),
        ("-", (), False),
        ("", (), False),
        ("clicg@orange,fr", (), True),
        ("mairie", (), True),
        ("a@b", (), True),
    ],
)
def test_email_cells(raw: str, expected: tuple[str, ...], warned: bool) -> None:
    notes = log()
    assert fields.read_emails(raw, "courriel", notes) == expected
    assert [(fault.line, fault.field, fault.severity) for fault in notes.faults] == (
        [(7, "courriel", "warning")] if warned else []
    )


@pytest.mark.parametrize(
    ("raw", "expected", "warned"),
    [
        ("https://www.exemple.fr/a?b=1#c", "https://www.exemple.fr/a?b=1#c", False),
        ("www.exemple.fr", "http://www.exemple.fr", False),
        ("htttp://www.exemple.fr", "http://www.exemple.fr", False),
        ("http://http://www.exemple.fr", "http://www.exemple.fr", False),
        ("https://http://www.exemple.fr", "http://www.exemple.fr", False),
        ("http://", "", False),
        ("", "", False),
        ("a@b.fr", "", True),
        ("http", "", True),
        ("javascript:alert(1)", "", True),
        ("https://exemple.fr/a b", "", True),
    ],
)
def test_web_address_cells(raw: str, expected: str, warned: bool) -> None:
    notes = log()
    assert fields.read_web_address(raw, "site", notes) == expected
    assert bool(notes.faults) == warned


@pytest.mark.parametrize(
    ("raw", "expected", "warned"),
    [
        ("08/03/2025 14:14:36", date(2025, 3, 8), False),
        ("08/03/2025", date(2025, 3, 8), False),
        ("2026-02-03T10:11:12+00:00", date(2026, 2, 3), False),
        ("2026-02-03", date(2026, 2, 3), False),
        ("", None, False),
        ("31/02/2025 00:00:00", None, True),
        ("mars 2025", None, True),
        ("2025-13-01", None, True),
    ],
)
def test_date_cells(raw: str, expected: date | None, warned: bool) -> None:
    notes = log()
    assert fields.read_date(raw, "maj", notes) == expected
    assert bool(notes.faults) == warned


@pytest.mark.parametrize(
    ("raw", "commune", "expected", "warned"),
    [
        ("45640", "45300", "45640", False),
        (" 69860\u00a0", "69135", "69860", False),
        ("", "45300", "", False),
        ("6175", "06029", "06175", True),
        ("6175", "45300", "", True),
        ("BP 628", "06027", "", True),
        ("456400", "45300", "", True),
    ],
)
def test_postal_code_cells(raw: str, commune: str, expected: str, warned: bool) -> None:
    notes = log()
    assert fields.read_postal_code(raw, commune, "code_postal", notes) == expected
    assert bool(notes.faults) == warned


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("47.8457", "2.0293", (47.8457, 2.0293, "good")),
        ("47,8457", " 2,0293 ", (47.8457, 2.0293, "good")),
        (-20.88, 55.45, (-20.88, 55.45, "good")),
        ("2.0293", "47.8457", (47.8457, 2.0293, "swapped")),
        ("55.45", "-20.88", (-20.88, 55.45, "swapped")),
        ("45.16", "-12.78", (-12.78, 45.16, "swapped")),
        ("166.44", "-22.27", (-22.27, 166.44, "swapped")),
        ("-61.53", "16.24", (16.24, -61.53, "swapped")),
        ("0", "0", (None, None, "zero")),
        ("0.0", 0, (None, None, "zero")),
        ("52.52", "13.40", (None, None, "outside")),
        ("", "", (None, None, "absent")),
        (None, None, (None, None, "absent")),
        ("47.8", "", (None, None, "unreadable")),
        ("nord", "2.0", (None, None, "unreadable")),
        ("nan", "2.0", (None, None, "unreadable")),
        ("inf", "2.0", (None, None, "unreadable")),
        (True, 2.0, (None, None, "unreadable")),
        (10**400, 2.0, (None, None, "unreadable")),
    ],
)
def test_positions(
    latitude: object, longitude: object, expected: tuple[float | None, float | None, str]
) -> None:
    assert read_position(latitude, longitude) == expected


def test_positions_abroad_are_kept_when_the_address_is_abroad() -> None:
    assert read_position("52.52", "13.40", abroad=True) == (52.52, 13.40, "good")
    assert read_position("152.52", "13.40", abroad=True)[2] == "outside"


def test_no_point_of_france_lies_in_france_once_swapped() -> None:
    """Otherwise a swapped pair could not be told; checked on the corners of every box, by pairs
    of boxes: box A swapped must not meet box B."""
    for first in FRENCH_BOXES.values():
        for second in FRENCH_BOXES.values():
            latitudes_meet = first.south <= second.east and second.west <= first.north
            longitudes_meet = first.west <= second.north and second.south <= first.east
            assert not (latitudes_meet and longitudes_meet)


@settings(deadline=None)
@given(st.sampled_from(sorted(FRENCH_BOXES)), st.floats(0, 1), st.floats(0, 1))
def test_a_swapped_point_of_any_territory_comes_back(name: str, north: float, east: float) -> None:
    box = FRENCH_BOXES[name]
    latitude = box.south + north * (box.north - box.south)
    longitude = box.west + east * (box.east - box.west)
    if in_france(latitude, longitude):
        assert read_position(longitude, latitude) == (latitude, longitude, "swapped")


@pytest.mark.parametrize(
    ("pair", "done"),
    [
        (("2.0", "47.8"), "latitude et longitude remises dans l'ordre"),
        (("0", "0"), "position ignorée"),
        (("52.5", "13.4"), "position ignorée"),
        (("x", "13.4"), "position ignorée"),
    ],
)
def test_a_position_put_right_or_left_aside_is_told(pair: tuple[str, str], done: str) -> None:
    notes = log()
    fields.read_coordinates(*pair, "lat, lon", notes)
    (fault,) = notes.faults
    assert (fault.done, fault.severity, fault.value) == (done, "warning", ", ".join(pair))


def test_numbers_that_cannot_be_dialled_are_left_aside_with_the_reason() -> None:
    notes = log()
    phones = fields.read_phones(
        "01 99 00 12 34 / +33 2 34 63 40", "Standard", "45300", "telephone", notes
    )
    assert [(phone.number, phone.label) for phone in phones] == [("01 99 00 12 34", "Standard")]
    (fault,) = notes.faults
    assert (fault.value, fault.done) == ("+33 2 34 63 40", "numéro ignoré")
    assert "7 chiffres" in fault.message


def test_a_number_is_read_in_the_plan_of_its_commune() -> None:
    notes = log()
    assert fields.read_phones("41 50 39", "", "98818", "telephone", notes)
    assert not fields.read_phones("41 50 39", "", "45300", "telephone", notes)


def test_a_long_value_is_cut_in_a_fault() -> None:
    notes = log()
    notes.warn("nom", "x" * 1000, "message", "fait")
    assert len(notes.faults[0].value) == 200
