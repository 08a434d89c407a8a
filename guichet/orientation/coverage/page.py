"""What the pages say of the last measures: sums, words, communes left out.

Owns the sums of départements and the wording; refuses HTTP, and to measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from guichet.core.text import folded
from guichet.core.words import NBSP, counted, grouped
from guichet.directory.models import Structure, StructureKind
from guichet.directory.queries import SOURCE_NAMES
from guichet.orientation.coverage.measures import FRANCE_SERVICES, USUAL_MINUTES
from guichet.orientation.coverage.reach import Headcount
from guichet.orientation.models import CoverageMeasure
from guichet.orientation.travel import METHOD
from guichet.territories.models import Commune, Departement
from guichet.ui.components.content import written_date

ADDRESS = "/orientation/couverture/"
HEADCOUNT = ("population", "covered", "communes", "left_out", "approximate")
BY_NAME = "nom"
FICTION = "demonstration"
NO_ROAD = "pas de route"
WORKING = (
    METHOD,
    "Toute la population d'une commune est comptée à la position de sa mairie ou de son bourg. "
    "Paris, Lyon et Marseille sont comptées par arrondissement.",
    "Le lieu retenu est le plus proche à vol d'oiseau, dans la commune ou ailleurs. Pour une île "
    "sans pont, ou une commune de Guyane sans route, seul compte un lieu qui s'y trouve.",
    "Le détour pour contourner une rade, un estuaire ou une montagne n'est pas compté : là, le "
    "temps réel est plus long.",
    "C'est toujours cette estimation, même si le site calcule ses itinéraires autrement.",
    "Un lieu itinérant n'est compté qu'à la seule adresse que donne la liste.",
    "Les communes sans habitant ne sont pas comptées. La part est arrondie au dixième ; elle "
    "n'affiche 100 % que si personne n'est à l'écart.",
)


@dataclass(frozen=True)
class Choice:
    """A measure that can be shown."""

    kind: str
    label: str
    minutes: int


@dataclass(frozen=True)
class Line:
    """A département or an overseas collectivity, and how many places it has itself."""

    code: str
    name: str
    is_collectivity: bool
    count: Headcount
    places: int

    @property
    def share(self) -> str:
        return percent_in_words(self.count.percent)

    @property
    def population(self) -> str:
        return grouped(self.count.population)

    @property
    def people(self) -> str:
        return people_in_words(self.count)

    @property
    def left_out(self) -> str:
        return left_out_in_words(self.count)

    @property
    def approximate(self) -> str:
        return approximate_in_words(self.count)

    @property
    def own_places(self) -> str:
        if self.places:
            return grouped(self.places)
        return "aucun d'après la liste ; ceux des territoires voisins comptent si une route y mène"


@dataclass(frozen=True)
class PlaceList:
    """The list of places that a measure stands on, and its age."""

    places: int
    without_position: int
    at_centre: int
    to_check: int
    oldest: date | None
    newest: date | None
    sources: tuple[str, ...]
    is_fictional: bool

    @property
    def age(self) -> str:
        """« 904 lieux comptés, vérifiés entre le … et le … »."""
        counted_ones = counted(self.places, "lieu compté", "lieux comptés")
        checked = "vérifié" if self.places == 1 else "vérifiés"
        if self.newest is None:
            return f"{counted_ones}, sans date de vérification."
        latest = written_date(self.newest)
        if self.oldest is None:
            return f"{counted_ones}, {checked} au plus tard le {latest} ou à une date inconnue."
        if self.oldest == self.newest:
            return f"{counted_ones}, {checked} le {latest}."
        return f"{counted_ones}, {checked} entre le {written_date(self.oldest)} et le {latest}."

    @property
    def warning(self) -> str:
        """What an old list means, empty for a list of the past twelve months."""
        if not self.to_check:
            return ""
        if self.to_check == self.places:
            old = "Cette liste a plus d'un an."
        else:
            old = (
                f"{counted(self.to_check, 'lieu', 'lieux')} sur {grouped(self.places)} sans "
                "vérification depuis plus d'un an."
            )
        return (
            f"{old} Des lieux ont pu ouvrir, déménager ou fermer depuis : la couverture "
            "d'aujourd'hui peut être bien différente."
        )

    @property
    def notes(self) -> list[str]:
        """How the places without an exact position were counted."""
        notes = []
        if self.at_centre:
            places = counted(self.at_centre, "lieu compté", "lieux comptés")
            notes.append(f"{places} au centre de la commune, faute d'adresse située.")
        if self.without_position:
            places = counted(self.without_position, "lieu laissé", "lieux laissés")
            notes.append(f"{places} de côté, faute de position.")
        return notes


@dataclass(frozen=True)
class Coverage:
    """A measure as it is read: `nation` is everybody, `departements` without the collectivities."""

    kind: str
    label: str
    minutes: int
    measured_at: datetime
    nation: Headcount
    departements: Headcount
    lines: tuple[Line, ...]
    source_list: PlaceList

    @property
    def place_name(self) -> str:
        """« une maison France services », « un lieu « Mairie » »."""
        if self.kind == FRANCE_SERVICES:
            return "une maison France services"
        return f"un lieu «{NBSP}{self.label}{NBSP}»"

    @property
    def limit(self) -> str:
        return counted(self.minutes, "minute", "minutes")

    @property
    def has_collectivities(self) -> bool:
        return self.nation != self.departements

    @property
    def departements_share(self) -> str:
        return percent_in_words(self.departements.percent)

    @property
    def people(self) -> str:
        return people_in_words(self.nation)

    @property
    def left_out(self) -> str:
        return left_out_in_words(self.nation)

    @property
    def approximate(self) -> str:
        return approximate_in_words(self.nation)

    @property
    def query(self) -> str:
        """What leads back to this measure, after an address; empty for the usual one."""
        asked: dict[str, str | int] = {}
        if (self.kind, self.minutes) != (FRANCE_SERVICES, USUAL_MINUTES):
            asked["type"] = self.kind
        if self.minutes != USUAL_MINUTES:
            asked["minutes"] = self.minutes
        return f"?{urlencode(asked)}" if asked else ""

    def sentence(self, count: Headcount) -> str:
        """« 78,0 % de la population vit à moins de 30 minutes en voiture d'une maison… »."""
        return (
            f"{percent_in_words(count.percent)} de la population vit à moins de {self.limit} en "
            f"voiture d'{self.place_name}."
        )

    @property
    def national_sentence(self) -> str:
        return self.sentence(self.nation)

    @property
    def file_name(self) -> str:
        day = timezone.localdate(self.measured_at)
        return f"couverture-{self.kind}-{self.minutes}-minutes-{day.isoformat()}"

    def line(self, code: str) -> Line | None:
        return next((line for line in self.lines if line.code == code), None)

    def ordered(self, order: str) -> list[Line]:
        """The least covered first, or by name; where nobody lives, last."""
        if order == BY_NAME:
            return sorted(self.lines, key=lambda line: folded(line.name))
        return sorted(
            self.lines,
            key=lambda line: (
                line.count.percent is None,
                line.count.percent or Decimal(0),
                folded(line.name),
            ),
        )


