"""Drafts kept at each step, sent, confirmed: a story is born, and goes to moderation.

Owns `Draft`, and the birth of `Experience`, its addressees and its author; refuses to publish.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.mail import send_and_forget
from guichet.core.tokens import make_token, read_token, sealed
from guichet.directory.models import Structure
from guichet.experiences.announcing import announce
from guichet.experiences.follow_codes import code_from, seal_of
from guichet.experiences.locks import hold_texts_of
from guichet.experiences.models import (
    Addressee,
    Author,
    Draft,
    Entry,
    Event,
    Experience,
    State,
)
from guichet.experiences.sharing.steps import first_missing
from guichet.experiences.sharing.story import (
    BY_CODE,
    BY_MAIL,
    MOST_SERVICES,
    ChosenService,
    Story,
    procedure_of,
    service_of,
    service_part,
    services_of,
    story_of,
    structures_of,
)
from guichet.experiences.sharing.titles import is_automatic
from guichet.experiences.source_names import STORY_SOURCE
from guichet.moderation.models import ModeratedText, OriginalText
from guichet.moderation.queue.actions import Part, submit
from guichet.territories.models import Departement

PURPOSE = "confirm-story"
DRAFT_SEAL, EMAIL_SEAL = "story-draft", "story-email"
DRAFTS_KEPT_FOR = timedelta(days=30)
CODE_SHOWN_FOR = timedelta(hours=2)
"""After which the page that shows a follow-up code shows it no more: it may be a shared screen."""

GONE = (
    "Ce récit n'est plus ici : il a déjà été envoyé, ou il a été effacé après trente jours "
    "sans changement."
)
OTHER_ADDRESS = (
    "Ce lien ne sert plus : l'adresse électronique du récit a changé depuis. Ouvrez le dernier "
    "courriel que vous avez reçu."
)


DECIDED_AGAIN = (
    "La modération a repris sa décision sur ce récit depuis que vous l'avez rouvert : cette "
    "version n'est pas envoyée. Votre page de suivi dit où en est la première."
)
NO_ROOM = (
    "Un service a déjà répondu à ce récit, et sa réponse y reste : retirez un des services que "
    "vous avez ajoutés."
)


class DraftGone(RuleViolation):
    """Nothing is left of a draft: it became a story, or its time was past."""

    def __init__(self) -> None:
        super().__init__(GONE)


PARTS = (
    ("title", "Titre"),
    ("description", "Récit"),
    ("wished", "Ce qui aurait aidé"),
    ("pseudonym", "Pseudonyme"),
)


def begin_draft(
    *,
    services: Iterable[ChosenService] = (),
    procedure: str = "",
    procedures_entered: str = "",
    is_burst: bool = False,
    entry: str = Entry.SELF,
    entered_by: User | None = None,
    entered_at: Structure | None = None,
) -> Draft:
    """A draft under a new secret key; `entry` other than SELF is an agent's, for somebody."""
    answers: dict[str, Any] = {
        "services": [one.as_json() for one in services],
        "procedure": procedure,
        "procedures_entered": procedures_entered,
        "entry": str(entry),
    }
    return Draft.objects.create(
        key=secrets.token_urlsafe(32),
        answers={name: value for name, value in answers.items() if value},
        is_burst=is_burst,
        entered_by=entered_by,
        entered_at=entered_at,
    )


@transaction.atomic
def keep(draft: Draft, **answers: Any) -> None:
    """Add `answers` to what the draft holds; what two windows write at once is not lost."""
    held = held_draft(draft)
    held.answers = {**held.answers, **answers}
    held.save(update_fields=["answers", "changed_at"])
    draft.answers = held.answers


@transaction.atomic
def keep_author(draft: Draft, *, email: str, **answers: Any) -> None:
    """Keep who writes; an address for who follows by code is not kept."""
    keep(draft, **answers)
    draft.email = email if answers.get("follow_by") == BY_MAIL else ""
    draft.save(update_fields=["email", "changed_at"])


