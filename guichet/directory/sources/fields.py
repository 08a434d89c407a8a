"""Cells of a source turned into clean values, with a fault for each that cannot be.

Owns text, e-mail, web address, date, postal code and position cells of every format; refuses to
repair what has more than one reading.
"""

from __future__ import annotations

import html
import re
from datetime import date

from ..phones import normalise, region_of_commune, split_numbers, why_unreadable
from .base import Fault, SourcePhone
from .coordinates import read_position
from .reading import cut

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Only what a semicolon ends: "&copy=1" in an address is no entity.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,32}\d?);")
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\ufeff\ud800-\udfff]")
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}")
_BETWEEN_EMAILS = re.compile(r"[;,/\s]+")
_SCHEME = re.compile(r"(?:h+t+ps?:/*)+(?=https?:)|^h+tt+p(s?):?/+", re.IGNORECASE)
_WEB = re.compile(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?", re.IGNORECASE)
_BARE_WEB = re.compile(r"[\w-]+(\.[\w-]+)+([/?#]\S*)?")
_FRENCH_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})(?:\s.*)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T\s].*)?")
_BLANKS = frozenset({"", "-", "--", "http://", "https://"})

_POSITION_MESSAGES = {
    "unreadable": "Les coordonnées ne sont pas deux nombres. Écrivez-les en degrés : 48.85, 2.35.",
    "zero": "Les coordonnées 0, 0 désignent l'océan Atlantique. Indiquez la vraie position.",
    "outside": "Les coordonnées ne tombent sur aucun territoire français. Vérifiez-les.",
    "swapped": "La latitude et la longitude sont inversées. Remettez-les dans l'ordre à la source.",
}


class FaultLog:
    """The faults of one record, collected while its fields are read."""

    def __init__(self, line: int, identifier: str = "") -> None:
        self.line = line
        self.identifier = identifier
        self.faults: list[Fault] = []

    def warn(self, field: str, value: object, message: str, done: str) -> None:
        """Notes a field left aside or repaired; the structure is kept."""
        self._add(field, value, message, done, "warning")

    def refuse(self, field: str, value: object, message: str) -> None:
        """Notes what makes the whole record unusable."""
        self._add(field, value, message, "fiche refusée", "error")

    def _add(self, field: str, value: object, message: str, done: str, severity: str) -> None:
        shown = clean_text(value if isinstance(value, str) else repr(value))[:200]
        self.faults.append(Fault(self.line, self.identifier, field, shown, message, done, severity))


def clean_text(value: object) -> str:
    """One line of text: control characters and markup out, blanks collapsed."""
    if not value:
        return "0" if value == 0 and value is not False else ""
    if isinstance(value, str) and value.isprintable() and "<" not in value and "&" not in value:
        return " ".join(value.split()) if "  " in value else value.strip()
    return " ".join(clean_block(value).split())


