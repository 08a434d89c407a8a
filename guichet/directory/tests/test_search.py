"""What is found, in which order, and what the filters keep."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from guichet.directory.models import (
    ExceptionalHours,
    OpeningInterval,
    ReceptionKind,
    Structure,
    StructureKind,
)
from guichet.directory.nearby import Point
from guichet.directory.reference_tables import load_reference
from guichet.directory.search import LAST_PAGE, PAGE_SIZE, SearchWish, search_structures
from guichet.directory.tests.factories import StructureFactory
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory, RegionFactory

MONDAY_MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 10:30 in Lille, 13:30 in Saint-Denis
LILLE = Point(50.63, 3.06)


@pytest.fixture(autouse=True)
def kinds(db):
    load_reference()


@pytest.fixture
def lille(db):
    nord = DepartementFactory(code="59", name="Nord", region=RegionFactory(code="32", name="HdF"))
    return CommuneFactory(
        insee_code="59350",
        name="Lille",
        departement=nord,
        postal_codes=["59000"],
        population=236_000,
        latitude=50.63,
        longitude=3.06,
    )


def kind(code):
    return StructureKind.objects.get(code=code)


def place(code, kind_code="mairie", **fields):
    fields = {"name": code, "commune": None, **fields}
    return StructureFactory(code=code, kind=kind(kind_code), **fields)


def found(at=MONDAY_MORNING, **wish):
    return [one.structure.code for one in search_structures(SearchWish(**wish), at=at).items]


def opens(structure, weekday=0, opens=time(9), closes=time(12), **fields):
    OpeningInterval.objects.create(
        structure=structure, weekday=weekday, opens=opens, closes=closes, **fields
    )
    Structure.objects.filter(pk=structure.pk).update(hours_known=True)


def test_the_nearest_come_first_with_their_distance(lille):
    for code, latitude in (("loin", 50.90), ("ici", 50.63), ("près", 50.65)):
        place(code, latitude=latitude, longitude=3.06)
    results = search_structures(SearchWish(what="mairie", where="lille"))
    assert [one.structure.code for one in results.items] == ["ici", "près", "loin"]
    assert [round(one.distance_m, -2) for one in results.items] == [0, 2200, 30000]


def test_without_a_place_names_are_in_order():
    place("b", name="Mairie de Bailleul")
    place("a", name="Mairie d'Armentières")
    results = search_structures(SearchWish(what="mairie"))
    assert [one.structure.code for one in results.items] == ["a", "b"]
    assert results.items[0].distance_m is None


def test_a_kind_takes_the_former_kinds_that_it_replaced():
    place("ancien", "pole_emploi")
    place("nouveau", "france_travail")
    assert set(found(what="france travail")) == {"ancien", "nouveau"}
    assert set(found(kind_code="pole_emploi")) == {"ancien", "nouveau"}


def test_closed_places_are_never_found():
    place("ouverte")
    place("fermée", gone=True)
    assert found(what="mairie") == ["ouverte"]
    assert found(kind_code="mairie") == ["ouverte"]
    assert found(what="fermée") == []
    assert found(origin=LILLE) == ["ouverte"]


def test_head_offices_are_found_by_their_kind_or_name_only():
    place("ars-hdf", "ars", name="ARS Hauts-de-France", level="region")
    place("mairie-lille")
    assert found(origin=LILLE) == ["mairie-lille"]
    assert found(kind_code="ars", origin=LILLE) == ["ars-hdf"]
    assert found(what="agence régionale de santé") == ["ars-hdf"]
    assert found(what="ARS Hauts-de-France") == ["ars-hdf"]


def test_a_name_is_found_without_accents_and_with_a_slip():
    place("a", name="Maison de l'Enfance et de la Famille")
    place("b", name="Maison du Vélo")
    assert found(what="maison enfance famille")[0] == "a"
    assert found(what="maison du velo") == ["b"]
    assert found(what="maison du vlo") == ["b"]


def test_a_name_inside_the_kind_that_was_picked():
    place("a", name="Mairie de Lomme")
    place("b", name="Mairie d'Hellemmes")
    place("c", "caf", name="CAF de Lomme")
    assert found(kind_code="mairie", what="lomme") == ["a"]


def test_what_names_the_picked_kind_is_not_looked_for_in_names():
    place("a", name="Hôtel de ville")
    assert found(kind_code="mairie", what="mairie") == ["a"]


def test_unsure_words_offer_the_kinds_that_they_may_mean():
    place("a", name="Maison des familles du Nord")
    results = search_structures(SearchWish(what="maison des familles"))
    assert results.read.kind is None
    assert "pif" in [kind.code for kind in results.read.likely_kinds]
    assert [one.structure.code for one in results.items] == ["a"]


def test_accessible_keeps_what_is_known_to_be_so():
    place("oui", accessibility="ACC")
    place("sur-demande", accessibility="DEM")
    place("inconnu", accessibility="")
    assert found(what="mairie", accessible=True) == ["oui"]


def test_by_appointment_takes_hours_and_booking_pages():
    opens(place("heures"), kind=ReceptionKind.APPOINTMENT)
    place("page", appointment_url="https://rdv.example/")
    place("sans")
    assert found(what="mairie", by_appointment=True) == ["heures", "page"]


@pytest.mark.parametrize(
    ("fields", "is_found"),
    [
        ({}, True),
        ({"opens": time(8), "closes": time(10, 30)}, False),
        ({"opens": time(10, 30), "closes": time(11)}, True),
        ({"weekday": 1}, False),
        ({"weekday": 6, "opens": time(22), "closes": time(11)}, True),
        ({"weekday": 6, "opens": time(22), "closes": time(2)}, False),
        ({"opens": time(0), "closes": time(0)}, True),
        ({"kind": ReceptionKind.TELEPHONE}, False),
        ({"note": "semaines paires"}, False),
        ({"valid_until": date(2026, 1, 1)}, False),
    ],
)
def test_open_now_keeps_what_surely_receives_at_that_moment(fields, is_found):
    opens(place("lieu"), **fields)
    assert found(what="mairie", open_now=True) == (["lieu"] if is_found else [])


def test_open_now_knows_closures_and_openings_of_the_day():
    day = {"first_day": date(2026, 11, 23), "last_day": date(2026, 11, 23)}
    closed, opened = place("fermé"), place("exceptionnel")
    opens(closed)
    ExceptionalHours.objects.create(structure=closed, closed=True, **day)
    ExceptionalHours.objects.create(
        structure=opened, closed=False, opens=time(10), closes=time(11), **day
    )
    assert found(what="mairie", open_now=True) == ["exceptionnel"]


def test_open_now_is_told_in_the_time_of_the_place():
    reunion = DepartementFactory(
        code="974", name="La Réunion", region=RegionFactory(code="04", name="La Réunion")
    )
    saint_denis = CommuneFactory(insee_code="97411", name="Saint-Denis", departement=reunion)
    opens(place("réunion", commune=saint_denis), opens=time(13), closes=time(14))
    assert found(what="mairie", open_now=True) == ["réunion"]


def test_unknown_hours_are_unknown_and_never_open():
    place("inconnu")
    (item,) = search_structures(SearchWish(what="mairie")).items
    assert item.presence.is_open is None
    assert item.presence.label == "Horaires inconnus"
    assert found(what="mairie", open_now=True) == []


def test_pages_follow_each_other_without_repeating_or_missing(lille):
    wanted = PAGE_SIZE + 3
    for number in range(wanted):
        place(f"m{number:02}", latitude=50.63 + number / 1000, longitude=3.06)
    first = search_structures(SearchWish(what="mairie", where="lille"))
    second = search_structures(SearchWish(what="mairie", where="lille", page=2))
    codes = [one.structure.code for one in [*first.items, *second.items]]
    assert codes == [f"m{number:02}" for number in range(wanted)]
    assert (first.has_next, second.has_next) == (True, False)


def test_a_page_beyond_the_last_is_empty_and_the_count_of_pages_is_bounded():
    place("seule")
    assert search_structures(SearchWish(what="mairie", page=3)).items == []
    assert search_structures(SearchWish(what="mairie", page=9999)).page == LAST_PAGE


def test_open_ones_fill_pages_too():
    for number in range(PAGE_SIZE + 1):
        opens(place(f"m{number:02}"))
    second = search_structures(SearchWish(what="mairie", open_now=True, page=2), at=MONDAY_MORNING)
    assert [one.structure.code for one in second.items] == [f"m{PAGE_SIZE}"]


def test_a_recognised_place_goes_before_a_position(lille):
    place("ici", latitude=50.63, longitude=3.06)
    results = search_structures(SearchWish(where="lille", origin=Point(43.3, 5.4)))
    assert round(results.items[0].distance_m) == 0


def test_an_unknown_place_leaves_the_position(lille):
    place("ici", latitude=50.63, longitude=3.06)
    results = search_structures(SearchWish(where="zzzzzz", origin=LILLE))
    assert results.read.place_is_unknown
    assert round(results.items[0].distance_m) == 0
