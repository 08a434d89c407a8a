"""A withdrawn story is absent from every page, feed, answer of the API and public file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.core.extensions import open_tables
from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.following import actions
from guichet.experiences.following.actions.subscriptions import send_daily_news
from guichet.experiences.models import Subscription
from guichet.experiences.reading.scopes import Scope
from guichet.experiences.reading.search import index
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    AuthorFactory,
    PromiseFactory,
    ReplyFactory,
)
from guichet.experiences.tests.following.letters import letters, words_of

pytestmark = pytest.mark.django_db
WORD = "zorglubien"
PAGES = (
    "/experiences/",
    "/experiences/?q=guichet",
    "/experiences/flux.atom",
    "/experiences/services/caf-fives/",
    "/experiences/services/caf-fives/flux.atom",
    "/experiences/reseaux/caf/",
    "/experiences/reseaux/caf/flux.atom",
    "/experiences/territoires/59/",
    "/experiences/territoires/59/flux.atom",
    "/api/v1/experiences",
    "/services/caf-fives/",
)


@pytest.fixture
def author():
    caf = StructureFactory(code="caf-fives", network=NetworkFactory(code="caf"))
    author = AuthorFactory(
        experience__title=f"Un guichet {WORD}",
        experience__description=f"Le guichet était {WORD}.",
        experience__pseudonym=WORD,
        experience__published_at=timezone.now() - timedelta(hours=2),
    )
    addressee = AddresseeFactory(experience=author.experience, structure=caf)
    reply = ReplyFactory(addressee=addressee, text=f"Votre mot {WORD} est entendu.")
    PromiseFactory(reply=reply, what=f"Un guichet moins {WORD}")
    index(author.experience)
    return author


def rows_of_the_file() -> str:
    (table,) = [one for one in open_tables if one.name == "experiences"]
    return repr(list(table.rows()))


def stamp_of_the_file() -> str:
    (table,) = [one for one in open_tables if one.name == "experiences"]
    return table.stamp()


def pages_that_show_it(client) -> list[str]:
    return [page for page in PAGES if WORD in client.get(page).content.decode()]


def test_a_withdrawn_story_is_nowhere(client, author):
    shown = pages_that_show_it(client)
    assert set(shown) >= set(PAGES) - {"/services/caf-fives/"}
    assert WORD in rows_of_the_file()
    before = stamp_of_the_file()
    actions.withdraw(author)
    assert pages_that_show_it(client) == []
    assert WORD not in rows_of_the_file()
    assert stamp_of_the_file() != before, "the files are made again at the next run"


def test_a_withdrawn_story_is_in_no_mail_to_subscribers(author):
    structure = author.experience.addressees.get().structure
    actions.ask_subscription(email="lea@exemple.fr", scope=Scope(structure=structure))
    day_ago = timezone.now() - timedelta(days=1)
    Subscription.objects.update(confirmed_at=day_ago, told_until=day_ago)
    actions.withdraw(author)
    send_daily_news()
    assert not any(WORD in words_of(letter) for letter in letters())


def test_an_erased_author_leaves_the_story_everywhere(client, author):
    before = pages_that_show_it(client)
    actions.erase_author(author)
    assert pages_that_show_it(client) == before
    assert WORD in rows_of_the_file()
