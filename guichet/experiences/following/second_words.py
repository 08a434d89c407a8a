"""What an author adds, as moderation sees it.

Owns what a decision makes of it; refuses to decide.
"""

from __future__ import annotations

from collections.abc import Sequence

from guichet.experiences.announcing import announce
from guichet.experiences.answering.notices import tell_of_second_word
from guichet.experiences.models import Addressee, Event, Experience, Reply, SecondWord
from guichet.experiences.noting import Act, note_second_word
from guichet.experiences.reading.removals import public_text
from guichet.experiences.source_names import SECOND_WORD_SOURCE
from guichet.moderation.models import Decision, ModeratedText, Verb
from guichet.moderation.sources import Context, Source

NOT_SHOWN = "Complément à un récit qui n'est pas publié"


def decided(text: ModeratedText, decision: Decision) -> None:
    """Accepted, it is published (nobody is told while its story is not); refused, its author may
    write another; removed or taken up again, it is shown no more."""
    word = SecondWord.objects.filter(experience_id=int(text.reference)).first()
    if decision.verb == Verb.ACCEPT:
        word = word or SecondWord(experience_id=int(text.reference))
        publish(word, text, decision)
    elif word is not None and decision.verb == Verb.REFUSE:
        announce(word.experience, Event.Kind.WORD_REFUSED)
        word.delete()
    elif word is not None and decision.verb in (Verb.REMOVE, Verb.REOPEN):
        word.text, word.published_at = "", None
        word.save()
        note_second_word(word.experience, Act.TAKEN_DOWN)
        if decision.verb == Verb.REMOVE:
            announce(word.experience, Event.Kind.WORD_REFUSED)
    touch(text)


def publish(word: SecondWord, text: ModeratedText, decision: Decision) -> None:
    word.text, word.published_at = text.published("text"), decision.at
    word.save()
    if text.decisions.filter(verb__in=(Verb.REMOVE, Verb.REOPEN)).exists():
        note_second_word(word.experience, Act.PUBLISHED_AGAIN)
    if not Experience.objects.published().filter(pk=word.experience_id).exists():
        return
    announce(word.experience, Event.Kind.SECOND_WORD)
    for addressee in Addressee.objects.filter(experience=word.experience_id):
        tell_of_second_word(addressee)


def touch(text: ModeratedText) -> None:
    """The files of open data are made again."""
    for experience in Experience.objects.filter(pk=int(text.reference)):
        experience.save(update_fields=["changed_at"])


def context_of(reference: str) -> Context:
    """The story that it follows, and the answers that it speaks of."""
    experience = Experience.objects.filter(pk=int(reference)).first()
    if experience is None:
        return Context(title="Complément à un récit effacé depuis", url="", lines=())
    replies = Reply.objects.filter(addressee__experience=experience)
    lines = [("Récit", experience.description)]
    lines += [("Réponse", public_text(reply)) for reply in replies]
    return Context(
        title=f"Complément au récit « {experience.title} »" if experience.title else NOT_SHOWN,
        url=experience.get_absolute_url() if experience.is_published else "",
        lines=tuple(lines),
    )


def fictional(references: Sequence[str]) -> set[str]:
    """Those that the demonstration tells; a second word has its story's number."""
    keys = [int(one) for one in references]
    found = Experience.objects.filter(pk__in=keys, is_fictional=True)
    return {str(key) for key in found.values_list("pk", flat=True)}


SECOND_WORD = Source(
    name=SECOND_WORD_SOURCE,
    label="Complément",
    context=context_of,
    decided=decided,
    orients=False,
    fictional=fictional,
)
