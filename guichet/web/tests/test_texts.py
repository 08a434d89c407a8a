"""The texts of the site: a small markup, edited by the programme team, never HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.accounts.models import AuditEvent
from guichet.accounts.tests.factories import UserFactory
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.ui.tests.browser import PHONE, assert_accessible
from guichet.web.markup import Block, Part, Span, blocks_of, parts_of
from guichet.web.models import SiteText

NOTICE = "/mentions-legales/"
EDIT = "/agents/textes/mentions-legales/"


def plain(kind, *lines):
    return Block(kind, tuple((Span(line),) for line in lines))


def test_headings_lists_and_paragraphs_are_told_apart():
    text = "## Titre\nUne ligne\nqui continue\n\n- un\n- deux\n\nFin"
    assert blocks_of(text) == [
        plain("heading", "Titre"),
        plain("paragraph", "Une ligne qui continue"),
        plain("list", "un", "deux"),
        plain("paragraph", "Fin"),
    ]


def test_windows_line_ends_are_line_ends():
    assert blocks_of("un\r\n\r\ndeux") == [plain("paragraph", "un"), plain("paragraph", "deux")]


def test_a_text_is_cut_at_its_headings():
    assert parts_of("avant\n\n## Un\nligne\n- point\n\n## Deux") == [
        Part("", (plain("paragraph", "avant"),)),
        Part("Un", (plain("paragraph", "ligne"), plain("list", "point"))),
        Part("Deux", ()),
    ]


def test_french_punctuation_never_stands_alone_on_a_line():
    (block,) = blocks_of("Où ? « Ici » : là ; oui !")
    assert block.lines[0][0].words == "Où_? «_Ici_»_: là_; oui_!".replace("_", "\u00a0")


def test_links_are_words_and_an_address():
    (block,) = blocks_of("Voir [la CNIL](https://www.cnil.fr/fr) ou [l'aide](/aide/).")
    assert block.lines[0] == (
        Span("Voir "),
        Span("la CNIL", "https://www.cnil.fr/fr"),
        Span(" ou "),
        Span("l'aide", "/aide/"),
        Span("."),
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example\n"])
def test_an_address_that_would_run_code_is_no_link(address):
    spans = [
        span for block in blocks_of(f"[x]({address})") for line in block.lines for span in line
    ]
    assert [span.url for span in spans if span.url.startswith(("javascript", "data"))] == []


@given(st.text(max_size=300))
def test_any_text_has_a_reading_that_keeps_its_words(text):
    read = "".join(span.words for b in blocks_of(text) for line in b.lines for span in line)
    kept = {character for character in text if character.isalpha()}
    if "](" not in text:
        assert kept == {character for character in read if character.isalpha()}


@pytest.mark.django_db
def test_html_in_a_text_is_shown_as_typed(client):
    SiteText.objects.filter(slug="mentions-legales").update(body="<script>alert(1)</script>")
    html = client.get(NOTICE).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "slug", ["mentions-legales", "donnees-personnelles", "accessibilite", "aide"]
)
def test_each_text_is_there_from_the_start(client, slug):
    response = client.get(f"/{slug}/")
    assert response.status_code == 200
    assert "Mis à jour le" in response.content.decode()


@pytest.mark.django_db
def test_a_publisher_changes_a_text_and_the_change_is_kept(client):
    publisher = someone(Role.PUBLISHER)
    client.force_login(publisher)
    assert client.get(EDIT).status_code == 200
    response = client.post(EDIT, {"title": "Mentions", "body": "## Éditeur\nLa préfecture"})
    assert response.headers["Location"] == NOTICE
    html = client.get(NOTICE).content.decode()
    assert re.search(r"<h2[^>]*>Éditeur</h2>", html)
    text = SiteText.objects.get(slug="mentions-legales")
    assert text.changed_by == publisher
    event = AuditEvent.objects.get(action="text.changed")
    assert event.after["title"] == "Mentions"


@pytest.mark.django_db
def test_a_preview_shows_and_publishes_nothing(client):
    client.force_login(someone(Role.PUBLISHER))
    before = SiteText.objects.get(slug="mentions-legales").body
    response = client.post(EDIT, {"title": "T", "body": "## Essai", "preview": "1"})
    assert re.search(r"<h2[^>]*>Essai</h2>", response.content.decode())
    assert SiteText.objects.get(slug="mentions-legales").body == before


@pytest.mark.django_db
def test_an_empty_text_is_refused_with_how_to_mend_it(client):
    client.force_login(someone(Role.PUBLISHER))
    response = client.post(EDIT, {"title": "", "body": ""})
    assert response.status_code == 200
    assert "Remplissez ce champ" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("url", [EDIT, "/agents/textes/"])
def test_only_publishers_and_administrators_edit(client, url):
    assert client.get(url).headers["Location"].startswith("/agents/")
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403
    client.force_login(someone(Role.MODERATOR))
    assert client.get(url).status_code == 403
    client.force_login(someone(Role.ADMINISTRATOR))
    assert client.get(url).status_code == 200


@pytest.mark.django_db
def test_a_text_that_does_not_exist_cannot_be_edited(client):
    client.force_login(someone(Role.PUBLISHER))
    assert client.get("/agents/textes/inconnu/").status_code == 404


@pytest.mark.browser
def test_the_pages_of_texts_are_accessible(live_server, page_at, client):
    client.force_login(someone(Role.PUBLISHER))
    page = page_at(PHONE)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/agents/textes/")
    assert_accessible(page)
    page.get_by_role("link", name="Mentions légales").first.click()
    page.get_by_role("button", name="Voir avant de publier").click()
    page.get_by_text("Aperçu, non publié").wait_for()
    assert_accessible(page)
