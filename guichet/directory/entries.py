"""Addresses, numbers and positions as people type them, in the form that a structure stores.

Owns the reading of one value, for a form's field as for a cell; refuses what could not be dialled,
written to or opened, and says how to mend it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from guichet.core.errors import RuleViolation
from guichet.core.text import one_line
from guichet.directory import phones
from guichet.directory.models import Structure

LONGEST_ADDRESS = 500
LONGEST_LABEL = 100
LONGEST_LINE = 250
LONGEST_TEXT = 4000
MOST_LINES = 6
_valid_url = URLValidator(schemes=["http", "https"])
_POSITION = re.compile(r"(-?\d{1,3}(?:[.,]\d+)?)\s*(?:[;\s]|,\s)\s*(-?\d{1,3}(?:[.,]\d+)?)")


def phone_entry(number: str, label: str = "", *, region: str = "FR") -> dict[str, str]:
    """`{"number", "display", "cost", "label"}`; a surcharged number is refused (law 2018-727)."""
    phone = phones.normalise(one_line(number), region)
    if phone is None:
        raise RuleViolation(phones.why_unreadable(one_line(number)))
    entry = {
        "number": phone.e164,
        "display": phone.national,
        "cost": phone.cost,
        "label": short(label, LONGEST_LABEL, "Ce libellé"),
    }
    refuse_surcharged([entry])
    return entry


def refuse_surcharged(entries: list[dict[str, str]]) -> None:
    """`RuleViolation` for the first number that costs more than a call (law 2018-727, art. 28)."""
    for entry in entries:
        if phones.is_surcharged(entry["number"]):
            raise RuleViolation(
                f"Le {entry['display']} est surtaxé : aucun numéro de service public ne peut "
                "l'être depuis le 1er janvier 2021. Indiquez un numéro gratuit ou ordinaire."
            )


def email_entry(text: str) -> str:
    email = one_line(text)
    try:
        validate_email(email)
    except ValidationError as error:
        raise RuleViolation(
            f"« {email[:60]} » n'est pas une adresse électronique. Exemple : accueil@exemple.fr."
        ) from error
    if len(email) > 254:
        raise RuleViolation("Cette adresse électronique est trop longue : 254 caractères au plus.")
    return email


def web_address(text: str) -> str:
    """The address with its scheme: « www.exemple.fr » becomes « https://www.exemple.fr »."""
    address = one_line(text)
    if not re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
        address = f"https://{address}"
    try:
        _valid_url(address)
    except ValidationError as error:
        raise RuleViolation(
            f"« {address[:60]} » n'est pas une adresse de page. Exemple : https://www.exemple.fr/."
        ) from error
    if "@" in urlsplit(address).netloc:
        raise RuleViolation(
            f"« {address[:60]} » contient un identifiant de connexion : retirez ce qui précède @."
        )
    if len(address) > LONGEST_ADDRESS:
        raise RuleViolation(
            f"Cette adresse est trop longue : {LONGEST_ADDRESS} caractères au plus."
        )
    return address


def link_entry(address: str, label: str = "") -> dict[str, str]:
    return {"label": short(label, LONGEST_LABEL, "Ce titre"), "url": web_address(address)}


def position(text: str) -> tuple[float, float] | None:
    """« 50.63, 3.06 » as WGS 84 degrees (latitude, longitude); None for an empty text."""
    written = one_line(text)
    if not written:
        return None
    match = _POSITION.fullmatch(written)
    numbers = [float(number.replace(",", ".")) for number in match.groups()] if match else []
    if not numbers or not (-90 <= numbers[0] <= 90 and -180 <= numbers[1] <= 180):
        raise RuleViolation(
            "Écrivez la latitude puis la longitude en degrés, par exemple 50.63297, 3.05858."
        )
    if numbers == [0, 0]:
        raise RuleViolation("0, 0 est au large de l'Afrique : recopiez la position du lieu.")
    return numbers[0], numbers[1]


def position_text(structure: Structure) -> str:
    """The stored position as `position` reads it; "" when it is only the commune's."""
    if structure.latitude is None or structure.position_source == "commune":
        return ""
    return f"{structure.latitude:.5f}, {structure.longitude:.5f}"


def text_lines(text: str, *, most: int) -> list[str]:
    """The lines of a text that say something; `RuleViolation` beyond `most` or 250 characters."""
    lines = [line for raw in text.splitlines() if (line := one_line(raw))]
    if len(lines) > most:
        raise RuleViolation(f"{len(lines)} lignes : {most} au plus.")
    return [short(line, LONGEST_LINE, "Cette ligne") for line in lines]


def short(text: str, limit: int, what: str) -> str:
    line = one_line(text)
    if len(line) > limit:
        raise RuleViolation(f"{what} a {len(line)} caractères : {limit} au plus.")
    return line