@transaction.atomic
def add_service(draft: Draft, service: ChosenService) -> None:
    """One more service; the same one twice is one. `RuleViolation` beyond three."""
    chosen = services_of(held_draft(draft))
    if any(one.key == service.key for one in chosen):
        return
    if len(chosen) >= MOST_SERVICES:
        raise RuleViolation(
            f"Un récit parle de {MOST_SERVICES} services au plus : retirez-en un d'abord."
        )
    keep(draft, services=[one.as_json() for one in (*chosen, service)])


@transaction.atomic
def drop_service(draft: Draft, rank: int) -> None:
    """Take out the service at `rank`, from 0; nothing when there is none."""
    chosen = services_of(held_draft(draft))
    kept = [one.as_json() for place, one in enumerate(chosen) if place != rank]
    keep(draft, services=kept)


def held_draft(draft: Draft) -> Draft:
    """The row, locked until the end of the transaction; `DraftGone` once it is gone."""
    held = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None:
        raise DraftGone
    return held


@transaction.atomic
def send_draft(draft: Draft, *, is_burst: bool = False) -> Experience | None:
    """Ask for the confirmation by mail (None is returned); a story followed by a code, or that
    amends one whose address is confirmed already, is confirmed at once. `RuleViolation` when a
    step is missing."""
    held = held_draft(draft)
    refuse_incomplete(held)
    held.is_burst = held.is_burst or is_burst
    held.sent_at = timezone.now()
    held.save(update_fields=["is_burst", "sent_at", "changed_at"])
    draft.is_burst, draft.sent_at = held.is_burst, held.sent_at
    if held.follows_id is not None or not story_of(held).is_followed_by_mail:
        return confirm(held)
    context = {
        "story": story_of(held),
        "link": f"{settings.PUBLIC_URL}{reverse('confirm_story', args=[confirm_token(held)])}",
        "institution": settings.INSTITUTION,
        "days": DRAFTS_KEPT_FOR.days,
    }
    send_and_forget(
        subject=f"{settings.INSTITUTION} : confirmez votre récit",
        body=render_to_string("experiences/sharing/mail/confirm.txt", context),
        to=held.email,
    )
    return None


def mail_draft_link(draft: Draft, *, to: str) -> None:
    """Mail the link to finish later; the address is not kept."""
    context = {
        "link": resume_url(draft),
        "institution": settings.INSTITUTION,
        "days": DRAFTS_KEPT_FOR.days,
    }
    send_and_forget(
        subject=f"{settings.INSTITUTION} : finir mon récit",
        body=render_to_string("experiences/sharing/mail/later.txt", context),
        to=to,
    )


def resume_url(draft: Draft) -> str:
    """The absolute address that finishes later."""
    return f"{settings.PUBLIC_URL}{reverse('share_resume', args=[draft.key])}"


def confirm_token(draft: Draft) -> str:
    """What the confirmation link carries: which draft, and to which address it was sent."""
    return make_token(PURPOSE, [draft.key, email_mark(draft.email)])


def draft_to_confirm(token: str) -> Draft | Experience:
    """The draft that a confirmation link is about, or the story that it became already.

    `RuleViolation` when the link is forged or expired, when the draft is gone, or when its address
    is not the one that the link was sent to.
    """
    key, mark = read_token(PURPOSE, token, valid_for=DRAFTS_KEPT_FOR)
    draft = Draft.objects.filter(key=key).first()
    if draft is None:
        born = born_of(key)
        if born is None:
            raise DraftGone
        return born
    if email_mark(draft.email) != mark:
        raise RuleViolation(OTHER_ADDRESS)
    return draft


def email_mark(email: str) -> str:
    return sealed(EMAIL_SEAL, email.lower())[:16]


def born_of(key: str) -> Experience | None:
    """The story that the draft of this key became, while its author is known."""
    author = Author.objects.select_related("experience").filter(draft_seal=seal_of_key(key)).first()
    return author.experience if author else None


