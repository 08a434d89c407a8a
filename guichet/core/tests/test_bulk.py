"""Rows copied at once say the same as rows saved one by one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from guichet.core.bulk import copy_rows, upsert_rows
from guichet.directory.models import Network, SourceIdentifier, StructureKind
from guichet.directory.tests.factories import StructureFactory

pytestmark = pytest.mark.django_db


def kind(code, **fields):
    return StructureKind(code=code, label=f"Lieu {code}", **fields)


def test_what_is_copied_is_read_back_as_it_was():
    words = ["l'État", "a\tb", "tab\\n", 'guillemets "', "{accolades}", "été"]
    copy_rows(StructureKind, [kind("a", words=words, is_common=True), kind("b")])
    stored = StructureKind.objects.get(code="a")
    assert (stored.words, stored.is_common, stored.network) == (words, True, None)
    assert StructureKind.objects.get(code="b").words == []


def test_rows_without_a_key_draw_their_own():
    copy_rows(Network, [Network(code="x", name="X"), Network(code="y", name="Y")])
    copy_rows(Network, [Network(code="z", name="Z")])
    assert len(set(Network.objects.values_list("pk", flat=True))) == 3


def test_nothing_is_copied_of_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        copy_rows(Network, [])
        upsert_rows(Network, [], unique=["code"])


def test_a_row_that_is_there_already_stops_the_copy_whole():
    copy_rows(StructureKind, [kind("a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows(StructureKind, [kind("b"), kind("a")])
    assert not StructureKind.objects.filter(code="b").exists()


def test_rows_with_the_same_unique_columns_are_overwritten():
    structure, other = StructureFactory(code="a"), StructureFactory(code="b")
    upsert_rows(
        SourceIdentifier,
        [SourceIdentifier(scheme="dila", value="1", structure=structure, digest="old")],
        unique=["scheme", "value"],
    )
    upsert_rows(
        SourceIdentifier,
        [
            SourceIdentifier(scheme="dila", value="1", structure=other, digest="new"),
            SourceIdentifier(scheme="dila", value="2", structure=structure, digest="first"),
        ],
        unique=["scheme", "value"],
    )
    held = SourceIdentifier.objects.order_by("value").values_list("value", "digest", "structure")
    assert list(held) == [("1", "new", other.pk), ("2", "first", structure.pk)]
