"""Marks are judged, changed and added before the decision; what was written never changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.moderation.kinds import Kind
from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.actions import accept
from guichet.moderation.queue.actions.marking import (
    Place,
    change_marks,
    judge_marks,
    mask_selection,
    mask_words,
)
from guichet.moderation.queue.actions.taking import open_text
from guichet.moderation.queue.mark_edits import nearest, occurrences, outside
from guichet.moderation.queue.shown_text import mark_groups, shown_parts
from guichet.moderation.redaction import Mark, MarkState
from guichet.moderation.tests.queue.conftest import arrived

pytestmark = pytest.mark.django_db
NUMBER = Place("description", 15, 29)


def published(text, by):
    return accept(text=text, by=by).text.published("description")


def test_a_mark_that_is_rejected_shows_its_words_until_it_is_accepted_again(waiting, ana):
    judge_marks(text=waiting, by=ana, places=[NUMBER], state=MarkState.REJECTED)
    waiting.original.refresh_from_db()
    assert [one["state"] for one in waiting.original.marks] == ["rejected"]
    judge_marks(text=waiting, by=ana, places=[NUMBER], state=MarkState.ACCEPTED)
    assert published(waiting, ana) == "J'ai appelé le [téléphone], personne ne répond."


def test_kind_borders_and_replacement_are_changed_together(waiting, ana):
    change_marks(
        text=waiting,
        by=ana,
        places=[NUMBER],
        kind=Kind.NAME,
        words="le 06 12 34 56 78",
        replacement="[un proche]",
    )
    assert published(waiting, ana) == "J'ai appelé [un proche], personne ne répond."


def test_borders_are_words_of_the_text_around_the_mark(waiting, ana):
    for words in ("le 07", "personne ne répond", " "):
        with pytest.raises(RuleViolation, match="ne sont pas dans le texte"):
            change_marks(text=waiting, by=ana, places=[NUMBER], kind=Kind.PHONE, words=words)


def test_words_are_masked_everywhere_whatever_their_capitals(told, ana):
    text = arrived("Rose Petit absente", "Mme  rose\npetit a dit : ROSE PETIT. La rose est là.")
    assert mask_words(text=text, by=ana, words="Rose Petit", kind=Kind.NAME) == 3
    decision = accept(text=text, by=ana)
    assert decision.text.published("title") == "[nom] absente"
    assert decision.text.published("description") == "Mme  [nom] a dit : [nom]. La rose est là."


def test_words_that_are_nowhere_are_told(waiting, ana):
    with pytest.raises(RuleViolation, match="recopiez-les"):
        mask_words(text=waiting, by=ana, words="Durand", kind=Kind.NAME)


def test_a_selection_is_masked_only_there_without_its_blanks(told, ana):
    text = arrived("Rose puis Rose encore")
    mask_selection(text=text, by=ana, place=Place("description", 9, 15), kind=Kind.NAME)
    assert published(text, ana) == "Rose puis [nom] encore"


@pytest.mark.parametrize("place", [("description", 4, 5), ("absent", 0, 3), ("description", 9, 2)])
def test_an_empty_selection_is_told(told, ana, place):
    text = arrived("Rose puis Rose")
    with pytest.raises(RuleViolation, match="Sélectionnez"):
        mask_selection(text=text, by=ana, place=Place(*place), kind=Kind.NAME)


def test_a_wider_mark_takes_the_place_of_those_it_covers(waiting, ana):
    mask_words(text=waiting, by=ana, words="appelé le 06 12 34 56 78", kind=Kind.PHONE)
    waiting.original.refresh_from_db()
    assert [(one["start"], one["end"]) for one in waiting.original.marks] == [(5, 29)]


def test_marks_that_changed_meanwhile_are_not_judged(waiting, ana):
    with pytest.raises(RuleViolation, match="ont changé depuis"):
        judge_marks(
            text=waiting,
            by=ana,
            places=[Place("description", 0, 3)],
            state=MarkState.REJECTED,
        )


def test_only_who_has_the_text_in_hand_marks_it_and_has_time_again(waiting, ana, bo):
    open_text(text=waiting, by=ana)
    before = timezone.now() - timedelta(minutes=19)
    ModeratedText.objects.update(taken_at=before)
    with pytest.raises(RuleViolation, match="Ana Roux lit"):
        mask_words(text=waiting, by=bo, words="personne", kind=Kind.NAME)
    mask_words(text=waiting, by=ana, words="personne", kind=Kind.NAME)
    waiting.refresh_from_db()
    assert waiting.taken_at > before + timedelta(minutes=18)


def test_a_decided_text_is_not_marked_any_more(waiting, ana):
    accept(text=waiting, by=ana)
    with pytest.raises(RuleViolation, match="déjà décidé"):
        mask_words(text=waiting, by=ana, words="personne", kind=Kind.NAME)


def test_words_are_found_whole_before_they_are_found_inside_others():
    assert occurrences("Rosette et Rose", "rose") == [(11, 15)]
    assert occurrences("dossierDUPONT42", "dupont") == [(7, 13)]
    assert occurrences("a.b", ".") == [(1, 2)]
    assert occurrences("abc", "  ") == []


def test_the_nearest_words_are_those_that_overlap_most():
    assert nearest("Rose, Rose Petit", "Rose", 6, 16) == (6, 10)
    assert nearest("Rose, Rose Petit", "Rose Petit", 6, 10) == (6, 16)
    assert nearest("Rose, Petit", "Petit", 0, 4) is None


def test_what_a_wider_mark_hides_is_left_out():
    def mark(start, end, part="a"):
        return Mark(part, start, end, Kind.NAME)

    covers = [mark(5, 10), mark(8, 20), mark(30, 31)]
    shown = [mark(0, 6), mark(4, 20), mark(6, 21), mark(6, 9, "b"), mark(31, 32)]
    assert outside([*shown, mark(5, 20), mark(9, 12), mark(30, 31)], covers) == shown
    assert outside(shown, []) == shown


def test_marks_that_overlap_are_cut_as_one_under_the_first():
    marks = [
        Mark("a", 0, 4, Kind.NAME, state=MarkState.REJECTED),
        Mark("a", 5, 9, Kind.NAME),
        Mark("a", 7, 12, Kind.PHONE),
    ]
    parts = [{"name": "a", "label": "A", "text": "Rose Petit au 15"}]
    groups = mark_groups({"a": "Rose Petit au 15"}, marks)
    (part,) = shown_parts(parts, marks, groups)
    assert [(one.text, one.group) for one in part.segments] == [
        ("Rose ", 0),
        ("Petit a", 2),
        ("u 15", 0),
    ]
    assert part.masked == "Rose [nom]u 15"
