"""Structures made, moved, merged, split, closed and reopened by hand."""

from __future__ import annotations

import pytest

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.actions.structures import (
    NewStructure,
    close_structure,
    create_structure,
    merge_structures,
    move_structure,
    reopen_structure,
    split_structure,
)
from guichet.directory.models import Correction, Role, Structure
from guichet.directory.tests.factories import KindFactory, StructureFactory, lille, someone


def stored(structure):
    return Structure.objects.get(pk=structure.pk)


def test_a_new_structure_hangs_under_its_parent_at_its_commune(head, administrator):
    kind = KindFactory(network=head.network)
    made = create_structure(
        new=NewStructure("  CAF  d'Hellemmes ", kind, lille(), head), by=administrator
    )
    made = stored(made)
    assert made.name == "CAF d'Hellemmes"
    assert str(made.path) == f"{head.path}.{made.pk}"
    assert (made.latitude, made.position_source) == (50.6311, "commune")
    assert (made.network, made.source) == (head.network, "manual")
    assert made.search_name == "caf d'hellemmes"


def test_a_structure_without_name_is_refused(administrator):
    with pytest.raises(RuleViolation, match="nom"):
        create_structure(new=NewStructure("  ", KindFactory()), by=administrator)


def test_a_move_takes_all_that_hangs_under(head, site, elsewhere, administrator):
    below = StructureFactory(parent=site)
    move_structure(structure=site, parent=elsewhere, by=administrator)
    assert str(stored(site).path) == f"{elsewhere.pk}.{site.pk}"
    assert str(stored(below).path) == f"{elsewhere.pk}.{site.pk}.{below.pk}"
    assert Correction.objects.get(field="parent").source_value == "caf-nord"
    move_structure(structure=site, parent=None, by=administrator)
    assert str(stored(below).path) == f"{site.pk}.{below.pk}"


def test_a_loop_is_refused(head, site, administrator):
    with pytest.raises(RuleViolation, match="dépend de"):
        move_structure(structure=head, parent=site, by=administrator)
    with pytest.raises(RuleViolation, match="elle-même"):
        move_structure(structure=head, parent=head, by=administrator)


def test_a_closed_parent_is_refused(site, administrator):
    closed = StructureFactory(gone=True)
    with pytest.raises(RuleViolation, match="fermée"):
        move_structure(structure=site, parent=closed, by=administrator)


def test_a_merge_takes_children_and_roles(site, sibling, manager, administrator):
    child = StructureFactory(parent=sibling)
    follower = someone(Role.READER, sibling)
    twice = someone(Role.MANAGER, sibling)
    twice.memberships.create(role=Role.MANAGER, structure=site)
    merge_structures(kept=site, absorbed=sibling, by=administrator)
    assert stored(sibling).merged_into == site
    assert stored(sibling).is_closed
    assert str(stored(child).path) == f"{site.path}.{child.pk}"
    assert follower.memberships.get().structure == site
    assert twice.memberships.filter(ended_at__isnull=True).count() == 1
    assert sorted(AuditEvent.objects.values_list("action", flat=True)) == [
        "membership.ended",
        "membership.followed",
        "structure.absorbed",
        "structure.merged",
    ]


def test_what_was_merged_before_follows_to_the_last(site, sibling, administrator):
    first = StructureFactory()
    merge_structures(kept=sibling, absorbed=first, by=administrator)
    merge_structures(kept=site, absorbed=sibling, by=administrator)
    assert stored(first).merged_into == site


def test_impossible_merges_are_refused(head, site, sibling, administrator):
    with pytest.raises(RuleViolation, match="différentes"):
        merge_structures(kept=site, absorbed=site, by=administrator)
    with pytest.raises(RuleViolation, match="déplacez-la"):
        merge_structures(kept=site, absorbed=head, by=administrator)
    merge_structures(kept=site, absorbed=sibling, by=administrator)
    with pytest.raises(RuleViolation, match="fermée"):
        merge_structures(kept=sibling, absorbed=head, by=administrator)
    with pytest.raises(RuleViolation, match="déjà été fusionnée"):
        merge_structures(kept=head, absorbed=sibling, by=administrator)


def test_a_split_makes_siblings_and_may_close_the_original(head, site, administrator):
    made = split_structure(
        structure=site, names=["Accueil", "", "Permanence"], by=administrator, close_original=True
    )
    assert [str(stored(new).path) for new in made] == [f"{head.path}.{new.pk}" for new in made]
    assert made[0].address_lines == site.address_lines
    assert stored(site).closed_reason == "remplacée par Accueil, Permanence"


def test_a_split_needs_distinct_names(site, administrator):
    with pytest.raises(RuleViolation, match="au moins une"):
        split_structure(structure=site, names=[" "], by=administrator)
    with pytest.raises(RuleViolation, match="même nom"):
        split_structure(structure=site, names=["A", "A"], by=administrator)


def test_a_closed_structure_reopens(site, sibling, administrator):
    close_structure(structure=site, by=administrator, reason=" déménagée ")
    assert stored(site).closed_reason == "déménagée"
    with pytest.raises(RuleViolation, match="déjà fermée"):
        close_structure(structure=site, by=administrator, reason="")
    reopen_structure(structure=site, by=administrator)
    assert not stored(site).is_closed
    merge_structures(kept=site, absorbed=sibling, by=administrator)
    reopen_structure(structure=sibling, by=administrator)
    assert stored(sibling).merged_into is None
    with pytest.raises(RuleViolation, match="déjà ouverte"):
        reopen_structure(structure=sibling, by=administrator)
