"""The figures of stories in words: value, numbers behind it, definition, the nation beside.

Owns the words; refuses HTML and to say a share of fewer than ten cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guichet.core.words import NBSP, counted, grouped
from guichet.experiences.reading.figures import LEAST, Figures
from guichet.experiences.reading.scopes import Scope

BELOW = "de ce service et des lieux qui en dépendent"
INSUFFICIENT = "trop peu de récits pour le dire"


@dataclass(frozen=True)
class ShownFigure:
    """`sentence` says the figure by itself; `nation` is empty when there is nothing to compare
    with."""

    title: str
    value: str
    counts: str
    definition: str
    sentence: str
    nation: str
    is_known: bool


@dataclass(frozen=True)
class Measure:
    """`value` and `sentence` take figures that are enough; `cases` are what must be ten."""

    title: str
    definition: str
    sentence: Callable[[Figures], str]
    cases: Callable[[Figures], int]
    value: Callable[[Figures], str]
    counts: Callable[[Figures], str]


def percent(part: int, whole: int) -> str:
    """ "84 %", rounded half up; whole is not zero."""
    return f"{(200 * part + whole) // (2 * whole)}{NBSP}%"


def days_in_words(figures: Figures) -> str:
    """ "en 9 jours"; of a median."""
    days = figures.median_days
    return f"en {counted(days, 'jour', 'jours')}" if days else "le jour même"


def or_less(figures: Figures) -> str:
    return " ou moins" if figures.median_days else ""


def first_answers(figures: Figures) -> str:
    return counted(figures.answered, "première réponse", "premières réponses")


def of(part: int, whole: int, words: str) -> str:
    return f"{grouped(part)} sur {grouped(whole)} {words}"


MEASURES = (
    Measure(
        "Récits qui ont reçu une réponse",
        "Sur les récits publiés depuis un an, ceux auxquels le service a répondu au moins une "
        "fois. Un récit adressé à deux services compte une fois pour chacun.",
        lambda one: f"{percent(one.answered, one.addressed)} des récits ont reçu une réponse.",
        lambda one: one.addressed,
        lambda one: percent(one.answered, one.addressed),
        lambda one: of(one.answered, one.addressed, "récits adressés"),
    ),
    Measure(
        "La moitié des réponses arrivent",
        "Du jour où le récit est publié à celui de la première réponse, depuis un an. L'autre "
        "moitié arrive plus tard. Les récits encore sans réponse ne comptent pas.",
        lambda one: f"La moitié des réponses arrivent {days_in_words(one)}{or_less(one)}.",
        lambda one: one.answered,
        days_in_words,
        lambda one: f"{or_less(one)} sur {first_answers(one)}".strip(),
    ),
    Measure(
        "Réponses utiles, d'après les auteurs",
        "Parmi les réponses sur lesquelles l'auteur du récit a donné son avis, celles qu'il a "
        "trouvées utiles.",
        lambda one: (
            f"{percent(one.useful, one.judged)} des réponses sont utiles, d'après l'auteur."
        ),
        lambda one: one.judged,
        lambda one: percent(one.useful, one.judged),
        lambda one: of(one.useful, one.judged, "avis donnés"),
    ),
    Measure(
        "Promesses tenues, d'après les auteurs",
        "À la date promise, nous demandons à l'auteur si cela a changé. Parmi les promesses dont "
        "il a parlé, celles qu'il dit entièrement tenues.",
        lambda one: (
            f"{percent(one.promises_kept, one.promises_judged)} des promesses sont tenues, d'après "
            "l'auteur."
        ),
        lambda one: one.promises_judged,
        lambda one: percent(one.promises_kept, one.promises_judged),
        lambda one: of(one.promises_kept, one.promises_judged, "promesses"),
    ),
    Measure(
        "Réponses suivies d'un changement",
        "Parmi les réponses à un récit négatif, celles qui ont promis un changement fait au moins "
        "en partie d'après l'auteur du récit. Tant qu'il ne l'a pas dit, le service le dit.",
        lambda one: (
            f"{percent(one.concerns_changed, one.concerns_answered)} des réponses à un récit "
            "négatif sont suivies d'un changement."
        ),
        lambda one: one.concerns_answered,
        lambda one: percent(one.concerns_changed, one.concerns_answered),
        lambda one: of(one.concerns_changed, one.concerns_answered, "réponses à un récit négatif"),
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
    value = measure.value(figures) if is_known else INSUFFICIENT
    return ShownFigure(
        title=measure.title,
        value=value,
        counts=measure.counts(figures) if is_known else f"moins de {LEAST}",
        definition=measure.definition,
        sentence=measure.sentence(figures) if is_known else "",
        nation=beside,
        is_known=is_known,
    )


def stories_in_words(figures: Figures, scope: Scope) -> str:
    """ "12 récits depuis un an, au sujet de ce service et des lieux qui en dépendent"."""
    said = f"{counted(figures.stories, 'récit', 'récits')} depuis un an"
    return f"{said}, au sujet {BELOW}" if scope.includes_below else said
