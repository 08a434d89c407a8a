"""The stories of an agent's services, as lists to work through.

Owns what each tab holds, the filters and the words of a row; refuses HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from guichet.core.text import search_text
from guichet.directory.models import Membership, Network, Role, Structure
from guichet.directory.permissions import CAN_READ, CAN_RESPOND, powers_of, structures_covered
from guichet.experiences.answering.clocks import TO_KEEP, due_of
from guichet.experiences.models import (
    ASPECTS,
    Addressee,
    Aspect,
    Experience,
    Feeling,
    Passage,
    Promise,
    ReplyDraft,
    State,
)
from guichet.experiences.models.addressees import OPEN_ONES, WAITING
from guichet.experiences.reading.search import query_of
from guichet.experiences.reading.story_page import FEELING_KINDS, FEELING_WORDS

PAGE_SIZE = 40
MOST_SERVICES = 200
TO_ANSWER, LATE, MINE, ALONE = "", "retard", "moi", "sans-agent"
PROPOSED, PROMISES, ANSWERED = "proposes", "promesses", "repondus"
DUE_TODAY, DUE_WEEK, DUE_LATER = "aujourdhui", "semaine", "apres"
EMPTY = {
    TO_ANSWER: "Aucun récit n'attend de réponse. Merci !",
    LATE: "Aucune réponse n'est en retard.",
    MINE: "Aucun récit ne vous est confié.",
    ALONE: "Chaque service qui a reçu un récit a quelqu'un pour répondre.",
    PROPOSED: "Aucun autre réseau ne vous propose de récit.",
    PROMISES: "Aucune promesse n'est à tenir.",
    ANSWERED: "Aucun récit n'a encore de réponse.",
}


@dataclass(frozen=True)
class InboxWish:
    """What an agent looks for; empty texts for everything."""

    tab: str = TO_ANSWER
    structure: Structure | None = None
    network: str = ""
    service: str = ""
    feeling: str = ""
    aspect: str = ""
    due: str = ""
    text: str = ""
    is_refused: bool = False
    """A choice does not exist, or no more: nothing is listed."""

    @property
    def is_sorted_out(self) -> bool:
        """Something was chosen besides words."""
        chosen = (self.network, self.service, self.feeling, self.aspect, self.due)
        return self.is_refused or any(chosen)

    @property
    def narrows(self) -> bool:
        return self.is_sorted_out or bool(self.text)


@dataclass(frozen=True)
class InboxTab:
    label: str
    code: str
    is_current: bool


@dataclass(frozen=True)
class InboxRow:
    """A story, a passage or a promise in a list: `badges` are words and kinds."""

    title: str
    url: str
    badges: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Inbox:
    page: Page[Any]
    rows: list[InboxRow]
    tabs: list[InboxTab]
    empty: str


@dataclass(frozen=True)
class Reader:
    """Whose stories: those of `user`, or under `structure` when given (which they may read)."""

    user: object
    structure: Structure | None = None

    def scope(self, structure: str = "structure", network: str = "network") -> Q:
        """The condition on a service, reached by these fields. Leads are looked for by network,
        which has its index."""
        if self.structure is not None:
            return Q(**{f"{structure}__path__descendants": self.structure.path})
        powers = powers_of(self.user)
        if powers.programme:
            return Q()
        found = Q(**{f"{network}__in": powers.networks})
        if powers.structure_roles:
            found |= Q(**{f"{structure}__in": structures_covered(self.user, CAN_READ)})
        return found


def inbox(user: object, wish: InboxWish, number: str | None) -> Inbox:
    """A page of one tab, what is due first on top; the same few queries for any number. All that
    the tab holds is sorted by its numbers alone; only what the page shows is read."""
    reader, today = Reader(user, wish.structure), timezone.localdate()
    found: QuerySet[Any]
    make_row: Callable[[Any, date], InboxRow]
    if wish.tab == PROPOSED:
        found, make_row = proposals(reader, wish), passage_row
    elif wish.tab == PROMISES:
        found, make_row = promises(reader, wish), promise_row
    else:
        found, make_row = stories(reader, wish, today), story_row
    if wish.is_refused:
        found = found.none()
    page = Paginator(found.values_list("pk", flat=True), PAGE_SIZE).get_page(number)
    shown: QuerySet[Any] = found.filter(pk__in=list(page))
    return Inbox(
        page=page,
        rows=[make_row(one, today) for one in shown],
        tabs=tabs(reader, wish.tab, today),
        empty=why_empty(wish),
    )


def why_empty(wish: InboxWish) -> str:
    if wish.is_refused:
        return "Un des choix ci-dessus n'existe pas, ou n'existe plus : aucun récit n'est montré."
    return "Aucun récit ne répond à ce choix." if wish.narrows else EMPTY[wish.tab]


def stories(reader: Reader, wish: InboxWish, today: date) -> QuerySet[Addressee]:
    """The addressees of a tab of stories, narrowed to the wish, in the order of work."""
    found = Addressee.objects.filter(
        reader.scope(), in_tab(reader.user, wish.tab, today), narrowed(wish, today)
    )
    if wish.tab == ALONE:
        found = found.filter(~has_responder())
    order = ["-first_reply_at", "-pk"] if wish.tab == ANSWERED else [due_first(), "pk"]
    return (
        found.select_related("experience", "structure", "assigned_to")
        .defer("experience__description", "experience__wished", "experience__search")
        .annotate(has_draft=Exists(ReplyDraft.objects.filter(addressee=OuterRef("pk"))))
        .order_by(*order)
    )


def due_first() -> Any:
    return F("due_on").asc(nulls_last=True)


def in_tab(user: object, tab: str, today: date) -> Q:
    if tab == ANSWERED:
        return OPEN_ONES & Q(first_reply_at__isnull=False)
    if tab == LATE:
        return WAITING & Q(due_on__lt=today)
    if tab == MINE:
        return WAITING & Q(assigned_to=user)
    return WAITING


def has_responder() -> Exists:
    """Somebody answers for the addressee's service, there or above."""
    there = Membership.objects.current().filter(
        role__in=CAN_RESPOND, structure__path__ancestors=OuterRef("structure__path")
    )
    return Exists(there)


