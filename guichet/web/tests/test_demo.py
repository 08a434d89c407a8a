"""The demonstration: fictional, marked so, whole, and the same twice."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from guichet.accounts.models import User
from guichet.directory.models import Membership, Role, Structure
from guichet.directory.phones import normalise
from guichet.experiences.models import Experience
from guichet.indicators.models import Batch
from guichet.moderation.detection import detector
from guichet.orientation.models import CoverageMeasure, DeskCall, Handover, Tally
from guichet.publication.models import Release
from guichet.territories.models import Commune
from guichet.territories.tests.factories import CommuneFactory
from guichet.web.demo import observations, told
from guichet.web.demo.people import LOGINS, MANAGED
from guichet.web.demo.sites import FICTION_PREFIXES, PLANS, fictional_sites
from guichet.web.demo.story_files import written_stories
from guichet.web.management.commands import demo

TODAY = date(2026, 11, 21)


@pytest.mark.django_db
def test_sites_are_drawn_the_same_at_every_run() -> None:
    communes = [CommuneFactory(insee_code="59350", name="Lille", population=238_000)]
    once = list(fictional_sites(communes, checked_on=TODAY))
    assert once == list(fictional_sites(communes, checked_on=TODAY))
    assert {item.kinds[0] for item in once} == {plan.kind for plan in PLANS}


@pytest.mark.django_db
def test_numbers_are_in_the_ranges_kept_for_fiction_and_addresses_cannot_exist() -> None:
    communes = [CommuneFactory(insee_code="59350", name="Lille", population=238_000)]
    for item in fictional_sites(communes, checked_on=TODAY):
        assert item.phones[0].number.startswith(FICTION_PREFIXES)
        assert normalise(item.phones[0].number) is not None
        assert item.emails[0].endswith(".example")
        assert "Démonstration" in item.address_lines[0]
    assert all(login.email.endswith(".example") for login in LOGINS)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_command_makes_everything_and_a_second_run_changes_nothing(
    settings, tmp_path, monkeypatch
) -> None:
    settings.SHARED_DATA, settings.LAKE = None, tmp_path
    settings.DEMONSTRATION = True
    monkeypatch.setattr(observations, "MONTHS", 6)
    few = written_stories()[::20]
    monkeypatch.setattr(told, "written_stories", lambda: few)
    monkeypatch.setattr(detector, "persons", lambda text: [])
    output = io.StringIO()
    call_command("demo", no_serve=True, stdout=output)
    words = output.getvalue()
    assert all(login.email in words for login in LOGINS)
    sites = Structure.objects.count()
    assert sites > 8000
    assert not Structure.objects.filter(is_fictional=False).exists()
    assert Structure.objects.filter(parent__isnull=False).exists()
    assert Commune.objects.count() > 34_000
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role)
    people = User.objects.count()
    asked = Tally.objects.aggregate(Sum("count"))
    assert asked["count__sum"] > 10
    assert Handover.objects.get().receiver.code == MANAGED
    assert DeskCall.objects.count() == 4
    assert CoverageMeasure.objects.get().places > 100
    assert Release.objects.get(is_current=True).is_demonstration
    assert Release.objects.count() == 2
    assert Experience.objects.filter(is_fictional=True).count() == len(few)
    batches = Batch.objects.count()

    call_command("demo", no_serve=True, stdout=io.StringIO())
    assert (Structure.objects.count(), User.objects.count()) == (sites, people)
    assert Tally.objects.aggregate(Sum("count")) == asked
    assert Experience.objects.count() == len(few)
    assert (Batch.objects.count(), Release.objects.count()) == (batches, 2)


@pytest.mark.parametrize(
    ("chosen", "expected"), [("", "http://127.0.0.1:8123"), ("https://x.example", "http://before")]
)
def test_mails_written_meanwhile_lead_to_the_port_that_will_be_served(
    settings, monkeypatch, chosen, expected
) -> None:
    settings.DEMONSTRATION, settings.PUBLIC_URL, settings.SHARED_DATA = True, "http://before", None
    monkeypatch.setenv("GUICHET_PUBLIC_URL", chosen)
    addresses = []
    monkeypatch.setattr(demo.Command, "step", lambda *step: addresses.append(settings.PUBLIC_URL))
    monkeypatch.setattr(demo, "make_people", list)
    call_command("demo", no_serve=True, port=8123, stdout=io.StringIO())
    assert set(addresses) == {expected}


def test_production_has_no_demonstration(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("demo", no_serve=True)
