"""What the poster of a structure says: a few of its published figures, its hours, its addresses.

Owns the choice of figures and their sentences; refuses to draw, and to compute any figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from textwrap import shorten

from django.conf import settings
from django.urls import reverse

from guichet.core.errors import RuleViolation
from guichet.core.words import NBSP
from guichet.directory.models import OpeningInterval, ReceptionKind, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.opening_words import WEEKDAYS, opening_in_words
from guichet.directory.queries import shown_contacts
from guichet.directory.schedules import with_hours
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.models import Family, Nature
from guichet.publication.area_names import after_de
from guichet.publication.models import Release
from guichet.publication.posters.drawing import (
    Code,
    Compared,
    Poster,
    PosterFigure,
)
from guichet.publication.published.figures import Comparison, Figure
from guichet.publication.published.pooled_places import pool_area
from guichet.publication.published.queries import current_release, results_of_structure
from guichet.publication.published.structure_results import IndicatorResult, StructureResults
from guichet.publication.targets import target_of
from guichet.publication.wording import (
    COUNTRY,
    DECLARED,
    comparison_in_words,
    counted_in_words,
    coverage_in_words,
    margin_in_words,
    opinions_in_words,
    period_in_words,
    value_in_words,
)

STANDINGS = ("own", "pool", "above", "declared")
SIGNS = {"better": "up", "worse": "down", "no_clear_difference": "same"}
DEMONSTRATION = "DÉMONSTRATION – chiffres inventés"
FICTIONAL_PLACE = "DÉMONSTRATION – lieu fictif, chiffres inventés"
TELL = "Racontez votre expérience"
NO_RELEASE = (
    "Aucune édition des résultats n'est encore publiée : l'affiche viendra avec la première."
)
LONGEST_NOTE = 60
MOST_CHOSEN = 3
"""What can be read at three metres on one sheet."""

FEWEST_FIGURES = 2
MOST_WITHHELD = 2
SHORT_VERDICTS = {"no_clear_difference": "Sans écart net avec le reste"}


def with_what_posters_read(structures: StructureQuerySet) -> StructureQuerySet:
    """Joined and prefetched, so that a poster asks for its figures only."""
    read = with_hours(structures).prefetch_related("corrections")
    return read.select_related("kind", "network", "commune__departement__region")


def structure_for_poster(code: str) -> Structure | None:
    """A structure with all that its poster reads."""
    return with_what_posters_read(Structure.objects.all()).filter(code=code).first()


def poster_of(structure: Structure, release: Release | None = None) -> Poster:
    """The poster of a structure (see `structure_for_poster`) in a release, else the current one.

    Raises `RuleViolation` when nothing is published that could be shown.
    """
    release = release or current_release()
    if release is None:
        raise RuleViolation(NO_RELEASE)
    results = results_of_structure(structure, release)
    kept = chosen(results.indicators)
    most_compared = 2 if len(kept) <= FEWEST_FIGURES else 1
    figures = tuple(poster_figure(one, results, most_compared) for one in kept)
    if not figures:
        raise RuleViolation(
            f"L'édition {release.name} ne publie aucun chiffre de « {structure.name} » : il n'y a "
            "rien à afficher. Voyez sur sa page de résultats ce qui manque."
        )
    return Poster(
        name=structure.name,
        network=structure.network.name if structure.network else "",
        figures=figures,
        results=Code("Tous nos résultats", f"{settings.PUBLIC_URL}/resultats/{structure.code}/"),
        tell=Code(TELL, f"{settings.PUBLIC_URL}{reverse('share')}?service={structure.code}"),
        edition=edition_in_words(release),
        drawn_at=(release.published_at or release.started_at).replace(microsecond=0),
        hours=tuple(hours_on_paper(structure.intervals.all())) if structure.hours_known else (),
        contacts=tuple(contacts_on_paper(structure)),
        withheld=tuple(withheld_in_words(results.indicators)) if len(kept) < MOST_CHOSEN else (),
        demonstration=demonstration_mark(structure, release, kept),
    )


def demonstration_mark(
    structure: Structure, release: Release, kept: Iterable[IndicatorResult]
) -> str:
    """A declared value is never invented; a fictional place is always said to be so."""
    if structure.is_fictional:
        return FICTIONAL_PLACE
    is_invented = release.is_demonstration and any(one.standing != "declared" for one in kept)
    return DEMONSTRATION if is_invented else ""


def withheld_in_words(results: Iterable[IndicatorResult]) -> Iterator[str]:
    """« Usagers satisfaits : trop peu de réponses pour publier un chiffre »."""
    withheld = [one for one in results if one.standing == "withheld"]
    for one in withheld[:MOST_WITHHELD]:
        cases = "réponses" if one.version.nature == Nature.SAMPLE else "cas"
        yield f"{one.version.public_title}{NBSP}: trop peu de {cases} pour publier un chiffre"


def chosen(results: Iterable[IndicatorResult]) -> list[IndicatorResult]:
    """At most three figures: one opinion, then its own performance, what has a target first, those
    of few cases last; never a raw number, which measures size. A second opinion only where there
    would be one figure."""
    shown = [
        one
        for one in results
        if one.has_value and one.standing in STANDINGS and one.version.kind != Kind.COUNT.value
    ]
    shown.sort(
        key=lambda one: (
            one.has_few_cases,
            STANDINGS.index(one.standing),
            one.version.family != Family.SATISFACTION,
            one.version.kind == Kind.NET_SHARE.value,
            one.version.target is None,
            one.version.public_title,
        )
    )
    opinions = [one for one in shown if one.version.family == Family.SATISFACTION]
    others = [one for one in shown if one.version.family != Family.SATISFACTION]
    kept = [*opinions[:1], *others][:MOST_CHOSEN]
    if len(kept) < FEWEST_FIGURES:
        kept += opinions[1:FEWEST_FIGURES]
    return sorted(kept, key=lambda one: one.has_few_cases)


def poster_figure(
    result: IndicatorResult, results: StructureResults, most_compared: int = 2
) -> PosterFigure:
    figure, definition = result.latest, result.version.definition
    assert figure is not None
    against = list(compared_with(figure, results))[:most_compared]
    share, rest, mark = bar(figure, against, definition)
    compared = [
        Compared(short_comparison(one, definition, of), SIGNS.get(one.verdict, ""))
        for one, of in against
    ]
    value, in_words = value_in_words(figure.value, definition), False
    if opinions := opinions_in_words(figure, definition, result.version.counter_words):
        compared.insert(0, Compared(f"Solde des avis{NBSP}: {value}"))
        value, in_words = opinions, True
    return PosterFigure(
        title=result.version.public_title,
        value=value,
        beside=beside(result, figure, definition, results.release),
        compared=tuple(compared),
        place=place_in_words(result),
        share=share,
        rest=rest,
        mark=mark,
        in_words=in_words,
    )


def short_comparison(one: Comparison, definition: Definition, of: str) -> str:
    """As on the pages, short enough for letters that are read from afar."""
    if one.verdict in SHORT_VERDICTS:
        rest = value_in_words(one.rest, definition)
        return f"{SHORT_VERDICTS[one.verdict]} {of}" + (f" ({rest})" if rest else "")
    return capital(comparison_in_words(one, definition, of))


def compared_with(figure: Figure, results: StructureResults) -> Iterator[tuple[Comparison, str]]:
    """The rest of the département, then of the country, each with its name after « le reste »."""
    if figure.departement and results.departement:
        yield figure.departement, after_de(results.departement.name)
    if figure.nation:
        yield figure.nation, f"du {COUNTRY}"


def bar(
    figure: Figure, compared: list[tuple[Comparison, str]], definition: Definition
) -> tuple[float | None, float | None, str]:
    """Share and rest in 0..1, and what the mark of the rest means; for shares only."""
    if definition.kind not in (Kind.SHARE, Kind.DISTRIBUTION) or figure.value is None:
        return None, None, ""
    share = as_share(figure.value)
    for one, of in compared:
        if one.rest is not None and not one.is_insufficient:
            said = f"reste {of}{NBSP}: {value_in_words(one.rest, definition)}"
            return share, as_share(one.rest), said
    return share, None, ""


def as_share(percent: Decimal) -> float:
    return min(1.0, max(0.0, float(percent) / 100))


def beside(
    result: IndicatorResult, figure: Figure, definition: Definition, release: Release
) -> str:
    """Period, counts, margin of a sample, target, coverage, apart by dots."""
    said = (
        capital(period_in_words(figure.period, through=release.through)),
        ""
        if definition.kind is Kind.NET_SHARE
        else counted_in_words(figure, definition, result.version.counter_words),
        margin_in_words(figure, definition),
        target_of(figure, definition),
        coverage_in_words(figure),
        *result.sources,
    )
    return " · ".join(one for one in said if one)


def place_in_words(result: IndicatorResult) -> str:
    """Whose figure it is, when it is not the structure's own."""
    if result.standing == "pool":
        names = " et ".join(member.name for member in result.pool_members[:3])
        if 1 < len(result.pool_members) <= 3:
            return f"Chiffre commun à {names}"
        return f"Chiffre commun à {len(result.pool_members)} lieux{pool_area(result.place.code)}"
    if result.standing == "above":
        return f"Chiffre publié pour{NBSP}: {result.place_label}"
    if result.standing == "declared":
        return f"{capital(DECLARED)} pour{NBSP}: {result.place_label}"
    return ""


