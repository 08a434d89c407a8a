"""Telephone numbers of French public services: one form to store, one to show, what a call costs.

Owns the French numbering plan (overseas included) and its cost classes; refuses to guess a number
that has too many or too few digits.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat

Kind = Literal["fixed", "mobile", "internet", "special", "short", "foreign"]
Cost = Literal["free", "normal", "surcharged", "to_check"]


class Phone(NamedTuple):
    """A number that exists in its plan.

    `e164` is "+33142764040"; a short number, which has no international form, stands as it is
    dialled ("3646"). `national` is what French readers expect: "01 42 76 40 40", "36 46".
    """

    e164: str
    national: str
    kind: Kind
    cost: Cost


class PhoneInCell(NamedTuple):
    """A number as it is written in a cell, with the words that say what it is for."""

    number: str
    label: str


# Territories whose commune codes begin so, by the region code of `phonenumbers`.
_REGION_BY_PREFIX = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
# What follows the 0 of a ten-digit number tells the territory (Arcep, plan de numérotation).
_OVERSEAS_BY_START = {
    "262": "RE",
    "263": "RE",
    "692": "RE",
    "693": "RE",
    "269": "YT",
    "639": "YT",
    "590": "GP",
    "690": "GP",
    "691": "GP",
    "594": "GF",
    "694": "GF",
    "596": "MQ",
    "696": "MQ",
    "697": "MQ",
}
_CALLING_CODES = {"RE": "262", "YT": "262", "GP": "590", "GF": "594", "MQ": "596"}
_OWN_PLAN = {"NC": "687", "PF": "689", "WF": "681", "PM": "508"}
# 06 39 98 is kept for fiction (Arcep) though the rest of 0639 is Mayotte's.
_FICTION_START = "63998"

_EMERGENCIES = frozenset({"15", "17", "18", "112", "114", "115", "119", "191", "196", "197"})
_SHORT = re.compile(r"10\d\d|3[0-9]\d\d|11[68]\d{3}")
# 3BPQ numbers outside the free 30 and 31 whose price is known (loi ESSOC, art. 28, for the
# administrations; 3919 is free by its own agreement). Any other is to be checked.
_SHORT_NORMAL = frozenset({"3230", "3238", "3646", "3939", "3949", "3957", "3960"})
_SHORT_FREE = frozenset({"3919"})

_METROPOLITAN = re.compile(r"0(?:[13]\d|2[0-57-9]|4[1-9]|5[0-8])\d{7}")
_INTERNATIONAL_PREFIX = re.compile(r"(?:\+|00)")
_SEPARATORS = re.compile(r"[\s.\-/_\u00a0\u2010-\u2015()]+")


def region_of_commune(commune_code: str) -> str:
    """The `phonenumbers` region of a commune: "FR", "RE", "NC"…"""
    return _REGION_BY_PREFIX.get(commune_code[:3], "FR")


@lru_cache(maxsize=20_000)
def normalise(number: str, region: str = "FR") -> Phone | None:
    """The number in its stored and shown forms, or None when it cannot be dialled.

    `region` (see `region_of_commune`) only matters for the territories that have their own plan
    (New Caledonia, Polynesia, Wallis-et-Futuna, Saint-Pierre-et-Miquelon).
    """
    written = number.strip().replace("(0)", "")
    compact = _SEPARATORS.sub("", written)
    if not re.fullmatch(r"\+?[0-9]{2,15}", compact):
        return None
    if compact in _EMERGENCIES or (region not in _OWN_PLAN and _SHORT.fullmatch(compact)):
        return _short(compact)
    national = _ten_digits(compact)
    if national.startswith("0508"):
        return _own_plan(national[4:], "PM")
    if national and (region not in _OWN_PLAN or len(compact) > 9):
        return _french(national)
    if _INTERNATIONAL_PREFIX.match(compact):
        return _international("+" + _INTERNATIONAL_PREFIX.sub("", compact, count=1))
    if region in _OWN_PLAN:
        return _own_plan(compact.removeprefix(_OWN_PLAN[region]), region)
    return None


def why_unreadable(number: str) -> str:
    """A French sentence on why `normalise` gave None, and how to mend it."""
    digits = re.sub(r"\D", "", number)
    written = number.lstrip()
    if not digits:
        return "Aucun numéro de téléphone n'est écrit. Indiquez dix chiffres : 01 23 45 67 89."
    if re.match(r"(\+|00) ?33", written):
        count = len(re.sub(r"^(00)?330?", "", digits))
        if count != 9:
            return f"Il y a {count} chiffres après +33 au lieu de 9. Vérifiez le numéro."
    elif re.match(r"(\+|00) ?689", written) and len(digits) == 9:
        return "Les numéros de Polynésie ont huit chiffres depuis 2014. Indiquez le nouveau."
    elif written.startswith("0") and len(digits) != 10:
        return f"Il y a {len(digits)} chiffres au lieu de 10. Vérifiez le numéro."
    return "Ce numéro n'existe pas dans le plan de numérotation. Vérifiez-le."


def cost_of(e164: str) -> Cost:
    """What calling costs, from the stored form.

    Ranges of the Arcep's plan: 0800 to 0805 free, 0806 to 0809 an ordinary call, 081, 082 and 089
    surcharged; short numbers 30xx, 31xx and 116xxx free, 118xxx surcharged, 32xx to 39xx either.
    """
    if e164.startswith("+338"):
        return "surcharged" if is_surcharged(e164) else "free" if e164[5] in "012345" else "normal"
    if e164.startswith("+"):
        french = e164.startswith(("+33", *(f"+{code}" for code in _ALL_CODES)))
        return "normal" if french else "to_check"
    if e164 in _EMERGENCIES or e164 in _SHORT_FREE or e164.startswith(("30", "31", "116")):
        return "free"
    if e164 in _SHORT_NORMAL:
        return "normal"
    return "surcharged" if is_surcharged(e164) else "to_check"


_ALL_CODES = (*sorted(set(_CALLING_CODES.values())), *_OWN_PLAN.values())


def is_surcharged(e164: str) -> bool:
    """Whether the stored form is in a range that is always surcharged: 081, 082, 089, 118xxx.

    Since 1 January 2021 the administrations may not use one, local authorities excepted (loi
    n° 2018-727 du 10 août 2018, ESSOC, art. 28).
    """
    if e164.startswith("118") and len(e164) == 6:
        return True
    return len(e164) == 12 and e164.startswith(("+3381", "+3382", "+3389"))


def split_numbers(cell: str) -> tuple[PhoneInCell, ...]:
    """The numbers of a cell in order: « 04 74 00 85 01 / 06 12 34 56 78 (le soir) ».

    Words beside a number become its label, but for notes on the price. Numbers are left as
    written, readable or not.
    """
    cell = cell.replace("\u00a0", " ").strip()
    if _ONE_NUMBER.fullmatch(cell):
        return (PhoneInCell(cell, ""),)
    cell = re.sub(r"\b(0\d)((?:/\d\d){4})\b", lambda m: m[1] + m[2].replace("/", " "), cell)
    cell = _PRICE_IN_BRACKETS.sub(" ", cell)
    found: list[PhoneInCell] = []
    for piece in _BETWEEN_NUMBERS.split(cell):
        runs = [run for run in _RUN.findall(piece) if _could_be_number(run, piece)]
        if runs:
            label = _label(_RUN.sub(" ", piece, count=1))
            found += [PhoneInCell(number, label) for number in _apart(runs[0].strip(" .-"))]
        elif found and not found[-1].label:
            found[-1] = found[-1]._replace(label=_label(piece))
    return tuple(found)


_ONE_NUMBER = re.compile(r"(?:\+ ?\d{1,3}|0\d)(?:[ .\-]?\d){6,9}|\d{4}|0[ .]?8(?:[ .]?\d){8}")
_BETWEEN_NUMBERS = re.compile(
    r"[/;|\n&]|,(?!\d)|\bou\b|\bet\b|\bpuis\b|(?<=\d)[ .\-]*(?=\+ ?\d)", re.IGNORECASE
)
_RUN = re.compile(r"(?:\+ ?|\(\d{2,3}\) ?)?\d(?:[\d .\-]|\(0\)|\(\d{3}\))*")
_PRICE_WORDS = "tarif|co[ûu]t|prix|major[ée]|surtax|violet|gratuit|€|euro"
_PRICE = re.compile(_PRICE_WORDS, re.IGNORECASE)
_PRICE_IN_BRACKETS = re.compile(rf"\([^()]*(?:{_PRICE_WORDS})[^()]*\)", re.IGNORECASE)


def _could_be_number(run: str, piece: str) -> bool:
    digits = re.sub(r"\D", "", run)
    return len(digits) >= 4 or (digits in _EMERGENCIES and piece.strip() == digits)


def _apart(run: str) -> list[str]:
    """Two or three ten-digit numbers that only a space parts."""
    digits = re.sub(r"\D", "", run)
    tens = [digits[start : start + 10] for start in range(0, len(digits), 10)]
    several = len(tens) > 1 and all(len(ten) == 10 and ten.startswith("0") for ten in tens)
    return tens if several else [run]


def _label(words: str) -> str:
    label = " ".join(words.strip(" \t\n.,:;()\"'«»-").split())
    return "" if _PRICE.search(label) else label[:80]


def _ten_digits(compact: str) -> str:
    """0XXXXXXXXX for a number of the French plan, '' otherwise."""
    local = compact
    if compact.startswith(("+33", "0033")):
        local = "0" + compact.removeprefix("+").removeprefix("00")[2:].removeprefix("0")
    elif re.fullmatch(r"\+269(?:269|639)\d{6}", compact):
        # Mayotte's numbers are often written with the code of the Comoros.
        local = "0" + compact[4:]
    elif re.fullmatch(r"\+(?:262|59[046])0?(?:262|263|269|59[046]|6[39]\d)\d{6}", compact):
        local = "0" + compact[4:].removeprefix("0")
    elif re.fullmatch(r"[1-79]\d{8}", compact):
        local = "0" + compact
    return local if re.fullmatch(r"0[1-9]\d{8}", local) else ""


def _french(national: str) -> Phone | None:
    start = national[1:4]
    overseas = _OVERSEAS_BY_START.get(start)
    if overseas and not national.startswith("0" + _FICTION_START):
        parsed = phonenumbers.parse(f"+{_CALLING_CODES[overseas]}{national[1:]}")
        if not phonenumbers.is_valid_number(parsed):
            return None
        kind: Kind = "mobile" if national[1] == "6" else "fixed"
        shown = f"{national[:4]} {national[4:6]} {national[6:8]} {national[8:]}"
        return _with_cost(f"+{_CALLING_CODES[overseas]}{national[1:]}", shown, kind)
    if not (_METROPOLITAN.fullmatch(national) or _is_valid_french(national)):
        return None
    if national[1] == "8":
        shown = f"0 {national[1:4]} {national[4:6]} {national[6:8]} {national[8:]}"
        return _with_cost("+33" + national[1:], shown, "special")
    kinds: dict[str, Kind] = {"6": "mobile", "7": "mobile", "9": "internet"}
    shown = " ".join(national[index : index + 2] for index in range(0, 10, 2))
    return _with_cost("+33" + national[1:], shown, kinds.get(national[1], "fixed"))


def _is_valid_french(national: str) -> bool:
    if national.startswith("0" + _FICTION_START):
        return True
    return phonenumbers.is_valid_number(phonenumbers.parse("+33" + national[1:]))


def _international(compact: str) -> Phone | None:
    for region, code in _OWN_PLAN.items():
        if compact.startswith("+" + code):
            local = compact[4:]
            doubled = len(local) == 9 and local.startswith(code)
            return _own_plan(local[3:] if doubled else local, region)
    try:
        parsed = phonenumbers.parse(compact)
    except phonenumbers.NumberParseException:
        return None
    if parsed.country_code == 33 or not phonenumbers.is_valid_number(parsed):
        return None
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    shown = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    return _with_cost(e164, shown, "foreign")


def _own_plan(local: str, region: str) -> Phone | None:
    try:
        parsed = phonenumbers.parse(f"+{_OWN_PLAN[region]}{local}")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    digits = phonenumbers.national_significant_number(parsed)
    shown = " ".join(digits[index : index + 2] for index in range(0, len(digits), 2))
    mobile = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return _with_cost(e164, shown, "mobile" if mobile else "fixed")


def _short(digits: str) -> Phone:
    if len(digits) == 4:
        shown = f"{digits[:2]} {digits[2:]}"
    elif len(digits) == 6:
        shown = f"{digits[:3]} {digits[3:]}"
    else:
        shown = digits
    return _with_cost(digits, shown, "short")


def _with_cost(e164: str, shown: str, kind: Kind) -> Phone:
    return Phone(e164, shown, kind, cost_of(e164))
