"""A site where every URL leads somewhere: one thing of each kind, and a person of each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.access import policy_of
from guichet.directory.actions.closures import DifferingDays, announce_everywhere
from guichet.directory.actions.corrections import correct_structure
from guichet.directory.models import Role, Structure
from guichet.directory.tests.factories import (
    ErrorReportFactory,
    NetworkFactory,
    StructureFactory,
    someone,
)
from guichet.experiences.models import (
    Absence,
    AnswerTemplate,
    ContentReport,
    Passage,
    ReplyDraft,
)
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    DraftFactory,
    PromiseFactory,
    ReplyFactory,
)
from guichet.indicators.models import BatchWork, FigureComment, SendingToken
from guichet.indicators.tests.factories import (
    BatchFactory,
    GrainFactory,
    IndicatorFactory,
    VersionFactory,
)
from guichet.moderation.tests.factories import OriginalTextFactory
from guichet.orientation.tests.factories import (
    DeskCallFactory,
    HandoverFactory,
    MissedSearchFactory,
    NeedFactory,
    SynonymFactory,
    UnknownWordFactory,
)
from guichet.publication.models import DisplayConfirmation, PosterArchive
from guichet.publication.tests.factories import ReleaseFactory

ROLES = (
    "anonymous",
    "stranger",
    "reader",
    "responder",
    "manager",
    "lead",
    "moderator",
    "publisher",
    "administrator",
)


@dataclass(frozen=True)
class Site:
    """What the sample addresses name, and who visits them (None: nobody signed in)."""

    structure: Structure
    people: dict[str, User | None]
    keys: dict[str, int | str]


def make_site() -> Site:
    network = NetworkFactory(code="caf", name="CAF")
    structure = StructureFactory(code="caf-lille", network=network, with_hours=True)
    people = make_people(structure)
    administrator = people["administrator"]
    correct_structure(structure=structure, by=administrator, town="Lomme")
    day = timezone.localdate() + timedelta(days=3)
    announcement, _ = announce_everywhere(
        network=network, structures=[structure], days=DifferingDays(day, day), by=administrator
    )
    colleague = someone(Role.READER, structure)
    authenticator = Authenticator.objects.create(
        user=colleague, type=Authenticator.Type.WEBAUTHN, data={"name": "téléphone"}
    )
    under = StructureFactory(network=network, parent=structure)
    ReleaseFactory(name="2026-04", current=True)
    HandoverFactory(reference="K7M4Q2XT", sender=structure, receiver=under)
    keys = {
        "withdraw_correction": structure.corrections.get().pk,
        "withdraw_particular_days": structure.exceptional_hours.get().pk,
        "settle_report": ErrorReportFactory(structure=structure).pk,
        "authenticator": authenticator.pk,
        "announcement": announcement.pk,
        "member": colleague.memberships.get().pk,
        "network_member": people["lead"].memberships.get().pk,
        "programme_member": people["moderator"].memberships.get().pk,
        "person": people["moderator"].pk,
        **make_orientation(),
        **make_measurement(structure),
        **make_posters(structure),
        "moderated_text": OriginalTextFactory(text__source="essai").text_id,
        **make_answering(structure),
    }
    return Site(structure, people, keys)


def make_orientation() -> dict[str, int]:
    NeedFactory(code="demander-frouzbi")
    search, synonym = MissedSearchFactory().pk, SynonymFactory().pk
    return {
        "undo_call": DeskCallFactory().pk,
        "settle_search": search,
        "add_search_to_need": search,
        "settle_word": UnknownWordFactory().pk,
        "synonym": synonym,
        "set_synonym_active": synonym,
    }


def make_measurement(structure: Structure) -> dict[str, int | str]:
    """An indicator of the network's own, and what was sent for the structure."""
    network = structure.network
    version = VersionFactory(indicator=IndicatorFactory(code="appels", owner=network))
    grain = GrainFactory(network=network, version=version)
    batch = BatchFactory(network=network, scope=structure, outcome="to_confirm", number=None)
    work = BatchWork.objects.create(act="check", network=network, scope=structure)
    token = SendingToken.objects.create(network=network, label="essai", digest="0" * 64)
    comment = FigureComment.objects.create(
        structure=structure,
        version=version,
        period="2026-01",
        text="Travaux.",
        signed_as="Direction",
    )
    return {
        "grain": grain.pk,
        "a_batch": batch.address,
        "batch_work": work.pk,
        "revoke_token": token.pk,
        "withdraw_comment": comment.pk,
    }


