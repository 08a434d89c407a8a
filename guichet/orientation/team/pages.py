"""What the programme team reads of orientation: figures of the month, lists to work through.

Owns the reads; refuses HTTP, and any write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Lower
from django.utils import timezone

from guichet.core.text import search_text
from guichet.core.words import NBSP
from guichet.orientation.counting import SHOWN_FROM
from guichet.orientation.desk.figures import Period, calls_of
from guichet.orientation.models import Event, MissedSearch, Need, Synonym, Tally, UnknownWord
from guichet.orientation.needs_by_theme import THEMES

DAYS_SHOWN = 30
MOST_SHOWN = 10
ASKED = (Event.SURE, Event.CHOICE, Event.OUT_OF_SCOPE, Event.MISSED)
OUT_THEME = "hors_champ"

ACTIVE, EDITED, OUT, INACTIVE = "", "modifies", "hors-champ", "inactifs"
NEED_STATES = {
    ACTIVE: "Proposés",
    EDITED: "Modifiés par l'équipe",
    OUT: "Hors du service public",
    INACTIVE: "Non proposés",
}
WAITING, SETTLED = "", "reglees"
SEARCH_STATES = {WAITING: "À traiter", SETTLED: "Réglées"}
USED, UNUSED = "", "inactifs"
SYNONYM_STATES = {USED: "Utilisés", UNUSED: "Non utilisés"}


@dataclass(frozen=True)
class Share:
    """How many questions ended so, and their part of all in per cent."""

    label: str
    count: int
    percent: str


@dataclass(frozen=True)
class NeedCount:
    title: str
    code: str
    count: int


@dataclass(frozen=True)
class WrongService:
    """How many times a service was said to be wrong for a need, answered `asked` times."""

    title: str
    code: str
    kind: str
    count: int
    asked: int


@dataclass(frozen=True)
class Overview:
    first_day: date
    asked: int
    shares: tuple[Share, ...]
    needs: tuple[NeedCount, ...]
    wrong: tuple[WrongService, ...]
    calls: int
    searches_waiting: int
    words_waiting: int


def overview(today: date | None = None) -> Overview:
    """The last thirty days. In seven queries."""
    today = today or timezone.localdate()
    first_day = today - timedelta(days=DAYS_SHOWN - 1)
    tallies = Tally.objects.filter(day__range=(first_day, today))
    counts = dict(tallies.values_list("event").annotate(total=Sum("count")))
    asked = sum(counts.get(event, 0) for event in ASKED)
    return Overview(
        first_day=first_day,
        asked=asked,
        shares=tuple(
            Share(event.label, count, percent(count, asked))
            for event in ASKED
            for count in [counts.get(event, 0)]
        ),
        needs=most_asked(tallies),
        wrong=most_wrong(tallies),
        calls=calls_of(Period(first_day, today)).count(),
        searches_waiting=waiting_searches().count(),
        words_waiting=waiting_words().count(),
    )


def percent(part: int, whole: int) -> str:
    """ "12 %"; "moins de 1 %" rather than a zero that is not one."""
    if not whole or not part:
        return f"0{NBSP}%"
    share = round(100 * part / whole)
    return f"{share}{NBSP}%" if share else f"moins de 1{NBSP}%"


def most_asked(tallies: QuerySet[Tally]) -> tuple[NeedCount, ...]:
    rows = (
        tallies.filter(event__in=ASKED, need__isnull=False)
        .values_list("need__title", "need__code")
        .annotate(total=Sum("count"))
        .order_by("-total", "need__title")
    )
    return tuple(NeedCount(*row) for row in rows[:MOST_SHOWN])


def most_wrong(tallies: QuerySet[Tally]) -> tuple[WrongService, ...]:
    rows = list(
        tallies.filter(event=Event.WRONG_SERVICE)
        .values_list("need__title", "need__code", "need_id", "kind__label")
        .annotate(total=Sum("count"))
        .order_by("-total", "need__title", "kind__label")[:MOST_SHOWN]
    )
    answered = tallies.filter(event__in=ASKED, need__in=[row[2] for row in rows])
    asked = dict(answered.values_list("need").annotate(total=Sum("count")))
    return tuple(
        WrongService(
            title or "Fiche de service-public.fr", code or "", kind or "", count, asked.get(key, 0)
        )
        for title, code, key, kind, count in rows
    )


def waiting_searches() -> QuerySet[MissedSearch]:
    return MissedSearch.objects.filter(settled_at__isnull=True)


def waiting_words() -> QuerySet[UnknownWord]:
    """Those that several people typed: one alone may be a name."""
    return UnknownWord.objects.filter(settled_at__isnull=True, count__gte=SHOWN_FROM)


def searches_found(text: str, state: str) -> QuerySet[MissedSearch]:
    """The most frequent first."""
    found = MissedSearch.objects.filter(settled_at__isnull=state != SETTLED)
    for word in search_text(text).split():
        found = found.filter(text__unaccent__icontains=word)
    return found


class JoinedLines(Func):
    """An array of texts as one text."""

    function = "array_to_string"
    arity = 2
    output_field = TextField()


@dataclass(frozen=True)
class NeedWish:
    """Words of a title, a phrase or a word; a theme; a state."""

    text: str = ""
    theme: str = ""
    state: str = ACTIVE


def needs_found(wish: NeedWish) -> QuerySet[Need]:
    """Each with its services: those whose title says the words first, then by title."""
    found = Need.objects.filter(is_active=wish.state != INACTIVE)
    if wish.state == EDITED:
        found = found.filter(edited_at__isnull=False)
    if wish.state == OUT:
        found = found.filter(out_of_scope=True)
    if wish.theme:
        found = found.filter(theme=wish.theme)
    found = found.annotate(
        said=JoinedLines(F("phrases"), Value(" ")), meant=JoinedLines(F("words"), Value(" "))
    )
    for word in search_text(wish.text).split():
        found = found.filter(
            Q(title__unaccent__icontains=word)
            | Q(said__unaccent__icontains=word)
            | Q(meant__unaccent__icontains=word)
            | Q(code__icontains=word)
        )
    titled = Q(title__unaccent__icontains=search_text(wish.text))
    return (
        found.prefetch_related("answers__kind")
        .annotate(is_titled=ExpressionWrapper(titled, output_field=BooleanField()))
        .order_by("-is_titled", alphabetical("title"), "pk")
    )


def theme_choices() -> list[tuple[str, str]]:
    """The themes, those of the shipped tables first."""
    others = (
        Need.objects.exclude(theme__in=THEMES).order_by("theme").values_list("theme", flat=True)
    )
    return [*THEMES.items(), *((code, theme_title(code)) for code in others.distinct())]


def theme_title(code: str) -> str:
    if code == OUT_THEME:
        return "Hors du service public"
    return THEMES.get(code, code.replace("_", " ").capitalize())


def synonyms_found(text: str, state: str) -> QuerySet[Synonym]:
    found = Synonym.objects.filter(is_active=state != UNUSED)
    for word in search_text(text).split():
        found = found.filter(
            Q(typed__unaccent__icontains=word) | Q(means__unaccent__icontains=word)
        )
    return found.order_by(alphabetical("typed"), "pk")


def alphabetical(field: str) -> Func:
    """The order of a reader, whom capitals and accents do not stop."""
    return Func(Lower(field), function="unaccent", output_field=TextField())
