"""All that is kept of one author and their story, for who asks (GDPR, articles 15 and 20).

Owns what is given, once, for the file of a machine and the text of a person; refuses the names of
agents, who have rights of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from guichet.core.models import OutgoingMail
from guichet.experiences.following.queries import moderated_texts
from guichet.experiences.models import (
    Author,
    Channel,
    Draft,
    Experience,
    InternalNote,
    Passage,
    Promise,
    Reply,
)
from guichet.experiences.reading.removals import public_text
from guichet.experiences.sharing.steps import STEPS
from guichet.experiences.sharing.story import story_of
from guichet.experiences.sharing.unfinished import unfinished
from guichet.moderation.detection.risk import DANGER_FLAG
from guichet.moderation.kinds import LABELS, Kind
from guichet.moderation.models import Alert, ModeratedText, OriginalText
from guichet.ui.components.content import written_date, written_time

Content = dict[str, Any]
PREAMBLE = (
    "Tout ce que la plateforme garde de ce récit et de la personne qui l'a écrit. Les agents y "
    "sont désignés par leur fonction. Ce que la modération a noté d'un danger n'y est pas : "
    "demandez-le à l'équipe de la plateforme. Si vous avez écrit d'autres récits, chacun a sa page."
)


def own_data(author: Author) -> Content:
    """By French labels, in the order of reading; dates are dates."""
    experience = Experience.objects.select_related("departement", "procedure").get(pk=author.pk)
    return {
        "Ce que c'est": PREAMBLE,
        "Fait le": timezone.now(),
        "Vous": about_author(author),
        "Votre récit": about_story(experience),
        "Services": [
            {
                "service": str(one),
                "contacté": [str(Channel(channel).label) for channel in one.channels],
                "réponse attendue le": one.due_on,
                "première réponse le": one.first_reply_at,
            }
            for one in experience.addressees.select_related("structure")
        ],
        "Réponses": [about_reply(one) for one in replies_to(experience)],
        "Ce que vous avez envoyé": [about_text(one) for one in moderated_texts(experience)],
        "Notes entre agents": [
            {"le": note.at, "note": note.text}
            for note in InternalNote.objects.filter(addressee__experience=experience)
        ],
        "Transmissions entre services": [
            {
                "le": passage.at,
                "de": str(passage.origin or "le programme"),
                "à": str(passage.target),
                "pourquoi": passage.reason,
                "suite": passage.get_outcome_display(),
                "pourquoi cette suite": passage.settled_reason,
            }
            for passage in Passage.objects.filter(addressee__experience=experience)
            .select_related("origin", "target")
            .order_by("at", "pk")
        ],
        "Ce qui s'est passé": [
            {"le": event.at, "quoi": event.get_kind_display(), "courriel le": event.told_at}
            for event in experience.events.all()
        ],
        "Brouillons": [about_draft(one) for one in Draft.objects.filter(follows=experience)],
        "Courriels en attente d'envoi": [
            {"objet": mail.subject, "depuis": mail.queued_at} for mail in mails_to(author)
        ],
    }


def about_author(author: Author) -> Content:
    return {
        "adresse électronique": author.email,
        "suivi par un code": bool(author.code_seal),
        "reçoit des nouvelles": author.wants_news,
        "problème réglé": author.is_solved,
        "dit le": author.solved_at,
    }


def about_story(experience: Experience) -> Content:
    word = getattr(experience, "second_word", None)
    return {
        "numéro": experience.pk,
        "état": experience.get_state_display(),
        "titre publié": experience.title,
        "récit publié": experience.description,
        "ce qui aurait aidé": experience.wished,
        "pseudonyme": experience.pseudonym,
        "complément publié": word.text if word else "",
        "écrit en tant que": experience.get_written_as_display(),
        "ressenti": experience.get_feeling_display(),
        "aspects": {
            str(aspect.label): str(feeling.label)
            for aspect, feeling in experience.aspects().items()
        },
        "département": str(experience.departement or ""),
        "démarche": str(experience.procedure or experience.procedures_entered),
        "arrivé": experience.get_entry_display(),
        "langue": experience.language,
        "écrit le": experience.written_on,
        "confirmé le": experience.confirmed_at,
        "publié le": experience.published_at,
        "terminé le": experience.ended_at,
    }


def about_draft(draft: Draft) -> Content:
    story = story_of(draft)
    return {
        "changé le": draft.changed_at,
        "services": [
            {"service": one.label, "contacté": one.channel_labels} for one in story.services
        ],
        "titre": story.title,
        "récit": story.description,
        "ce qui aurait aidé": story.wished,
        "pseudonyme": story.pseudonym,
        "écrit en tant que": story.written_as_label,
        "ressenti": story.feeling_label,
        "aspects": dict(story.aspect_labels),
        "département": story.departement_name,
        "démarche": story.procedure or story.procedures_entered,
        "à corriger": [
            {"étape": step.title, "écrit": " · ".join(words for words in left if words)}
            for step in STEPS
            if (left := typed_so_far(draft, step.name))
        ],
    }


def typed_so_far(draft: Draft, step: str) -> list[str]:
    """What was typed in a step and did not pass."""
    left = unfinished(draft, step)
    return list(chain(*left.typed.values())) if left else []


def replies_to(experience: Experience) -> list[Reply]:
    replies = Reply.objects.filter(addressee__experience=experience)
    return list(replies.select_related("structure", "promise").order_by("published_at", "pk"))


def about_reply(reply: Reply) -> Content:
    promise = getattr(reply, "promise", None)
    return {
        "service": str(reply.structure or ""),
        "le": reply.published_at,
        "corrigé le": reply.rewritten_at,
        "texte": public_text(reply),
        "signé": reply.signature,
        "promesse": promise.what if promise else "",
        "au plus tard le": promise.due_on if promise else None,
        "fait le, d'après le service": promise.done_on if promise else None,
        "ce qui a été fait, d'après le service": promise.done_words if promise else "",
        "est-ce que ça a changé, d'après vous": said_of(promise) if promise else "",
        "utile, d'après vous": reply.was_useful,
    }


def said_of(promise: Promise) -> str:
    """The author's word; empty while they have said nothing."""
    if promise.outcome == Promise.Outcome.PENDING:
        return "je ne sais pas" if promise.judged_at else ""
    return str(promise.get_outcome_display())


