"""Corrections outlive their source, can be given back, and never break a structure."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.actions.corrections import (
    Interval,
    confirm_structure,
    correct_hours,
    correct_structure,
    withdraw_correction,
)
from guichet.directory.models import Correction, Structure
from guichet.directory.queries import shown_contacts
from guichet.directory.tests.factories import StructureFactory


def stored(structure):
    return Structure.objects.get(pk=structure.pk)


def test_a_correction_keeps_what_the_source_said(site, manager):
    changed = correct_structure(structure=site, by=manager, town="Lomme", postal_code="59000")
    assert changed == ["town"]
    assert stored(site).town == "Lomme"
    assert stored(site).checked_on == site.checked_on
    correct_structure(structure=site, by=manager, town="Hellemmes")
    correction = Correction.objects.get(structure=site)
    assert (correction.field, correction.source_value) == ("town", "Lille")


def test_a_correction_is_told_in_the_history(site, manager):
    correct_structure(structure=site, by=manager, name="CAF de Lille centre")
    event = AuditEvent.objects.get(action="structure.corrected")
    assert event.before == {"name": "CAF de Lille"}
    assert event.after == {"name": "CAF de Lille centre"}
    assert event.actor == manager
    assert str(event.scope) == f"n{site.network_id}.{site.path}"
    assert "centre" in stored(site).search_name


def test_what_did_not_change_leaves_no_trace(site, manager):
    assert correct_structure(structure=site, by=manager, town="Lille") == []
    assert not Correction.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("name", ["code", "source", "closed_on", "path"])
def test_what_identifies_a_structure_is_not_corrected(site, manager, name):
    with pytest.raises(RuleViolation, match=name):
        correct_structure(structure=site, by=manager, **{name: "x"})


def test_a_surcharged_number_is_refused(site, manager):
    phone = {"number": "+33892123456", "display": "0 892 12 34 56", "cost": "surcharged"}
    with pytest.raises(RuleViolation, match="0 892 12 34 56 est surtaxé"):
        correct_structure(structure=site, by=manager, phones=[phone])


def test_half_a_position_is_refused(site, manager):
    with pytest.raises(RuleViolation, match="latitude et la longitude"):
        correct_structure(structure=site, by=manager, latitude=None)
    assert stored(site).latitude == 50.63


def test_a_position_goes_back_whole_to_its_source(site, manager):
    correct_structure(structure=site, by=manager, latitude=50.7)
    assert stored(site).position_source == "correction"
    assert set(Correction.objects.values_list("field", flat=True)) == {"latitude", "longitude"}
    withdraw_correction(correction=Correction.objects.get(field="longitude"), by=manager)
    assert (stored(site).latitude, stored(site).longitude) == (50.63, 3.05)
    assert stored(site).position_source == "dila"
    assert not Correction.objects.exists()


def test_a_position_that_was_only_the_commune_s_is_said_so_again(network, manager):
    site = StructureFactory(latitude=50.6311, longitude=3.0468, position_source="commune")
    correct_structure(structure=site, by=manager, latitude=50.7, longitude=3.1)
    withdraw_correction(correction=Correction.objects.get(field="latitude"), by=manager)
    assert stored(site).position_source == "commune"


def test_a_withdrawn_name_is_found_again_by_search(site, manager):
    correct_structure(structure=site, by=manager, name="Autre nom")
    withdraw_correction(correction=Correction.objects.get(), by=manager)
    assert stored(site).name == "CAF de Lille"
    assert stored(site).search_name == "caf de lille"
    event = AuditEvent.objects.get(action="structure.correction_withdrawn")
    assert event.after == {"name": "CAF de Lille"}


def test_hours_are_replaced_and_told_day_by_day(site, manager):
    week = [Interval(0, time(9), time(12)), Interval(2, time(14), time(18), "appointment")]
    assert correct_hours(structure=site, intervals=week, by=manager)
    assert site.intervals.count() == 2
    event = AuditEvent.objects.get(action="structure.hours_corrected")
    assert event.before == {
        "mardi": "9h-12h",
        "mercredi": "9h-12h",
        "jeudi": "9h-12h",
        "vendredi": "9h-12h",
    }
    assert event.after == {
        "mardi": "fermé",
        "mercredi": "14h-18h sur rendez-vous",
        "jeudi": "fermé",
        "vendredi": "fermé",
    }


def test_the_same_hours_change_nothing(site, manager):
    week = [Interval(day, time(9), time(12)) for day in range(5)]
    assert not correct_hours(structure=site, intervals=week, by=manager)
    assert not Correction.objects.exists()


def test_unknown_hours_become_known_and_unknown_again(sibling, manager):
    assert correct_hours(structure=sibling, intervals=[], by=manager)
    assert stored(sibling).hours_known
    withdraw_correction(correction=Correction.objects.get(), by=manager)
    assert not stored(sibling).hours_known
    event = AuditEvent.objects.get(action="structure.correction_withdrawn")
    assert event.after["lundi"] == "horaires inconnus"


def test_withdrawn_hours_come_back_as_the_source_gave_them(site, manager):
    correct_hours(structure=site, intervals=[Interval(6, time(8), time(9))], by=manager)
    withdraw_correction(correction=Correction.objects.get(), by=manager)
    assert list(site.intervals.values_list("weekday", "opens")) == [
        (day, time(9)) for day in range(5)
    ]


@pytest.mark.parametrize(
    "week",
    [
        [Interval(0, time(9), time(12)), Interval(0, time(11), time(13))],
        [Interval(0, time(20), time(3)), Interval(1, time(2), time(12))],
        [Interval(6, time(20), time(3)), Interval(0, time(2), time(12))],
        [Interval(0, time(0), time(0)), Interval(0, time(9), time(12))],
    ],
    ids=["same day", "past midnight", "sunday night", "all day"],
)
def test_openings_that_overlap_are_refused(site, manager, week):
    with pytest.raises(RuleViolation, match="se chevauchent"):
        correct_hours(structure=site, intervals=week, by=manager)


def test_two_kinds_may_overlap_and_all_nights_may_touch(site, manager):
    week = [Interval(day, time(0), time(0)) for day in range(7)]
    week.append(Interval(0, time(9), time(12), "telephone"))
    assert correct_hours(structure=site, intervals=week, by=manager)


def test_a_confirmed_old_record_shows_its_contacts_again(manager, network):
    phone = {"number": "+33320000000", "display": "03 20 00 00 00", "cost": "normal", "label": ""}
    site = StructureFactory(
        phones=[phone], checked_on=timezone.localdate() - timedelta(days=800), network=network
    )
    assert shown_contacts(stored(site)).are_hidden
    confirm_structure(structure=site, by=manager)
    assert shown_contacts(stored(site)).phones == [phone]
    assert stored(site).checked_on == timezone.localdate()
    assert AuditEvent.objects.filter(action="structure.confirmed").exists()


def test_a_record_with_a_surcharged_number_cannot_be_confirmed(manager):
    phone = {"number": "+33892123456", "display": "0 892 12 34 56", "cost": "surcharged"}
    site = StructureFactory(phones=[phone])
    with pytest.raises(RuleViolation, match="surtaxé"):
        confirm_structure(structure=site, by=manager)
