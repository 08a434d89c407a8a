"""The week and the particular days of a structure, corrected on their pages without JavaScript."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from guichet.directory.actions.closures import DifferingDays, announce_days
from guichet.directory.actions.weekly_hours import Interval, correct_hours
from guichet.directory.models import ExceptionalHours, Structure
from guichet.directory.tests.agents.conftest import text_of

WEEK = "/agents/structures/caf-lille/horaires/"
DAYS = "/agents/structures/caf-lille/jours/"
SOON = timezone.localdate() + timedelta(days=7)


def rows(structure):
    return [
        (row.weekday, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}", row.kind, row.note)
        for row in structure.intervals.all()
    ]


def test_the_page_shows_the_week_in_one_line_a_day(as_manager, site):
    form = as_manager.get(WEEK).context["form"]
    assert form["walk_in_0"].value() == "9h-12h"
    assert form["walk_in_6"].value() == "fermé"
    assert not form["appointment_0"].value()


def test_a_week_is_corrected_by_kind(as_manager, site):
    response = as_manager.post(
        WEEK,
        {
            "walk_in_0": "8h30-12h, 13h30-17h",
            "walk_in_2": "14h-17h (semaines paires), 9h-10h sur rdv",
            "appointment_4": "9-12",
            "telephone_1": "10h-11h",
            "hours_text": "Dernière arrivée à 16h30",
        },
    )
    assert response.status_code == 302
    assert rows(site) == [
        (0, "08:30", "12:00", "walk_in", ""),
        (0, "13:30", "17:00", "walk_in", ""),
        (1, "10:00", "11:00", "telephone", ""),
        (2, "09:00", "10:00", "appointment", ""),
        (2, "14:00", "17:00", "walk_in", "semaines paires"),
        (4, "09:00", "12:00", "appointment", ""),
    ]
    site.refresh_from_db()
    assert site.hours_text == "Dernière arrivée à 16h30"


def test_what_the_page_shows_saves_unchanged(as_manager, site):
    week = [
        Interval(0, time(20), time(2), note="été"),
        Interval(3, time(0), time(0), "telephone"),
        Interval(4, time(9), time(12), "appointment"),
        Interval(4, time(3), time(4)),
    ]
    correct_hours(structure=site, intervals=week, by=None)
    form = as_manager.get(WEEK).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    response = as_manager.post(WEEK, shown, follow=True)
    assert "Rien n'a changé" in text_of(response)
    assert len(rows(site)) == 4


def test_a_wrong_day_is_told_at_its_line_and_nothing_is_saved(as_manager, site):
    response = as_manager.post(WEEK, {"walk_in_0": "9h-12h", "walk_in_1": "9h-8h"})
    form = response.context["form"]
    assert list(form.errors) == ["walk_in_1"]
    assert "Mardi : La fin (8:00) ne vient pas après le début (9:00)." in text_of(response)
    assert len(rows(site)) == 5


def test_openings_that_meet_across_sections_are_refused(as_manager, site):
    response = as_manager.post(WEEK, {"walk_in_0": "9h-12h sur rdv", "appointment_0": "11h-13h"})
    assert "Deux plages se chevauchent : lundi 9h-12h" in text_of(response)
    assert len(rows(site)) == 5


def test_an_empty_week_must_be_said_closed(as_manager, site):
    assert "écrivez « fermé »" in text_of(as_manager.post(WEEK, {"walk_in_0": " "}))
    assert len(rows(site)) == 5
    as_manager.post(WEEK, {"walk_in_0": "fermé"})
    assert rows(site) == []
    assert Structure.objects.get(pk=site.pk).hours_known


def test_the_result_is_seen_before_it_is_saved(as_manager, site):
    response = as_manager.post(WEEK, {"appointment_0": "9h-12h", "preview": "1"})
    assert response.context["preview"].columns == ("Sur rendez-vous",)
    assert "Rien n'est encore enregistré" in text_of(response)
    assert len(rows(site)) == 5


def test_monday_is_copied_to_the_other_weekdays_only(as_manager, site):
    typed = {"walk_in_0": "10h-11h", "walk_in_3": "x", "walk_in_5": "9h-12h", "copy": "walk_in"}
    form = as_manager.post(WEEK, typed).context["form"]
    assert [form[f"walk_in_{day}"].value() for day in range(7)] == [
        *["10h-11h"] * 5,
        "9h-12h",
        None,
    ]
    assert len(rows(site)) == 5


def test_a_closure_is_announced_and_withdrawn(as_manager, site, manager):
    response = as_manager.post(
        DAYS,
        {"first_day": SOON.isoformat(), "state": "closed", "kind": "", "reason": "Travaux"},
        follow=True,
    )
    assert "Fermé – Travaux" in text_of(response)
    row = ExceptionalHours.objects.get()
    assert (row.first_day, row.last_day, row.closed) == (SOON, SOON, True)
    as_manager.post(f"{DAYS}{row.pk}/retirer/")
    assert not ExceptionalHours.objects.exists()


def test_other_hours_are_announced_for_several_days(as_manager, site):
    as_manager.post(
        DAYS,
        {
            "first_day": SOON.strftime("%d/%m/%Y"),
            "last_day": (SOON + timedelta(days=2)).isoformat(),
            "state": "open",
            "hours": "9h-12h, 14h-16h",
            "kind": "walk_in",
        },
    )
    assert [(str(r.opens), r.kind) for r in ExceptionalHours.objects.all()] == [
        ("09:00:00", "walk_in"),
        ("14:00:00", "walk_in"),
    ]
    page = as_manager.get(DAYS)
    assert len(page.context["days"]) == 1
    assert "9h-12h, 14h-16h (accueil sans rendez-vous)" in text_of(page)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"first_day": ""}, "obligatoire"),
        ({"first_day": "hier"}, "Écrivez une date comme"),
        ({"first_day": "2020-01-01"}, "Ces jours sont passés"),
        ({"last_day": "2020-01-01"}, "échangez les deux dates"),
        ({"state": "open"}, "Écrivez les horaires, ou choisissez « fermé »"),
        ({"state": "open", "hours": "9h-8h"}, "ne vient pas après"),
        ({"state": "open", "hours": "9h-12h sur rdv"}, "N'écrivez que les heures"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(as_manager, site, typed, told):
    sent = {"first_day": SOON.isoformat(), "state": "closed", "kind": ""} | typed
    assert told in text_of(as_manager.post(DAYS, sent))
    assert not ExceptionalHours.objects.exists()


def test_the_same_days_twice_change_nothing(as_manager, site, manager):
    announce_days(structures=[site], days=DifferingDays(SOON, SOON), by=manager)
    sent = {"first_day": SOON.isoformat(), "state": "closed", "kind": ""}
    assert "étaient déjà annoncés" in text_of(as_manager.post(DAYS, sent, follow=True))


def test_another_structure_s_days_are_not_reached_from_here(as_manager, site, sibling, lead):
    announce_days(structures=[sibling], days=DifferingDays(SOON, SOON), by=lead)
    row = ExceptionalHours.objects.get()
    assert as_manager.post(f"{DAYS}{row.pk}/retirer/").status_code == 404
    assert ExceptionalHours.objects.exists()
