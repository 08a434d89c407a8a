"""What answering adds to the agents' menu and to pages below."""

from __future__ import annotations

from django.urls import reverse

from guichet.core.extensions import MenuEntry, PageAction
from guichet.directory.menu import follows_structures
from guichet.directory.models import Network, Structure
from guichet.directory.permissions import powers_of
from guichet.experiences.answering.policies import manages_somewhere


def reads_stories_of(user: object, structure: Structure) -> bool:
    return powers_of(user).may_read(structure)


def leads(user: object, network: Network) -> bool:
    return powers_of(user).leads(network.pk)


def inbox_of(structure: Structure) -> str:
    return f"{reverse('stories_inbox')}?structure={structure.code}"


def target_page_of(network: Network) -> str:
    return reverse("answering_target", args=[network.code])


ENTRIES = (
    MenuEntry("agents", "Récits d'usagers", "stories_inbox", 12, follows_structures),
    MenuEntry("agents", "Réponses aux récits", "story_figures", 37, manages_somewhere),
)
OF_STRUCTURE = PageAction(
    page="agent_structure",
    label="Récits d'usagers",
    address=inbox_of,
    shown_to=reads_stories_of,
    icon="chat",
)
OF_NETWORK = PageAction(
    page="network",
    label="Délai de réponse aux récits",
    address=target_page_of,
    shown_to=leads,
    icon="clock",
)
ACTIONS = (OF_STRUCTURE, OF_NETWORK)
