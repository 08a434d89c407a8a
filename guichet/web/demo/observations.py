"""Three years of fictional observations, sent as networks send theirs, then two editions.

Owns what the demonstration measures and when; refuses any door of its own: grains, batches,
releases, comments are made by the site's actions. All of it is marked « démonstration ».
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.periods import PeriodKind, add_months, code_of, period, periods_between
from guichet.directory.models import Level, Network, Structure
from guichet.experiences.collectors import submit_experiences
from guichet.indicators.actions.batches import ALWAYS, receive_batch
from guichet.indicators.actions.comments import comment_figure
from guichet.indicators.actions.grains import GrainContent, declare_grain
from guichet.indicators.calculations.kinds import Kind, headers_of
from guichet.indicators.models import Batch, Grain, IndicatorVersion, Outcome
from guichet.indicators.reference_tables import advised_cuts
from guichet.publication.actions.displays import confirm_display
from guichet.publication.actions.releases import publish_release
from guichet.publication.models import Release
from guichet.web.demo.measures import PLANS, Observation, Plan, Site, observations
from guichet.web.demo.people import ANSWERED

LEAD, MANAGER = "admin@demo.example", "fs.roubaix@demo.example"
PUBLISHER = "publication@demo.example"
MONTHS = 36
MONTHS_BETWEEN_EDITIONS = 3
MOST_SITES = 3000
"""A network with more sites is left out: the demonstration must be ready in minutes."""

NEARLY_ALL = 0.9
LATE = "prefectures"
"""The network that has not sent its latest period."""

WRONG = "france-travail/taux-decroche"
WRONG_FACTOR = 4
"""In the first batch of this plan, one cell of its first site has a part so many times too small;
it is corrected after the first edition."""

ORDINARY = ("indicateur", "version", "structure", "periode", "coupe")
Rows = list[tuple[Plan, Observation]]


@dataclass(frozen=True)
class Calendar:
    """`first_day` of the first month, `edition` the last day of the first edition, `last_day` of
    the last whole month."""

    first_day: date
    edition: date
    last_day: date

    def periods(self, plan: Plan) -> list[str]:
        return periods_between(PeriodKind(plan.period), self.first_day, self.last_day)


def make_observations() -> str:
    """Nothing where observations were received already."""
    if Batch.objects.filter(content=Batch.Content.OBSERVATIONS).exists():
        return "déjà faites"
    lead = User.objects.get(email=LEAD)
    calendar = calendar_of(timezone.localdate())
    sent = 0
    corrections: Rows = []
    later: list[tuple[Network, Rows]] = []
    for network, plans in measured_networks():
        declare_grains(network, plans, calendar, lead)
        rows = list(drawn(network, plans, calendar))
        sent += len(rows)
        early = [row for row in rows if period(row[1].period).last_day <= calendar.edition]
        wrong, right = with_one_error(early)
        corrections += right
        send(network, wrong, lead, "historique")
        later.append((network, latest(network, rows, calendar)))
    publish(calendar.edition, "Première édition de la démonstration.")
    for network, rows in later:
        send(network, rows, lead, "dernier-envoi")
    if corrections:
        send(Network.objects.get(code=corrections[0][0].network), corrections, lead, "correction")
    submit_experiences()
    comment_one()
    publish(calendar.last_day, "Corrige un nombre d'appels décrochés, mal saisi par une agence.")
    display_one()
    return f"{sent} cellules, {Batch.objects.count()} lots, {Release.objects.count()} éditions"


def calendar_of(today: date) -> Calendar:
    this_month = today.replace(day=1)
    return Calendar(
        first_day=add_months(this_month, -MONTHS),
        edition=add_months(this_month, -MONTHS_BETWEEN_EDITIONS) - timedelta(days=1),
        last_day=this_month - timedelta(days=1),
    )


def measured_networks() -> Iterator[tuple[Network, list[Plan]]]:
    """Those that have sites, not too many, each with its plans."""
    for code, plans in groupby(PLANS, key=lambda plan: plan.network):
        network = Network.objects.get(code=code)
        if 0 < measured_structures(network).count() <= MOST_SITES:
            yield network, list(plans)


def measured_structures(network: Network) -> QuerySet[Structure]:
    return (
        Structure.objects.receiving_public()
        .filter(network=network)
        .select_related("commune")
        .order_by("code")
    )


def declare_grains(network: Network, plans: Sequence[Plan], calendar: Calendar, by: User) -> None:
    has_directions = most_have_a_direction(network)
    for plan in plans:
        declare_grain(
            network=network,
            version=IndicatorVersion.objects.get(indicator__code=plan.indicator, number=1),
            content=GrainContent(
                level=Level.SITE,
                period_kind=plan.period,
                first_period=calendar.periods(plan)[0],
                publication_level=plan.publication_level if has_directions else Level.SITE,
                cuts=advised_cuts(plan.indicator),
            ),
            by=by,
        )


def most_have_a_direction(network: Network) -> bool:
    """True when nearly every measured site stands under a structure of its département's level:
    what is published at that level needs one. Few real places have one (see `directions`)."""
    structures = Structure.objects.filter(network=network, level=Level.DEPARTEMENT)
    directions = {str(pk) for pk in structures.values_list("pk", flat=True)}
    paths = list(measured_structures(network).values_list("path", flat=True))
    under = sum(bool(directions & set(str(path).split("."))) for path in paths)
    return under >= NEARLY_ALL * len(paths)


def drawn(
    network: Network, plans: Sequence[Plan], calendar: Calendar
) -> Iterator[tuple[Plan, Observation]]:
    sites = [site_of(structure) for structure in measured_structures(network)]
    for plan in plans:
        for one in observations(plan, sites, calendar.periods(plan), calendar.first_day.year):
            yield plan, one


def site_of(structure: Structure) -> Site:
    return Site(structure.code, structure.commune.population if structure.commune else 0)


def with_one_error(rows: Rows) -> tuple[Rows, Rows]:
    """The rows with one typing error, if they hold the plan that has one, and the right row."""
    for rank, (plan, one) in enumerate(rows):
        if plan.key == WRONG and period(one.period).first_day.month == 3:
            part, whole = one.counters
            wrong = replace(one, counters=(part // WRONG_FACTOR, whole))
            return [*rows[:rank], (plan, wrong), *rows[rank + 1 :]], [(plan, one)]
    return rows, []


def latest(network: Network, rows: Rows, calendar: Calendar) -> Rows:
    """What is sent after the first edition; the late network has not sent its last month."""
    last = code_of(PeriodKind.MONTH, calendar.last_day)
    return [
        (plan, one)
        for plan, one in rows
        if period(one.period).last_day > calendar.edition
        and not (network.code == LATE and one.period == last)
    ]


def send(network: Network, rows: Rows, by: User, what: str) -> None:
    """One file of observations, received and accepted, jumps confirmed."""
    if not rows:
        return
    with tempfile.TemporaryDirectory() as folder:
        name = f"demonstration-{network.code}-{what}.csv"
        path = Path(folder) / name
        write_file(path, rows)
        batch = receive_batch(path=path, file_name=name, network=network, sender=by, accept=ALWAYS)
    if batch.outcome != Outcome.ACCEPTED:
        raise RuntimeError(f"{name}: {batch.faults[:3]}")


def write_file(path: Path, rows: Rows) -> None:
    columns: dict[str, None] = dict.fromkeys(ORDINARY)
    for plan in {plan.key: plan for plan, _ in rows}.values():
        columns |= dict.fromkeys(headers(plan))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(columns), restval="")
        writer.writeheader()
        for plan, one in rows:
            counters = dict(zip(headers(plan), one.counters, strict=True))
            ordinary = (plan.indicator, 1, one.site, one.period, one.cut)
            writer.writerow(dict(zip(ORDINARY, ordinary, strict=True)) | counters)


def headers(plan: Plan) -> tuple[str, ...]:
    return headers_of(Kind(plan.kind), plan.bounds)


def publish(through: date, note: str) -> None:
    publish_release(
        name=f"{through:%Y-%m}",
        through=through,
        note=note,
        by=User.objects.filter(email=PUBLISHER).first(),
    )


def comment_one() -> None:
    """The France services house of the demonstration contests its latest satisfaction."""
    structure = Structure.objects.filter(code=ANSWERED).first()
    manager = User.objects.filter(email=MANAGER).first()
    grain = Grain.objects.filter(
        network__code="france-services", version__indicator__code="usagers-satisfaits"
    ).first()
    if structure is None or manager is None or grain is None:
        return
    comment_figure(
        structure=structure,
        version=grain.version,
        period=latest_quarter(),
        text="La borne de satisfaction a été en panne deux semaines en fin de trimestre : moins "
        "d'usagers ont répondu que d'habitude.",
        signed_as="la responsable de la maison France services",
        by=manager,
    )


def latest_quarter() -> str:
    last_day = calendar_of(timezone.localdate()).last_day
    whole = periods_between(PeriodKind.QUARTER, add_months(last_day.replace(day=1), -6), last_day)
    return whole[-1]


def display_one() -> None:
    structure = Structure.objects.filter(code=ANSWERED).first()
    manager = User.objects.filter(email=MANAGER).first()
    if structure is not None and manager is not None:
        confirm_display(
            structure=structure, displayed_on=timezone.localdate() - timedelta(days=3), by=manager
        )