def narrowed(wish: InboxWish, today: date, prefix: str = "") -> Q:
    """The filters, of addressees reached through `prefix`."""
    found = Q()
    if wish.network:
        found &= Q(**{f"{prefix}network__code": wish.network})
    if wish.service:
        found &= Q(**{f"{prefix}structure__code": wish.service})
    if wish.feeling in Feeling.values:
        found &= Q(**{f"{prefix}experience__feeling": wish.feeling})
    if wish.aspect in Aspect.values:
        found &= Q(**{f"{prefix}experience__{wish.aspect}": Feeling.NEGATIVE})
    if text := search_text(wish.text):
        query = SearchQuery(query_of(text), config="simple", search_type="raw")
        found &= Q(**{f"{prefix}experience__search": query})
    return found & due_within(wish.due, today, f"{prefix}due_on")


def due_within(due: str, today: date, field: str) -> Q:
    week = today + timedelta(days=7)
    return {
        LATE: Q(**{f"{field}__lt": today}),
        DUE_TODAY: Q(**{field: today}),
        DUE_WEEK: Q(**{f"{field}__range": (today, week)}),
        DUE_LATER: Q(**{f"{field}__gt": week}),
    }.get(due, Q())


def proposals(reader: Reader, wish: InboxWish) -> QuerySet[Passage]:
    """Passages that wait for one of the reader's services, the most urgent first."""
    return (
        Passage.objects.filter(
            reader.scope("target", "target__network"),
            outcome=Passage.Outcome.PROPOSED,
            addressee__experience__state=State.PUBLISHED,
        )
        .filter(
            narrowed(replace(wish, service="", network=""), timezone.localdate(), "addressee__")
        )
        .select_related("addressee__experience", "origin", "target")
        .order_by(F("addressee__due_on").asc(nulls_last=True), "pk")
    )


def promises(reader: Reader, wish: InboxWish) -> QuerySet[Promise]:
    """What the reader's services promised and still have to keep, soonest first."""
    due_free = narrowed(replace(wish, due=""), timezone.localdate(), "reply__addressee__")
    return (
        Promise.objects.filter(
            reader.scope("reply__addressee__structure", "reply__addressee__network"),
            due_free,
            due_within(wish.due, timezone.localdate(), "due_on"),
            TO_KEEP,
            reply__addressee__experience__state=State.PUBLISHED,
        )
        .select_related("reply__addressee__experience", "reply__addressee__structure", "where")
        .order_by("due_on", "pk")
    )


