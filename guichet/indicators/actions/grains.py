"""Declare how finely a network sends an indicator: level, period, cuts, from when.

Owns `Grain`; refuses two at a time for one network and version, and a change that is not on a
1 January (weeks: the first ISO week), so that no year mixes two (`observation.md`, § 2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from guichet.accounts.audit import audited_save, record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.periods import Period, PeriodKind, period
from guichet.directory.models import Level, Network
from guichet.directory.permissions import powers_of
from guichet.indicators.definitions.usage import declared_periods, periods_received
from guichet.indicators.models import Grain, Indicator, IndicatorVersion
from guichet.indicators.models.definitions import NETWORK_SOURCE

LEVELS = (Level.SITE, Level.DEPARTEMENT, Level.REGION, Level.NATIONAL)
"""From the finest to the coarsest."""

CUT_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")
SENT_KINDS = tuple(kind for kind in PeriodKind if kind is not PeriodKind.ISO_YEAR)
LONGEST_DELAY_DAYS = 366
MOST_CUTS = 200
"""All cuts of a place and period come in one batch, and each one is a line to read."""


@dataclass(frozen=True)
class GrainContent:
    """What the lead chooses; `cuts` maps each code to its words, in order, empty for none."""

    level: str
    period_kind: str
    first_period: str
    publication_level: str
    cuts: dict[str, str] = field(default_factory=dict)
    due_days: int = 30


@transaction.atomic
def declare_grain(
    *, network: Network, version: IndicatorVersion, content: GrainContent, by: User
) -> Grain:
    """A first grain, or another one: the one before then ends the day before it begins."""
    refuse_stranger(by, network)
    indicator = Indicator.objects.select_for_update(of=("self",)).get(pk=version.indicator_id)
    refuse_indicator(network, indicator)
    first = first_period_of(content)
    refuse_content(content, version)
    before = list(
        Grain.objects.select_for_update(of=("self",))
        .filter(network=network, version=version)
        .order_by("first_period")
    )
    for other in before:
        refuse_meeting(other, first)
    refuse_received(network, version, first, is_change=bool(before))
    if before and before[-1].ended_on is None:
        end(before[-1], first.first_day - timedelta(days=1), by)
    grain = Grain.objects.create(
        network=network,
        version=version,
        level=content.level,
        period_kind=content.period_kind,
        cuts=list(content.cuts),
        cut_words=content.cuts,
        source=NETWORK_SOURCE,
        first_period=content.first_period,
        publication_level=content.publication_level,
        due_days=content.due_days,
    )
    record(
        by=by,
        action="grain.declared",
        subject=grain,
        scope=network.scope_label,
        after={"level": grain.level, "period_kind": grain.period_kind, "cuts": grain.cuts},
    )
    return grain


@transaction.atomic
def edit_grain(
    *, grain: Grain, due_days: int, cut_words: dict[str, str] | None = None, by: User
) -> None:
    """Another delay, other words for the same cuts: nothing that a figure depends on."""
    refuse_stranger(by, grain.network)
    stored = Grain.objects.select_for_update(of=("self",)).get(pk=grain.pk)
    if not 0 <= due_days <= LONGEST_DELAY_DAYS:
        raise RuleViolation(f"Écrivez un délai de 0 à {LONGEST_DELAY_DAYS} jours.")
    if cut_words is not None:
        refuse_cuts(cut_words)
        if list(cut_words) != stored.cuts:
            raise RuleViolation(
                "Les coupes d'une maille déclarée ne changent pas, leurs mots seulement : "
                "déclarez une autre maille à partir d'un 1er janvier."
            )
        stored.cut_words = cut_words
    stored.due_days = due_days
    audited_save(
        stored,
        by=by,
        action="grain.edited",
        scope=stored.network.scope_label,
        fields=["due_days", "cut_words"],
    )


@transaction.atomic
def end_grain(*, grain: Grain, last_period: str, by: User) -> None:
    """Nothing is expected after `last_period`, a period of the grain's kind."""
    refuse_stranger(by, grain.network)
    stored = Grain.objects.select_for_update(of=("self",)).get(pk=grain.pk)
    last = period_of_kind(last_period, stored.period_kind)
    if last.first_day < period(stored.first_period).first_day:
        raise RuleViolation("La dernière période ne peut pas précéder la première.")
    later = [
        code
        for code in periods_received(stored.version, stored.network)
        if period(code).last_day > last.last_day
    ]
    if later:
        raise RuleViolation(
            f"Des chiffres ont été acceptés pour {max(later)} : choisissez une dernière période "
            "qui les garde."
        )
    end(stored, last.last_day, by)


@transaction.atomic
def remove_grain(*, grain: Grain, by: User) -> None:
    """Undo a declaration for which nothing came; the one that it had ended goes on."""
    refuse_stranger(by, grain.network)
    stored = Grain.objects.select_for_update(of=("self",)).get(pk=grain.pk)
    first = period(stored.first_period).first_day
    if any(
        period(code).last_day >= first for code in periods_received(stored.version, stored.network)
    ):
        raise RuleViolation(
            "Des chiffres ont été acceptés à cette maille : elle ne s'efface plus. Mettez-lui fin, "
            "ou déclarez-en une autre à partir d'un 1er janvier."
        )
    before = (
        Grain.objects.select_for_update(of=("self",))
        .filter(network=stored.network, version=stored.version, ended_on=first - timedelta(days=1))
        .first()
    )
    record(
        by=by,
        action="grain.removed",
        subject=stored,
        scope=stored.network.scope_label,
        before={"level": stored.level, "first_period": stored.first_period},
    )
    stored.delete()
    if before is not None:
        end(before, None, by)


