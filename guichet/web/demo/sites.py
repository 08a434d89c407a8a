"""Fictional sites in real communes, drawn the same at every run.

Owns their shape; refuses any real name, address or number: telephone numbers are in the ranges
that Arcep keeps for fiction (decision 2018-0881, annex), addresses in an imaginary street.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time

from guichet.directory.sources.base import SourceInterval, SourcePhone, SourceStructure
from guichet.territories.models import Commune

FICTION_PREFIXES = ("019900", "026191", "035301", "046571", "053649")
MORNING = (time(8, 30), time(12))
AFTERNOON = (time(13, 30), time(17))
ALL_DAY = (time(9), time(17))
Span = tuple[time, time]

CHIEF_TOWNS = frozenset(
    """
    01053 02408 03190 04070 05061 06088 07186 08105 09122 10387 11069 12202 13206 14118
    15014 16015 17300 18033 19272 21231 22278 23096 24322 25056 26362 27229 28085 29232
    2A004 2B033 30189 31555 32013 33063 34172 35238 36044 37261 38185 39300 40192 41018
    42218 43157 44109 45234 46042 47001 48095 49007 50502 51108 52121 53130 54395 55029
    56260 57463 58194 59350 60057 61001 62041 63113 64445 65440 66136 67482 68066 69383
    70550 71270 72181 73065 74010 75104 76540 77288 78646 79191 80021 81004 82121 83137
    84007 85191 86194 87085 88160 89024 90010 91228 92050 93008 94028 95500 97105 97209
    97302 97411 97611
    """.split()
)
"""INSEE codes of the préfectures (COG 2026); in Paris, Lyon and Marseille, of their
arrondissement."""


@dataclass(frozen=True)
class Plan:
    """Where one kind stands: in the communes of a size, or in one chief town a département.

    With a head office, the site of the chief town stands above the others; with a direction, a
    structure that receives nobody stands above it, at the level of the département.
    """

    kind: str
    label: str
    smallest_population: int
    in_chief_towns: bool
    week: tuple[tuple[Span, ...], ...]
    appointment_days: tuple[int, ...] = ()
    has_head_office: bool = False
    has_direction: bool = False


OFFICE_WEEK: tuple[tuple[Span, ...], ...] = (
    (MORNING, AFTERNOON),
    (MORNING, AFTERNOON),
    (MORNING,),
    (MORNING, AFTERNOON),
    (MORNING, (time(13, 30), time(16))),
    (),
    (),
)
TOWN_HALL_WEEK = (*OFFICE_WEEK[:5], ((time(9), time(12)),), ())
ALL_DAY_WEEK: tuple[tuple[Span, ...], ...] = (*[(ALL_DAY,)] * 5, (), ())
ALWAYS: tuple[tuple[Span, ...], ...] = tuple([((time(0), time(0)),)] * 7)

PLANS = (
    Plan("mairie", "Mairie", 3500, False, TOWN_HALL_WEEK),
    Plan("ccas", "CCAS", 20000, False, OFFICE_WEEK),
    Plan("france_services", "France services", 5000, False, OFFICE_WEEK, (2,)),
    Plan("france_travail", "Agence France Travail", 15000, False, OFFICE_WEEK, (0, 1, 3)),
    Plan("sip", "Service des impôts des particuliers", 15000, False, OFFICE_WEEK, (4,)),
    Plan("commissariat_police", "Commissariat de police", 20000, False, ALWAYS),
    Plan("caf", "Caf", 20000, True, ALL_DAY_WEEK, (2,), True, True),
    Plan("cpam", "CPAM", 20000, True, ALL_DAY_WEEK, (4,), True, True),
    Plan("carsat", "Agence retraite", 60000, False, OFFICE_WEEK, (0, 1, 2, 3, 4)),
    Plan("prefecture", "Préfecture", 0, True, OFFICE_WEEK, (), False, True),
    Plan("maison_handicapees", "MDPH", 0, True, ALL_DAY_WEEK),
    Plan("tgi", "Tribunal judiciaire", 40000, False, ALL_DAY_WEEK),
)


def fictional_sites(communes: Iterable[Commune], *, checked_on: date) -> Iterator[SourceStructure]:
    """The sites of every plan, in the order of communes, head offices before their children."""
    line = 0
    offices: dict[tuple[str, str], str] = {}
    listed = sorted(communes, key=lambda commune: commune.insee_code not in CHIEF_TOWNS)
    for plan in PLANS:
        for commune in listed:
            is_chief = commune.insee_code in CHIEF_TOWNS
            if not belongs(plan, commune, is_chief=is_chief):
                continue
            parent = parent_of(plan, commune, is_chief, offices)
            if plan.has_direction and is_chief:
                line += 1
                above = direction(plan, commune, line, checked_on)
                parent = above.identifier
                yield above
            line += 1
            yield site(plan, commune, line, checked_on, parent)


def belongs(plan: Plan, commune: Commune, *, is_chief: bool) -> bool:
    if plan.in_chief_towns and is_chief:
        return True
    return 0 < plan.smallest_population <= commune.population


def identifier_of(plan: Plan, commune: Commune) -> str:
    return f"demonstration-{plan.kind}-{commune.insee_code}"


def parent_of(
    plan: Plan, commune: Commune, is_chief: bool, offices: dict[tuple[str, str], str]
) -> str:
    """The identifier of the head office of the département, which stands in its chief town."""
    if not plan.has_head_office:
        return ""
    key = (plan.kind, commune.departement_id)
    own = identifier_of(plan, commune)
    if is_chief:
        offices[key] = own
        return ""
    return offices.get(key, "")


def site(plan: Plan, commune: Commune, line: int, checked_on: date, parent: str) -> SourceStructure:
    identifier = identifier_of(plan, commune)
    draw = random.Random(identifier)  # noqa: S311 (not a secret: the same draw at each run)
    name = commune.name
    return SourceStructure(
        line=line,
        identifier=identifier,
        other_identifiers=(),
        name=f"{plan.label} – {name}",
        kinds=(plan.kind,),
        commune_code=commune.insee_code,
        address_lines=(f"{draw.randint(1, 90)} rue de la Démonstration",),
        postal_code=commune.postal_codes[0] if commune.postal_codes else "",
        town=name,
        latitude=round(commune.latitude + draw.uniform(-0.004, 0.004), 6),
        longitude=round(commune.longitude + draw.uniform(-0.004, 0.004), 6),
        position_source="fictive",
        phones=(SourcePhone(fiction_number(draw)),),
        emails=(f"{plan.kind.replace('_', '-')}@{commune.insee_code}.demonstration.example",),
        accessibility=draw.choice(["ACC", "ACC", "ACC", "DEM", "NAC", ""]),
        hours=hours(plan, draw),
        updated_on=checked_on,
        parent_identifier=parent,
    )


def direction(plan: Plan, commune: Commune, line: int, checked_on: date) -> SourceStructure:
    """What stands above the sites of a département; it receives nobody."""
    departement = commune.departement
    return replace(
        site(plan, commune, line, checked_on, ""),
        identifier=f"demonstration-{plan.kind}-direction-{departement.code}",
        name=f"{plan.label} – direction départementale ({departement.name})",
        level="departement",
        hours=None,
    )


def directions(
    kind: str, communes: Iterable[Commune], *, checked_on: date
) -> Iterator[SourceStructure]:
    """Those of a kind alone, in these chief towns: their sites are real places."""
    plan = next(plan for plan in PLANS if plan.kind == kind)
    for line, commune in enumerate(communes, start=1):
        yield direction(plan, commune, line, checked_on)


def fiction_number(draw: random.Random) -> str:
    return f"{draw.choice(FICTION_PREFIXES)}{draw.randint(0, 9999):04}"


def hours(plan: Plan, draw: random.Random) -> tuple[SourceInterval, ...] | None:
    """The plan's week; one site in twelve has never said its hours."""
    if draw.random() < 1 / 12 and plan.kind != "mairie":
        return None
    return tuple(
        SourceInterval(weekday, opens, closes, kind=reception(plan, weekday, opens))
        for weekday, spans in enumerate(plan.week)
        for opens, closes in spans
    )


def reception(plan: Plan, weekday: int, opens: time) -> str:
    """Afternoons of some days are by appointment."""
    by_appointment = weekday in plan.appointment_days and opens >= time(12)
    return "appointment" if by_appointment else "walk_in"
