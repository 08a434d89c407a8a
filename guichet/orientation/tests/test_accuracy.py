"""On 150 questions that the writers of the code and of the needs did not see (see its README)."""

import pytest

from guichet.directory.models import StructureKind
from guichet.directory.reference_tables import current_kind
from guichet.orientation.answers import Question, answer_to
from guichet.orientation.api import doors_in_order
from guichet.orientation.procedures.importing import load_shipped_procedures
from guichet.orientation.tests.accuracy.measuring import Given, measure, read_questions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_territories")]


def ask(text):
    answer = answer_to(Question(text))
    kinds = tuple(door.kind for _, door in doors_in_order(answer))
    return Given(kinds, answer.out_of_scope)


def test_the_frozen_questions_find_a_right_service_and_none_is_invented():
    load_shipped_procedures()
    found = measure(read_questions(), ask)
    known = set(StructureKind.objects.values_list("code", flat=True))
    assert found.top3 >= 0.90
    assert found.out_of_scope >= 0.80
    assert found.kinds_given <= known
    assert {current_kind(kind) for kind in found.kinds_given} == found.kinds_given


def test_the_measure_counts_by_hand():
    """Three in scope: right first, right third, refused; two out: one recognised."""
    from guichet.orientation.tests.accuracy.measuring import Question as Labelled

    answers = {
        "a": Given(("caf", "msa"), False),
        "b": Given(("msa", "cg", "caf", "ccas"), False),
        "c": Given((), True),
        "d": Given((), True),
        "e": Given(("mairie",), False),
    }
    questions = [
        *(Labelled(key, key, frozenset({"caf"}), False) for key in "abc"),
        *(Labelled(key, key, frozenset(), True) for key in "de"),
    ]
    found = measure(questions, answers.__getitem__)
    assert (found.top1, found.top3) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (found.out_of_scope, found.refused) == (0.5, 1)
    assert found.failures == ("c: out of scope", "e: mairie")