@dataclass(frozen=True)
class FarCommune:
    """A commune left out; `minutes` is None and `place` empty where no road leads to any place."""

    insee_code: str
    name: str
    departement: str
    population: int
    minutes: int | None
    place: str
    place_name: str

    @property
    def journey(self) -> str:
        return NO_ROAD if self.minutes is None else f"{grouped(self.minutes)}{NBSP}min"

    @property
    def people(self) -> str:
        return grouped(self.population)

    @property
    def place_url(self) -> str:
        return Structure(code=self.place).get_absolute_url() if self.place_name else ""


def choices() -> list[Choice]:
    """What is measured, France services first. One query."""
    rows = CoverageMeasure.objects.order_by("kind__label", "minutes")
    found = [Choice(*row) for row in rows.values_list("kind_id", "kind__label", "minutes")]
    return sorted(found, key=lambda choice: choice.kind != FRANCE_SERVICES)


def coverage_of(kind: str, minutes: int | None = None) -> Coverage | None:
    """The last measure of a kind; at the usual limit when none is asked, else at the shortest.

    Two queries; the list of communes left out is not read.
    """
    measures = CoverageMeasure.objects.filter(kind=kind).defer("far").select_related("kind")
    if minutes is not None:
        measures = measures.filter(minutes=minutes)
    by_limit = {measure.minutes: measure for measure in measures.order_by("minutes")}
    if not by_limit:
        return None
    return coverage_in(by_limit.get(USUAL_MINUTES) or next(iter(by_limit.values())))


