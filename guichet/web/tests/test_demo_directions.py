"""Real sites under fictional directions, so that a level above the site can be published."""

from __future__ import annotations

from datetime import date

import pytest

from guichet.directory.models import Structure
from guichet.directory.tests.factories import KindFactory, StructureFactory, lille
from guichet.territories.tests.factories import CommuneFactory
from guichet.web.demo.directions import KIND, hang_real_sites
from guichet.web.demo.observations import most_have_a_direction
from guichet.web.demo.sites import directions

pytestmark = pytest.mark.django_db


def test_real_sites_hang_under_the_direction_of_their_departement() -> None:
    home, away = lille(), CommuneFactory()
    kind = KindFactory(code=KIND)
    above = StructureFactory(kind=kind, level="departement", commune=home, is_fictional=True)
    network = above.network
    sites = [
        StructureFactory(kind=kind, network=network, commune=commune, is_fictional=False)
        for commune in (home, home, away)
    ]
    placed = StructureFactory(
        kind=kind, network=network, commune=home, is_fictional=False, parent=sites[2]
    )
    assert hang_real_sites() == "2 lieux réels rattachés"
    for site in sites[:2]:
        site.refresh_from_db()
        assert (site.parent, str(site.path)) == (above, f"{above.pk}.{site.pk}")
    placed.refresh_from_db()
    assert placed.parent == sites[2], "who has a parent stays where it is"
    assert hang_real_sites() == "0 lieux réels rattachés"
    assert not most_have_a_direction(network)
    Structure.objects.filter(pk__in=(sites[2].pk, placed.pk)).update(closed_on=date(2020, 1, 1))
    assert most_have_a_direction(network)


def test_a_direction_is_fictional_and_receives_nobody() -> None:
    (found,) = directions(KIND, [CommuneFactory()], checked_on=date(2026, 11, 21))
    assert (found.level, found.hours) == ("departement", None)
    assert found.identifier.startswith("demonstration-caf-direction-")
