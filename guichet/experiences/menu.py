"""What stories add to the menus and to agents' pages."""

from __future__ import annotations

from django.urls import reverse

from guichet.core.extensions import MenuEntry, PageAction
from guichet.directory.menu import settles_reports
from guichet.directory.models import Structure
from guichet.directory.permissions import powers_of
from guichet.experiences.answering.menu import ACTIONS as ANSWERING_ACTIONS
from guichet.experiences.answering.menu import ENTRIES as ANSWERING_ENTRIES
from guichet.moderation.policies import moderates


def enters_stories_at(user: object, structure: Structure) -> bool:
    return powers_of(user).may_respond(structure) and not structure.is_closed


def entry_page_of(structure: Structure) -> str:
    return f"{reverse('enter_story')}?structure={structure.code}"


ENTRIES = (
    *ANSWERING_ENTRIES,
    MenuEntry("main", "Partager mon expérience", "share", 30),
    MenuEntry("main", "Récits des usagers", "experiences", 30),
    MenuEntry("footer", "Suivre mon récit", "follow_by_code", 14),
    MenuEntry("agents", "Contenus signalés", "content_reports", 17, moderates),
    MenuEntry("agents", "Saisir un récit", "enter_story", 13, settles_reports),
)
ENTER_STORY = PageAction(
    page="agent_structure",
    label="Saisir un récit",
    address=entry_page_of,
    shown_to=enters_stories_at,
    icon="edit",
)
ACTIONS = (ENTER_STORY, *ANSWERING_ACTIONS)
