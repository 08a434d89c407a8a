"""The figures of stories in words: value, numbers behind it, definition, the nation beside.

Owns the words; refuses HTML and to say a share of fewer than ten cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guichet.core.words import NBSP, counted, grouped
from guichet.experiences.reading.figures import LEAST, Figures

INSUFFICIENT = "trop peu de récits pour le dire"


@dataclass(frozen=True)
class ShownFigure:
    """`nation` is empty when there is nothing to compare with."""

    title: str
    value: str
    counts: str
    definition: str
    nation: str
    is_known: bool


@dataclass(frozen=True)
class Measure:
    """`value` takes figures that are enough; `cases` are what must be ten at least."""

    title: str
    definition: str
    cases: Callable[[Figures], int]
    value: Callable[[Figures], str]
    counts: Callable[[Figures], str]


def percent(part: int, whole: int) -> str:
    """ "84 %", rounded half up; whole is not zero."""
    return f"{(200 * part + whole) // (2 * whole)}{NBSP}%"


def days_in_words(days: int | None) -> str:
    if not days:
        return "le jour même"
    return f"{counted(days, 'jour', 'jours')}"


def of(part: int, whole: int, words: str) -> str:
    return f"{grouped(part)} sur {grouped(whole)} {words}"


MEASURES = (
    Measure(
        "Récits qui ont reçu une réponse",
        "Récits publiés depuis un an auxquels le service concerné a répondu au moins une fois, "
        "rapportés à tous ceux publiés depuis un an. Un récit adressé à deux services compte pour "
        "chacun d'eux.",
        lambda one: one.addressed,
        lambda one: percent(one.answered, one.addressed),
        lambda one: of(one.answered, one.addressed, "récits adressés"),
    ),
    Measure(
        "Délai médian de première réponse",
        "La moitié des premières réponses sont venues en autant de jours ou moins, comptés de la "
        "publication du récit. Les récits sans réponse n'y sont pas.",
        lambda one: one.answered,
        lambda one: days_in_words(one.median_days),
        lambda one: counted(one.answered, "première réponse", "premières réponses"),
    ),
    Measure(
        "Réponses jugées utiles par l'auteur",
        "Parmi les réponses que l'auteur du récit a jugées, celles qu'il a trouvées utiles.",
        lambda one: one.judged,
        lambda one: percent(one.useful, one.judged),
        lambda one: of(one.useful, one.judged, "réponses jugées"),
    ),
    Measure(
        "Promesses tenues",
        "Parmi les promesses sur lesquelles l'auteur s'est prononcé à leur échéance, celles qu'il "
        "dit entièrement tenues.",
        lambda one: one.promises_judged,
        lambda one: percent(one.promises_kept, one.promises_judged),
        lambda one: of(one.promises_kept, one.promises_judged, "promesses jugées"),
    ),
    Measure(
        "Réponses suivies d'un changement",
        "Parmi les réponses à un récit au ressenti négatif, celles dont la promesse est faite, "
        "d'après le service, ou tenue au moins en partie, d'après l'auteur.",
        lambda one: one.concerns_answered,
        lambda one: percent(one.concerns_changed, one.concerns_answered),
        lambda one: of(one.concerns_changed, one.concerns_answered, "réponses à ces récits"),
    ),
)


def shown_figures(figures: Figures, nation: Figures | None = None) -> list[ShownFigure]:
    """The five measures; `nation` is None where the scope is the nation itself."""
    return [shown_figure(measure, figures, nation) for measure in MEASURES]


def shown_figure(measure: Measure, figures: Figures, nation: Figures | None) -> ShownFigure:
    is_known = measure.cases(figures) >= LEAST
    beside = ""
    if nation is not None and measure.cases(nation) >= LEAST:
        beside = f"En France{NBSP}: {measure.value(nation)}."
    return ShownFigure(
        title=measure.title,
        value=measure.value(figures) if is_known else INSUFFICIENT,
        counts=measure.counts(figures) if is_known else f"moins de {LEAST}",
        definition=measure.definition,
        nation=beside,
        is_known=is_known,
    )


def stories_in_words(figures: Figures) -> str:
    return f"{counted(figures.stories, 'récit', 'récits')} depuis un an"