def seal_of_key(key: str) -> str:
    return sealed(DRAFT_SEAL, key)


def code_to_show(key: str) -> str:
    """The code of a story just sent; `RuleViolation` once its time is past or nothing bears it."""
    born = born_of(key)
    if born is None:
        raise DraftGone
    if born.author.code_seal != seal_of(code_from(key)):
        raise RuleViolation("Ce récit se suit par courriel : il n'a pas de code.")
    if timezone.now() - born.confirmed_at > CODE_SHOWN_FOR:
        raise RuleViolation(
            "Ce code ne s'affiche plus, pour que personne d'autre ne le lise sur cet écran. "
            "Utilisez celui que vous avez noté ou imprimé."
        )
    return code_from(key)


@transaction.atomic
def confirm(draft: Draft) -> Experience:
    """The story is born (or, when it amends a refused one, that one goes back to moderation), and
    the draft is erased. Confirmed twice, it is the same story; `RuleViolation` when a step is
    missing, when nothing is left of the draft, or when its address is no more that of `draft`, to
    which the link was sent."""
    if draft.follows_id is not None:
        hold_texts_of(draft.follows_id)
    held = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None:
        born = born_of(draft.key)
        if born is None:
            raise DraftGone
        return born
    if held.email != draft.email:
        raise RuleViolation(OTHER_ADDRESS)
    refuse_incomplete(held)
    story = story_of(held)
    experience = story_to_fill(held)
    is_amended = held.follows_id is not None
    before = last_text(experience) if is_amended else None
    fill(experience, story)
    experience.save()
    address(experience, story)
    keep_author_of(experience, held, story)
    kind = Event.Kind.AMENDED if is_amended else Event.Kind.CONFIRMED
    submit(
        source=STORY_SOURCE,
        reference=str(experience.pk),
        parts=[*parts_of(story), *service_parts(experience)],
        is_burst=held.is_burst,
        follows=before,
    )
    if held.entered_by is not None:
        record_entry(experience, held)
    held.delete()
    announce(experience, kind)
    return experience


def refuse_incomplete(draft: Draft) -> None:
    missing = first_missing(story_of(draft))
    if missing is not None:
        raise RuleViolation(f"Il manque une réponse à l'étape « {missing.title} ».")


def story_to_fill(draft: Draft) -> Experience:
    """A new story, or the refused one that `draft` amends, locked; `RuleViolation` once moderators
    took their decision up again: what is published, answered or removed since stays as it is."""
    if draft.follows_id is None:
        return Experience(entered_by=draft.entered_by, entered_at=draft.entered_at)
    experience = Experience.objects.select_for_update().get(pk=draft.follows_id)
    if experience.state != State.REFUSED:
        raise RuleViolation(DECIDED_AGAIN)
    return experience


def fill(experience: Experience, story: Story) -> None:
    """All but the texts, which stay empty until moderation accepts them."""
    experience.state = State.IN_MODERATION
    experience.ended_at = None
    experience.written_as = story.written_as
    experience.feeling = story.feeling
    for aspect, feeling in story.aspects.items():
        setattr(experience, aspect.value, feeling)
    experience.departement = Departement.objects.filter(code=story.departement).first()
    experience.procedure = procedure_of(story.procedure)
    experience.procedures_entered = story.procedures_entered
    experience.entry = story.entry
    experience.confirmed_at = timezone.now()


def address(experience: Experience, story: Story) -> None:
    """The services of a story, in the author's order. One that answered, before a decision was
    taken up again, stays with its answers and its rank; `RuleViolation` when that leaves no room
    for another."""
    structures = structures_of(story.services)
    answered = list(experience.addressees.filter(replies__isnull=False).distinct())
    experience.addressees.exclude(pk__in=[one.pk for one in answered]).delete()
    kept = {one.structure_id or one.name_entered for one in answered}
    taken = {one.rank for one in answered}
    ranks = [rank for rank in range(1, MOST_SERVICES + 1) if rank not in taken]
    for service in story.services:
        structure = structures.get(service.code)
        if (structure.pk if structure else service.label[:300]) in kept:
            continue
        if not ranks:
            raise RuleViolation(NO_ROOM)
        rank = ranks.pop(0)
        Addressee.objects.create(
            experience=experience,
            rank=rank,
            structure=structure,
            first_structure=structure,
            network=structure.network if structure else None,
            name_entered="" if structure else service.label[:300],
            channels=list(service.channels),
        )


