"""What a moderator's decision makes of a story: published, refused, oriented, taken down.

Owns each state after moderation and its event; refuses to decide. Runs in the decision's own
transaction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils import timezone

from guichet.directory.models import Structure
from guichet.experiences.announcing import announce
from guichet.experiences.answering.clocks import due_day
from guichet.experiences.answering.notices import tell_of_story
from guichet.experiences.models import Event, Experience, State
from guichet.experiences.noting import Act, note_story
from guichet.experiences.reading.search import index
from guichet.experiences.sharing.story import service_part
from guichet.experiences.sharing.titles import is_automatic, title_of_masked
from guichet.moderation.models import Decision, ModeratedText, OriginalText
from guichet.orientation.actions.handovers import create_handover
from guichet.orientation.handovers.references import shown_reference
from guichet.orientation.models import Handover

SHEET_SUBJECT = "Une question sur mon dossier"
DANGER_SUBJECT = "Une aide pour ma situation"
SHEET_WHY = (
    "Votre récit parle de votre dossier personnel : seul ce service peut l'ouvrir et vous répondre."
)
DANGER_WHY = (
    "Ce service peut vous aider : dites-lui ce qui se passe. En urgence, appelez le 15, le 17 ou "
    "le 112 (114 par SMS) ; pour des idées de suicide, le 3114, jour et nuit."
)
MASKED = re.compile(r"\[[^\]]*\]")
TEXTS = ("title", "description", "wished", "pseudonym")


def publish(experience: Experience, text: ModeratedText) -> Event:
    """The redacted texts become public, the clock of each service starts, the author is told.

    Published again after a decision was taken up anew, a story keeps its first day and clocks.
    """
    for name in TEXTS:
        setattr(experience, name, text.published(name))
    written = written_parts(text)
    experience.title = public_title(text, written)
    experience.pseudonym = public_pseudonym(text, written)
    experience.language = text.language
    experience.state = State.PUBLISHED
    experience.ended_at = None
    is_first_time = experience.published_at is None
    experience.published_at = experience.published_at or timezone.now()
    experience.save()
    name_services(experience, text)
    start_clocks(experience)
    index(experience)
    detail = {"masked": True} if is_masked(text, written) else {}
    event = announce(experience, Event.Kind.PUBLISHED, **detail)
    if is_first_time:
        for addressee in experience.addressees.all():
            tell_of_story(addressee)
    else:
        note_story(experience, Act.PUBLISHED_AGAIN)
    return event


def written_parts(text: ModeratedText) -> dict[str, str]:
    """What its author wrote, by part; empty once the original is erased."""
    original = OriginalText.objects.filter(text=text).first()
    return {part["name"]: part["text"] for part in original.parts} if original else {}


def is_masked(text: ModeratedText, written: Mapping[str, str]) -> bool:
    """True when something of what the author wrote is not read by all: they are told so."""
    return any(text.published(name) != said for name, said in written.items())


def public_title(text: ModeratedText, written: Mapping[str, str]) -> str:
    """The title as moderated; of one that nobody wrote and of which a part is masked, that of the
    story as it is published."""
    title = text.published("title")
    is_whole = title == written.get("title", title)
    if is_whole or not is_automatic(written["title"], written.get("description", "")):
        return title
    return title_of_masked(text.published("description"))


def public_pseudonym(text: ModeratedText, written: Mapping[str, str]) -> str:
    """The pseudonym as moderated; none where all of it was masked: « [nom] » signs nothing."""
    said = text.published("pseudonym")
    is_left = said == written.get("pseudonym") or any(map(str.isalnum, MASKED.sub("", said)))
    return said if is_left else ""


def name_services(experience: Experience, text: ModeratedText) -> None:
    """A service that is not in the directory is named as its moderated words say."""
    for one in experience.addressees.exclude(name_entered=""):
        if said := text.published(service_part(one.rank)):
            one.name_entered = said[:300]
            one.save(update_fields=["name_entered"])


def start_clocks(experience: Experience) -> None:
    """Answers are due so many days after the publication as each network means to take."""
    assert experience.published_at is not None
    published_on = timezone.localdate(experience.published_at)
    for one in experience.addressees.filter(due_on=None).select_related("network"):
        one.due_on = due_day(one.network, published_on)
        one.save(update_fields=["due_on"])


def refuse(experience: Experience, text: ModeratedText, decision: Decision) -> Event:
    """Not published; its author reads why and may amend it."""
    return ended(experience, State.REFUSED, Event.Kind.REFUSED, decision)


def orient(experience: Experience, text: ModeratedText, decision: Decision) -> Event:
    """An individual file, or a danger: not published, its author gets a sheet for the service that
    can act on it, when the moderator chose one that the directory knows."""
    sheet = sheet_for(decision)
    detail = {"handover": shown_reference(sheet.reference)} if sheet else {}
    return ended(experience, State.ORIENTED, Event.Kind.ORIENTED, decision, **detail)


def sheet_for(decision: Decision) -> Handover | None:
    """The hand-over sheet to the service of `decision.oriented_key` (the key of a structure)."""
    key = decision.oriented_key
    receiver = Structure.objects.open_ones().filter(pk=int(key)).first() if key.isdigit() else None
    if receiver is None or decision.by is None:
        return None
    is_danger = decision.text.is_danger
    return create_handover(
        sender=None,
        receiver=receiver,
        by=decision.by,
        subject=DANGER_SUBJECT if is_danger else SHEET_SUBJECT,
        why=DANGER_WHY if is_danger else SHEET_WHY,
    )


def remove(experience: Experience, text: ModeratedText, decision: Decision) -> Event:
    """Taken down after it was published."""
    return ended(experience, State.REMOVED, Event.Kind.REMOVED, decision)


def remove_again(experience: Experience, decision: Decision | None) -> None:
    """Taken down before a backup was restored that showed it; `decision` is None for a story taken
    over from elsewhere."""
    if decision is not None:
        ended(experience, State.REMOVED, Event.Kind.REMOVED, decision)
    else:
        take_off(experience, State.REMOVED)
        announce(experience, Event.Kind.REMOVED)


def reopen(experience: Experience) -> None:
    """Its decision is taken up again: it waits as before, and is shown nowhere meanwhile."""
    without_texts(experience)
    experience.state = State.IN_MODERATION
    experience.ended_at = None
    experience.save()
    index(experience)
    note_taken_down(experience)


def ended(
    experience: Experience, state: State, kind: Event.Kind, decision: Decision, **detail: str
) -> Event:
    take_off(experience, state)
    return announce(experience, kind, decision=decision.pk, **detail)


def take_off(experience: Experience, state: State) -> None:
    """In `state`, which is not public, from now on."""
    without_texts(experience)
    experience.state = state
    experience.ended_at = timezone.now()
    experience.save()
    index(experience)
    note_taken_down(experience)


def note_taken_down(experience: Experience) -> None:
    """Only what was public once: no backup shows the others."""
    if experience.published_at is not None:
        note_story(experience, Act.TAKEN_DOWN)


def without_texts(experience: Experience) -> None:
    """What is not published holds no word: the moderated text keeps them, for moderators."""
    for name in TEXTS:
        setattr(experience, name, "")
    experience.search = None
