"""Scanners that open links, a mail server that is down, what is kept and until when."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from guichet.core import mail
from guichet.core.models import OutgoingMail
from guichet.core.tests.smtp_server import smtp_server
from guichet.experiences.announcing import tell
from guichet.experiences.follow_codes import seal_of
from guichet.experiences.following import actions, retention
from guichet.experiences.following.asking import ask_about
from guichet.experiences.links import follow_token
from guichet.experiences.models import Author, ContentReport, Event, State, Subscription
from guichet.experiences.reading.scopes import Scope
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    AuthorFactory,
    ExperienceFactory,
    PromiseFactory,
    ReplyFactory,
)
from guichet.experiences.tests.following.letters import letters, links_in
from guichet.experiences.tests.following.pages import strict
from guichet.moderation.tests.factories import ModeratedTextFactory, OriginalTextFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return AuthorFactory(email="lea@exemple.fr")


@pytest.fixture
def addressee(author):
    return AddresseeFactory(experience=author.experience)


def contents() -> dict[str, str]:
    """A digest of each table of stories, moderation and mail, whatever the order of the rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_stat_user_tables "
            "WHERE relname ~ '^(experiences|moderation|core|procrastinate)_'"
        )
        names = sorted(name for (name,) in cursor.fetchall())
        digests = {}
        for name in names:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t"
            )
            digests[name] = cursor.fetchone()[0]
    return digests


def test_a_scanner_that_opens_every_link_changes_nothing(author, addressee):
    """Each mail that leads to a page, its links opened, and the links of that page too."""
    promise = PromiseFactory(
        reply__addressee=addressee, due_on=timezone.localdate() - timedelta(days=1)
    )
    ask_about(promise)
    actions.ask_new_address(author=author, email="apres@exemple.fr")
    actions.ask_subscription(email="lea@exemple.fr", scope=Scope(structure=addressee.structure))
    links = [link for letter in letters() for link in links_in(letter)]
    assert len(links) == 3
    token = follow_token(author)
    pages = ("withdraw_story", "erase_my_data", "my_data", "change_my_address", "second_word")
    links += [reverse(name, args=[token]) for name in pages]
    before = contents()
    client = strict()
    for link in links:
        path = link.partition("://")[2].partition("/")[2] if "://" in link else link.lstrip("/")
        for ask in (client.get, client.head):
            assert ask(f"/{path}").status_code in (200, 302, 303)
    assert contents() == before


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("judge_reply", (1,)),
        ("answer_promise", (1,)),
        ("say_solved", ()),
        ("set_news", ()),
        ("renew_link", ()),
        ("take_up_story", ()),
    ],
)
def test_a_button_is_not_a_link(author, name, more):
    assert strict().get(reverse(name, args=[follow_token(author), *more])).status_code == 405


def test_a_mail_server_that_is_down_is_tried_again(author, addressee, settings):
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 60
    event = Event.objects.create(experience=author.experience, kind=Event.Kind.REPLIED)
    tell(event)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = held.getsockname()
        assert mail.deliver_due() == 0
    waiting = OutgoingMail.objects.get()
    assert waiting.server_was_down
    assert waiting.recipients == ["lea@exemple.fr"]
    with smtp_server() as server:
        settings.EMAIL_PORT = server.port
        OutgoingMail.objects.update(next_attempt_at=timezone.now())
        assert mail.deliver_due() == 1
        assert server.received[0][1] == ["lea@exemple.fr"]
    sent = OutgoingMail.objects.get()
    assert (sent.recipients, sent.subject, sent.content) == ([], "", "")


def days_ago(days: int):
    return timezone.now() - timedelta(days=days)


def followed(state: str, last: int, confirmed: int = 2000, **fields) -> Author:
    """An author whose story was confirmed so many days ago, and moved last so many days ago."""
    author = AuthorFactory(
        experience__state=state, experience__confirmed_at=days_ago(confirmed), **fields
    )
    Event.objects.create(experience=author.experience, kind="confirmed", at=days_ago(confirmed))
    Event.objects.create(experience=author.experience, kind="replied", at=days_ago(last))
    return author


def test_authors_of_published_stories_are_forgotten_three_years_after_the_last_event():
    old = followed(State.PUBLISHED, last=3 * 365 + 1)
    old_by_code = followed(
        State.PUBLISHED, last=3 * 365 + 1, email="", code_seal=seal_of("K7M4Q2XTC3F9")
    )
    recent = followed(State.PUBLISHED, last=3 * 365 - 1)
    token = follow_token(old)
    assert retention.forget_authors() == 2
    assert retention.forget_authors() == 0
    for author in (old, old_by_code):
        author.refresh_from_db()
        assert (author.email, author.code_seal) == ("", "")
    recent.refresh_from_db()
    assert recent.email
    assert strict().get(f"/suivi/{token}/").status_code == 404


def test_authors_of_other_stories_are_forgotten_after_a_year():
    refused = followed(State.REFUSED, last=366)
    AddresseeFactory(experience=refused.experience, name_entered="Chez Mme Petit")
    recent = followed(State.ORIENTED, last=364)
    waiting = followed(State.IN_MODERATION, last=400)
    moderated = {"source": "story", "reference": str(waiting.pk)}
    original = OriginalTextFactory(text=ModeratedTextFactory(**moderated))
    published = followed(State.PUBLISHED, last=366)
    assert retention.forget_unpublished_authors() == 1
    assert not Author.objects.get(pk=refused.pk).email
    assert refused.experience.addressees.get().name_entered == ""
    for author in (recent, waiting, published):
        assert Author.objects.get(pk=author.pk).email
    original.delete()
    assert retention.forget_unpublished_authors() == 1
    assert not Author.objects.get(pk=waiting.pk).email


def test_reports_keep_their_words_a_year_after_they_were_settled():
    story = ExperienceFactory()
    fields = {"experience": story, "topic": "other", "message": "Voici.", "outcome": "Laissé"}
    old = ContentReport.objects.create(**fields, settled_at=days_ago(366))
    recent = ContentReport.objects.create(**fields, settled_at=days_ago(364))
    ContentReport.objects.create(**fields, reported_at=days_ago(731))
    assert retention.erase_old_reports() == 2
    assert retention.erase_old_reports() == 0
    said = dict(ContentReport.objects.values_list("pk", "message"))
    assert said == {old.pk: "", recent.pk: "Voici."}
    assert ContentReport.objects.get(pk=old.pk).outcome == ""


def test_subscriptions_last_three_years():
    for confirmed in (3 * 365 + 1, 3 * 365 - 1):
        one = actions.ask_subscription(
            email=f"a{confirmed}@exemple.fr",
            scope=Scope(structure=AddresseeFactory().structure),
        )
        Subscription.objects.filter(pk=one.pk).update(confirmed_at=days_ago(confirmed))
    assert retention.end_old_subscriptions() == 1
    assert Subscription.objects.count() == 1


def test_the_author_page_costs_the_same_queries_however_long(
    author, addressee, django_assert_max_num_queries
):
    client, link = strict(), f"/suivi/{follow_token(author)}/"
    for _ in range(5):
        reply = ReplyFactory(addressee=addressee)
        PromiseFactory(reply=reply)
        ReplyFactory(addressee=addressee, addition_to=reply)
        Event.objects.create(experience=author.experience, addressee=addressee, kind="replied")
    for rank in (2, 3):
        ReplyFactory(addressee=AddresseeFactory(experience=author.experience, rank=rank))
    client.get(link)
    with django_assert_max_num_queries(12):
        client.get(link)
