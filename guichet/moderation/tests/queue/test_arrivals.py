"""What comes in is kept apart, marked, read by the worker; its author may take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from guichet.core.errors import RuleViolation
from guichet.moderation.kinds import Kind
from guichet.moderation.models import Alert, ModeratedText, OriginalText, TextState, Verb
from guichet.moderation.queue.actions import (
    Part,
    accept,
    machine_reading,
    read_late_texts,
    read_text,
    refuse,
    submit,
    withdraw,
)
from guichet.moderation.queue.machine_findings import Findings
from guichet.moderation.redaction import Mark, Origin
from guichet.moderation.tests.queue.conftest import SOURCE, arrived

pytestmark = pytest.mark.django_db


def test_a_text_is_kept_marked_and_unpublished(told):
    text = arrived("Trop long", "Rappelez-moi au 06 12 34 56 78.", read=False)
    assert text.state == TextState.READING
    assert [part["published"] for part in text.parts] == ["", ""]
    assert text.original.parts[1]["text"] == "Rappelez-moi au 06 12 34 56 78."
    assert [(one["part"], one["start"], one["end"]) for one in text.original.marks] == [
        ("description", 16, 30)
    ]
    assert text.due_at - text.received_at == timedelta(days=2)


def test_the_worker_is_asked_to_read_once_committed(told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        text = arrived("Bonjour", read=False)
    jobs = ProcrastinateJob.objects.filter(task_name="read_moderated_text")
    assert jobs.filter(args={"text_id": text.pk}).count() == 1


def test_a_second_text_of_the_same_reference_is_refused_while_the_first_waits(told):
    arrived("Un récit")
    with pytest.raises(RuleViolation, match="attend encore"):
        arrived("Un autre")
    assert ModeratedText.objects.count() == 1


def test_a_refused_text_may_be_followed_by_another(told, ana):
    first = arrived("Un récit")
    refuse(text=first, by=ana, reason="unintelligible")
    second = submit(
        source=SOURCE,
        reference="7",
        parts=[Part("description", "Récit", "Un récit plus clair")],
        follows=first,
    )
    assert second.follows == first


def test_marks_that_turn_or_cut_the_text_are_taken_out_and_told(told):
    text = arrived("Je \u202evuos\u202c suis\r\nau 06\u200b 12 34 56 78\0")
    assert text.original.parts[0]["text"] == "Je vuos suis\nau 06 12 34 56 78"
    assert text.original.marks
    assert "caractères invisibles retirés" in text.flags


THANKS = "\u0634\u0643\u0631\u0627"


def test_the_plain_marks_of_arabic_stay_as_everywhere_else(told):
    text = arrived(f"\u200f{THANKS}\u200e au 12 guichet")
    assert text.original.parts[0]["text"] == f"\u200f{THANKS}\u200e au 12 guichet"
    assert "caractères invisibles retirés" not in text.flags


def test_emoji_and_other_scripts_are_kept_as_they_are(told):
    words = "Merci 👩‍👩‍👧 شكرا می‌خواهم"
    assert arrived(words).original.parts[0]["text"] == words


def test_what_the_model_finds_is_added_once_to_what_patterns_found(told, machine):
    machine.found = Findings(
        marks=(
            Mark("description", 0, 10, Kind.NAME, Origin.MODEL),
            Mark("description", 16, 30, Kind.PHONE, Origin.MODEL),
        ),
        language="fr",
        risk=40,
        flags=("nomme une personne",),
        signature=(1, 2),
        bands=(3,),
    )
    text = arrived("Rose Petit est au 06 12 34 56 78"[:15] + " 06 12 34 56 78")
    assert text.state == TextState.WAITING
    assert (text.risk, text.language, text.flags) == (40, "fr", ["nomme une personne"])
    assert (text.signature, text.bands) == ([1, 2], [3])
    assert [(one["start"], one["origin"]) for one in text.original.marks] == [
        (0, "model"),
        (16, "pattern"),
    ]


def test_what_the_model_reads_wider_takes_the_place_of_a_pattern(told, machine):
    machine.found = Findings(marks=(Mark("description", 3, 17, Kind.PHONE, Origin.MODEL),))
    text = arrived("Au 06 12 34 56 78")
    assert [(one["start"], one["origin"]) for one in text.original.marks] == [(3, "pattern")]
    machine.found = Findings(marks=(Mark("description", 0, 17, Kind.PHONE, Origin.MODEL),))
    text = arrived("Au 06 12 34 56 78", reference="8")
    assert [(one["start"], one["origin"]) for one in text.original.marks] == [(0, "model")]


def test_a_text_is_read_once(told, machine):
    text = arrived("Bonjour")
    machine.found = Findings(risk=90)
    read_text(text)
    text.refresh_from_db()
    assert text.risk == 0


def test_a_lost_reading_is_done_again_later(told):
    text = arrived("Bonjour", read=False)
    assert read_late_texts() == 0
    ModeratedText.objects.update(received_at=timezone.now() - timedelta(minutes=3))
    assert read_late_texts() == 1
    text.refresh_from_db()
    assert text.state == TextState.WAITING


def test_a_text_that_the_machine_cannot_read_is_read_by_a_person_all_the_same(told, machine):
    machine.is_broken = True
    text = arrived("Bonjour", read=False)
    ModeratedText.objects.update(received_at=timezone.now() - timedelta(minutes=5))
    assert read_late_texts() == 0
    ModeratedText.objects.update(received_at=timezone.now() - timedelta(minutes=16))
    assert read_late_texts() == 1
    text.refresh_from_db()
    assert text.state == TextState.WAITING
    assert text.flags[0] == "lecture automatique en panne : cherchez vous-même les noms"
    assert text.risk == 100


def test_a_danger_is_told_when_the_model_is_down(told, machine, ana):
    machine.is_broken = True
    text = arrived("Je vais me suicider. Rappelez-moi au 07 12 34 56 78.", read=False)
    ModeratedText.objects.update(received_at=timezone.now() - timedelta(minutes=16))
    assert read_late_texts() == 1
    text.refresh_from_db()
    assert text.is_danger
    assert "suicider" in Alert.objects.get(text=text).words
    assert text.language == "fr"
    assert Kind.PHONE in {Kind(one["kind"]) for one in OriginalText.objects.get(text=text).marks}


def test_a_danger_is_told_and_the_next_text_read_when_patterns_fail_too(
    told, machine, ana, monkeypatch
):
    def fail(*_: object) -> None:
        raise RuntimeError("motif impossible")

    machine.is_broken = True
    monkeypatch.setattr(machine_reading, "findings_without_model", fail)
    arrived("Je vais me suicider", read=False)
    arrived("Illisible", read=False, reference="8")
    arrived("Encore", read=False, reference="9")
    OriginalText.objects.filter(text__reference="8").update(parts=[{}])
    ModeratedText.objects.update(received_at=timezone.now() - timedelta(minutes=16))
    assert read_late_texts() == 2
    states = dict(ModeratedText.objects.values_list("reference", "state"))
    assert (states["7"], states["9"]) == (TextState.WAITING, TextState.WAITING)
    assert ModeratedText.objects.get(reference="7").is_danger


def test_a_withdrawn_text_leaves_no_word_anywhere(told, ana):
    text = arrived("J'ai vu Mme Rose Petit")
    accept(text=text, by=ana, note="Rose Petit est un nom courant")
    withdraw(source=SOURCE, reference="7")
    text.refresh_from_db()
    assert text.state == TextState.WITHDRAWN
    assert not OriginalText.objects.exists()
    assert text.parts == [{"name": "description", "label": "Récit", "published": ""}]
    assert [(one.verb, one.note) for one in text.decisions.all()] == [
        (Verb.ACCEPT, ""),
        (Verb.WITHDRAW, ""),
    ]


def test_withdrawing_twice_changes_nothing(told):
    arrived("Bonjour")
    withdraw(source=SOURCE, reference="7")
    withdraw(source=SOURCE, reference="7")
    assert ModeratedText.objects.get().decisions.count() == 1


def test_a_text_withdrawn_before_the_worker_reads_it_stays_withdrawn(told):
    text = arrived("Bonjour", read=False)
    stale = ModeratedText.objects.get(pk=text.pk)
    withdraw(source=SOURCE, reference="7")
    read_text(stale)
    text.refresh_from_db()
    assert text.state == TextState.WITHDRAWN
