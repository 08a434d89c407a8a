"""Experiences: what people tell, the services addressed, answers, promises, and who follows."""

from guichet.experiences.models.addressees import Addressee, Passage
from guichet.experiences.models.authors import Author, Draft, SecondWord
from guichet.experiences.models.events import Event
from guichet.experiences.models.experiences import (
    ASPECTS,
    Aspect,
    Channel,
    Entry,
    Experience,
    Feeling,
    State,
    WrittenAs,
)
from guichet.experiences.models.figures import ScopeFigures
from guichet.experiences.models.readers import ContentReport, Gesture, GestureKind, Subscription
from guichet.experiences.models.replies import Promise, RemovedWords, Reply, ReplyDraft
from guichet.experiences.models.working import (
    Absence,
    AnsweringTarget,
    AnswerTemplate,
    InternalNote,
    NotificationChoice,
)

__all__ = [
    "ASPECTS",
    "Absence",
    "Addressee",
    "AnswerTemplate",
    "AnsweringTarget",
    "Aspect",
    "Author",
    "Channel",
    "ContentReport",
    "Draft",
    "Entry",
    "Event",
    "Experience",
    "Feeling",
    "Gesture",
    "GestureKind",
    "InternalNote",
    "NotificationChoice",
    "Passage",
    "Promise",
    "RemovedWords",
    "Reply",
    "ReplyDraft",
    "ScopeFigures",
    "SecondWord",
    "State",
    "Subscription",
    "WrittenAs",
]
