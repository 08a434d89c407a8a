"""One story: its thread, its marks, its address, and what remains once it is taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.models import Addressee, Author, Passage, Promise, Reply, SecondWord
from guichet.experiences.tests.factories import PromiseFactory, ReplyFactory
from guichet.indicators.tests.factories import VersionFactory


def text_of(client, story):
    return " ".join(client.get(story.get_absolute_url()).content.decode().split())


@pytest.fixture
def answered(tell):
    """A story with an answer, an addition, a promise said to be kept, and the author's words."""
    origin = StructureFactory(name="CAF de Roubaix")
    target = StructureFactory(name="CAF de Lille")
    story = tell(target, title="Deux heures debout", same_count=3)
    addressee = Addressee.objects.get(experience=story)
    by = someone(Role.RESPONDER, target, full_name="Camille Agent")
    Passage.objects.create(
        addressee=addressee,
        origin=origin,
        target=target,
        reason="Raison entre agents",
        by=by,
        outcome=Passage.Outcome.ACCEPTED,
        settled_at=timezone.now(),
    )
    at = story.published_at + timedelta(days=1)
    reply = ReplyFactory(
        addressee=addressee, by=by, was_useful=True, useful_count=2, published_at=at
    )
    PromiseFactory(
        reply=reply,
        outcome=Promise.Outcome.KEPT,
        done_on=date(2026, 3, 1),
        done_words="Guichet ouvert",
    )
    ReplyFactory(addressee=addressee, addition_to=reply, text="Le guichet est ouvert.")
    addressee.first_reply_at = story.first_reply_at = at
    addressee.save()
    story.save()
    Author.objects.create(experience=story, email="secret@exemple.fr", is_solved=True)
    SecondWord.objects.create(
        experience=story, text="Merci, cela va mieux.", published_at=timezone.now()
    )
    return story


def test_the_whole_thread_is_told(client, answered):
    text = text_of(client, answered)
    for words in (
        "Deux heures debout",
        "Ressenti négatif",
        "Transmis par « CAF de Roubaix » à « CAF de Lille »",
        "Nous avons ouvert un second guichet",
        "La responsable de l&#x27;accueil",
        "Le guichet est ouvert.",
        "Un second guichet ouvert le matin",
        "Tenue, d&#x27;après l&#x27;auteur",
        "Fait le 1er mars 2026",
        "a trouvé cette réponse utile",
        "2 visiteurs",
        "Répondu en 1",
        "Merci, cela va mieux.",
        "son problème est réglé",
        "3 personnes disent",
    ):
        assert words in text, words


def test_neither_people_nor_reasons_are_shown(client, answered):
    text = text_of(client, answered)
    for words in ("secret@exemple.fr", "Camille", "Raison entre agents"):
        assert words not in text


def test_a_second_word_waits_for_moderation(client, tell):
    story = tell(StructureFactory())
    SecondWord.objects.create(experience=story, text="Pas encore relu")
    assert "Pas encore relu" not in text_of(client, story)


def test_an_awaited_answer_says_by_when(client, tell):
    story = tell(StructureFactory())
    addressee = story.addressees.get()
    addressee.due_on = timezone.localdate() + timedelta(days=2)
    addressee.save()
    assert "Réponse attendue au plus tard le" in text_of(client, story)
    addressee.due_on = timezone.localdate() - timedelta(days=2)
    addressee.save()
    assert "elle était attendue au plus tard le" in text_of(client, story)


def test_masked_words_are_shown_as_such(client, tell):
    story = tell(description="J'ai vu [nom] au [téléphone], [sic].")
    text = text_of(client, story)
    assert "<em>[nom]</em> au <em>[téléphone]</em>, [sic]." in text
    assert "remplacent des données personnelles" in text
    assert "données personnelles, masquées" not in text_of(client, tell())


def test_where_a_story_comes_from_is_marked(client, tell):
    story = tell(entry="counter", is_fictional=True)
    assert "Racontée au guichet" in text_of(client, story)
    assert "Récit fictif de démonstration" in text_of(client, story)
    assert "Récit fictif de démonstration" in " ".join(
        client.get("/experiences/").content.decode().split()
    )


def test_html_in_a_story_is_text(client, tell):
    story = tell(description="<script>alert(1)</script>\u202e", title="<b>Gras</b>")
    text = text_of(client, story)
    assert "<script>alert" not in text
    assert "<b>Gras" not in text


def test_a_wrong_slug_leads_to_the_right_one(client, tell):
    story = tell(title="Carte grise perdue")
    answer = client.get(f"/experiences/{story.pk}-autre/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/experiences/{story.pk}-carte-grise-perdue/"


@pytest.mark.parametrize("state", ["in_moderation", "refused", "oriented"])
def test_what_was_never_published_is_not_found(client, tell, state):
    story = tell(state=state)
    assert client.get(story.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("state", "words"), [("withdrawn", "Son auteur"), ("removed", "La modération")]
)
def test_what_was_taken_back_is_gone_with_a_sentence(client, tell, state, words):
    story = tell(state=state, title="")
    answer = client.get(story.get_absolute_url())
    assert answer.status_code == 410
    assert words in answer.content.decode()


def test_a_story_takes_the_same_few_queries_however_long_its_thread(
    client, answered, django_assert_max_num_queries
):
    addressee, indicator = answered.addressees.get(), VersionFactory().indicator
    PromiseFactory(reply=ReplyFactory(addressee=addressee), indicator=indicator)
    text_of(client, answered)
    with django_assert_max_num_queries(10) as short:
        text_of(client, answered)
    for _ in range(4):
        PromiseFactory(reply=ReplyFactory(addressee=addressee), indicator=indicator)
    with django_assert_max_num_queries(len(short.captured_queries)):
        text_of(client, answered)


def test_an_answer_that_was_corrected_says_so(client, tell):
    story = tell(StructureFactory())
    at = datetime(2026, 3, 2, 10, 5, tzinfo=timezone.get_current_timezone())
    ReplyFactory(addressee=story.addressees.get(), published_at=at - timedelta(minutes=5))
    assert "corrigée" not in text_of(client, story)
    Reply.objects.update(rewritten_at=at)
    assert "le 2 mars 2026, corrigée à 10 h 05" in text_of(client, story)


def test_the_block_of_another_page_says_that_a_story_is_fictional(client, tell):
    place = StructureFactory(code="ici")
    tell(place, title="Pour de vrai")
    assert "Récit fictif" not in client.get("/services/ici/").content.decode()
    tell(place, title="Inventé", is_fictional=True)
    assert "Récit fictif de démonstration" in client.get("/services/ici/").content.decode()
