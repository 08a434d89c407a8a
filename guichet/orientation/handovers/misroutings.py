"""Who wrongly sends people to whom: pairs of services by month, beside the sheets sent.

Owns the reading of `Misrouting`; refuses a rate where the sheets are no longer all kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from guichet.core.words import NBSP
from guichet.directory.models import StructureKind
from guichet.directory.permissions import powers_of
from guichet.orientation.models import Handover, Misrouting
from guichet.orientation.retention import HANDOVERS_KEPT_FOR
from guichet.territories.models import Departement

MONTHS_SHOWN = 12
ENOUGH_SHEETS = 20
"""Below, a rate says nothing: both numbers are shown, and no per cent."""

MOST_RIGHT_KINDS = 2
REFUSED = Q(outcome=Handover.Outcome.MISROUTED)
Key = tuple[str, str]


@dataclass(frozen=True)
class MisroutingWish:
    """Days included; an empty `departement` is everywhere; `kinds` None is every kind."""

    first_day: date
    last_day: date
    departement: str = ""
    kinds: frozenset[str] | None = None


@dataclass(frozen=True)
class MisroutedPair:
    """`count` people that `sent_by` wrongly sent to `sent_to`: on a sheet, or as the service that
    received them said afterwards. Of `sheets` sent on the pair, `refused` were declared wrong;
    both None when some of them are already erased. `right` are the services named instead."""

    sent_by: str
    sent_to: str
    count: int
    sheets: int | None = None
    refused: int | None = None
    right: tuple[tuple[str, int], ...] = ()

    @property
    def share_words(self) -> str:
        """ "3 sur 40 fiches (8 %)"; without a per cent under twenty sheets."""
        if self.sheets is None or self.refused is None:
            return "fiches effacées"
        if not self.sheets:
            return "aucune fiche"
        words = f"{self.refused} sur {self.sheets} fiche{'s' if self.sheets > 1 else ''}"
        if self.sheets < ENOUGH_SHEETS:
            return words
        return f"{words} ({round(100 * self.refused / self.sheets)}{NBSP}%)"

    @property
    def right_words(self) -> str:
        return ", ".join(f"{label} ({count})" for label, count in self.right)


def kinds_of_networks(user: object) -> frozenset[str] | None:
    """The kinds whose pairs a lead sees; None (all of them) for the programme team."""
    powers = powers_of(user)
    if powers.programme:
        return None
    kinds = StructureKind.objects.filter(network__in=powers.networks)
    return frozenset(kinds.values_list("code", flat=True))


def misrouted_pairs(wish: MisroutingWish) -> list[MisroutedPair]:
    """The pairs of a period, those with most people first. Four queries."""
    counted = counted_by_pair(matching(wish))
    labels = labels_of(counted)
    sent = sheets_by_pair(wish) if sheets_are_kept_since(wish.first_day) else None
    right = right_kinds(wish)
    pairs = [
        MisroutedPair(
            sent_by=labels[key[0]],
            sent_to=labels[key[1]],
            count=count,
            sheets=None if sent is None else sent.get(key, (0, 0))[0],
            refused=None if sent is None else sent.get(key, (0, 0))[1],
            right=tuple(right.get(key, ()))[:MOST_RIGHT_KINDS],
        )
        for key, count in counted.items()
    ]
    return sorted(pairs, key=lambda pair: (-pair.count, pair.sent_by, pair.sent_to))


def matching(wish: MisroutingWish) -> QuerySet[Misrouting]:
    found = Misrouting.objects.filter(month__range=(wish.first_day, wish.last_day), count__gt=0)
    if wish.departement:
        found = found.filter(departement=wish.departement)
    if wish.kinds is not None:
        found = found.filter(Q(sent_by__in=wish.kinds) | Q(sent_to__in=wish.kinds))
    return found


def counted_by_pair(found: QuerySet[Misrouting]) -> dict[Key, int]:
    rows = found.order_by().values_list("sent_by", "sent_to").annotate(people=Sum("count"))
    return {(sent_by, sent_to): count for sent_by, sent_to, count in rows}


def labels_of(pairs: Iterable[Key]) -> dict[str, str]:
    codes = {code for pair in pairs for code in pair}
    return dict(StructureKind.objects.filter(code__in=codes).values_list("code", "label"))


def sent_sheets(wish: MisroutingWish) -> QuerySet[Handover]:
    found = Handover.objects.exclude(outcome=Handover.Outcome.CANCELLED).filter(
        created_at__gte=midnight(wish.first_day),
        created_at__lt=midnight(wish.last_day + timedelta(days=1)),
        sender__isnull=False,
    )
    if wish.departement:
        found = found.filter(sender__commune__departement=wish.departement)
    return found.order_by()


def sheets_by_pair(wish: MisroutingWish) -> dict[Key, tuple[int, int]]:
    """(sent, refused) for each pair of kinds."""
    rows = (
        sent_sheets(wish)
        .values_list("sender__kind", "receiver__kind")
        .annotate(sent=Count("pk"), refused=Count("pk", filter=REFUSED))
    )
    return {(sender, receiver): (sent, refused) for sender, receiver, sent, refused in rows}


def right_kinds(wish: MisroutingWish) -> dict[Key, list[tuple[str, int]]]:
    """What receivers named instead, most often first."""
    rows = (
        sent_sheets(wish)
        .filter(right_kind__isnull=False)
        .values_list("sender__kind", "receiver__kind", "right_kind__label")
        .annotate(count=Count("pk"))
        .order_by("-count", "right_kind__label")
    )
    found: dict[Key, list[tuple[str, int]]] = {}
    for sender, receiver, label, count in rows:
        found.setdefault((sender, receiver), []).append((label, count))
    return found


def rows_by_month(wish: MisroutingWish) -> Iterator[list[str]]:
    """The file: a row for each month, pair and département. Sheets whose month is no longer whole
    are left empty: a missing number is not a zero."""
    yield [
        "mois",
        "envoyé par (code)",
        "envoyé par",
        "envoyé vers (code)",
        "envoyé vers",
        "département",
        "personnes mal orientées",
        "fiches envoyées",
        "dont au mauvais service",
    ]
    counts = list(
        matching(wish)
        .order_by("-month", "-count", "sent_by", "sent_to", "departement")
        .values_list("month", "sent_by", "sent_to", "departement", "count")
    )
    labels = labels_of((sent_by, sent_to) for _, sent_by, sent_to, _, _ in counts)
    sent = sheets_by_month(wish)
    for month, sent_by, sent_to, departement, count in counts:
        sheets, refused = sent.get((month, sent_by, sent_to, departement), (0, 0))
        known = sheets_are_kept_since(month)
        yield [
            f"{month:%Y-%m}",
            sent_by,
            labels[sent_by],
            sent_to,
            labels[sent_to],
            departement,
            str(count),
            str(sheets) if known else "",
            str(refused) if known else "",
        ]


def sheets_by_month(wish: MisroutingWish) -> dict[tuple[date, str, str, str], tuple[int, int]]:
    rows = (
        sent_sheets(wish)
        .annotate(month=TruncMonth("created_at"))
        .values_list("month", "sender__kind", "receiver__kind", "sender__commune__departement")
        .annotate(sent=Count("pk"), refused=Count("pk", filter=REFUSED))
    )
    return {
        (month.date(), sender, receiver, departement or ""): (sent, refused)
        for month, sender, receiver, departement, sent, refused in rows
    }


def sheets_are_kept_since(day: date) -> bool:
    """False when some sheets made since `day` may already be erased."""
    return midnight(day) >= timezone.now() - HANDOVERS_KEPT_FOR


def months_before(today: date, count: int = MONTHS_SHOWN) -> list[date]:
    """The first day of this month and of those before, latest first."""
    months = [today.replace(day=1)]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def last_day_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def departement_choices() -> list[tuple[str, str]]:
    """The départements where something was counted, by code."""
    codes = Misrouting.objects.exclude(departement="").order_by().values("departement")
    found = Departement.objects.filter(code__in=codes).order_by("code")
    return [(code, f"{name} ({code})") for code, name in found.values_list("code", "name")]
