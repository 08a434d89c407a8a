"""Stories as moderation sees them: their context, and what a decision makes of them.

Owns the words shown to moderators; refuses to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guichet.core.words import NBSP
from guichet.directory.models import Structure
from guichet.directory.search import search_structures
from guichet.directory.search_page import visited_address
from guichet.directory.search_reading import SearchWish
from guichet.experiences import publishing
from guichet.experiences.following.second_words import fictional
from guichet.experiences.models import Addressee, Channel, Entry, Event, Experience
from guichet.experiences.source_names import STORY_SOURCE
from guichet.moderation.models import Decision, ModeratedText, Verb
from guichet.moderation.sources import Context, Proposal, Source

STORY_LABEL = "Récit"
NOT_WITHDRAWN = (Verb.ACCEPT, Verb.REFUSE, Verb.ORIENT, Verb.REMOVE, Verb.REOPEN)


def decided(text: ModeratedText, decision: Decision) -> None:
    """Apply a final decision to the story; what its author does (withdraw) is done by them."""
    if decision.verb not in NOT_WITHDRAWN:
        return
    experience = Experience.objects.select_for_update().get(pk=int(text.reference))
    if decision.verb == Verb.ACCEPT:
        publishing.publish(experience, text)
    elif decision.verb == Verb.REOPEN:
        publishing.reopen(experience)
    else:
        ENDINGS[Verb(decision.verb)](experience, text, decision)


Ending = Callable[[Experience, ModeratedText, Decision], Event]
ENDINGS: dict[Verb, Ending] = {
    Verb.REFUSE: publishing.refuse,
    Verb.ORIENT: publishing.orient,
    Verb.REMOVE: publishing.remove,
}


def context_of(reference: str) -> Context:
    """What a moderator needs beside the words."""
    experience = (
        Experience.objects.select_related("departement", "procedure", "entered_at")
        .filter(pk=int(reference))
        .first()
    )
    if experience is None:
        return Context(title="Récit effacé depuis", url="", lines=())
    url = experience.get_absolute_url() if experience.is_published else ""
    return Context(title=STORY_LABEL, url=url, lines=tuple(lines_of(experience)))


def lines_of(experience: Experience) -> Iterator[tuple[str, str]]:
    for one in experience.addressees.select_related("structure__network", "structure__commune"):
        channels = ", ".join(str(Channel(channel).label) for channel in one.channels)
        named = str(one) if one.structure_id else "absent de l'annuaire, nommé par l'auteur"
        yield "Service", f"{named}{f'{NBSP}: {channels}' if channels else ''}"
    yield "Ressenti", experience.get_feeling_display()
    aspects = [
        f"{one.label}{NBSP}: {feeling.label}" for one, feeling in experience.aspects().items()
    ]
    if aspects:
        yield "Aspects", ", ".join(aspects)
    yield "Écrit en tant que", experience.get_written_as_display()
    if experience.departement is not None:
        yield "Département", experience.departement.name
    if experience.procedure is not None or experience.procedures_entered:
        yield "Démarche", str(experience.procedure or experience.procedures_entered)
    if experience.is_fictional:
        yield "Démonstration", "récit fictif"
    if experience.entry != Entry.SELF:
        at = f", à « {experience.entered_at} »" if experience.entered_at else ""
        yield "Saisie", f"{experience.get_entry_display()}{at}"


def proposals(reference: str, words: str) -> list[Proposal]:
    """Where an individual file may be sent: the services that the author named, or those found by
    a moderator's words (« caf roubaix »). The key is a structure's."""
    if words.strip():
        return [proposal(one.structure) for one in search_structures(SearchWish(what=words)).items]
    named = Addressee.objects.filter(experience=int(reference), structure__closed_on=None)
    found = named.exclude(structure=None).select_related("structure__kind", "structure__commune")
    return [proposal(one.structure) for one in found if one.structure]


def proposal(structure: Structure) -> Proposal:
    return Proposal(str(structure.pk), structure.name, visited_address(structure))


STORY = Source(
    name=STORY_SOURCE,
    label=STORY_LABEL,
    context=context_of,
    decided=decided,
    proposals=proposals,
    fictional=fictional,
)