def edition_in_words(release: Release) -> str:
    """Without the day it was frozen on: each figure says its own period."""
    return (
        f"Édition {release.name} des résultats. "
        f"Chacun peut les recalculer{NBSP}: {settings.PUBLIC_URL}/donnees/"
    )


def hours_on_paper(intervals: Iterable[OpeningInterval]) -> Iterator[tuple[str, str]]:
    """(« Du lundi au mercredi », « 9 h – 17 h ») for each run of days that are alike; days
    without opening are told only when they stand between two that are open."""
    by_day = [
        day_in_words_of([one for one in intervals if one.weekday == number])
        for number in range(len(WEEKDAYS))
    ]
    while by_day and not by_day[-1]:
        by_day.pop()
    for said, days in groupby(enumerate(by_day), key=lambda pair: pair[1]):
        numbers = [number for number, _ in days]
        yield days_in_words(numbers[0], numbers[-1]), said or "fermé"


def day_in_words_of(openings: list[OpeningInterval]) -> str:
    said = []
    for one in sorted(openings, key=lambda one: (one.opens, one.closes)):
        hours = opening_in_words(
            one.opens, one.closes, shorten(one.note, LONGEST_NOTE, placeholder="…")
        )
        kind = ReceptionKind(one.kind)
        said.append(hours if kind is ReceptionKind.WALK_IN else f"{hours} ({kind.label})")
    return ", ".join(said)


def days_in_words(first: int, last: int) -> str:
    if first == last:
        return capital(WEEKDAYS[first])
    if last == first + 1:
        return f"{capital(WEEKDAYS[first])} et {WEEKDAYS[last]}"
    return f"Du {WEEKDAYS[first]} au {WEEKDAYS[last]}"


def contacts_on_paper(structure: Structure) -> Iterator[str]:
    """Telephone, address, e-mail: only what somebody vouched for in the past twelve months."""
    contacts = shown_contacts(structure)
    for phone in contacts.phones[:2]:
        yield f"Téléphone{NBSP}: {phone.get('display') or phone['number']}"
    address = ", ".join([*structure.address_lines[:2], place_of(structure)]).strip(", ")
    if address:
        yield address
    yield from contacts.emails[:1]


def place_of(structure: Structure) -> str:
    town = structure.town or (structure.commune.name if structure.commune else "")
    return f"{structure.postal_code} {town}".strip()


def capital(said: str) -> str:
    return said[:1].upper() + said[1:]
