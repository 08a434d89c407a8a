"""A sheet is made once, says nothing of the person, and counts who had sent her wrongly."""

from __future__ import annotations

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.models import StructureKind
from guichet.orientation.actions import handovers as actions
from guichet.orientation.actions.handovers import create_handover
from guichet.orientation.handovers.references import read_reference
from guichet.orientation.models import Handover, Misrouting


@pytest.fixture
def make(house, caf, sender):
    def create(**changes):
        facts = {
            "sender": house,
            "receiver": caf,
            "by": sender,
            "subject": "Demander le RSA",
            "why": "La Caf instruit la demande.",
        }
        return create_handover(**facts | changes)

    return create


def test_a_sheet_keeps_what_is_needed_under_a_reference(make, house, caf, sender):
    sheet = make(
        subject=" Demander  le\tRSA ",
        documents=["Une pièce d'identité", "  ", "Un RIB"],
        note="Ne lit pas le français.",
    )
    sheet.refresh_from_db()
    assert (sheet.sender, sheet.receiver, sheet.created_by) == (house, caf, sender)
    assert sheet.subject == "Demander le RSA"
    assert sheet.documents == ["Une pièce d'identité", "Un RIB"]
    assert sheet.note == "Ne lit pas le français."
    assert sheet.outcome == Handover.Outcome.SENT
    assert read_reference(sheet.reference) == sheet.reference


def test_the_history_names_the_services_and_no_word_of_the_sheet(make, house):
    sheet = make(note="Ne lit pas le français.", came_from=StructureKind.objects.get(code="mairie"))
    event = AuditEvent.objects.get()
    assert (event.action, event.subject_label) == ("handover.created", sheet.reference)
    assert event.after == {"receiver": "CAF de Lille", "came_from": "Mairie"}
    assert str(event.scope) == house.scope


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("note", "Appeler Mme Martin au 06 39 98 01 23", "un numéro de téléphone"),
        ("why", "Écrire à j.martin@exemple.fr", "une adresse électronique"),
        ("subject", "RSA de 2 69 05 49 588 157 80", "un numéro de sécurité sociale"),
        ("documents", ["Dossier 123 456 789 01"], "un numéro de dossier"),
        ("note", "a@b.fr, 0639980123", "une adresse électronique et un numéro de téléphone"),
    ],
)
def test_what_says_who_the_person_is_is_refused(make, field, text, said):
    with pytest.raises(RuleViolation, match=f"Enlevez {said}"):
        make(**{field: text})
    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "x" * 121}, "120 caractères"),
        ({"why": "x" * 251}, "250 caractères"),
        ({"note": "x" * 301}, "300 caractères"),
        ({"documents": ["x" * 121]}, "120 caractères"),
        ({"subject": " "}, "Dites l'objet"),
        ({"why": "\n"}, "Dites l'objet"),
    ],
)
def test_texts_are_short_and_two_are_needed(make, changes, said):
    with pytest.raises(RuleViolation, match=said):
        make(**changes)


def test_one_sends_to_another_place_that_still_exists(make, house, caf):
    with pytest.raises(RuleViolation, match="autre lieu que le vôtre"):
        make(receiver=house)
    caf.closed_on = timezone.localdate()
    with pytest.raises(RuleViolation, match="« CAF de Lille » est fermé définitivement"):
        make()
    with pytest.raises(RuleViolation, match="n'oriente plus"):
        make(sender=caf, receiver=house)


def test_the_button_pressed_twice_makes_one_sheet(make):
    mairie = StructureKind.objects.get(code="mairie")
    first = make(reference="K7M4Q2XT", came_from=mairie)
    assert make(reference="K7M4Q2XT", came_from=mairie) == first
    assert Handover.objects.count() == 1
    assert Misrouting.objects.get().count == 1


def test_a_reference_that_somebody_bears_is_drawn_again(make, cpam, stranger, caf):
    theirs = make(sender=cpam, by=stranger, reference="K7M4Q2XT")
    ours = make(reference="K7M4Q2XT")
    assert theirs.reference == "K7M4Q2XT"
    assert ours.reference != "K7M4Q2XT"
    assert Handover.objects.count() == 2


def test_drawing_gives_up_rather_than_turning_for_ever(make, monkeypatch):
    make(reference="K7M4Q2XT")
    monkeypatch.setattr(actions, "new_reference", lambda: "K7M4Q2XT")
    with pytest.raises(RuleViolation, match="envoyez-la à nouveau"):
        make()


def test_who_had_wrongly_sent_the_person_here_is_counted_by_month(make):
    mairie = StructureKind.objects.get(code="mairie")
    make(came_from=mairie)
    make(came_from=mairie)
    counted = Misrouting.objects.get()
    assert counted.month == timezone.localdate().replace(day=1)
    assert (counted.sent_by_id, counted.sent_to_id) == ("mairie", "france_services")
    assert (counted.departement, counted.count) == ("59", 2)


def test_a_sheet_alone_counts_no_error(make):
    make()
    assert not Misrouting.objects.exists()
