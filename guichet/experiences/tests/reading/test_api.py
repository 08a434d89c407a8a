"""`GET /api/v1/experiences`: the list of the page, for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.api import ReplyOut, ServiceOut, StoryOut
from guichet.experiences.models import Addressee, SecondWord
from guichet.experiences.reading.open_columns import COLUMNS
from guichet.experiences.tests.factories import AuthorFactory, PromiseFactory, ReplyFactory
from guichet.indicators.tests.factories import IndicatorFactory
from guichet.orientation.tests.factories import ProcedureFactory

LIST = "/api/v1/experiences"


def test_a_story_is_given_with_its_answers(client, tell):
    place = StructureFactory(code="caf-lille", network=NetworkFactory(code="caf"))
    story = tell(place, title="Carte grise", feeling="negative")
    reply = ReplyFactory(addressee=Addressee.objects.get(experience=story))
    PromiseFactory(reply=reply, outcome="kept")
    (item,) = client.get(LIST).json()["items"]
    assert item["title"] == "Carte grise"
    assert item["aspects"] == {"information": "negative"}
    assert item["departement"] == "59"
    assert item["url"].endswith(f"/experiences/{story.pk}-carte-grise/")
    (service,) = item["services"]
    assert (service["structure"], service["network"]) == ("caf-lille", "caf")
    assert service["replies"][0]["promise_outcome"] == "kept"
    assert client.get(f"{LIST}/{story.pk}").json() == item


def test_the_thread_is_given_to_its_end(client, tell):
    """What the author added and judged, and what the service did of its promise."""
    place = StructureFactory(code="caf-lille")
    story = tell(place, procedure=ProcedureFactory(code="F123", title="Carte grise"))
    author = AuthorFactory(experience=story, email="personne@exemple.fr")
    author.is_solved = True
    author.save()
    word = SecondWord.objects.create(experience=story, text="Merci.")
    url = f"{LIST}/{story.pk}"
    assert client.get(url).json()["second_word"] is None, "not moderated yet"
    word.published_at = timezone.now()
    word.save()
    today = timezone.localdate()
    PromiseFactory(
        reply=ReplyFactory(addressee=story.addressees.get()),
        where=place,
        indicator=IndicatorFactory(code="attente"),
        done_on=today,
        done_words="Un second guichet est ouvert.",
    )
    answer = client.get(url)
    item = answer.json()
    assert (item["second_word"], item["is_solved"]) == ("Merci.", True)
    assert (item["procedure"], item["procedure_title"]) == ("F123", "Carte grise")
    (service,) = item["services"]
    assert service["kind"] == place.kind.label
    (reply,) = service["replies"]
    assert reply["promise_where"] == "caf-lille"
    assert reply["promise_indicator"] == "attente"
    assert reply["promise_done_on"] == today.isoformat()
    assert reply["promise_done_words"] == "Un second guichet est ouvert."
    assert "exemple.fr" not in answer.content.decode()


IN_FILES = {
    "": {
        "id": "id_experience",
        "url": "adresse",
        "title": "titre",
        "description": "description",
        "wished": "ce_qui_aurait_aide",
        "pseudonym": "pseudonyme_usager",
        "written_as": "poste_comme",
        "feeling": "ressenti_usager",
        "aspects": "simplicite_complexite",
        "departement": "code_departement_de_lecture",
        "departement_given": "code_departement_usager",
        "procedure": "code_de_la_demarche",
        "procedure_title": "demarches_saisies_par_usager",
        "language": "langue",
        "second_word": "complement_de_l_auteur",
        "is_solved": "probleme_regle_d_apres_l_auteur",
        "service_change": "amelioration_de_service_a_considerer",
        "written_on": "ecrit_le",
        "published_on": "date_de_publication",
        "first_reply_on": "date_de_premiere_reponse",
        "same_count": "experiences_similaires",
        "entry": "saisie",
        "official_id": "id_d_origine",
        "is_fictional": "demonstration",
        "services": "intitule_structure_1",
    },
    "services": {
        "structure": "code_structure_1",
        "name": "intitule_structure_1",
        "kind": "intitule_typologie_1",
        "network": "code_reseau_1",
        "channels": "canaux_typologie_1",
        "answer_due_on": "reponse_attendue_structure_1",
        "first_reply_on": "premiere_reponse_structure_1",
        "replies": "reponse_structure_1",
    },
    "replies": {
        "published_on": "premiere_reponse_structure_1",
        "text": "reponse_structure_1",
        "removed_on": "reponse_structure_1",
        "signature": "signature_structure_1",
        "is_addition": "reponse_structure_1",
        "useful_to_author": "reponse_1_jugee_utile_par_l_auteur",
        "useful_count": "evaluation_utile_reponse_structure_1_par_visiteurs",
        "promise": "action",
        "promise_due_on": "echeance_de_l_action",
        "promise_outcome": "avis_de_l_auteur_sur_l_action",
        "promise_where": "lieu_de_l_action",
        "promise_indicator": "indicateur_de_l_action",
        "promise_done_on": "date_action_engagee",
        "promise_done_words": "ce_qui_a_ete_fait",
    },
}


@pytest.mark.parametrize(
    ("schema", "part"), [(StoryOut, ""), (ServiceOut, "services"), (ReplyOut, "replies")]
)
def test_the_files_hold_each_field_of_the_api(schema, part):
    assert IN_FILES[part].keys() == schema.model_fields.keys()
    assert set(IN_FILES[part].values()) <= {one.name for one in COLUMNS}


def test_pages_follow_each_other(client, tell):
    pks = [tell(published_at=timezone.now() - timedelta(days=n)).pk for n in range(5)]
    url, met = f"{LIST}?limit=2&reponse=non", []
    while url:
        page = client.get(url.replace("http://testserver", "")).json()
        assert (page["count"], page["count_is_exact"]) == (5, True)
        met += [one["id"] for one in page["items"]]
        url = page["next"] or ""
    assert met == pks


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"service": "x"}, 404),
        ({"reseau": "x"}, 404),
        ({"ou": "Zzyzx"}, 404),
        ({"q": "file\x00"}, 422),
        ({"structure": "x"}, 422),
        ({"network": "caf"}, 422),
        ({"offset": "20"}, 422),
        ({"ressenti": "furieux"}, 422),
        ({"periode": "0000"}, 422),
        ({"limit": "1000"}, 422),
        ({"apres": "0"}, 422),
        ({"apres": str(2**64)}, 422),
    ],
)
def test_what_names_nothing_is_told(client, tell, query, status):
    tell()
    assert client.get(LIST, query).status_code == status


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"q": "caf\x00"}, "Critère « q »"),
        ({"structure": "caf-lille"}, "Écrivez « service »"),
        ({"couleur": "bleu"}, "Critères : q, service, reseau"),
        ({"service": "x"}, "/api/v1/structures"),
        ({"service": "caf"}, "caf-lille, caf-roubaix"),
        ({"reseau": "x"}, " caf,"),
        ({"ou": "Zzyzx"}, "/api/v1/communes"),
        ({"ressenti": "furieux"}, "positive, neutral ou negative"),
        ({"aspect": "pk"}, "accessibility, information"),
        ({"reponse": "peut-être"}, "oui ou non"),
        ({"promesse": "x"}, "faite ou tenue"),
        ({"periode": "hier"}, "30j, 90j, 12m"),
    ],
)
def test_what_names_nothing_is_told_with_what_is_known(client, db, query, said):
    network = NetworkFactory(code="caf")
    for code in ("caf-lille", "caf-roubaix"):
        StructureFactory(code=code, name=f"CAF {code}", network=network)
    assert said in client.get(LIST, query).content.decode()


def test_a_year_without_stories_gives_none(client, tell):
    tell()
    assert client.get(LIST, {"periode": "1990"}).json()["items"] == []


def test_a_story_taken_back_is_given_no_more(client, tell):
    story = tell(state="withdrawn")
    assert client.get(LIST).json()["items"] == []
    answer = client.get(f"{LIST}/{story.pk}")
    assert answer.status_code == 404
    assert "retiré" in answer.content.decode()
    assert client.get(f"{LIST}/{2**70}").status_code == 404


def test_a_page_takes_as_many_queries_as_a_story(client, tell, django_assert_max_num_queries):
    for _ in range(4):
        ReplyFactory(addressee=tell(StructureFactory()).addressees.get())
    with django_assert_max_num_queries(8):
        client.get(LIST)
