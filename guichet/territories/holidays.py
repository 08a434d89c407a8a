"""Public holidays of a French département or overseas collectivity, with their French names.

Owns what closes a counter by law; refuses school holidays, bridge days and local custom as law.

The `holidays` library computes the dates. Its lists were checked against the texts, and differ
from them as follows.

- Everywhere, the eleven days of article L3133-1 of the Code du travail: 1 January, Easter Monday,
  1 May, 8 May, Ascension, Whit Monday, 14 July, 15 August, 1 and 11 November, 25 December. Only
  1 May must be a day off (L3133-4); counters are taken to be closed on all of them. No day moves
  when it falls at a week-end. The library forgets Whit Monday in 2005-2007; nothing so old is
  asked of this module.
- Moselle, Bas-Rhin, Haut-Rhin (L3134-13): 26 December, and Good Friday "in communes that have a
  Protestant temple or a mixed church". No public list of these communes exists, and public
  servants of the three départements are off that day in every commune (as a question to the
  Senate of 6 April 2006 recalls): Good Friday counts as a holiday in all of them, and a site
  that does receive says so with an exceptional opening.
- Abolition of slavery (L3422-2): Mayotte 27 April, Martinique 22 May, Guadeloupe 27 May,
  Guyane 10 June, Saint-Barthélemy 9 October, La Réunion 20 December. For Saint-Martin the article
  read 27 May in 2019, while a circular of 2018 allowed 28 May, which the collectivity chose and
  the préfecture announces: 28 May here, for every year.
- Guadeloupe, Martinique, Saint-Martin: the library adds Mi-Carême, Good Friday and 21 July (Victor
  Schoelcher). No article makes them holidays: they are custom, left to `customary_day_off`.
- Mayotte: L3422-2 leaves Miradji, Idi-el-Fitri, Idi-el-Kabir and Maoulid to custom; their dates
  depend on the moon, so that they are entered as exceptional closures and never computed here.
- Saint-Pierre-et-Miquelon, the southern lands, Clipperton: the eleven days and no other.
- Polynésie française (its own Code du travail): also 5 March, Good Friday, and 20 November
  (Matari'i) in place of 29 June. The library makes this change in 2025; the loi du pays voted on
  6 May 2025 made it in 2026, so that 29 June 2025 is put back here.
- Nouvelle-Calédonie (article 74 of the territorial agreement): also 24 September.
- Wallis-et-Futuna (yearly order of the préfet): also 28 April, 29 June and 29 July.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

_METROPOLITAN = [f"{number:02d}" for number in range(1, 96) if number != 20] + ["2A", "2B"]

_SUBDIVISION: dict[str, str | None] = {
    **dict.fromkeys(_METROPOLITAN),
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "984": "TF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
    "989": None,
}

_MI_CAREME = "Mi-Carême"
_GOOD_FRIDAY = "Vendredi saint"
_SCHOELCHER = "Fête de Victor Schoelcher"
_AUTONOMY = "Fête de l'autonomie"

_NOT_IN_LAW: dict[str | None, frozenset[str]] = {
    "971": frozenset({_MI_CAREME, _GOOD_FRIDAY, _SCHOELCHER}),
    "972": frozenset({_SCHOELCHER}),
    "MF": frozenset({_SCHOELCHER}),
}

_CARNIVAL = {-47: "Mardi gras", -46: "Mercredi des Cendres"}
_CUSTOM_AROUND_EASTER: dict[str, dict[int, str]] = {
    "971": {**_CARNIVAL, -24: _MI_CAREME, -2: _GOOD_FRIDAY},
    "972": {**_CARNIVAL, -2: _GOOD_FRIDAY},
    "978": {-24: _MI_CAREME},
}
_CUSTOM_FIXED: dict[str, dict[tuple[int, int], str]] = {
    "971": {(7, 21): _SCHOELCHER, (11, 2): "Jour des défunts"},
    "972": {(7, 21): _SCHOELCHER, (11, 2): "Jour des défunts"},
    "978": {(7, 21): _SCHOELCHER},
}


def public_holiday(insee_department: str, day: date) -> str | None:
    """Name of the public holiday of that day in that département, None on an ordinary day.

    `insee_department` is an INSEE code: "01" to "95", "2A", "2B", "971" to "978", "984", "986" to
    "989". Two holidays on one day are both named ("Ascension et Fête du Travail"). Raises
    `ValueError`, with a French sentence, for any other code. See the module for the law.
    """
    return _holidays_of(_subdivision(insee_department), day.year).get(day)


def customary_day_off(insee_department: str, day: date) -> str | None:
    """Name of a day that many offices take off by custom though no law says so, else None.

    Nobody can say from a calendar that a counter is open on such a day: callers announce its hours
    as "to be confirmed". Known for Guadeloupe, Martinique and Saint-Martin only. Never a day
    that `public_holiday` names. Raises `ValueError` as `public_holiday` does.
    """
    if public_holiday(insee_department, day):
        return None
    fixed = _CUSTOM_FIXED.get(insee_department, {}).get((day.month, day.day))
    if fixed:
        return fixed
    around_easter = _CUSTOM_AROUND_EASTER.get(insee_department)
    if not around_easter:
        return None
    return around_easter.get((day - _easter_sunday(day.year)).days)


def _subdivision(insee_department: str) -> str | None:
    try:
        return _SUBDIVISION[insee_department]
    except KeyError:
        raise ValueError(
            f"« {insee_department[:20]} » n'est pas un code de département : donnez 01 à 95, 2A, "
            "2B, ou un code d'outre-mer (971 à 978, 984, 986 à 989)."
        ) from None


@lru_cache(maxsize=512)
def _holidays_of(subdivision: str | None, year: int) -> Mapping[date, str]:
    listed = holidays.country_holidays("FR", subdiv=subdivision, years=year, language="fr")
    not_in_law = _NOT_IN_LAW.get(subdivision, frozenset())
    named: dict[date, str] = {}
    for day in listed:
        names = [name for name in listed.get_list(day) if name not in not_in_law]
        if names:
            named[day] = " et ".join(names)
    if subdivision == "PF" and year == 2025:
        del named[date(2025, 11, 20)]
        named[date(2025, 6, 29)] = _AUTONOMY
    return named


@lru_cache(maxsize=128)
def _easter_sunday(year: int) -> date:
    for day, name in _holidays_of(None, year).items():
        if "Lundi de Pâques" in name:
            return day - timedelta(days=1)
    raise ValueError(f"Les jours fériés de l'année {year} ne sont pas connus.")