def keep_author_of(experience: Experience, draft: Draft, story: Story) -> None:
    """How to reach who writes; for an amended story, as before."""
    draft_seal = seal_of_key(draft.key)
    if draft.follows_id is not None:
        Author.objects.filter(experience=experience).update(draft_seal=draft_seal)
        return
    Author.objects.create(
        experience=experience,
        email=draft.email if story.is_followed_by_mail else "",
        code_seal="" if story.is_followed_by_mail else seal_of(code_from(draft.key)),
        draft_seal=draft_seal,
    )


def parts_of(story: Story) -> list[Part]:
    texts = {
        "title": story.shown_title,
        "description": story.description,
        "wished": story.wished,
        "pseudonym": story.pseudonym,
    }
    return [Part(name=name, label=label, text=texts[name]) for name, label in PARTS]


def service_parts(experience: Experience) -> list[Part]:
    """The services that the author named in their own words: read and masked like the rest."""
    named = experience.addressees.exclude(name_entered="").order_by("rank")
    return [
        Part(name=service_part(one.rank), label="Service absent de l'annuaire", text=str(one))
        for one in named.filter(structure=None)
    ]


def last_text(experience: Experience) -> ModeratedText | None:
    texts = ModeratedText.objects.filter(source=STORY_SOURCE, reference=str(experience.pk))
    return texts.order_by("-received_at", "-pk").first()


def record_entry(experience: Experience, draft: Draft) -> None:
    assert draft.entered_by is not None
    record(
        by=draft.entered_by,
        action="story.entered",
        subject=experience,
        scope=draft.entered_at.scope if draft.entered_at else "",
        after={"entry": experience.get_entry_display()},
    )


@transaction.atomic
def amend(experience: Experience) -> Draft:
    """A refused story taken up again: a draft that holds it as it was written, while its original
    is kept (but for a title that nobody wrote); empty of words after that. `RuleViolation` when it
    is not refused. The same draft for who presses twice."""
    held = Experience.objects.select_for_update().get(pk=experience.pk)
    if held.state != State.REFUSED:
        raise RuleViolation("Seul un récit qui n'a pas été publié peut être repris.")
    known = Draft.objects.filter(follows=held).first()
    if known is not None:
        return known
    text = last_text(held)
    original = OriginalText.objects.filter(text=text).first() if text else None
    author = Author.objects.filter(experience=held).first()
    parts = original.parts if original else []
    words = {one["name"]: one["text"] for one in parts if one["name"] in dict(PARTS)}
    if is_automatic(words.get("title", ""), words.get("description", "")):
        words.pop("title", None)
    draft = begin_draft(
        services=[
            chosen_again(one) for one in held.addressees.select_related("structure__commune")
        ],
        procedure=held.procedure.code if held.procedure else "",
        procedures_entered=held.procedures_entered,
        entry=held.entry,
    )
    draft.follows = held
    draft.email = author.email if author else ""
    draft.answers |= {
        **words,
        "feeling": held.feeling,
        **{aspect.value: feeling.value for aspect, feeling in held.aspects().items()},
        "written_as": held.written_as,
        "departement": held.departement_id or "",
        "follow_by": BY_MAIL if draft.email else BY_CODE,
    }
    draft.save()
    return draft


def chosen_again(addressee: Addressee) -> ChosenService:
    if addressee.structure is None:
        return ChosenService(name=addressee.name_entered, channels=tuple(addressee.channels))
    chosen = service_of(addressee.structure)
    return ChosenService(chosen.name, chosen.code, chosen.place, tuple(addressee.channels))
