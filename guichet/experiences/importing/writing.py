"""Stories of an export, created or brought up to date.

Owns the rows that they become; refuses to touch what is the same already, and what agents wrote
here since. A first answer whose day is not known has the instant of the publication: pages then
tell no delay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Prefetch

from guichet.directory.models import Structure
from guichet.experiences.importing.matching import Places
from guichet.experiences.importing.stories import ImportedService, ImportedStory
from guichet.experiences.models import (
    Addressee,
    Author,
    Entry,
    Experience,
    Promise,
    Reply,
    SecondWord,
    State,
)
from guichet.territories.models import Departement

AtNoon = Callable[[date], datetime]
COPIED = (
    "title description wished pseudonym written_as feeling accessibility information relation "
    "responsiveness simplicity procedures_entered written_on same_count similar_service_change "
    "language is_fictional"
).split()
UNDATED = "réponse sans date : celle de la publication est prise, et aucun délai n'est dit"
UNKNOWN_PLACE = "Intitulé département usager : inconnu, laissé vide"
UNMATCHED = "service sans correspondance certaine dans l'annuaire : son nom est gardé"


def problems_of(story: ImportedStory, places: Places) -> Iterator[str]:
    """What the database knows and the file alone did not tell."""
    if story.departement and departement_of(story, places) is None:
        yield UNKNOWN_PLACE
    if answers(story) and first_reply_day(story) is None:
        yield UNDATED
    if any(structure_of(one, story, places) is None for one in story.services):
        yield UNMATCHED


def create_all(stories: list[ImportedStory], places: Places, at_noon: AtNoon) -> list[Experience]:
    """All of a slice, none of which is here: five statements."""
    made = Experience.objects.bulk_create(
        Experience(official_id=one.number, entry=Entry.IMPORT, **story_values(one, places, at_noon))
        for one in stories
    )
    pairs = list(zip(made, stories, strict=True))
    addressees = Addressee.objects.bulk_create(
        Addressee(
            experience=row, rank=service.rank, **service_values(service, story, places, at_noon)
        )
        for row, story in pairs
        for service in story.services
    )
    services = [(story, service) for _, story in pairs for service in story.services]
    answered = [
        (row, *told) for row, told in zip(addressees, services, strict=True) if told[1].answer
    ]
    replies = Reply.objects.bulk_create(
        Reply(addressee=row, signature="", **answer_values(service, story, at_noon, row))
        for row, story, service in answered
    )
    Promise.objects.bulk_create(
        Promise(reply=reply, **story.promise)
        for reply, (_, story, service) in zip(replies, answered, strict=True)
        if service.rank == 1 and story.promise
    )
    SecondWord.objects.bulk_create(
        SecondWord(experience=row, **word_values(story, at_noon))
        for row, story in pairs
        if story.second_word
    )
    Author.objects.bulk_create(
        Author(experience=row, **author_values(story))
        for row, story in pairs
        if story.is_solved is not None
    )
    return made


def kept(numbers: Iterable[int]) -> dict[int, Experience]:
    """The stories of these numbers that are here, by number, with all that an export says of them:
    a few statements for a whole slice. `imported` are the answers that an export gave."""
    replies = Reply.objects.filter(by=None, addition_to=None).select_related("structure", "promise")
    addressees = Addressee.objects.select_related(
        "structure", "first_structure", "network"
    ).prefetch_related(Prefetch("replies", replies, to_attr="imported"))
    return (
        Experience.objects.defer("search")
        .select_related("departement", "procedure", "author", "second_word")
        .prefetch_related(Prefetch("addressees", addressees))
        .in_bulk(list(numbers), field_name="official_id")
    )


def update(here: Experience, story: ImportedStory, places: Places, at_noon: AtNoon) -> bool:
    """Bring a published story of `kept` up to date; whether anything changed."""
    changed = brought(Experience, here, {}, story_values(story, places, at_noon))
    addressed = {one.rank: one for one in here.addressees.all()}
    changed |= left_out(here, addressed.keys() - {one.rank for one in story.services})
    for service in story.services:
        row = addressed.get(service.rank)
        changed |= update_service(here, row, service, story, places, at_noon)
    if story.second_word:
        word = getattr(here, "second_word", None)
        changed |= brought(SecondWord, word, {"experience": here}, word_values(story, at_noon))
    if story.is_solved is not None:
        author = getattr(here, "author", None)
        changed |= brought(Author, author, {"experience": here}, author_values(story))
    return changed


def update_service(
    here: Experience,
    row: Addressee | None,
    service: ImportedService,
    story: ImportedStory,
    places: Places,
    at_noon: AtNoon,
) -> bool:
    """The same of one service, `row` when it is here, with its answer and what that promises; an
    answer that moderation removed here stays removed."""
    key = {"experience": here, "rank": service.rank}
    changed = brought(Addressee, row, key, service_values(service, story, places, at_noon))
    if not service.answer:
        return changed
    first = next(iter(row.imported), None) if row else None  # type: ignore[attr-defined]
    if first is not None and first.is_removed:
        return changed
    addressee = Addressee.objects.get(**key) if changed or row is None else row
    key = {"addressee": addressee, "by": None, "addition_to": None}
    changed |= brought(Reply, first, key, answer_values(service, story, at_noon, addressee))
    if service.rank == 1 and story.promise:
        reply = first or Reply.objects.get(**key)
        promise = getattr(reply, "promise", None)
        changed |= brought(Promise, promise, {"reply": reply}, story.promise)
    return changed


def left_out(here: Experience, ranks: Set[int]) -> bool:
    """Take away the services that the export names no more, unless an agent answered for them."""
    if not ranks:
        return False
    answered = Reply.objects.filter(by__isnull=False).values("addressee")
    gone, _ = here.addressees.filter(rank__in=ranks).exclude(pk__in=answered).delete()
    return bool(gone)


def brought(
    model: Any, row: models.Model | None, key: dict[str, Any], values: dict[str, Any]
) -> bool:
    """Whether `row`, or one of `key` where there is none, had to be changed or created."""
    if row is None:
        model.objects.create(**key, **values)
        return True
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    model.objects.filter(pk=row.pk).update(**values)
    return True


def story_values(story: ImportedStory, places: Places, at_noon: AtNoon) -> dict[str, Any]:
    published_at = at_noon(story.values["published_on"])
    return {
        **{name: story.values[name] for name in COPIED},
        "state": State.PUBLISHED,
        "published_at": published_at,
        "confirmed_at": published_at,
        "departement": departement_of(story, places),
        "procedure": places.procedure(story.procedure_code),
        "first_reply_at": at_noon(day_of_answer(story)) if answers(story) else None,
    }


def service_values(
    service: ImportedService, story: ImportedStory, places: Places, at_noon: AtNoon
) -> dict[str, Any]:
    structure = structure_of(service, story, places)
    return {
        "structure": structure,
        "first_structure": structure,
        "network": structure.network if structure else None,
        "name_entered": service.name,
        "kind_entered": service.kind,
        "channels": service.channels,
        "first_reply_at": at_noon(day_of_answer(story, service)) if service.answer else None,
    }


def answer_values(
    service: ImportedService, story: ImportedStory, at_noon: AtNoon, row: Addressee
) -> dict[str, Any]:
    """The answer and its additions as one text; judgements are those of the first service."""
    is_first = service.rank == 1
    return {
        "text": service.answer,
        "structure": row.structure,
        "published_at": at_noon(day_of_answer(story, service)),
        "was_useful": story.was_useful if is_first else None,
        "useful_count": story.useful_count if is_first else 0,
    }


def word_values(story: ImportedStory, at_noon: AtNoon) -> dict[str, Any]:
    return {
        "text": story.second_word,
        "published_at": at_noon(story.values["published_on"]),
    }


def author_values(story: ImportedStory) -> dict[str, Any]:
    return {"is_solved": story.is_solved, "wants_news": False}


def answers(story: ImportedStory) -> bool:
    return any(one.answer for one in story.services)


def first_reply_day(story: ImportedStory) -> date | None:
    """As the file says; None when it does not."""
    told: date | None = story.values["replied_on"]
    days = (one.answered_on for one in story.services if one.answer and one.answered_on)
    return told or min(days, default=None)


def day_of_answer(story: ImportedStory, service: ImportedService | None = None) -> date:
    """Never before the publication."""
    published_on: date = story.values["published_on"]
    told = service.answered_on if service else None
    return max(told or first_reply_day(story) or published_on, published_on)


def departement_of(story: ImportedStory, places: Places) -> Departement | None:
    return places.departement(story.departement, story.departement_code)


def structure_of(
    service: ImportedService, story: ImportedStory, places: Places
) -> Structure | None:
    area = departement_of(story, places)
    return places.structure(service.name, service.kind, area, service.code)
