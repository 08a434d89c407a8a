"""Counters and decimals as people type them: what is read, what is refused, the mechanical mend.

Owns one cell; refuses to guess: « 1,234 » may be a thousand or a decimal. Plain Python.
"""

from __future__ import annotations

import re
from decimal import Decimal

LARGEST = 10**12
LARGEST_SQUARES = 10**15
SPACES = " \t\u00a0\u202f\u2009"
READ = "(?:[0-9]{1,19}|[1-9][0-9]{0,2}(?:[ \u00a0\u202f\u2009][0-9]{3}){1,6})(?:[.,]0{1,2})?"
"""Texts that say one number only: « 412 », « 1 234 567 », « 412,0 »; the same for DuckDB."""
DECIMALS = "[.,]0{1,2}$"
_READ = re.compile(READ)
_DIGITS = re.compile(r"[0-9]{1,19}")
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?:[{SPACES}'’][0-9]{{3}})+")
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]{1,3}(?:,[0-9]{3}){2,}")
_ZERO_DECIMALS = re.compile(rf"(?P<whole>[0-9]+|{_GROUPED.pattern})[.,]0{{1,2}}")
_DECIMAL = re.compile(r"[+-]?[0-9]+[.,][0-9]+")
_VALUE = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,4})?")
_ABSENT = re.compile(r"(?i)n\.?\s?[acdr]\.?|s\.?o\.?|null|none|nan|-+|–|—|\?+|x")


def counter_of(text: str) -> int | None:
    """The counter that a cell says, without spaces around; None when it is not read as one."""
    if _READ.fullmatch(text) is None:
        return None
    return int(re.sub(rf"{DECIMALS}|[{SPACES}]", "", text))


def mended_counter(text: str) -> str | None:
    """The digits that a cell certainly means; None when no mechanical mend is sure."""
    plain = text.strip(SPACES)
    if match := _ZERO_DECIMALS.fullmatch(plain):
        plain = match["whole"]
    if _GROUPED.fullmatch(plain) or _DOTTED.fullmatch(plain):
        plain = re.sub(rf"[{SPACES}'’.,]", "", plain)
    return plain if _DIGITS.fullmatch(plain) else None


def counter_fault(text: str, largest: int = LARGEST) -> str:
    """Why a counter's cell is refused, and how to mend it (French)."""
    plain = text.strip(SPACES)
    if not plain:
        return (
            "La case est vide : écrivez le nombre (0 s'il n'y en a aucun), ou supprimez la ligne "
            "s'il n'est pas connu."
        )
    if plain.startswith("="):
        return "La case contient une formule, jamais calculée ici : remplacez-la par sa valeur."
    mended = mended_counter(plain)
    if mended is not None:
        if int(mended) > largest:
            return f"Ce nombre est trop grand (au plus {written(largest)}) : vérifiez-le."
        return f"Écrivez le nombre en chiffres seulement : « {int(mended)} »."
    return unmendable(plain)


def unmendable(plain: str) -> str:
    if re.fullmatch(r"[-−]\s?[0-9][0-9.,\s]*", plain):
        return "Un nombre de cas ne peut pas être négatif : corrigez-le."
    if plain.endswith("%"):
        return "C'est un pourcentage : envoyez les nombres de cas, le taux en est calculé."
    if _ABSENT.fullmatch(plain):
        return (
            "Ce n'est pas un nombre : si vous ne le connaissez pas, supprimez la ligne ; s'il n'y "
            "a aucun cas, écrivez 0."
        )
    if re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", plain):
        return (
            f"« {plain} » peut se lire de deux façons : écrivez "
            f"« {re.sub(r'[.,]', '', plain)} » si ce sont des milliers ; sinon, un nombre entier."
        )
    if _DECIMAL.fullmatch(plain):
        return "Un nombre de cas est entier, sans virgule : corrigez-le."
    if re.fullmatch(r"[0-9]{20,}", plain):
        return f"Ce nombre est trop grand (au plus {written(LARGEST)}) : vérifiez-le."
    return "Ce n'est pas un nombre entier : écrivez-le en chiffres seulement."


def written(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def declared_value(text: str) -> Decimal | None:
    """The decimal that a network typed (comma or point, at most 4 decimals), else None."""
    plain = text.strip(SPACES)
    return Decimal(plain.replace(",", ".")) if _VALUE.fullmatch(plain) else None
