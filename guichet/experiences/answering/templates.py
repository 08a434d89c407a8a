"""Starts of answers that a network or a structure shares (modèles).

Owns who may use which and how they change; refuses to let one go out unchanged (`actions.replies`).
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from guichet.accounts.audit import audited_save
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import in_paragraphs, one_line
from guichet.core.words import grouped
from guichet.directory.models import Network, Structure
from guichet.directory.permissions import CAN_MANAGE, powers_of, structures_covered
from guichet.experiences.models import AnswerTemplate

SHORTEST_TEMPLATE, LONGEST_TEMPLATE = 20, 4_000


def templates_for(structure: Structure | None) -> QuerySet[AnswerTemplate]:
    """Those in use that an answer of `structure` may start from."""
    if structure is None:
        return AnswerTemplate.objects.none()
    own = Q(structure__path__ancestors=structure.path)
    if structure.network_id is not None:
        own |= Q(network=structure.network_id, structure=None)
    return AnswerTemplate.objects.filter(own, ended_at=None).order_by("title", "pk")


def templates_managed(user: object) -> QuerySet[AnswerTemplate]:
    """Those in use that `user` may change."""
    powers = powers_of(user)
    found = AnswerTemplate.objects.filter(ended_at=None).select_related("structure", "network")
    if powers.is_administrator:
        return found
    return found.filter(
        Q(network__in=powers.networks) | Q(structure__in=structures_covered(user, CAN_MANAGE))
    )


@transaction.atomic
def save_template(
    *,
    template: AnswerTemplate,
    by: User,
    title: str,
    text: str,
    network: Network | None = None,
    structure: Structure | None = None,
) -> AnswerTemplate:
    """Create a template of a network or of a structure, or change one in use."""
    if template.ended_at is not None:
        raise RuleViolation("Ce modèle n'est plus utilisé : créez-en un autre.")
    kept, named = in_paragraphs(text), one_line(title)
    if len(kept) < SHORTEST_TEMPLATE:
        raise RuleViolation(f"Un modèle a {SHORTEST_TEMPLATE} caractères au moins.")
    if len(kept) > LONGEST_TEMPLATE:
        raise RuleViolation(f"Un modèle a {grouped(LONGEST_TEMPLATE)} caractères au plus.")
    if template.pk is None:
        template.network, template.structure = network, structure
    template.title, template.text, template.by = named[:120], kept, by
    audited_save(
        template,
        by=by,
        action="answer_template.edited" if template.pk else "answer_template.created",
        scope=scope_of(template),
    )
    return template


@transaction.atomic
def end_template(*, template: AnswerTemplate, by: User) -> None:
    """Stop proposing a template; ended twice, it stays ended since the first time."""
    held = AnswerTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if held.ended_at is None:
        held.ended_at = timezone.now()
        audited_save(
            held, by=by, action="answer_template.ended", scope=scope_of(held), fields=["ended_at"]
        )


def scope_of(template: AnswerTemplate) -> str:
    if template.structure is not None:
        return template.structure.scope
    assert template.network is not None
    return template.network.scope_label
