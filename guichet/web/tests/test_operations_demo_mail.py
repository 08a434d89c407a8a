"""`/agents/demo/courrier/`: in demonstration, login codes arrive there, for this machine alone."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage

from guichet.core.mail import FileBackend

ADDRESS = "/agents/demo/courrier/"


@pytest.fixture(autouse=True)
def demonstration(settings, tmp_path):
    settings.DEMONSTRATION = True
    settings.PRODUCTION = False
    settings.MAIL_DELIVERY_BACKEND = settings.FILE_MAIL_BACKEND
    settings.DEMO_MAIL_FOR_ALL = False
    settings.MAIL_FOLDER = tmp_path / "courrier"


def send(subject: str, body: str = "Texte", to: str = "agent@example.fr") -> None:
    FileBackend().send_messages([EmailMessage(subject, body, "guichet@example.fr", [to])])


@pytest.mark.django_db
def test_mails_are_read_without_signing_in_newest_first(client):
    send("Premier")
    send("Second", body="Votre code : 123456", to="autre@example.fr")
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response.text.index("Second") < response.text.index("Premier")
    assert "Votre code : 123456" in response.text
    assert "autre@example.fr" in response.text
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_links_are_clickable_and_markup_is_not(client):
    send("<b>Objet</b>", body="<script>x</script> http://127.0.0.1:8000/agents/?a=1&b=2")
    page = client.get(ADDRESS).text
    assert 'href="http://127.0.0.1:8000/agents/?a=1&amp;b=2"' in page
    assert "<script>x" not in page
    assert "<b>Objet" not in page


@pytest.mark.django_db
def test_an_empty_mailbox_says_what_to_do(client):
    assert "Aucun courriel" in client.get(ADDRESS).text


@pytest.mark.django_db
def test_mails_come_twenty_a_page(client):
    for number in range(21):
        send(f"Lettre {number:02}")
    assert "Lettre 00" not in client.get(ADDRESS).text
    assert "Lettre 00" in client.get(f"{ADDRESS}?page=2").text


@pytest.mark.django_db
def test_a_file_erased_meanwhile_and_a_draft_are_no_trouble(client, settings, monkeypatch):
    send("Reste")
    (settings.MAIL_FOLDER / "20990101-x.draft").touch()
    lost = settings.MAIL_FOLDER / "20990101-lost.eml"
    lost.symlink_to(settings.MAIL_FOLDER / "nowhere")
    assert "Reste" in client.get(ADDRESS).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEMONSTRATION", False),
        ("PRODUCTION", True),
        ("MAIL_DELIVERY_BACKEND", "django.core.mail.backends.smtp.EmailBackend"),
    ],
)
def test_the_page_does_not_exist_elsewhere(client, settings, name, value):
    setattr(settings, name, value)
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "came_by",
    [
        {"REMOTE_ADDR": "192.168.1.20"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": "203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_HOST": "demo.example"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_VIA": "1.1 proxy"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_other_machines_do_not_read_it_unless_the_setting_says_so(client, settings, came_by):
    assert client.get(ADDRESS, **came_by).status_code == 404
    settings.DEMO_MAIL_FOR_ALL = True
    assert client.get(ADDRESS, **came_by).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_reads_it(client, address):
    assert client.get(ADDRESS, REMOTE_ADDR=address).status_code == 200