def end(grain: Grain, day: date | None, by: User) -> None:
    grain.ended_on = day
    audited_save(
        grain,
        by=by,
        action="grain.ended" if day else "grain.goes_on",
        scope=grain.network.scope_label,
        fields=["ended_on"],
    )


def refuse_stranger(by: User, network: Network) -> None:
    if not powers_of(by).leads(network.pk):
        raise RuleViolation("Seul un pilote de ce réseau décide de ce qu'il envoie.")


def refuse_indicator(network: Network, indicator: Indicator) -> None:
    if indicator.owner_id not in (None, network.pk):
        raise RuleViolation("Cet indicateur est propre à un autre réseau.")
    if indicator.retired_on is not None:
        raise RuleViolation("Cet indicateur est retiré : aucun chiffre n'est plus attendu.")


def refuse_content(content: GrainContent, version: IndicatorVersion) -> None:
    if LEVELS.index(Level(content.publication_level)) < LEVELS.index(Level(content.level)):
        raise RuleViolation(
            "Le niveau de publication est plus fin que celui de l'envoi : choisissez le même, ou "
            "un niveau au-dessus."
        )
    if not version.is_summed and content.publication_level != content.level:
        raise RuleViolation(
            "Cet indicateur ne s'additionne pas : il est publié au niveau où il est envoyé."
        )
    if not 0 <= content.due_days <= LONGEST_DELAY_DAYS:
        raise RuleViolation(f"Écrivez un délai de 0 à {LONGEST_DELAY_DAYS} jours.")
    refuse_cuts(content.cuts)


def refuse_cuts(cuts: dict[str, str]) -> None:
    if len(cuts) > MOST_CUTS:
        raise RuleViolation(
            f"{len(cuts)} coupes, c'est trop : {MOST_CUTS} au plus. Regroupez-en, ou envoyez un "
            "indicateur pour chaque partie."
        )
    if len(cuts) == 1:
        raise RuleViolation("Une seule coupe ne coupe rien : écrivez-en au moins deux, ou aucune.")
    for code, words in cuts.items():
        if not CUT_CODE.fullmatch(code):
            raise RuleViolation(
                f"« {code} » ne peut pas être le code d'une coupe : lettres sans accent, chiffres, "
                "points et tirets, 40 caractères au plus."
            )
        if not words.strip():
            raise RuleViolation(f"Dites en quelques mots ce qu'est la coupe « {code} ».")


def first_period_of(content: GrainContent) -> Period:
    return period_of_kind(content.first_period, content.period_kind)


def period_of_kind(code: str, kind: str) -> Period:
    """`RuleViolation`, with an example, when the code is of another kind or of none."""
    try:
        found = period(code)
    except ValueError as error:
        raise RuleViolation(str(error)) from error
    if found.kind.value != kind or found.kind not in SENT_KINDS:
        raise RuleViolation(
            f"« {code} » n'est pas de la bonne sorte : écrivez {EXAMPLES[PeriodKind(kind)]}."
        )
    return found


EXAMPLES = {
    PeriodKind.DAY: "un jour, comme 2026-01-31",
    PeriodKind.WEEK: "une semaine, comme 2026-W05",
    PeriodKind.MONTH: "un mois, comme 2026-01",
    PeriodKind.QUARTER: "un trimestre, comme 2026-Q1",
    PeriodKind.YEAR: "une année, comme 2026",
    PeriodKind.ISO_YEAR: "une semaine, comme 2026-W05",
}


def begins_a_year(first: Period) -> bool:
    """True on a 1 January; of weeks, on the first ISO week."""
    if first.kind is PeriodKind.WEEK:
        return first.code.endswith("-W01")
    return (first.first_day.month, first.first_day.day) == (1, 1)


def refuse_meeting(other: Grain, first: Period) -> None:
    """Another grain of the same network and version: `first` begins a later year."""
    start = period(other.first_period).first_day
    if first.first_day <= start:
        raise RuleViolation(
            f"Une maille commence déjà en {other.first_period} : la nouvelle doit commencer après."
        )
    if not begins_a_year(first):
        raise RuleViolation(
            "Une maille ne change qu'au 1er janvier (semaines : la première semaine de l'année), "
            "pour qu'aucune année n'en mêle deux. Choisissez la première période d'une année."
        )
    if other.ended_on is not None and other.ended_on >= first.first_day:
        raise RuleViolation(f"La maille d'avant va jusqu'au {other.ended_on:%d/%m/%Y}.")


def refuse_received(
    network: Network, version: IndicatorVersion, first: Period, *, is_change: bool
) -> None:
    if is_change:
        later = [
            code
            for code in periods_received(version, network)
            if period(code).last_day >= first.first_day
        ]
        if later:
            raise RuleViolation(
                f"Des chiffres ont été acceptés pour {max(later)} à l'ancienne maille : choisissez "
                "une année qui commence après."
            )
    declared = [
        code
        for code in declared_periods(version, network)
        if period(code).last_day >= first.first_day
    ]
    if declared:
        raise RuleViolation(
            f"Des valeurs déclarées couvrent déjà {max(declared)} : commencez après, ou retirez le "
            "lot qui les a apportées."
        )
