"""Who may read and answer the stories of a service. What one may not see answers 404."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from guichet.core.access import Policy
from guichet.directory.menu import leads_networks
from guichet.directory.models import Structure
from guichet.directory.permissions import CAN_MANAGE, Powers, powers_of
from guichet.directory.policies import Arguments
from guichet.experiences.models import Addressee, AnswerTemplate, Passage, State
from guichet.experiences.responders import may_answer, may_read

UNKNOWN = "Récit inconnu, ou qui ne dépend pas de vous."


def admit_on_story(may: Callable[[HttpRequest, Addressee], bool]) -> Callable[..., Arguments]:
    """Replaces `pk` by the addressee, of a published story, that `may` lets through."""

    def admit(request: HttpRequest, arguments: Arguments) -> Arguments:
        addressee = (
            Addressee.objects.filter(pk=arguments.pop("pk"), experience__state=State.PUBLISHED)
            .select_related(
                "experience__departement",
                "structure__network",
                "first_structure",
                "network",
                "assigned_to",
            )
            .defer("experience__search")
            .first()
        )
        if addressee is None or not may(request, addressee):
            raise Http404(UNKNOWN)
        return {**arguments, "addressee": addressee}

    return admit


def reads(request: HttpRequest, addressee: Addressee) -> bool:
    return may_read(request.user, addressee.structure) or settles(request, addressee)


def answers(request: HttpRequest, addressee: Addressee) -> bool:
    return may_answer(request.user, addressee.structure)


def settles(request: HttpRequest, addressee: Addressee) -> bool:
    """The service that the story is proposed to."""
    passage = open_passage(addressee)
    return passage is not None and may_answer(request.user, passage.target)


def open_passage(addressee: Addressee) -> Passage | None:
    return (
        addressee.passages.filter(outcome=Passage.Outcome.PROPOSED)
        .select_related("origin__network", "target__network", "by")
        .first()
    )


def manages_somewhere(user: object) -> bool:
    powers = powers_of(user)
    return leads_networks(user) or any(role in CAN_MANAGE for role, _ in powers.structure_roles)


def admit_manager(request: HttpRequest, arguments: Arguments) -> Arguments:
    if not manages_somewhere(request.user):
        raise PermissionDenied(
            "Cette page est réservée aux personnes qui gèrent une structure ou pilotent un réseau."
        )
    return arguments


def admit_on_template(request: HttpRequest, arguments: Arguments) -> Arguments:
    template = (
        AnswerTemplate.objects.select_related("structure", "network")
        .filter(pk=arguments.pop("pk"))
        .first()
    )
    if template is None or not edits(powers_of(request.user), template):
        raise Http404("Modèle inconnu, ou qui ne dépend pas de vous.")
    return {**arguments, "template": template}


def edits(powers: Powers, template: AnswerTemplate) -> bool:
    structure: Structure | None = template.structure
    if structure is not None:
        return powers.may_manage(structure)
    return powers.leads(template.network_id)


READ_STORY = Policy(
    "read_story",
    "who may read the service where the answer is awaited, or answer for the one it is proposed to",
    admit=admit_on_story(reads),
)
ANSWER_STORY = Policy(
    "answer_story",
    "responder or manager of the service or above, lead of its network, administrator; "
    "moderators where nobody else answers",
    admit=admit_on_story(answers),
)
SETTLE_PASSAGE = Policy(
    "settle_passage",
    "who may answer for the service that the story is proposed to",
    admit=admit_on_story(settles),
)
MANAGE_STORIES = Policy(
    "manage_stories",
    "manager of a structure, lead of a network, administrator",
    admit=admit_manager,
)
EDIT_TEMPLATE = Policy(
    "edit_template",
    "manager of the template's structure or above, lead of its network, administrator",
    admit=admit_on_template,
)
