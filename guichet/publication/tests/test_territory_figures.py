"""What is read of a territory, and what the process keeps of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.publication.models import Part, PlaceFigures
from guichet.publication.published.serving import newest_versions, parts_of, rows_shown_large
from guichet.publication.published.territory_results import territory_named
from guichet.publication.tests.factories import ReleaseFactory
from guichet.publication.tests.reading_pages import forget_kept, text_of

pytestmark = pytest.mark.django_db
NORD = "/resultats/territoires/59/"


def figures_asked(client, path):
    """How many queries read published figures."""
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return sum("publication_placefigures" in query["sql"] for query in captured)


def next_year(release, *items):
    """Of satisfaction in the Nord, a part of 2027 that holds `items`."""
    former = PlaceFigures.objects.get(place="59", part__indicator="satisfaction")
    part = Part.objects.create(
        digest="e" * 64, network="REL", indicator="satisfaction", version=1, year=2027, files={}
    )
    release.parts.add(part)
    forget_kept()
    return former, PlaceFigures.objects.create(
        part=part, level="departement", place="59", figures=list(items)
    )


def satisfaction(release):
    place = territory_named("59").place
    rows = rows_shown_large(place, newest_versions(parts_of(release)))
    return rows["REL"][("satisfaction", 1)][place.key]


def test_figures_are_read_once_for_many_readers(client, release):
    assert figures_asked(client, NORD) > 0
    assert figures_asked(client, NORD) == 0
    assert "77,4 %" in text_of(client, NORD)


def test_a_new_edition_never_shows_what_is_kept_of_the_one_before(client, release):
    assert "77,4 %" in text_of(client, NORD)
    former = PlaceFigures.objects.get(place="59", part__indicator="satisfaction")
    part = former.part
    part.pk, part.digest = None, "f" * 64
    part.save()
    other = ReleaseFactory(name="2026-05")
    other.parts.add(part)
    items = [one | {"value": "11.1"} for one in former.figures]
    PlaceFigures.objects.create(part=part, level="departement", place="59", figures=items)
    release.is_current, other.is_current = False, True
    release.save()
    other.save()
    text = text_of(client, NORD)
    assert "11,1 %" in text
    assert "77,4 %" not in text
    assert "77,4 %" in text_of(client, f"{NORD}?edition=2026-04")


def test_a_whole_quarter_of_the_newest_year_spares_the_year_before(client, release):
    next_year(release, {"period": "2027-Q1", "state": "published", "value": "50.0"})
    shown = satisfaction(release)
    assert {item["period"][:4] for item in shown.items} == {"2027"}
    assert shown.headline().period == "2027-Q1"


@pytest.mark.parametrize(
    "items",
    [
        (),
        ({"period": "2027-Q1", "state": "missing"},),
        ({"period": "2027", "state": "published", "value": "50.0", "to_date": "yes"},),
    ],
)
def test_without_one_the_year_before_is_read_and_its_quarter_shown(release, items):
    former, _ = next_year(release, *items)
    shown = satisfaction(release)
    assert shown.headline().period == "2026-Q1"
    assert shown.part_of("2026-Q1") == former.part


def test_months_stay_in_the_database(release):
    former = PlaceFigures.objects.get(place="59", part__indicator="satisfaction")
    assert {item["period"] for item in former.figures} > {"2026-01", "2026-04"}
    assert {item["period"] for item in satisfaction(release).items} == {"2026", "2026-Q1"}
