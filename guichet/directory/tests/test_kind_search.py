"""What people type for a kind of place, measured on the frozen queries."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.directory.kind_search import NamedKind, find_kinds

DIRECTORY = Path(__file__).parent.parent
QUERIES = json.loads((Path(__file__).parent / "kind_queries.json").read_text(encoding="utf-8"))


def shipped() -> tuple[list[NamedKind], dict[str, str]]:
    """The kinds as searched, and what each former kind became; read without the database."""
    with (DIRECTORY / "reference" / "kinds.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    words = defaultdict(list)
    for row in sorted(rows, key=lambda row: bool(row["replaced_by"])):
        words[row["replaced_by"] or row["code"]] += filter(None, row["words"].split("|"))
    kinds = [
        NamedKind(row["code"], row["label"], tuple(words[row["code"]]), row["is_common"] == "yes")
        for row in rows
        if not row["replaced_by"]
    ]
    return kinds, {row["code"]: row["replaced_by"] for row in rows if row["replaced_by"]}


KINDS, BECAME = shipped()


def first(text: str) -> str:
    matches = find_kinds(text, KINDS)
    return matches[0].code if matches else ""


@pytest.mark.parametrize("query", QUERIES["queries"], ids=lambda query: query["text"])
def test_words_of_people_find_their_kind_first(query):
    assert first(query["text"]) in query["codes"]


def test_held_out_queries_find_their_kind_first_nine_times_in_ten():
    missed = [q["text"] for q in QUERIES["held_out"] if first(q["text"]) not in q["codes"]]
    assert len(missed) <= len(QUERIES["held_out"]) * 0.1, missed


def test_what_is_sure_is_right():
    for query in QUERIES["queries"] + QUERIES["held_out"]:
        match = find_kinds(query["text"], KINDS)[0]
        assert not match.is_sure or match.code in query["codes"], query["text"]


def test_most_queries_are_sure():
    queries = QUERIES["queries"] + QUERIES["held_out"]
    sure = [q for q in queries if find_kinds(q["text"], KINDS)[0].is_sure]
    assert len(sure) >= len(queries) * 0.8


@pytest.mark.parametrize("text", QUERIES["not_kinds"])
def test_what_names_no_kind_finds_none(text):
    assert find_kinds(text, KINDS) == []


def test_every_label_finds_its_own_kind():
    lost = [kind.code for kind in KINDS if first(kind.label) != kind.code]
    assert lost == []


def test_a_place_after_the_kind_is_left_as_rest_and_never_sure():
    match = find_kinds("Mairie de Lyon", KINDS)[0]
    assert (match.code, match.rest, match.is_sure) == ("mairie", "lyon", False)


@pytest.mark.parametrize("text", ["la poste", "service public", "mutuelle", "gend", "direction"])
def test_part_of_a_name_is_never_sure(text):
    assert not any(match.is_sure for match in find_kinds(text, KINDS))


def test_words_shared_by_several_kinds_are_not_sure():
    matches = find_kinds("prison", KINDS)
    assert len({match.score for match in matches[:3]}) == 1
    assert not matches[0].is_sure


def test_common_kind_comes_first_among_equals():
    kinds = [NamedKind("a", "Bureau", ("accueil",)), NamedKind("b", "Comptoir", ("accueil",), True)]
    assert [match.code for match in find_kinds("accueil", kinds)] == ["b", "a"]


def test_only_the_first_match_may_be_sure():
    for query in QUERIES["queries"]:
        assert not any(match.is_sure for match in find_kinds(query["text"], KINDS)[1:])


def test_no_more_matches_than_asked():
    assert len(find_kinds("direction", KINDS, limit=3)) == 3


def test_nothing_is_found_among_no_kinds():
    assert find_kinds("mairie", []) == []


@given(st.text(max_size=400))
def test_any_text_gets_scores_between_0_and_1_best_first(text):
    scores = [match.score for match in find_kinds(text, KINDS)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1.0000001 for score in scores)


def test_names_of_real_sites_find_their_kind_nine_times_in_ten():
    """Independent measure: the DILA's own names of 2016, town included, ten of each kind."""
    folder = os.environ.get("GUICHET_SHARED_DATA", "")
    dump = Path(folder) / "guichets_dila_2016.csv.gz"
    if not folder or not dump.exists():
        pytest.skip("GUICHET_SHARED_DATA ne désigne pas le dossier des données réelles")
    names = defaultdict(list)
    with gzip.open(dump, "rt", encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if len(names[row["type"]]) < 10:
                names[row["type"]].append(row["nom"])
    pairs = [(BECAME.get(code, code), name) for code, some in names.items() for name in some]
    found = sum(first(name) == code for code, name in pairs)
    assert found >= 0.9 * len(pairs)
