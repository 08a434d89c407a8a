"""What was withdrawn, taken down, erased or ended since a backup is so again once it is restored.

Owns how each is done again; refuses to tell anybody: it was told the first time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from guichet.core.erasures import Erasure, Replayer
from guichet.experiences import publishing
from guichet.experiences.following.actions.leaving import erase_story, forget_who_wrote
from guichet.experiences.following.actions.removing import remove_reply
from guichet.experiences.following.actions.reports import published_text
from guichet.experiences.locks import hold_story
from guichet.experiences.models import (
    Author,
    Draft,
    Experience,
    Reply,
    SecondWord,
    State,
    Subscription,
)
from guichet.experiences.models.experiences import TAKEN_BACK
from guichet.experiences.noting import (
    DRAFT,
    LINK,
    REPLY,
    SECOND_WORD,
    STORY,
    SUBSCRIPTION,
    Act,
    is_down,
    key_of_links,
    key_of_reply,
    key_of_subscription,
)
from guichet.experiences.sharing.actions import seal_of_key
from guichet.experiences.source_names import SECOND_WORD_SOURCE
from guichet.moderation.models import Decision, ModeratedText, RefusalReason, TextState, Verb

REMOVED_BEFORE = (
    "Ce texte avait déjà été retiré par la modération. Il l'est à nouveau, après la remise en "
    "place d'une sauvegarde du site."
)
AT_ONCE = 1_000


def stories_with(keys: Collection[str]) -> Iterator[tuple[str, int]]:
    for some in slices(keys):
        found = Experience.objects.filter(key__in=some).order_by("pk")
        yield from ((key.hex, number) for key, number in found.values_list("key", "pk"))


def slices(keys: Collection[str]) -> Iterator[list[str]]:
    """UUIDs in hexadecimal, so many at a time."""
    uuids = [key for key in keys if len(key) == 32]
    for start in range(0, len(uuids), AT_ONCE):
        yield uuids[start : start + AT_ONCE]


def redo_story(number: int, acts: Sequence[Erasure]) -> bool:
    experience = hold_story(number)
    if Act.WITHDRAWN in {one.act for one in acts}:
        if experience.state == State.WITHDRAWN:
            return False
        erase_story(experience)
        return True
    forgotten = Act.AUTHOR_ERASED in {one.act for one in acts} and forget_again(experience)
    return (is_down(acts) and take_down_again(experience)) or forgotten


def forget_again(experience: Experience) -> bool:
    """Of a story that is not published yet in this backup, the words stay for moderators."""
    author = Author.objects.filter(experience=experience).first()
    if author is None or not (author.email or author.code_seal or author.draft_seal):
        return False
    forget_who_wrote(author, experience)
    return True


def take_down_again(experience: Experience) -> bool:
    """What was never published in this backup waits for its moderators, like the others."""
    if experience.state != State.PUBLISHED:
        return False
    text = published_text(experience)
    decision = refuse_again(text) if text is not None else None
    publishing.remove_again(experience, decision)
    return True


def refuse_again(text: ModeratedText) -> Decision:
    now = timezone.now()
    decision = Decision.objects.create(text=text, verb=Verb.REMOVE, message=REMOVED_BEFORE, at=now)
    text.parts = [{**part, "published": ""} for part in text.parts]
    text.state, text.decided_at = TextState.REFUSED, now
    text.save()
    return decision


def remembered_stories(since: datetime) -> Iterator[Erasure]:
    """Those that the present database says withdrawn or taken down."""
    gone = Experience.objects.filter(state__in=TAKEN_BACK, ended_at__gte=since)
    for one in gone.only("key", "state", "ended_at"):
        assert one.ended_at is not None
        act = Act.WITHDRAWN if one.state == State.WITHDRAWN else Act.TAKEN_DOWN
        yield Erasure(STORY, one.key.hex, act, one.ended_at)


def drafts_with(keys: Collection[str]) -> Iterator[tuple[str, int]]:
    if not keys:
        return
    for number, key in Draft.objects.values_list("pk", "key"):
        seal = seal_of_key(key)
        if seal in keys:
            yield seal, number


def redo_draft(number: int, acts: Sequence[Erasure]) -> bool:
    erased, _ = Draft.objects.filter(pk=number).delete()
    return bool(erased)


def redo_second_word(number: int, acts: Sequence[Erasure]) -> bool:
    if not is_down(acts):
        return False
    hold_story(number)
    word = SecondWord.objects.filter(pk=number, published_at__isnull=False).first()
    if word is None:
        return False
    accepted = ModeratedText.objects.filter(
        source=SECOND_WORD_SOURCE, reference=str(number), state=TextState.ACCEPTED
    )
    for text in accepted:
        refuse_again(text)
    word.text, word.published_at = "", None
    word.save()
    return True


def replies_with(keys: Collection[str]) -> Iterator[tuple[str, Reply]]:
    """Those that the backup holds, shown or not: a story taken down may be published again."""
    if not keys:
        return
    kept = Reply.objects.filter(removed_at=None)
    held = kept.exclude(addressee__experience__state=State.WITHDRAWN)
    for one in held.select_related("addressee__experience").iterator():
        key = key_of_reply(one)
        if key in keys:
            yield key, one


def redo_removal(reply: Reply, acts: Sequence[Erasure]) -> bool:
    known = acts[-1].act if acts[-1].act in RefusalReason.values else RefusalReason.OUT_OF_SCOPE
    remove_reply(reply=reply, by=None, reason=known, message=REMOVED_BEFORE)
    return True


def remembered_removals(since: datetime) -> Iterator[Erasure]:
    """Those that the present database says removed."""
    removed = Reply.objects.filter(removed_at__gte=since)
    for one in removed.select_related("addressee__experience"):
        assert one.removed_at is not None
        yield Erasure(REPLY, key_of_reply(one), one.removed_for, one.removed_at)


def links_with(keys: Collection[str]) -> Iterator[tuple[str, int]]:
    """Authors whose links in the backup were ended since, once for each time: whom a link had
    leaked to cannot use it again, and the last one that the author was given is good."""
    if not keys:
        return
    for author in Author.objects.select_related("experience").iterator():
        version = author.link_version
        while (key := key_of_links(author, version)) in keys:
            yield key, author.pk
            version += 1


def redo_links(number: int, acts: Sequence[Erasure]) -> bool:
    return bool(Author.objects.filter(pk=number).update(link_version=F("link_version") + 1))


def subscriptions_with(keys: Collection[str]) -> Iterator[tuple[str, int]]:
    if not keys:
        return
    for one in Subscription.objects.iterator():
        key = key_of_subscription(one)
        if key in keys:
            yield key, one.pk


def redo_end(number: int, acts: Sequence[Erasure]) -> bool:
    erased, _ = Subscription.objects.filter(pk=number).delete()
    return bool(erased)


REPLAYERS = (
    Replayer(STORY, ("récit", "récits"), stories_with, redo_story, remembered_stories),
    Replayer(SECOND_WORD, ("complément", "compléments"), stories_with, redo_second_word),
    Replayer(DRAFT, ("récit commencé", "récits commencés"), drafts_with, redo_draft),
    Replayer(REPLY, ("réponse", "réponses"), replies_with, redo_removal, remembered_removals),
    Replayer(LINK, ("lien de suivi", "liens de suivi"), links_with, redo_links),
    Replayer(SUBSCRIPTION, ("abonnement", "abonnements"), subscriptions_with, redo_end),
)
