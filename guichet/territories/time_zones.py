"""The legal time of a French commune, as an IANA zone, from its INSEE code.

Owns the table of zones; refuses to guess one for a code that is not a commune of the Republic.

Offsets: decree 2017-292 of 6 March 2017 on legal time. Only metropolitan France and
Saint-Pierre-et-Miquelon change their clocks (the latter on the dates of Canada).
"""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import ZoneInfo

_METROPOLITAN_COMMUNE = re.compile(r"(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5])\d{3}")
_OVERSEAS_COMMUNE = re.compile(r"9[78]\d{3}")

_ZONE_BY_TERRITORY = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
    # The IANA database has no zone of its own for Clipperton: eight hours behind UTC.
    "989": "Etc/GMT+8",
}

_MARQUESAS = {
    "98718",  # Fatu-Hiva
    "98723",  # Hiva-Oa
    "98731",  # Nuku-Hiva
    "98746",  # Tahuata
    "98756",  # Ua-Huka
    "98757",  # Ua-Pou
}

_ZONE_BY_COMMUNE = {
    **dict.fromkeys(_MARQUESAS, "Pacific/Marquesas"),
    "98719": "Pacific/Gambier",
    "98413": "Indian/Reunion",  # Crozet
    "98414": "Antarctica/DumontDUrville",  # Terre-Adélie
    "98415": "Indian/Reunion",  # Îles Éparses, uninhabited, run from La Réunion
}


def time_zone_name(insee_commune: str) -> str:
    """IANA name of the zone of a commune ("75056" gives "Europe/Paris").

    Takes today's codes, former ones, and the arrondissements of Paris, Lyon and Marseille: the
    département decides, except in Polynesia and the southern lands where the commune does.
    Raises `ValueError`, with a French sentence, when the code cannot be a French commune's.
    """
    if _METROPOLITAN_COMMUNE.fullmatch(insee_commune):
        return "Europe/Paris"
    exception = _ZONE_BY_COMMUNE.get(insee_commune)
    if exception:
        return exception
    if _OVERSEAS_COMMUNE.fullmatch(insee_commune):
        zone = _ZONE_BY_TERRITORY.get(insee_commune[:3])
        if zone:
            return zone
    raise ValueError(
        f"« {insee_commune[:20]} » n'est pas un code de commune française : donnez le code INSEE "
        "à cinq caractères (75056, 2A004, 97105…), à ne pas confondre avec le code postal."
    )


@lru_cache(maxsize=4096)
def time_zone(insee_commune: str) -> ZoneInfo:
    """The zone itself; see `time_zone_name`."""
    return ZoneInfo(time_zone_name(insee_commune))
