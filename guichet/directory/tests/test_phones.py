"""Telephone numbers: stored and shown forms, cost of a call, several numbers in one cell."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.directory.phones import (
    cost_of,
    is_surcharged,
    normalise,
    region_of_commune,
    split_numbers,
    why_unreadable,
)


@pytest.mark.parametrize(
    ("written", "region", "e164", "national", "kind"),
    [
        ("01 42 76 40 40", "FR", "+33142764040", "01 42 76 40 40", "fixed"),
        ("01.42.76.40.40", "FR", "+33142764040", "01 42 76 40 40", "fixed"),
        ("+33 1 42 76 40 40", "FR", "+33142764040", "01 42 76 40 40", "fixed"),
        ("+33 (0)1 42 76 40 40", "FR", "+33142764040", "01 42 76 40 40", "fixed"),
        ("00 33 1 42 76 40 40", "FR", "+33142764040", "01 42 76 40 40", "fixed"),
        ("+33 4 79 60 31\u00a048", "FR", "+33479603148", "04 79 60 31 48", "fixed"),
        ("233562334", "FR", "+33233562334", "02 33 56 23 34", "fixed"),
        ("06 07 47 16 27", "FR", "+33607471627", "06 07 47 16 27", "mobile"),
        ("07 85 93 51 18", "FR", "+33785935118", "07 85 93 51 18", "mobile"),
        ("09 70 12 34 56", "FR", "+33970123456", "09 70 12 34 56", "internet"),
        ("0976 12 34 56", "RE", "+33976123456", "09 76 12 34 56", "internet"),
        ("0 800 123 456", "FR", "+33800123456", "0 800 12 34 56", "special"),
        ("0800 12 34 56", "RE", "+33800123456", "0 800 12 34 56", "special"),
        ("0262 40 12 34", "RE", "+262262401234", "0262 40 12 34", "fixed"),
        ("02 62 40 12 34", "FR", "+262262401234", "0262 40 12 34", "fixed"),
        ("+33 2 62 40 12 34", "RE", "+262262401234", "0262 40 12 34", "fixed"),
        ("+262 2 62 40 12 34", "RE", "+262262401234", "0262 40 12 34", "fixed"),
        ("0692 40 12 34", "RE", "+262692401234", "0692 40 12 34", "mobile"),
        ("02 69 63 50 00", "YT", "+262269635000", "0269 63 50 00", "fixed"),
        ("+269 269 61 05 05", "YT", "+262269610505", "0269 61 05 05", "fixed"),
        ("0590 81 12 34", "GP", "+590590811234", "0590 81 12 34", "fixed"),
        ("0690 81 12 34", "MF", "+590690811234", "0690 81 12 34", "mobile"),
        ("+594 594 30 08 08", "GF", "+594594300808", "0594 30 08 08", "fixed"),
        ("+596 596 55 77 77", "MQ", "+596596557777", "0596 55 77 77", "fixed"),
        ("41 02 70", "PM", "+508410270", "41 02 70", "fixed"),
        ("0508 41 02 70", "FR", "+508410270", "41 02 70", "fixed"),
        ("+508 508 41 06 00", "PM", "+508410600", "41 06 00", "fixed"),
        ("(687) 41 50 39", "NC", "+687415039", "41 50 39", "fixed"),
        ("40 50 12 34", "PF", "+68940501234", "40 50 12 34", "fixed"),
        ("+681 72 32 17", "WF", "+681723217", "72 32 17", "fixed"),
        ("06 39 98 12 34", "FR", "+33639981234", "06 39 98 12 34", "mobile"),
        ("01 99 00 12 34", "FR", "+33199001234", "01 99 00 12 34", "fixed"),
        ("+377 98 98 12 34", "FR", "+37798981234", "+377 98 98 12 34", "foreign"),
        ("3646", "FR", "3646", "36 46", "short"),
        ("39 39", "FR", "3939", "39 39", "short"),
        ("15", "FR", "15", "15", "short"),
        ("114", "RE", "114", "114", "short"),
        ("116 117", "FR", "116117", "116 117", "short"),
    ],
)
def test_numbers_take_one_stored_and_one_shown_form(
    written: str, region: str, e164: str, national: str, kind: str
) -> None:
    phone = normalise(written, region)
    assert phone is not None
    assert phone[:3] == (e164, national, kind)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("+33 2 34 63 40", "7 chiffres après +33"),
        ("+33 1 44 64 50 00 00", "11 chiffres après +33"),
        ("02988288000", "11 chiffres au lieu de 10"),
        ("+689 47 01 47", "huit chiffres depuis 2014"),
        ("+33 4 06 89 00 40", "n'existe pas"),
        ("99", "n'existe pas"),
        ("mairie", "Aucun numéro"),
        ("", "Aucun numéro"),
    ],
)
def test_a_number_that_cannot_be_dialled_is_refused_with_the_reason(
    written: str, reason: str
) -> None:
    assert normalise(written, "FR") is None
    assert reason in why_unreadable(written)


@pytest.mark.parametrize(
    ("written", "cost"),
    [
        ("0800 12 34 56", "free"),
        ("0805 56 05 80", "free"),
        ("0806 00 01 26", "normal"),
        ("0809 40 14 01", "normal"),
        ("01 42 76 40 40", "normal"),
        ("0262 40 12 34", "normal"),
        ("+687 41 50 39", "normal"),
        ("0810 25 18 10", "surcharged"),
        ("0811 36 36 00", "surcharged"),
        ("0820 20 01 89", "surcharged"),
        ("0826 88 68 10", "surcharged"),
        ("0891 01 22 22", "surcharged"),
        ("3005", "free"),
        ("3114", "free"),
        ("3919", "free"),
        ("17", "free"),
        ("116 006", "free"),
        ("3646", "normal"),
        ("3939", "normal"),
        ("3936", "to_check"),
        ("3299", "to_check"),
        ("1013", "to_check"),
        ("118 712", "surcharged"),
        ("+377 98 98 12 34", "to_check"),
    ],
)
def test_the_cost_follows_the_range(written: str, cost: str) -> None:
    phone = normalise(written, "FR")
    assert phone is not None
    assert phone.cost == cost == cost_of(phone.e164)
    assert is_surcharged(phone.e164) == (cost == "surcharged")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("01 42 76 40 40", [("01 42 76 40 40", "")]),
        (
            "04 74 00 85 01 / 06 12 34 56 78",
            [("04 74 00 85 01", ""), ("06 12 34 56 78", "")],
        ),
        ("04/74/00/85/01", [("04 74 00 85 01", "")]),
        ("03 87 06 15 76 ou 3646", [("03 87 06 15 76", ""), ("3646", "")]),
        (
            "+33 6 75 73 33 57 +33 5 65 58 15 25",
            [("+33 6 75 73 33 57", ""), ("+33 5 65 58 15 25", "")],
        ),
        ("0142764040 0612345678", [("0142764040", ""), ("0612345678", "")]),
        ("15 ou 112", [("15", ""), ("112", "")]),
        (
            "Contact Retraite : 3960 \nContact Employeurs : 3957",
            [("3960", "Contact Retraite"), ("3957", "Contact Employeurs")],
        ),
        (
            "+33 2 48 68 33 57 (aux heures de permanence)",
            [("+33 2 48 68 33 57", "aux heures de permanence")],
        ),
        ("01 42 76 40 40, poste 12", [("01 42 76 40 40", "poste 12")]),
        ("01 42 76 40 40 (0,15 €/min)", [("01 42 76 40 40", "")]),
        ("0 800 123 456 (service gratuit)", [("0 800 123 456", "")]),
        ("(687) 41 50 39", [("(687) 41 50 39", "")]),
        ("-", []),
        ("", []),
        ("voir le site", []),
    ],
)
def test_a_cell_gives_its_numbers_and_what_they_are_for(
    cell: str, expected: list[tuple[str, str]]
) -> None:
    assert [tuple(phone) for phone in split_numbers(cell)] == expected


@pytest.mark.parametrize(
    ("commune", "region"),
    [
        ("75056", "FR"),
        ("2A004", "FR"),
        ("97411", "RE"),
        ("97611", "YT"),
        ("98818", "NC"),
        ("", "FR"),
    ],
)
def test_the_region_is_that_of_the_commune(commune: str, region: str) -> None:
    assert region_of_commune(commune) == region


@settings(deadline=None)
@given(st.integers(0, 999_999_999))
def test_numbers_of_metropolitan_france_agree_with_the_reference_library(digits: int) -> None:
    """Reference: `phonenumbers`, except where the plan gives the range to overseas or fiction."""
    national = f"0{digits:09d}"
    phone = normalise(national, "FR")
    if phone is None or not phone.e164.startswith("+33"):
        return
    reference = phonenumbers.parse(national, "FR")
    assert phonenumbers.is_valid_number(reference) or national.startswith("063998")
    assert phone.e164 == phonenumbers.format_number(reference, phonenumbers.PhoneNumberFormat.E164)


@settings(deadline=None)
@given(st.from_regex(r"0[1-5][0-9]{8}", fullmatch=True))
def test_no_valid_fixed_number_is_refused(national: str) -> None:
    reference = phonenumbers.parse(national, "FR")
    if phonenumbers.is_valid_number(reference):
        assert normalise(national, "FR") is not None


@settings(deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="0123456789+() .-/ou", max_size=60))
def test_any_cell_is_read_without_raising(cell: str) -> None:
    for phone in split_numbers(cell):
        for region in ("FR", "RE", "NC", "PM"):
            read = normalise(phone.number, region)
            assert read is None or normalise(read.e164, region) == read
        assert why_unreadable(phone.number)