def clean_block(value: object) -> str:
    """A text that keeps its line breaks: control characters and markup out."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value) if not isinstance(value, int) or abs(value) < 10**30 else ""
    if not isinstance(value, str):
        return ""
    if value.isprintable() and "<" not in value and "&" not in value:
        return value.strip()
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = _UNWANTED.sub("", text)
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))


def read_date(raw: object, field: str, log: FaultLog) -> date | None:
    """JJ/MM/AAAA or AAAA-MM-JJ, a time after it being ignored."""
    text = clean_text(raw)
    if not text:
        return None
    try:
        if french := _FRENCH_DATE.fullmatch(text):
            return date(int(french[3]), int(french[2]), int(french[1]))
        if iso := _ISO_DATE.fullmatch(text):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        pass
    log.warn(
        field, text, "Cette date n'existe pas. Écrivez-la JJ/MM/AAAA ou AAAA-MM-JJ.", "date ignorée"
    )
    return None


def read_emails(raw: object, field: str, log: FaultLog) -> tuple[str, ...]:
    """The e-mail addresses of a cell; a warning for what is not one."""
    text = clean_text(raw)
    if text in _BLANKS:
        return ()
    if _EMAIL.fullmatch(text):
        return (text,)
    parts = [part for part in _BETWEEN_EMAILS.split(text) if part]
    if not all("@" in part for part in parts):
        parts = [text]
    found = []
    for part in parts:
        email = part.removeprefix("mailto:").rstrip(".")
        if _EMAIL.fullmatch(email):
            found.append(email)
        else:
            message = "Ce n'est pas une adresse électronique (nom@domaine.fr)."
            log.warn(field, part, message, "courriel ignoré")
    return tuple(dict.fromkeys(found))


def read_web_address(raw: object, field: str, log: FaultLog) -> str:
    """A http(s) address, "www.…" completed and doubled schemes undone; '' with a warning."""
    text = clean_text(raw)
    if text in _BLANKS:
        return ""
    if _WEB.fullmatch(text):
        return text
    repaired = _SCHEME.sub(lambda m: f"http{m[1] or ''}://" if m[1] is not None else "", text)
    if "@" not in text and _BARE_WEB.fullmatch(repaired):
        repaired = f"http://{repaired}"
    if _WEB.fullmatch(repaired):
        return repaired
    log.warn(
        field, text, "Ce n'est pas une adresse de site (https://www.exemple.fr).", "adresse ignorée"
    )
    return ""


def read_phones(
    raw: object, label: str, commune_code: str, field: str, log: FaultLog
) -> tuple[SourcePhone, ...]:
    """The numbers of a cell that can be dialled, as written; a warning for each other."""
    cell = clean_block(raw)
    if cell in _BLANKS:
        return ()
    region = region_of_commune(commune_code)
    numbers = split_numbers(cell)
    good = []
    for number, words in numbers:
        if normalise(number, region):
            good.append(SourcePhone(number, " - ".join(filter(None, (label, words)))))
        else:
            log.warn(field, number, why_unreadable(number), "numéro ignoré")
    if not numbers:
        log.warn(field, cell, why_unreadable(cell), "numéro ignoré")
    return tuple(good)


def looks_like_web_address(raw: str) -> bool:
    """Whether a cell meant for something else holds a web address."""
    return raw.lstrip().lower().startswith(("http:", "https:", "www."))


def read_postal_code(raw: object, commune_code: str, field: str, log: FaultLog) -> str:
    """Five digits. A leading zero lost by a spreadsheet is put back if the département agrees."""
    text = clean_text(raw)
    if not text or (len(text) == 5 and text.isdecimal()):
        return text
    padded = text.zfill(5)
    if len(text) == 4 and text.isdecimal() and padded[:2] == commune_code[:2]:
        log.warn(field, text, "Le zéro initial manque.", f"code postal rétabli : {padded}")
        return padded
    log.warn(field, text, "Un code postal a cinq chiffres.", "code postal ignoré")
    return ""


def read_coordinates(
    latitude: object, longitude: object, field: str, log: FaultLog, *, abroad: bool = False
) -> tuple[float | None, float | None]:
    """Degrees WGS 84 or (None, None); warns when they are put right or left aside."""
    position = read_position(latitude, longitude, abroad=abroad)
    message = _POSITION_MESSAGES.get(position.verdict)
    if message:
        done = (
            "latitude et longitude remises dans l'ordre"
            if position.verdict == "swapped"
            else "position ignorée"
        )
        log.warn(field, f"{cut(str(latitude))}, {cut(str(longitude))}", message, done)
    return position.latitude, position.longitude


def checked_identifier(raw: object, field: str, log: FaultLog, seen: set[str]) -> str:
    """The record's identifier; '' with an error when it is missing or already met in the file."""
    identifier = clean_text(raw)
    log.identifier = identifier
    if not identifier:
        log.refuse(field, "", "L'identifiant manque : sans lui, la fiche ne peut pas être suivie.")
    elif identifier in seen:
        log.refuse(
            field, identifier, "Cet identifiant figure déjà plus haut. Gardez une seule fiche."
        )
        return ""
    seen.add(identifier)
    return identifier


def checked_name(raw: object, field: str, log: FaultLog) -> str:
    """The structure's name; '' with an error when it is missing."""
    name = clean_text(raw)
    if not name:
        log.refuse(field, "", "Le nom de la structure manque. Indiquez-le.")
    return name
