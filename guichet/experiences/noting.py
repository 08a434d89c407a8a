"""What is noted of stories in the log of erasures (`core.erasures`).

Owns the words of that log and the key of each thing; refuses anything that a person wrote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import StrEnum

from guichet.core.erasures import Erasure, note, note_undone
from guichet.experiences.models import Author, Experience, Reply, Subscription

STORY, DRAFT, SECOND_WORD, SUBSCRIPTION = "story", "story_draft", "second_word", "subscription"
REPLY, LINK = "reply", "follow_link"
"""What is noted of an answer is why moderation removed it (`RefusalReason`), which is public."""


class Act(StrEnum):
    WITHDRAWN = "withdrawn"
    """By its author, with every word and address."""
    AUTHOR_ERASED = "author_erased"
    """The author is forgotten, the story stays."""
    TAKEN_DOWN = "taken_down"
    """By moderation, or its decision is taken up again: shown nowhere meanwhile."""
    PUBLISHED_AGAIN = "published_again"
    """After it was taken down."""
    ENDED = "ended"
    """A subscription, by who asked for it; the links to an author's page, by its author."""


def note_story(experience: Experience, act: Act) -> None:
    noted(STORY, experience, act)


def noted(kind: str, experience: Experience, act: Act) -> None:
    write = note_undone if act is Act.PUBLISHED_AGAIN else note
    write(kind, experience.key.hex, act)


def note_draft(author: Author) -> None:
    """The draft that became the story: a backup made before may hold it, words and address."""
    if author.draft_seal:
        note(DRAFT, author.draft_seal, Act.WITHDRAWN)


def note_second_word(experience: Experience, act: Act) -> None:
    noted(SECOND_WORD, experience, act)


def note_removed(reply: Reply) -> None:
    note(REPLY, key_of_reply(reply), reply.removed_for)


def key_of_reply(reply: Reply) -> str:
    """A digest of its story's key, of the rank of its service and of when it was published."""
    addressee = reply.addressee
    said = f"{addressee.experience.key.hex} {addressee.rank} {reply.published_at.timestamp():.6f}"
    return hashlib.sha256(said.encode()).hexdigest()


def note_links_ended(author: Author) -> None:
    """Before `link_version` changes."""
    note(LINK, key_of_links(author, author.link_version), Act.ENDED)


def key_of_links(author: Author, version: int) -> str:
    """A digest of the key of the story and of the version that its links carry."""
    return hashlib.sha256(f"{author.experience.key.hex} {version}".encode()).hexdigest()


def note_end(subscription: Subscription) -> None:
    note(SUBSCRIPTION, key_of_subscription(subscription), Act.ENDED)


def key_of_subscription(subscription: Subscription) -> str:
    """A digest of the seal of its address, of what it follows and of the very microsecond when it
    was asked: it names nobody, and no later one has it."""
    followed = (subscription.structure_id, subscription.network_id, subscription.departement_id)
    said = f"{subscription.seal} {followed} {subscription.asked_at.timestamp():.6f}"
    return hashlib.sha256(said.encode()).hexdigest()


def is_down(acts: Sequence[Erasure]) -> bool:
    """Whether the last that moderation did, of `acts` in order, was to take it down."""
    last = [one.act for one in acts if one.act in (Act.TAKEN_DOWN, Act.PUBLISHED_AGAIN)][-1:]
    return last == [Act.TAKEN_DOWN]
