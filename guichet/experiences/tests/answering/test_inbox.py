"""The inbox: what each tab holds, filters, order, and pages that stay usable with many stories."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.answering import actions
from guichet.experiences.models import State
from guichet.experiences.reading.search import index
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    ExperienceFactory,
    PromiseFactory,
    ReplyFactory,
)

URL = "/agents/experiences/"


def day(days):
    return timezone.localdate() + timedelta(days=days)


def told(structure, title, **more):
    made = AddresseeFactory(structure=structure, experience__title=title, **more)
    index(made.experience)
    return made


def titles(client, query=""):
    return [row.title for row in client.get(f"{URL}{query}").context["list"].rows]


def tab_labels(client):
    return [tab.label for tab in client.get(URL).context["list"].tabs]


def test_a_manager_sees_the_stories_of_the_subtree_what_is_due_first_on_top(
    client, manager, site, sibling, elsewhere
):
    told(site, "Plus tard", due_on=day(9))
    told(sibling, "Bientôt", due_on=day(1))
    told(elsewhere, "Ailleurs")
    told(site, "Pas publié", experience__state=State.WITHDRAWN)
    client.force_login(manager)
    assert titles(client) == ["Bientôt", "Plus tard"]


def test_each_tab_holds_its_own_and_counts_it(as_agent, site, agent, elsewhere, sibling, neighbour):
    told(site, "À faire")
    late = told(site, "En retard", due_on=day(-3))
    actions.assign(addressee=late, to=agent, by=agent)
    done = told(site, "Répondu", first_reply_at=timezone.now())
    PromiseFactory(reply=ReplyFactory(addressee=done), what="Un banc dans le hall")
    proposed = told(elsewhere, "Proposé")
    actions.pass_on(
        addressee=proposed, target=site, by=neighbour, reason="Vous gérez cette prestation."
    )
    assert tab_labels(as_agent) == [
        "À répondre (2)",
        "En retard (1)",
        "Confiés à moi (1)",
        "Proposés par un autre réseau (1)",
        "Promesses à tenir (1)",
        "Répondus",
    ]
    assert titles(as_agent, "?liste=retard") == ["En retard"]
    assert titles(as_agent, "?liste=moi") == ["En retard"]
    assert titles(as_agent, "?liste=proposes") == ["Proposé"]
    assert titles(as_agent, "?liste=promesses") == ["Un banc dans le hall"]
    assert titles(as_agent, "?liste=repondus") == ["Répondu"]
    assert titles(as_agent, "?liste=inconnue") == ["En retard", "À faire"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=attente", ["Attente au guichet"]),
        ("?q=guichet+perdu", ["Courrier perdu"]),
        ("?q=guichet+zzz", []),
        ("?q=roubaix", ["Courrier perdu"]),
        ("?ressenti=positive", ["Courrier perdu"]),
        ("?aspect=relation", ["Attente au guichet"]),
        ("?service=caf-roubaix", ["Courrier perdu"]),
        ("?echeance=retard", ["Attente au guichet"]),
        ("?echeance=semaine", ["Courrier perdu"]),
        ("?echeance=apres", []),
        ("?q=%00", None),
    ],
)
def test_filters(client, manager, site, sibling, query, found):
    told(site, "Attente au guichet", due_on=day(-1), experience__relation="negative")
    told(sibling, "Courrier perdu", due_on=day(5), experience__feeling="positive")
    client.force_login(manager)
    everything = ["Attente au guichet", "Courrier perdu"]
    assert titles(client, query) == (everything if found is None else found)


@pytest.mark.parametrize("choice", ["ressenti", "aspect", "service", "echeance"])
def test_a_choice_that_does_not_exist_lists_nothing_and_says_so(as_agent, site, choice):
    told(site, "Attente au guichet")
    page = as_agent.get(f"{URL}?{choice}=zzz")
    assert page.context["list"].rows == []
    said = text_of(page)
    assert "n'existe pas, ou n'existe plus" in said
    assert "Tout montrer" in said


def test_the_programme_chooses_among_networks(client, moderator, site, elsewhere):
    told(site, "Ici")
    told(elsewhere, "Ailleurs")
    client.force_login(moderator)
    assert titles(client, "?reseau=cpam") == ["Ailleurs"]


def test_one_structure_may_be_chosen_if_it_is_ones_own(client, manager, site, sibling, elsewhere):
    told(site, "Ici")
    told(sibling, "À côté")
    told(elsewhere, "Ailleurs")
    client.force_login(manager)
    assert titles(client, "?structure=caf-lille") == ["Ici"]
    assert client.get(f"{URL}?structure=cpam-lille").status_code == 404
    assert client.get(f"{URL}?structure=inconnue").status_code == 404


def test_leads_and_the_programme_see_where_nobody_answers(client, lead, moderator, site, sibling):
    told(site, "Sans personne")
    someone(Role.RESPONDER, sibling)
    told(sibling, "Avec quelqu'un")
    for person in (lead, moderator):
        client.force_login(person)
        assert titles(client, "?liste=sans-agent") == ["Sans personne"]
        assert "Sans agent sur place (1)" in tab_labels(client)


def test_a_service_that_nobody_knows_is_seen_by_the_programme_alone(client, lead, moderator):
    AddresseeFactory(structure=None, first_structure=None, network=None, name_entered="La caisse")
    client.force_login(lead)
    assert titles(client) == []
    client.force_login(moderator)
    assert len(titles(client)) == 1


def test_an_empty_inbox_says_so_and_a_filter_that_finds_nothing_too(as_agent, site):
    assert "Aucun récit n'attend de réponse" in text_of(as_agent.get(URL))
    assert "Aucun récit ne répond à ce choix" in text_of(as_agent.get(f"{URL}?q=rien"))
    assert "Aucune promesse n'est à tenir" in text_of(as_agent.get(f"{URL}?liste=promesses"))


def test_forty_stories_are_one_page_and_as_few_queries_as_two(
    as_agent, site, agent, django_assert_max_num_queries
):
    for rank in range(2):
        told(site, f"Récit {rank}")
    with django_assert_max_num_queries(16) as few:
        as_agent.get(URL)
    for rank in range(2, 41):
        told(site, f"Récit {rank}", assigned_to=agent)
    with django_assert_max_num_queries(len(few.captured_queries)):
        page = as_agent.get(URL)
    assert len(page.context["list"].rows) == 40
    assert "page=2" in page.content.decode()


def test_a_reader_reads_and_cannot_write(client, site, story):
    client.force_login(someone(Role.READER, site))
    assert titles(client) == ["Attente"]
    page = client.get(reverse("answer_story", args=[story.pk]))
    assert page.status_code == 200
    assert "Enregistrer le brouillon" not in text_of(page)
    assert client.post(reverse("save_answer", args=[story.pk])).status_code == 404


def test_a_stranger_finds_nothing(client, stranger, story):
    client.force_login(stranger)
    assert client.get(URL).status_code == 403
    assert client.get(reverse("answer_story", args=[story.pk])).status_code == 404


def test_a_withdrawn_story_is_found_no_more(as_agent, story):
    story.experience.state = State.WITHDRAWN
    story.experience.save()
    assert as_agent.get(reverse("answer_story", args=[story.pk])).status_code == 404


def test_what_the_other_services_answered_stands_on_the_page(as_agent, site, elsewhere, neighbour):
    experience = ExperienceFactory()
    mine = AddresseeFactory(experience=experience, rank=1, structure=site)
    other = AddresseeFactory(experience=experience, rank=2, structure=elsewhere)
    ReplyFactory(addressee=other, text="La carte est partie ce matin, vous l'aurez demain.")
    AddresseeFactory(experience=experience, rank=3, structure=StructureFactory(name="Mairie"))
    page = text_of(as_agent.get(reverse("answer_story", args=[mine.pk])))
    assert "Les autres services de ce récit" in page
    assert "La carte est partie ce matin" in page
    assert "Mairie" in page
    assert "Pas encore de réponse." in page


def test_past_answers_of_the_network_are_found_with_what_was_thought_of_them(
    as_agent, story, sibling, elsewhere
):
    ReplyFactory(
        addressee__structure=sibling,
        text="L'attente venait d'une panne du logiciel, réparée depuis.",
        was_useful=True,
        useful_count=3,
    )
    ReplyFactory(addressee__structure=elsewhere, text="L'attente chez nous est longue aussi.")
    page = text_of(as_agent.get(reverse("answer_story", args=[story.pk])))
    assert "panne du logiciel" in page
    assert "utile, d'après l'auteur ; utile pour 3 lecteurs" in page
    assert "est longue aussi" not in page
    found = text_of(as_agent.get(f"{reverse('answer_story', args=[story.pk])}?mots=logiciels"))
    assert "panne du logiciel" in found
    nothing = text_of(as_agent.get(f"{reverse('answer_story', args=[story.pk])}?mots=zzzz"))
    assert "Aucune réponse de votre réseau ne contient ces mots" in nothing


def test_agents_see_that_a_story_is_fictional(as_agent, site):
    told(site, "Vrai")
    made = told(site, "Inventé", experience__is_fictional=True)
    rows = {row.title: row.badges for row in as_agent.get(URL).context["list"].rows}
    assert ("Récit fictif", "info") in rows["Inventé"]
    assert ("Récit fictif", "info") not in rows["Vrai"]
    page = as_agent.get(reverse("answer_story", args=[made.pk]))
    assert "Récit fictif de démonstration" in page.content.decode()


def test_a_passage_and_a_promise_of_a_fictional_story_say_so(
    as_agent, site, agent, elsewhere, neighbour
):
    made = told(elsewhere, "Inventé", experience__is_fictional=True)
    actions.pass_on(addressee=made, target=site, by=neighbour, reason="Vous gérez cette aide.")
    PromiseFactory(
        reply__addressee__structure=site, reply__addressee__experience__is_fictional=True
    )
    for tab in ("proposes", "promesses"):
        (row,) = as_agent.get(f"{URL}?liste={tab}").context["list"].rows
        assert ("Récit fictif", "info") in row.badges