def make_answering(structure: Structure) -> dict[str, int]:
    """A story being written, an answered and reported one of the structure, another that its
    network is proposed, a template."""
    DraftFactory(key="cle-de-brouillon")
    reply = ReplyFactory(addressee=AddresseeFactory(structure=structure))
    ReplyDraft.objects.create(addressee=reply.addressee, text="Un complément.")
    proposed = AddresseeFactory()
    Passage.objects.create(
        addressee=proposed, origin=proposed.structure, target=structure, reason="Votre prestation."
    )
    template = AnswerTemplate.objects.create(structure=structure, title="Attente", text="[motif]")
    absence = Absence.objects.create(
        user=someone(Role.RESPONDER, structure),
        first_day=timezone.localdate(),
        last_day=timezone.localdate(),
    )
    story = reply.addressee.experience
    report = ContentReport.objects.create(experience=story, topic="false", message="Faux.")
    return {
        "story_to_answer": reply.addressee_id,
        "published_story": story.pk,
        "settle_content_report": report.pk,
        "reply": reply.pk,
        "promise": PromiseFactory(reply=reply).pk,
        "proposed_story": proposed.pk,
        "answer_template": template.pk,
        "end_absence": absence.pk,
    }


def make_posters(structure: Structure) -> dict[str, int]:
    """A confirmed display with its photo, and the posters of the network in preparation."""
    display = DisplayConfirmation.objects.create(
        structure=structure, displayed_on=timezone.localdate(), photo=b"photo"
    )
    archive = PosterArchive.objects.create(network=structure.network, release_name="2026-04")
    return {
        "withdraw_display": display.pk,
        "display_photo": display.pk,
        "poster_archive": archive.pk,
    }


def make_people(structure: Structure) -> dict[str, User | None]:
    return {
        "anonymous": None,
        "stranger": someone(Role.MANAGER, StructureFactory()),
        "reader": someone(Role.READER, structure),
        "responder": someone(Role.RESPONDER, structure),
        "manager": someone(Role.MANAGER, structure),
        "lead": someone(Role.LEAD, structure.network),
        "moderator": someone(Role.MODERATOR),
        "publisher": someone(Role.PUBLISHER),
        "administrator": someone(Role.ADMINISTRATOR),
    }


@dataclass(frozen=True)
class Page:
    """One leaf of the URL tree: its whole route, "agents/structures/<str:code>/"."""

    route: str
    pattern: URLPattern

    @property
    def name(self) -> str:
        return self.pattern.name or self.route

    @property
    def policy(self) -> str:
        policy = policy_of(self.pattern)
        return policy.name if policy else ""


def all_pages() -> list[Page]:
    return list(leaves(get_resolver().url_patterns, ""))


def leaves(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Page]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern.url_patterns, route)
        else:
            yield Page(route, pattern)


def contents_of_the_database() -> dict[str, str]:
    """A digest of each of our tables, whatever the order of the rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_stat_user_tables WHERE relname ~ "
            "'^(accounts|core|directory|experiences|indicators|moderation|orientation|publication|"
            "territories|web|procrastinate|mfa)_'"
        )
        names = sorted(name for (name,) in cursor.fetchall())
        digests = {}
        for name in names:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t"
            )
            digests[name] = cursor.fetchone()[0]
    return digests
