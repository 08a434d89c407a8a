"""What stories say of a territory, beside what the indicators counted on them say: the same."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from guichet.core.periods import PeriodKind, code_of, period, previous
from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.collectors import submit_experiences
from guichet.experiences.reading.figures import count_all
from guichet.experiences.tests.factories import AddresseeFactory, ExperienceFactory
from guichet.indicators.reference_tables import load_reference
from guichet.publication.actions.releases import publish_release
from guichet.publication.tests.reading_pages import forget_kept, text_of

pytestmark = pytest.mark.django_db
STORIES, SITES = 12, 4


@pytest.fixture
def stories(settings, tmp_path):
    """In the last whole quarter, three for each of four sites of the Nord; two in three answered.
    A fifth site has none."""
    settings.LAKE = tmp_path / "lake"
    forget_kept()
    load_reference()
    network = NetworkFactory(code="recits", name="Réseau raconté")
    sites = [StructureFactory(code=f"site-{n}", network=network) for n in range(SITES + 1)]
    quarter = period(previous(code_of(PeriodKind.QUARTER, timezone.localdate())))
    for number in range(STORIES):
        day = quarter.first_day + timedelta(days=5 * number)
        at = timezone.make_aware(datetime.combine(day, time(10)))
        replied = at + timedelta(days=3) if number % 3 else None
        story = ExperienceFactory(published_at=at, first_reply_at=replied, read_in_id="59")
        AddresseeFactory(experience=story, structure=sites[number % SITES], first_reply_at=replied)
    count_all()
    submit_experiences()
    publish_release(name="recits", through=None, frozen_on=timezone.localdate())


def test_a_territory_says_of_its_stories_what_it_counts_of_them(client, stories):
    text = text_of(client, "/resultats/territoires/59/")
    assert "12 récits depuis un an" in text
    assert "67 % des récits ont reçu une réponse." in text
    assert "66,7 % 8 expériences ayant reçu une réponse sur 12 adressées au service" in text
    assert "100,0 % 8 sur 8 cas, en 15 jours ou moins" in text
    assert "aucun cas" not in text
    assert "Incomplet" not in text


def test_a_network_of_stories_alone_publishes_and_names_its_sites(client, stories):
    assert "Réseau raconté" in text_of(client, "/resultats/")
    text = text_of(client, "/resultats/reseaux/recits/?indicateur=experiences-repondues")
    assert "8 expériences ayant reçu une réponse sur 12 adressées au service" in text
    assert "1 lieu sans chiffre (aucun cas sur la période)." in text


def test_a_site_of_three_stories_has_its_figure_and_no_verdict(client, stories):
    text = text_of(client, "/resultats/site-0/")
    assert "66,7 % 2 expériences ayant reçu une réponse sur 3 adressées au service" in text
    assert "Données insuffisantes pour comparer avec le reste du Nord." in text
    assert "Le reste du Nord" not in text
    assert "La moitié des cas" not in text
    assert "graphiques/experiences-repondues" not in text
    assert "reconnaître des personnes" not in text
    assert "Il faut au moins 10 cas pour comparer." in text
