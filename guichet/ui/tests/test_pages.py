"""The frame of a page and the error pages, without a browser."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client, override_settings

from guichet.ui.tests.conftest import gallery_templates


@pytest.fixture
def client(gallery_urls: None) -> Client:
    return Client(raise_request_exception=False)


def test_the_title_of_a_page_ends_with_the_institution(client):
    assert f"<title>Mes lieux – {settings.INSTITUTION}</title>" in text_of(client, "/agents/")


def test_skip_links_lead_to_parts_that_exist(client):
    html = text_of(client, "/lieu/")
    for part in ("contenu", "menu", "recherche", "pied-de-page"):
        assert f'href="#{part}"' in html
        assert html.count(f'id="{part}"') == 1


def test_emergency_numbers_are_on_every_page(client):
    for path in ("/", "/lieu/", "/agents/", "/absent/", "/panne/"):
        html = text_of(client, path)
        for number in ("15", "17", "18", "112", "3919", "115", "3114", "119"):
            assert f'href="tel:{number}"' in html
        assert 'href="sms:114"' in html
        assert 'href="/urgences/"' in html


def test_the_banner_of_the_demonstration_shows_only_there(client):
    assert "n'existent pas" in text_of(client, "/lieu/")
    with override_settings(DEMONSTRATION=False):
        assert "n'existent pas" not in text_of(client, "/lieu/")


def test_institution_and_ministry_come_from_the_settings(client):
    with override_settings(
        INSTITUTION="Préfecture <b>", MINISTRY_LINES=["Ministère", "de l’Essai"]
    ):
        html = text_of(client, "/lieu/")
    assert "Préfecture &lt;b&gt;" in html
    assert "Ministère<br>de l’Essai" in html


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/refuse/", 403, "Accès refusé"),
        ("/absent/", 404, "Page introuvable"),
        ("/nulle-part/", 404, "Page introuvable"),
        ("/panne/", 500, "Le site a rencontré une erreur"),
    ],
)
def test_error_pages_help_the_reader_on(client, path, status, heading):
    response = client.get(path)
    assert response.status_code == status
    html = response.content.decode()
    assert f"<h1>{heading}</h1>" in html
    assert 'action="/services/"' in html
    assert "Revenir à l'accueil" in html


def test_the_page_of_a_broken_site_needs_no_context():
    html = get_template("500.html").template.render(Context({}))
    assert settings.INSTITUTION in html
    assert 'href="/urgences/"' in html


def test_pages_of_the_sign_in_library_look_like_ours_and_escape(client):
    html = text_of(client, "/connexion/")
    assert f"<title>Se connecter – {settings.INSTITUTION}</title>" in html
    assert 'class="fr-input"' in html
    assert 'class="fr-btn" type="submit"' in html
    assert "Se souvenir" in html
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 2


def test_no_page_carries_an_inline_script_or_handler(client):
    for path in ("/", "/lieu/", "/agents/"):
        html = text_of(client, path)
        assert "<script>" not in html
        assert " onclick=" not in html
        assert "javascript:" not in html


def test_writing_an_undefined_variable_fails():
    with (
        override_settings(TEMPLATES=gallery_templates()),
        pytest.raises(AssertionError, match="inconnue"),
    ):
        Template("{{ inconnue }}").render(Context({}))


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()
