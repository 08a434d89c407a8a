"""Values as agents type them, and those that must not be stored."""

from __future__ import annotations

import pytest

from guichet.core.errors import RuleViolation
from guichet.directory.entries import email_entry, phone_entry, position, text_lines, web_address


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("www.exemple.fr", "https://www.exemple.fr"),
        (" https://exemple.fr/page ", "https://exemple.fr/page"),
        ("http://exemple.fr", "http://exemple.fr"),
    ],
)
def test_web_addresses_get_their_scheme(typed: str, stored: str) -> None:
    assert web_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:secret@exemple.fr/",
        "https://exemple.fr@evil.example/",
        "https://" + "a" * 600 + ".fr",
        "pas une adresse",
        "\0",
    ],
)
def test_addresses_that_mislead_are_refused(typed: str) -> None:
    with pytest.raises(RuleViolation):
        web_address(typed)


def test_numbers_are_stored_as_they_are_dialled_and_surcharged_ones_refused() -> None:
    assert phone_entry("03 20 49 50 00", " accueil ") == {
        "number": "+33320495000",
        "display": "03 20 49 50 00",
        "cost": "normal",
        "label": "accueil",
    }
    with pytest.raises(RuleViolation, match="surtaxé"):
        phone_entry("0 892 70 12 39")


@pytest.mark.parametrize("typed", ["moi", "moi@", "a@b.fr\r\nBcc: c@d.fr, e@f.fr"])
def test_mail_addresses_that_cannot_be_written_to_are_refused(typed: str) -> None:
    with pytest.raises(RuleViolation):
        email_entry(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("50.63, 3.06", (50.63, 3.06)), ("50,63 ; 3,06", (50.63, 3.06)), ("", None)],
)
def test_positions(typed: str, stored: tuple[float, float] | None) -> None:
    assert position(typed) == stored


@pytest.mark.parametrize("typed", ["0, 0", "91, 3", "Lille", "50.63"])
def test_positions_that_are_nowhere_are_refused(typed: str) -> None:
    with pytest.raises(RuleViolation):
        position(typed)


def test_lines_are_cleaned_and_counted() -> None:
    assert text_lines("  CPAM \n\n\x07MSA", most=2) == ["CPAM", "MSA"]
    with pytest.raises(RuleViolation, match="3 lignes"):
        text_lines("a\nb\nc", most=2)
