"""How services answer, for who manages them; the delay a network gives itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import someone
from guichet.experiences.answering.clocks import due_day, due_of, target_of
from guichet.experiences.answering.figures import figures_of_reader
from guichet.experiences.models import AnsweringTarget
from guichet.experiences.publishing import start_clocks
from guichet.experiences.tests.factories import AddresseeFactory


def told(structure, published_days_ago, answered_after=None, **more):
    at = timezone.now() - timedelta(days=published_days_ago)
    replied = None if answered_after is None else at + timedelta(days=answered_after)
    return AddresseeFactory(
        structure=structure,
        experience__published_at=at,
        first_reply_at=replied,
        **more,
    )


def test_shares_and_medians_service_by_service(manager, site, sibling, elsewhere):
    for days in (1, 4, 30):
        told(site, 40, answered_after=days)
    told(site, 40, due_on=timezone.localdate() - timedelta(days=1))
    told(sibling, 2)
    told(sibling, 400, answered_after=300)
    told(elsewhere, 2)
    found = figures_of_reader(manager, None, None)
    assert (found.total.stories, found.total.answered, found.total.late) == (5, 3, 1)
    assert found.total.share == "60\xa0%"
    assert found.total.median == "4\xa0jours"
    lille, roubaix = found.rows
    assert (lille.name, lille.share, lille.late) == ("CAF de Lille", "75\xa0%", 1)
    assert (roubaix.share, roubaix.median) == ("0\xa0%", "")


def test_the_same_queries_for_many_services(manager, head, django_assert_num_queries):
    from guichet.directory.tests.factories import StructureFactory

    for _ in range(30):
        told(StructureFactory(parent=head, network=head.network), 3)
    manager.__dict__.pop("_powers", None)
    with django_assert_num_queries(4):
        assert len(figures_of_reader(manager, None, None).rows) == 30


def test_the_page_says_them_and_leads_to_what_is_late(client, manager, site):
    told(site, 40, due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(manager)
    page = client.get(reverse("story_figures"))
    assert "CAF de Lille" in text_of(page)
    assert "?liste=retard&amp;structure=caf-lille" in page.content.decode()


def test_without_a_story_the_page_says_so(client, manager):
    client.force_login(manager)
    assert "Aucun récit" in text_of(client.get(reverse("story_figures")))


def test_a_lead_sets_the_delay_for_the_stories_to_come(client, lead, network, story):
    before = story.due_on
    client.force_login(lead)
    url = reverse("answering_target", args=[network.code])
    assert "une échéance déjà donnée ne bouge pas" in text_of(client.get(url))
    client.post(url, {"days": 10, "reminder_days": 4})
    assert target_of(network).days == 10
    story.refresh_from_db()
    assert story.due_on == before
    assert due_day(network, timezone.localdate()) == timezone.localdate() + timedelta(days=10)


def test_each_service_of_a_story_is_due_when_its_network_means_to_answer(network, story, elsewhere):
    AnsweringTarget.objects.create(network=network, days=10)
    experience = story.experience
    AddresseeFactory(experience=experience, rank=2, structure=elsewhere)
    AddresseeFactory(
        experience=experience, rank=3, structure=None, network=None, name_entered="La régie"
    )
    experience.addressees.update(due_on=None)
    start_clocks(experience)
    delays = [
        (one.due_on - timezone.localdate(experience.published_at)).days
        for one in experience.addressees.order_by("rank")
    ]
    assert delays == [10, 15, 15]


@pytest.mark.parametrize(
    ("days", "reminder", "said"),
    [(0, 0, "supérieure ou égale à 1"), (10, 10, "vient avant l'échéance"), ("x", 1, "nombre")],
)
def test_a_delay_that_makes_no_sense_is_refused(client, lead, network, days, reminder, said):
    client.force_login(lead)
    url = reverse("answering_target", args=[network.code])
    answer = client.post(url, {"days": days, "reminder_days": reminder})
    assert said in text_of(answer)
    assert not AnsweringTarget.objects.exists()


def test_a_responder_neither_sets_a_delay_nor_reads_the_figures(client, site, network):
    client.force_login(someone(Role.RESPONDER, site))
    assert client.get(reverse("answering_target", args=[network.code])).status_code == 404
    assert client.get(reverse("story_figures")).status_code == 403


@pytest.mark.parametrize(
    ("days", "words", "late"),
    [
        (-2, "En retard de 2\xa0jours", True),
        (-1, "En retard de 1\xa0jour", True),
        (0, "À répondre aujourd'hui", False),
        (2, "Encore 2\xa0jours", False),
    ],
)
def test_where_a_story_stands_in_words(story, days, words, late):
    today = timezone.localdate()
    story.due_on = today + timedelta(days=days)
    due = due_of(story, today)
    assert (due.words, due.is_late) == (words, late)
