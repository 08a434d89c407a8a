"""The title of a story whose author gave none tells something, and names nobody if it can."""

from __future__ import annotations

import pytest

from guichet.accounts.tests.factories import UserFactory
from guichet.experiences.links import follow_token
from guichet.experiences.models import Experience
from guichet.experiences.sharing import actions
from guichet.experiences.sharing.story import story_of
from guichet.experiences.sharing.titles import automatic_title, is_automatic, title_of_masked
from guichet.moderation.kinds import Kind
from guichet.moderation.models import ModeratedText, TextState
from guichet.moderation.queue import actions as moderation
from guichet.moderation.queue.actions.marking import mask_words

LISTED = "J'ai attendu deux heures"


@pytest.mark.parametrize(
    ("story", "title"),
    [
        (f"Bonjour, je m'appelle Josiane Petit. {LISTED}.", LISTED),
        (f"Bonjour à toutes et à tous\nje suis Mme Petit\n{LISTED}", LISTED),
        (f"Bonjour ! {LISTED}.", LISTED),
        ("Bonjour, j'ai attendu deux heures.", LISTED),
        (f"Madame, Monsieur,\n\n{LISTED}.", LISTED),
        (f"Bonjour Madame Petit, {LISTED}.", LISTED),
        (f"J'ai appelé M. Durand hier. {LISTED}.", LISTED),
        ("Bonjour la CAF m'a aidée", "La CAF m'a aidée"),
        ("Monsieur le maire a répondu", "Monsieur le maire a répondu"),
        ("Bonjour", "Bonjour"),
        ("un mot " * 30, "Un mot " + "un mot " * 10 + "un…"),
        ("X" * 200, "X" * 79 + "…"),
        ("À 8.30 h c'était fermé\nensuite", "À 8.30 h c'était fermé"),
        ("...", ""),
        ("", ""),
    ],
)
def test_the_title_is_the_first_sentence_that_tells_something(story, title):
    assert automatic_title(story) == title


def test_a_story_of_one_sentence_keeps_it_even_if_a_part_is_masked():
    assert automatic_title("J'ai appelé M. Durand à la mairie.") == (
        "J'ai appelé M. Durand à la mairie"
    )
    assert title_of_masked("J'ai vu [nom].") == "J'ai vu [nom]"


def test_a_title_that_somebody_wrote_is_theirs():
    assert is_automatic("Bonjour", f"Bonjour. {LISTED}.")
    assert is_automatic(LISTED, f"Bonjour. {LISTED}.")
    assert not is_automatic("Deux heures debout", f"Bonjour. {LISTED}.")


def sent(person, **texts):
    person.tells(follow_by="code", email="")
    actions.keep(person.draft, **texts)
    person.sends()
    ModeratedText.objects.update(state=TextState.WAITING)
    return ModeratedText.objects.get()


@pytest.mark.parametrize(("title", "kept"), [("", ""), ("Un accueil à revoir", None)])
def test_a_story_taken_up_again_keeps_only_a_title_that_was_written(person, title, kept):
    text = sent(person, title=title, description="Cet agent est nul. Je suis partie.")
    moderation.refuse(text=text, by=UserFactory(), reason="insult")
    draft = actions.amend(Experience.objects.get())
    assert story_of(draft).title == (title if kept is None else kept)
    actions.keep(draft, description="Cet agent m'a mal parlé. Je suis partie.")
    actions.confirm(draft)
    again = ModeratedText.objects.latest("pk").original.parts[0]["text"]
    assert again == (title or "Cet agent m'a mal parlé")


def test_a_masked_title_that_nobody_wrote_gives_way_to_another_sentence(person):
    text = sent(person, title="", description="Le grand du guichet crie. Rien ne marche.")
    moderator = UserFactory()
    mask_words(text=text, by=moderator, words="le grand du guichet", kind=Kind.NAME)
    moderation.accept(text=text, by=moderator)
    story = Experience.objects.get()
    assert story.title == "Rien ne marche"
    assert story.get_absolute_url().endswith("-rien-ne-marche/")


def test_a_masked_title_that_was_written_stays(person):
    text = sent(person, title="Madame Durand injoignable")
    moderation.accept(text=text, by=UserFactory())
    assert Experience.objects.get().title == "Madame [nom] injoignable"


@pytest.mark.parametrize("title", ["Madame Durand injoignable", "Service injoignable"])
def test_an_author_is_told_on_their_page_that_words_are_masked(person, title):
    moderation.accept(text=sent(person, title=title), by=UserFactory())
    story = Experience.objects.get()
    is_masked = "Durand" in title
    assert story.events.get(kind="published").detail == ({"masked": True} if is_masked else {})
    page = person.open(f"/suivi/{follow_token(story.author)}/").content.decode()
    assert ("masqué des mots" in page) == is_masked
