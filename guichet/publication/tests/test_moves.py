"""Corrected figures told from those of territories whose places moved."""

from __future__ import annotations

import pytest

from guichet.publication.releasing.moves import Moves, Spot

SPOTS = {
    "REL": Spot((), "", "", "national"),
    "REL-59": Spot(("REL",), "59", "32", "departement"),
    "REL-62": Spot(("REL",), "62", "32", "departement"),
    "S01": Spot(("REL", "REL-59"), "59", "32"),
    "S08": Spot(("REL", "REL-59"), "59", "32"),
}
REGIONS = {"59": "32", "62": "32"}
LEVELS = {("REL", "decroche", "1"): "site", ("REL", "accuse-delai", "1"): "departement"}


def line(level, place, *, indicator="decroche", period="2026-02", what="changed"):
    series = {"network": "REL", "indicator": indicator, "version": "1", "cut": ""}
    return {**series, "period": period, "level": level, "place": place, "what": what}


def moves(*lines):
    found = Moves(lines, SPOTS, REGIONS, LEVELS)
    return [found.is_move(one) for one in lines]


def test_a_move_changes_both_territories_and_no_place():
    """Hazebrouck, from Pas-de-Calais to Nord: neither région nor nation differ."""
    lines = [line("departement", "59"), line("departement", "62"), line("structure", "REL-62")]
    assert moves(*lines) == [True, True, True]


def test_a_corrected_place_explains_all_that_holds_it_and_nothing_else():
    above = [("structure", "REL-59"), ("structure", "REL"), ("departement", "59")]
    above += [("region", "32"), ("nation", "FR")]
    lines = [line("structure", "S01"), *(line(*one) for one in above), line("departement", "62")]
    assert moves(*lines) == [False] * 6 + [True]


def test_a_correction_of_one_month_does_not_explain_another():
    assert moves(line("structure", "S01"), line("departement", "59", period="2026-03")) == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("pool", "explained"),
    [
        ("pool~REL-59~59", {"REL-59", "REL", "59", "32", "FR"}),
        ("pool~R32", {"32", "FR"}),
        ("pool~FR", {"FR"}),
    ],
)
def test_a_changed_group_explains_what_holds_it(pool, explained):
    found = Moves([line("pool", pool)], SPOTS, REGIONS, LEVELS)
    told = [("structure", "REL-59"), ("structure", "REL"), ("departement", "59")]
    told += [("region", "32"), ("nation", "FR")]
    kept = {place for level, place in told if not found.is_move(line(level, place))}
    assert kept == explained


def test_where_a_network_publishes_by_departement_an_office_is_a_place_like_another():
    lines = [("structure", "REL-59"), ("structure", "REL"), ("departement", "59")]
    assert moves(*(line(*one, indicator="accuse-delai") for one in lines)) == [False] * 3


def test_what_came_or_left_is_no_move_of_its_own():
    assert moves(line("departement", "59", what="added")) == [False]


def test_a_structure_that_is_no_longer_known_is_no_move():
    assert moves(line("structure", "S99")) == [False]
