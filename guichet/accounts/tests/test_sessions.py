"""Sessions: twelve hours whatever happens, closed by their person, or all at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from guichet.accounts import actions, queries
from guichet.accounts.devices import device_words
from guichet.accounts.models import AuditEvent, SignIn

ACCOUNT = "/agents/compte/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def is_signed_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def test_a_session_ends_twelve_hours_after_signing_in(client, owner):
    before = timezone.now().replace(microsecond=0)
    client.force_login(owner)
    session = Session.objects.get(pk=client.session.session_key)

    opened_at = session.expire_date - timedelta(hours=12)
    assert before <= opened_at <= timezone.now()


def test_activity_does_not_prolong_a_session(client, owner, monkeypatch):
    client.force_login(owner)
    end = Session.objects.get(pk=client.session.session_key).expire_date
    later = timezone.now() + timedelta(hours=6)
    monkeypatch.setattr("django.contrib.sessions.backends.base.timezone.now", lambda: later)
    session = client.session
    session["something"] = "new"
    session.save()

    assert Session.objects.get(pk=client.session.session_key).expire_date == end


def test_a_session_past_its_end_gives_nothing(client, owner):
    client.force_login(owner)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert not is_signed_in(client)


def test_closing_the_other_sessions_keeps_this_one(owner):
    here, elsewhere = Client(), Client()
    here.force_login(owner)
    elsewhere.force_login(owner)

    here.post("/agents/compte/sessions/fermer/")

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert [one.pk for one in queries.open_sessions_of(owner)] == [here.session["sign_in"]]


def test_closing_sessions_needs_a_post(client, owner):
    client.force_login(owner)

    assert client.get("/agents/compte/sessions/fermer/").status_code == 405


def test_an_administrator_ends_the_sessions_of_somebody_else(owner, teammate, mailoutbox):
    theirs, mine = Client(), Client()
    theirs.force_login(owner)
    mine.force_login(teammate)

    actions.end_sessions(user=owner, by=teammate)

    assert not is_signed_in(theirs)
    assert is_signed_in(mine)
    assert [mail.to for mail in mailoutbox] == [[owner.email]]
    assert "Karim Benali" in mailoutbox[0].body
    assert AuditEvent.objects.get(action="sessions.ended").actor == teammate


def test_signing_out_needs_a_post_and_closes_the_session(client, owner):
    client.force_login(owner)

    page = client.get("/agents/deconnexion/")
    assert page.status_code == 200
    assert is_signed_in(client)

    client.post("/agents/deconnexion/")
    assert not is_signed_in(client)
    assert SignIn.objects.get().ended_at is not None


def test_the_account_page_shows_open_sessions_only(client, owner, stranger, sign_in):
    client.force_login(owner)
    Client().force_login(stranger)
    closed = Client()
    closed.force_login(owner)
    closed.post("/agents/deconnexion/")
    SignIn.objects.create(
        user=owner, epoch=0, means="code", opened_at=timezone.now() - timedelta(hours=13)
    )

    page = client.get(ACCOUNT)

    assert [one.pk for one in page.context["sessions"]] == [client.session["sign_in"]]
    assert "cette session" in page.content.decode()


def test_a_device_is_named_as_its_owner_knows_it(client, owner, sign_in):
    sign_in(client, owner, **{"User-Agent": FIREFOX})

    assert SignIn.objects.get().device == "Firefox sur Linux"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge sur Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari sur iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
            "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet sur Android",
        ),
        ("curl/8.5.0", "appareil inconnu"),
        ("", "appareil inconnu"),
    ],
)
def test_devices_in_words(user_agent, words):
    assert device_words(user_agent) == words
