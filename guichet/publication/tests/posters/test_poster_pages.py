"""The pages of posters: the PDF for anybody, the display for its agents, the ZIP for its lead."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from guichet.directory.models import Network, Role, Structure
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.publication.actions.poster_archives import make_posters
from guichet.publication.models import DisplayConfirmation, PosterArchive
from guichet.publication.tests.factories import example_release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _release(settings: Any, tmp_path: Path) -> None:
    settings.LAKE = tmp_path
    example_release()


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def manager() -> Client:
    return as_(someone(Role.MANAGER, Structure.objects.get(code="S01")))


def test_anybody_gets_the_poster_of_a_place(client: Client) -> None:
    response = client.get("/resultats/S01/affiche.pdf?format=A3")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="affiche-S01-A3.pdf"' in response["Content-Disposition"]
    assert response.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "address",
    [
        "/resultats/absent/affiche.pdf",
        "/resultats/S01/affiche.pdf?edition=1999",
        "/resultats/S01/affiche.pdf?format=A5",
    ],
)
def test_an_unknown_place_edition_or_paper_has_no_poster(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_place_without_figure_says_why_it_has_no_poster(client: Client) -> None:
    StructureFactory(code="muet")
    response = client.get("/resultats/muet/affiche.pdf")
    assert response.status_code == 404
    assert "ne publie aucun chiffre" in response.content.decode()


def test_a_manager_confirms_with_a_photo_sees_it_and_withdraws() -> None:
    client = manager()
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, format="PNG")
    today = timezone.localdate()
    response = client.post(
        "/agents/structures/S01/affichage/confirmer/",
        {
            "displayed_on": today.isoformat(),
            "photo": SimpleUploadedFile("affiche.png", out.getvalue()),
        },
        follow=True,
    )
    assert "Les résultats sont affichés" in response.content.decode()
    confirmation = DisplayConfirmation.objects.get()
    photo = client.get(f"/agents/structures/S01/affichage/{confirmation.pk}/photo.jpg")
    assert photo["Content-Type"] == "image/jpeg"
    client.post(f"/agents/structures/S01/affichage/{confirmation.pk}/retirer/")
    page = client.get("/agents/structures/S01/affichage/").content.decode()
    assert "Affichage à confirmer" in page
    assert "Retirée" in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"displayed_on": "2999-01-01"}, "douze derniers mois"),
        ({"displayed_on": "hier"}, "displayed_on"),
        ({"photo": SimpleUploadedFile("a.jpg", b"texte")}, "ne peut pas être lue"),
    ],
)
def test_what_is_wrong_is_told_beside_the_form(fields: dict[str, Any], told: str) -> None:
    today = timezone.localdate() - timedelta(days=1)
    response = manager().post(
        "/agents/structures/S01/affichage/confirmer/",
        {"displayed_on": today.isoformat(), **fields},
    )
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not DisplayConfirmation.objects.exists()


def test_a_reader_sees_the_display_and_has_no_form() -> None:
    reader = as_(someone(Role.READER, Structure.objects.get(code="S01")))
    page = reader.get("/agents/structures/S01/affichage/").content.decode()
    assert "Affiche A4 (PDF)" in page
    assert "confirmer/" not in page


def test_a_lead_asks_for_all_posters_follows_them_and_downloads_the_file() -> None:
    network = Network.objects.get(code="REL")
    client = as_(someone(Role.LEAD, network))
    page = client.post("/agents/reseaux/REL/affiches/", {"paper": "A4"}, follow=True)
    assert "0 sur 12" in page.content.decode().replace("\u00a0", " ")
    archive = PosterArchive.objects.get()
    make_posters(archive)
    page = client.get("/agents/reseaux/REL/affiches/")
    assert "Télécharger (ZIP" in page.content.decode()
    response = client.get(f"/agents/reseaux/REL/affiches/{archive.pk}.zip")
    assert b"".join(response.streaming_content)[:2] == b"PK"


def test_the_pages_of_a_structure_and_of_a_network_lead_there() -> None:
    assert (
        "/agents/structures/S01/affichage/"
        in manager().get("/agents/structures/S01/").content.decode()
    )
    lead = as_(someone(Role.LEAD, Network.objects.get(code="REL")))
    assert "/agents/reseaux/REL/affiches/" in lead.get("/agents/reseaux/REL/").content.decode()