def tabs(reader: Reader, current: str, today: date) -> list[InboxTab]:
    """Each list and how many it holds, in three queries (a fourth for who leads); what was ever
    answered is not counted, for it only grows."""
    counts = Addressee.objects.filter(reader.scope(), WAITING).aggregate(
        todo=Count("pk"),
        late=Count("pk", filter=Q(due_on__lt=today)),
        mine=Count("pk", filter=Q(assigned_to=reader.user)),
    )
    everything = InboxWish()
    found: list[tuple[str, str, int | None]] = [
        (TO_ANSWER, "À répondre", counts["todo"]),
        (LATE, "En retard", counts["late"]),
        (MINE, "Confiés à moi", counts["mine"]),
        (PROPOSED, "Proposés par un autre réseau", proposals(reader, everything).count()),
        (PROMISES, "Promesses à tenir", promises(reader, everything).count()),
        (ANSWERED, "Répondus", None),
    ]
    if follows_lonely_services(reader.user):
        alone = Addressee.objects.filter(reader.scope(), WAITING).filter(~has_responder()).count()
        found.insert(3, (ALONE, "Sans agent sur place", alone))
    return [
        InboxTab(name if count is None else f"{name} ({count})", code, code == current)
        for code, name, count in found
    ]


def follows_lonely_services(user: object) -> bool:
    """Leads and the programme answer where nobody else does."""
    powers = powers_of(user)
    return bool(powers.networks) or powers.has_programme_role(Role.MODERATOR, Role.ADMINISTRATOR)


def services_with_stories(user: object, structure: Structure | None) -> Sequence[tuple[str, str]]:
    """The services of the reader that got stories, by name: the choices of a filter."""
    if structure is not None:
        structures = Structure.objects.under(structure)
    else:
        structures = structures_covered(user, CAN_READ)
    addressed = Addressee.objects.filter(structure=OuterRef("pk"))
    found = structures.filter(Exists(addressed)).order_by("name", "pk")
    return list(found.values_list("code", "name")[:MOST_SERVICES])


def networks_with_stories(user: object) -> Sequence[tuple[str, str]]:
    """The networks of the stories of the reader, by name, when there may be several."""
    powers = powers_of(user)
    if not powers.programme and len(powers.networks) + len(powers.structure_roles) < 2:
        return []
    networks = Network.objects.all()
    if not powers.programme:
        covered = structures_covered(user, CAN_READ)
        networks = networks.filter(pk__in=covered.values("network"))
    addressed = Addressee.objects.filter(network=OuterRef("pk"))
    found = list(networks.filter(Exists(addressed)).order_by("name").values_list("code", "name"))
    return found if len(found) > 1 else []


def story_row(addressee: Addressee, today: date) -> InboxRow:
    experience, due = addressee.experience, due_of(addressee, today)
    badges = [(due.words, due.badge), feeling_badge(experience.feeling)]
    if addressee.has_draft:  # type: ignore[attr-defined]
        badges.append(("Brouillon", "new"))
    badges += fictional_badge(experience)
    lines = [str(addressee)]
    if experience.published_at:
        day = date_format(timezone.localtime(experience.published_at), "j F Y")
        lines.append(f"Publié le {day}{concerning(experience.aspects())}")
    if addressee.assigned_to:
        lines.append(f"Confié à {addressee.assigned_to}")
    url = reverse("answer_story", args=[addressee.pk])
    return InboxRow(str(experience), url, tuple(badges), tuple(lines))


def concerning(aspects: dict[Aspect, Feeling]) -> str:
    """ " ; à améliorer : relation, réactivité"."""
    bad = [one.label.lower() for one in ASPECTS if aspects.get(one) == Feeling.NEGATIVE]
    return f" ; à améliorer : {', '.join(bad)}" if bad else ""


def fictional_badge(experience: Experience) -> list[tuple[str, str]]:
    return [("Récit fictif", "info")] if experience.is_fictional else []


def feeling_badge(feeling: str) -> tuple[str, str]:
    one = Feeling(feeling)
    return FEELING_WORDS[one], FEELING_KINDS[one]


def passage_row(passage: Passage, today: date) -> InboxRow:
    addressee = passage.addressee
    due = due_of(addressee, today)
    lines: Iterable[str] = (
        f"Proposé par {passage.origin} à {passage.target}",
        f"Pourquoi : {passage.reason}",
    )
    story = addressee.experience
    badges = ((due.words, due.badge), feeling_badge(story.feeling), *fictional_badge(story))
    url = reverse("answer_story", args=[addressee.pk])
    return InboxRow(str(story), url, badges, tuple(lines))


def promise_row(promise: Promise, today: date) -> InboxRow:
    addressee = promise.reply.addressee
    day = date_format(promise.due_on, "j F Y")
    if promise.due_on < today:
        badge = (f"Promis pour le {day}", "error")
    else:
        badge = (f"Avant le {day}", "info")
    url = reverse("answer_story", args=[addressee.pk])
    story, lines = (
        addressee.experience,
        (str(promise.where or addressee), str(addressee.experience)),
    )
    badges = (badge, *fictional_badge(story))
    return InboxRow(promise.what, f"{url}#promesses", badges, lines)
