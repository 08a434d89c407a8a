"""What people type and what it means: the team's table, seen by the search at once."""

from __future__ import annotations

import pytest

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.orientation.actions.synonyms import add_synonym, edit_synonym, set_synonym_active
from guichet.orientation.answers import Question, answer_to
from guichet.orientation.models import Synonym
from guichet.orientation.reference_tables import load_synonyms
from guichet.orientation.tests.factories import SynonymFactory

pytestmark = pytest.mark.django_db
MEANS = "revenu de solidarité active"


def add(moderator, typed="frouzbi", means=MEANS, replaces=False):
    return add_synonym(typed=typed, means=means, replaces=replaces, by=moderator)


def found(text):
    subjects = answer_to(Question(text)).subjects
    return subjects[0].code if subjects else ""


def test_a_synonym_is_read_at_once_and_no_longer_once_it_is_not_used(moderator):
    synonym = add(moderator)
    assert (synonym.edited_by_id, Synonym.objects.get(pk=synonym.pk).edited_by) == (
        None,
        moderator,
    )
    assert found("mon frouzbi") == "demander-rsa"
    set_synonym_active(synonym=synonym, active=False, by=moderator)
    assert found("mon frouzbi") == ""
    set_synonym_active(synonym=synonym, active=True, by=moderator)
    edit_synonym(synonym=synonym, means="passeport", replaces=True, by=moderator)
    assert found("mon frouzbi") == "faire-passeport"
    events = AuditEvent.objects.about(kind="synonym", identifier=synonym.pk).order_by("pk")
    assert [event.action for event in events] == [
        "synonym.created",
        "synonym.deactivated",
        "synonym.reactivated",
        "synonym.edited",
    ]
    assert events[3].before == {"means": MEANS, "replaces": False}


@pytest.mark.parametrize(
    ("typed", "means", "replaces", "told"),
    [
        ("?!", MEANS, False, "au moins un mot"),
        ("frouzbi", "…", False, "ce que cela veut dire"),
        ("Frouzbi", "frouzbî", False, "la même chose"),
        ("frouzbi " * 13, MEANS, False, "trop long"),
        ("frouzbi", "passeport " * 21, False, "trop long"),
        ("RSA", "passeport", True, "« RSA » veut déjà dire un besoin, « Demander le RSA »"),
    ],
)
def test_what_would_be_of_no_use_is_refused(moderator, typed, means, replaces, told):
    before = Synonym.objects.count()
    Synonym.objects.filter(typed__iexact="rsa").delete()
    with pytest.raises(RuleViolation, match=told):
        add(moderator, typed, means, replaces)
    assert Synonym.objects.count() <= before


def test_an_expression_is_there_once_whatever_its_accents(moderator):
    SynonymFactory(typed="Frouzbî")
    with pytest.raises(RuleViolation, match="déjà dans la table"):
        add(moderator, "frouzbi")


def test_a_shipped_synonym_that_was_edited_is_not_shipped_again(moderator):
    synonym = Synonym.objects.filter(edited_at__isnull=True).first()
    edit_synonym(synonym=synonym, means="autre chose", replaces=False, by=moderator)
    load_synonyms()
    synonym.refresh_from_db()
    assert synonym.means == "autre chose"