def about_text(text: ModeratedText) -> Content:
    """Of a text in which a danger was seen, neither what alerted nor the notes: the file may be
    read by who is the danger."""
    alerted = text.is_danger or Alert.objects.filter(text=text).exists()
    original = OriginalText.objects.filter(text=text).first()
    return {
        "reçu le": text.received_at,
        "état": text.get_state_display(),
        "original": {part["label"]: part["text"] for part in original.parts} if original else "",
        "original effacé le": original.erase_on if original else "",
        "mots masqués": masked_words(original) if original else [],
        "publié": {part["label"]: part["published"] for part in text.parts},
        "lecture automatique": {
            "langue": text.language,
            "risque, de 0 à 100": text.risk,
            "remarques": [one for one in text.flags if not one.startswith(DANGER_FLAG)],
            "danger signalé": text.is_danger,
        },
        "décisions": [
            {
                "le": one.at,
                "décision": one.get_verb_display(),
                "raison": one.get_reason_display() if one.reason else "",
                "explication": one.message,
                **({} if alerted else {"note": one.note}),
                "service proposé": one.oriented_to,
            }
            for one in text.decisions.all()
        ],
    }


def masked_words(original: OriginalText) -> list[Content]:
    texts = {part["name"]: part["text"] for part in original.parts}
    return [
        {
            "mots": texts.get(mark["part"], "")[mark["start"] : mark["end"]],
            "pris pour": LABELS[Kind(mark["kind"])],
        }
        for mark in original.marks
        if mark.get("state") != "rejected"
    ]


def mails_to(author: Author) -> list[OutgoingMail]:
    if not author.email:
        return []
    return list(OutgoingMail.objects.unsent().filter(recipients=[author.email]).in_order())


def as_json(content: Content) -> str:
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def as_text(content: Content) -> str:
    """The same for a person: a title for each part, a line for each thing."""
    return "\n".join(lines_of(content)) + "\n"


def lines_of(content: Content) -> Iterator[str]:
    for title, value in content.items():
        yield from ("", title.upper() if isinstance(value, dict | list) else title)
        yield from told(value, 0)


def told(value: Any, depth: int) -> Iterator[str]:
    margin = "  " * depth
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, dict | list) and inner:
                yield f"{margin}{name} :"
                yield from told(inner, depth + 1)
            else:
                yield f"{margin}{name} : {in_words(inner)}"
    elif isinstance(value, list):
        for inner in value or [None]:
            if isinstance(inner, dict):
                yield from told(inner, depth)
                yield ""
            else:
                yield f"{margin}{in_words(inner)}"
    else:
        yield f"{margin}{in_words(value)}"


def in_words(value: Any) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return "rien"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return f"{written_date(value)} à {written_time(value)}"
    if isinstance(value, date):
        return written_date(value)
    return str(value)