def coverage_in(measure: CoverageMeasure) -> Coverage:
    territories = {one.code: one for one in Departement.objects.all()}
    lines = tuple(
        line_of(row, territories[row["code"]])
        for row in measure.departements
        if row["code"] in territories
    )
    return Coverage(
        kind=measure.kind_id,
        label=measure.kind.label,
        minutes=measure.minutes,
        measured_at=measure.measured_at,
        nation=total(lines),
        departements=total(tuple(line for line in lines if not line.is_collectivity)),
        lines=lines,
        source_list=place_list(measure),
    )


def line_of(row: dict[str, Any], territory: Departement) -> Line:
    return Line(
        code=territory.code,
        name=territory.name,
        is_collectivity=territory.region_id == territory.code and len(territory.code) == 3,
        count=Headcount(**{name: row[name] for name in HEADCOUNT}),
        places=row["places"],
    )


def total(lines: tuple[Line, ...]) -> Headcount:
    return sum((line.count for line in lines), Headcount())


def place_list(measure: CoverageMeasure) -> PlaceList:
    rows = measure.departements
    sources = sorted({source for row in rows for source in row["sources"]})
    return PlaceList(
        places=measure.places,
        without_position=measure.places_without_position,
        at_centre=sum(row["at_centre"] for row in rows),
        to_check=sum(row["to_check"] for row in rows),
        oldest=measure.oldest_source,
        newest=measure.newest_source,
        sources=tuple(SOURCE_NAMES.get(source, source) for source in sources),
        is_fictional=FICTION in sources,
    )


def far_communes(coverage: Coverage, departement: str = "") -> list[dict[str, Any]]:
    """As stored, the most peopled first; of one département, or all. One query."""
    far: list[dict[str, Any]] = (
        CoverageMeasure.objects.filter(kind=coverage.kind, minutes=coverage.minutes)
        .values_list("far", flat=True)
        .first()
        or []
    )
    return [row for row in far if departement in ("", row["departement"])]


def named(rows: list[dict[str, Any]]) -> list[FarCommune]:
    """With the names of communes and places; a commune that is gone keeps its code. Two queries."""
    codes = {row["insee_code"] for row in rows}
    communes = dict(Commune.objects.filter(pk__in=codes).values_list("insee_code", "name"))
    places = dict(
        Structure.objects.filter(code__in={row["place"] for row in rows}).values_list(
            "code", "name"
        )
    )
    return [
        FarCommune(
            insee_code=row["insee_code"],
            name=communes.get(row["insee_code"], row["insee_code"]),
            departement=row["departement"],
            population=row["population"],
            minutes=row["minutes"],
            place=row["place"],
            place_name=places.get(row["place"], ""),
        )
        for row in rows
    ]


def kind_label(kind: str) -> str:
    """The name of a kind, empty when there is none."""
    return StructureKind.objects.filter(code=kind).values_list("label", flat=True).first() or ""


def people_in_words(count: Headcount) -> str:
    return f"{grouped(count.covered)} sur {grouped(count.population)}"


def left_out_in_words(count: Headcount) -> str:
    return f"{grouped(count.left_out)} sur {grouped(count.communes)}"


def approximate_in_words(count: Headcount) -> str:
    """What the positions that are only nearly known may change, empty where all are known."""
    if not count.approximate:
        return ""
    return (
        f"{counted(count.approximate, 'habitant', 'habitants')} de communes situées à quelques "
        "kilomètres près : la mesure peut y être fausse, dans un sens ou dans l'autre."
    )


def percent_in_words(percent: Decimal | None) -> str:
    """« 78,0 % », « non mesurée » where nobody lives."""
    return "non mesurée" if percent is None else f"{percent}{NBSP}%".replace(".", ",")
