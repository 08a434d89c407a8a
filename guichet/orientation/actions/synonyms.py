"""What people type, and what it means for the search: the programme team's table.

Owns `Synonym`; refuses an expression twice, one that changes nothing, or one whose replacement
would hide a need. What people type is not changed once written: it is deactivated.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from guichet.accounts.audit import audited_save
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.orientation.catalogue import catalogue_changed
from guichet.orientation.matching.index import plain_words
from guichet.orientation.models import Synonym
from guichet.orientation.team.need_content import needs_meant_by

LONGEST_TYPED = 100
LONGEST_MEANS = 200
FIELDS = ("typed", "means", "replaces", "is_active")


@transaction.atomic
def add_synonym(*, typed: str, means: str, replaces: bool, by: User) -> Synonym:
    """`RuleViolation` when it is already in the table: it is then edited, or used again."""
    synonym = Synonym(typed=" ".join(typed.split()), replaces=replaces)
    synonym.means = " ".join(means.split())
    refuse_nonsense(synonym)
    refuse_twin(synonym)
    try:
        with transaction.atomic():
            keep(synonym, by, "synonym.created")
    except IntegrityError as error:
        raise already_there(synonym) from error
    return synonym


@transaction.atomic
def edit_synonym(*, synonym: Synonym, means: str, replaces: bool, by: User) -> None:
    stored = Synonym.objects.select_for_update().get(pk=synonym.pk)
    stored.means, stored.replaces = " ".join(means.split()), replaces
    refuse_nonsense(stored)
    keep(stored, by, "synonym.edited")


@transaction.atomic
def set_synonym_active(*, synonym: Synonym, active: bool, by: User) -> None:
    stored = Synonym.objects.select_for_update().get(pk=synonym.pk)
    stored.is_active = active
    keep(stored, by, "synonym.reactivated" if active else "synonym.deactivated")


def keep(synonym: Synonym, by: User, action: str) -> None:
    """Save what differs; the search and the author follow."""
    if audited_save(synonym, by=by, action=action, fields=FIELDS):
        Synonym.objects.filter(pk=synonym.pk).update(edited_at=timezone.now(), edited_by=by)
        catalogue_changed()


def refuse_nonsense(synonym: Synonym) -> None:
    typed, means = plain_words(synonym.typed), plain_words(synonym.means)
    if not typed:
        raise RuleViolation("Écrivez au moins un mot que les gens tapent.")
    if not means:
        raise RuleViolation("Écrivez ce que cela veut dire, avec les mots d'un besoin.")
    if typed == means:
        raise RuleViolation(
            f"« {synonym.typed} » et « {synonym.means} » sont la même chose pour la recherche, qui "
            "ne regarde ni les accents ni les majuscules."
        )
    if len(synonym.typed) > LONGEST_TYPED or len(synonym.means) > LONGEST_MEANS:
        raise RuleViolation(
            f"C'est trop long : {LONGEST_TYPED} caractères au plus pour ce qui est tapé, "
            f"{LONGEST_MEANS} pour le sens."
        )
    if synonym.replaces:
        for title, word in needs_meant_by({tuple(typed): synonym.typed}, None):
            raise RuleViolation(
                f"« {word} » veut déjà dire un besoin, « {title} » : ce sens serait perdu. "
                "Ajoutez le sens sans remplacer les mots."
            )


def refuse_twin(synonym: Synonym) -> None:
    wanted = plain_words(synonym.typed)
    for other in Synonym.objects.all():
        if plain_words(other.typed) == wanted:
            raise already_there(other)


def already_there(synonym: Synonym) -> RuleViolation:
    return RuleViolation(
        f"« {synonym.typed} » est déjà dans la table et veut dire « {synonym.means} » : "
        "modifiez-le."
    )
