"""A network's sites leave as a file and come back: nothing lost, by halves or of others."""

from __future__ import annotations

from datetime import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.accounts.models import AuditEvent
from guichet.directory.actions.corrections import correct_structure
from guichet.directory.csv_sheets import read_sheet
from guichet.directory.models import OpeningInterval
from guichet.directory.network_columns import COLUMN_NAMES, ERASED
from guichet.directory.network_edits import apply_plan, plan_of
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, someone

pytestmark = pytest.mark.django_db
URL = "/agents/reseaux/caf/fichier/"
ODD = {
    "name": "=Caf «\u202fÉté\u202f»",
    "address_lines": ["+1 place du Marché", 'Bât. A; "B"'],
    "accessibility": "DEM",
    "accessibility_note": "Sonner.\nAttendre.",
    "phones": [
        {"number": "+33320000000", "display": "03 20 00 00 00", "cost": "normal", "label": "@"},
        {"number": "+33890000000", "display": "0 890 00 00 00", "cost": "surcharged", "label": ""},
    ],
    "emails": ["pas une adresse"],
    "websites": [{"label": "Accueil (nouveau)", "url": "https://www.caf.example/a?b=(c)"}],
    "partners": ["CPAM | MSA", "-Mission locale"],
    "information": "'Pièces :\r\n- une\r\n- deux →",
    "hours_text": "\tdernière arrivée à 16h",
}


@pytest.fixture
def odd(network):
    structure = StructureFactory(code="caf-odd", network=network, with_hours=True, **ODD)
    OpeningInterval.objects.create(
        structure=structure,
        weekday=0,
        opens=time(14),
        closes=time(17),
        kind="appointment",
        note="semaines paires",
    )
    OpeningInterval.objects.create(
        structure=structure, weekday=6, opens=time(22), closes=time(2), kind="telephone"
    )
    return structure


def exported(client, encoding="utf-8") -> bytes:
    response = client.get("/agents/reseaux/caf/sites.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return text.encode(encoding, "replace")


def edited(site, **cells) -> bytes:
    """A file of one row; `cells` by column, spaces as underscores."""
    named = {
        name.replace("rendez_vous", "rendez-vous").replace("_", " "): value
        for name, value in cells.items()
    }
    row = [site.code, *(f'"{value}"' for value in named.values())]
    return f"{';'.join(['code', *named])}\n{';'.join(row)}\n".encode()


def send(client, content: bytes):
    return client.post(URL, {"file": SimpleUploadedFile("sites.csv", content)})


def confirm(client, preview_url: str, **typed) -> str:
    response = client.post(preview_url, typed)
    return b"".join(response.streaming_content).decode()


def digest_in(client, preview_url: str) -> str:
    return client.get(preview_url).context["plan"].digest


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_what_is_exported_changes_nothing_when_it_comes_back(
    client,
    lead,
    site,
    sibling,
    odd,
    network,
    encoding,
):
    client.force_login(lead)
    plan = plan_of(exported(client, encoding), network)
    assert (plan.faults, plan.edits, plan.unchanged) == ([], [], 3)


def test_the_export_holds_every_open_site_of_the_network_and_no_formula(
    client,
    lead,
    site,
    odd,
    head,
    elsewhere,
    network,
):
    StructureFactory(network=network, gone=True)
    client.force_login(lead)
    response = client.get("/agents/reseaux/caf/sites.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeffcode;nom;")
    assert "'=Caf" in text
    sheet = read_sheet(text.encode(), wanted="code")
    assert sheet.header == list(COLUMN_NAMES)
    assert [cells[0] for _, cells in sheet.records] == ["caf-odd", "caf-lille"]
    row = dict(zip(sheet.header, sheet.records[0][1], strict=True))
    assert row["lundi"] == "9h-12h"
    assert row["lundi sur rendez-vous"] == "14h-17h (semaines paires)"
    assert row["dimanche par téléphone"] == "22h-2h le lendemain"
    assert row["téléphones"] == "03 20 00 00 00 (@) | 0 890 00 00 00"


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("nom", "Caf de Lille centre", "name", "Caf de Lille centre"),
        ("adresse", "2 rue Neuve | Bâtiment B", "address_lines", ["2 rue Neuve", "Bâtiment B"]),
        ("code postal", "1000", "postal_code", "01000"),
        ("position", "50.5, 3.5", "latitude", 50.5),
        ("position", ERASED, "longitude", None),
        ("accès en fauteuil roulant", "Sur demande", "accessibility", "DEM"),
        ("courriels", "a@b.fr|c@d.fr", "emails", ["a@b.fr", "c@d.fr"]),
        (
            "sites internet",
            "www.caf.fr (Caf)",
            "websites",
            [{"label": "Caf", "url": "https://www.caf.fr"}],
        ),
        ("prise de rendez-vous", "caf.fr/rdv", "appointment_url", "https://caf.fr/rdv"),
        ("informations", ERASED, "information", ""),
        ("téléphones", ERASED, "phones", []),
        ("partenaires", "CPAM", "partners", ["CPAM"]),
    ],
)
def test_a_cell_becomes_its_field(network, site, column, cell, field, value):
    site.information, site.phones = "Avant", ODD["phones"]
    site.save()
    plan = plan_of(edited(site, **{column: cell}), network)
    assert plan.faults == []
    (edit,) = plan.edits
    assert edit.values[field] == value
    assert [change.column for change in edit.changes] == [column]


def test_an_empty_cell_changes_nothing(network, site):
    plan = plan_of(edited(site, nom="", téléphones="", lundi=""), network)
    assert (plan.edits, plan.unchanged, plan.faults) == ([], 1, [])


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("nom", ERASED, "toujours un nom"),
        ("nom", "x" * 301, "300 au plus"),
        ("code postal", "59", "cinq chiffres"),
        ("position", "Lille", "latitude puis la longitude"),
        ("position", "0, 0", "Afrique"),
        ("accès en fauteuil roulant", "peut-être", "« oui »"),
        ("téléphones", "0 890 12 34 56", "surtaxé"),
        ("téléphones", "03 20", "10"),
        ("courriels", "caf.fr", "adresse électronique"),
        ("sites internet", "javascript:alert(1)", "adresse de page"),
        ("partenaires", " | ".join("abcdefgh" * 6), "au plus"),
        ("lundi", "25h-26h", "n'existe pas"),
        ("mardi sur rendez-vous", "8h-9h, 8h30-10h", "chevauchent"),
    ],
)
def test_a_bad_cell_is_told_with_its_line_and_column(network, site, column, cell, told):
    (fault,) = plan_of(edited(site, **{column: cell}), network).faults
    assert (fault.line, fault.column) == (2, column)
    assert fault.value == cell[:80]
    assert told in fault.message


@pytest.mark.parametrize(
    ("content", "line", "column", "told"),
    [
        (b"", 0, "", "vide"),
        (b"nom;ville\na;b\n", 1, "code", "manque"),
        (b"code;nome\ncaf-lille;a\n", 1, "nome", "« nom »"),
        (b"code;couleur\ncaf-lille;a\n", 1, "couleur", "Retirez-la"),
        (b"code;nom;\ncaf-lille;a;b\n", 1, "", "pas de titre"),
        (b"code;nom;Nom\ncaf-lille;a;b\n", 1, "nom", "deux fois"),
        (b"code;nom\n;a\n", 2, "code", "Le code manque"),
        (b"code;nom\ncaf-lille;\n\ncaf-lille;a\n", 4, "code", "ligne 2"),
        (b"code;nom\ninconnu;a\n", 2, "code", "de votre réseau"),
        (b"code;nom\ncpam-lille;a\n", 2, "code", "de votre réseau"),
        (b"code;nom\ncaf-nord;a\n", 2, "code", "de votre réseau"),
    ],
)
def test_a_bad_file_is_told(network, site, elsewhere, content, line, column, told):
    (fault,) = plan_of(content, network).faults
    assert (fault.line, fault.column) == (line, column)
    assert told in fault.message


def test_one_day_of_a_known_week_leaves_the_others(network, site):
    (edit,) = plan_of(edited(site, lundi="9-12, 14-17", samedi="10h-12h"), network).edits
    assert [(c.column, c.before, c.after) for c in edit.changes] == [
        ("lundi", "9h-12h", "9h-12h, 14h-17h"),
        ("samedi", "", "10h-12h"),
    ]
    assert [one.weekday for one in edit.week] == [0, 0, 1, 2, 3, 4, 5]


def test_an_unknown_week_needs_every_day(network, sibling):
    (fault,) = plan_of(edited(sibling, lundi="9h-12h"), network).faults
    assert "sept jours" in fault.message
    days = dict.fromkeys(["mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"], "fermé")
    plan = plan_of(edited(sibling, lundi="9h-12h", **days), network)
    assert plan.faults == []
    assert len(plan.edits[0].week) == 1


def test_openings_of_two_columns_may_not_meet(network, site):
    content = edited(site, lundi="9h-12h, 14h-16h sur rendez-vous", lundi_sur_rendez_vous="15h-17h")
    (fault,) = plan_of(content, network).faults
    assert "chevauchent" in fault.message


def test_a_good_file_is_previewed_then_applied_whole(client, lead, site, sibling, network):
    client.force_login(lead)
    content = f"code;ville;lundi\n{site.code};Lomme;14h-16h\n{sibling.code};Croix;\n".encode()
    response = send(client, content)
    assert response.status_code == 302
    preview = client.get(response.url)
    page = preview.content.decode()
    assert "2 sites changeraient" in page.replace("\u00a0", " ")
    assert "Ville\u00a0: 2 sites" in page
    site.refresh_from_db()
    assert site.town == "Lille"
    told = confirm(client, response.url, confirmed=preview.context["plan"].digest)
    assert "2 sites sont corrigés" in told
    assert told.endswith("</html>\n") or told.rstrip().endswith("</html>")
    site.refresh_from_db()
    sibling.refresh_from_db()
    assert (site.town, sibling.town) == ("Lomme", "Croix")
    assert site.intervals.filter(weekday=0).get().opens == time(14)
    assert site.corrections.filter(by=lead).count() == 2
    assert AuditEvent.objects.filter(action="structure.corrected", actor=lead).count() == 2
    assert "n'est plus là" in client.get(response.url).content.decode()


def test_a_file_with_one_fault_changes_nothing_and_is_not_kept(client, lead, site, sibling):
    client.force_login(lead)
    content = f"code;ville;lundi\n{site.code};Lomme;\n{sibling.code};Croix;99h\n".encode()
    response = send(client, content)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Rien n'a été changé" in page.replace("&#x27;", "'")
    assert "<td>99h</td>" in page
    site.refresh_from_db()
    assert site.town == "Lille"


def test_sites_that_changed_since_the_preview_stop_everything(client, lead, site, sibling):
    client.force_login(lead)
    url = send(client, f"code;ville\n{site.code};Lomme\n{sibling.code};Croix\n".encode()).url
    digest = digest_in(client, url)
    correct_structure(structure=sibling, by=None, town="Wasquehal")
    assert "Des fiches ont changé" in confirm(client, url, confirmed=digest)
    site.refresh_from_db()
    assert site.town == "Lille"
    assert "1 site" not in confirm(client, url)
    told = confirm(client, url, confirmed=digest_in(client, url))
    assert "2 sites sont corrigés" in told


def test_a_kept_file_is_its_senders_alone(client, lead, site, network, administrator):
    client.force_login(lead)
    url = send(client, edited(site, ville="Lomme")).url
    digest = digest_in(client, url)
    client.force_login(someone("lead", network))
    assert "n'est plus là" in client.get(url).content.decode()
    assert "n'est plus là" in client.post(url, {"confirmed": digest}).content.decode()
    other = NetworkFactory(code="cpam")
    client.force_login(someone("lead", other))
    assert client.get(url).status_code == 404
    assert client.get(url.replace("caf", "cpam")).status_code == 200
    site.refresh_from_db()
    assert site.town == "Lille"


@pytest.mark.parametrize("name", ["export_network", "network_file"])
def test_the_file_is_the_leads_alone(client, lead, stranger, network, name):
    url = reverse(name, args=["caf"])
    assert client.get(url).status_code == 302
    expected = {stranger: 404, someone("lead", NetworkFactory()): 404, lead: 200}
    for user, status in expected.items():
        client.force_login(user)
        assert client.get(url).status_code == status


def test_a_missing_or_huge_file_is_told(client, lead, network, monkeypatch):
    client.force_login(lead)
    assert "Choisissez un fichier" in client.post(URL).content.decode()
    monkeypatch.setattr("guichet.directory.network_forms.LARGEST_FILE", 10)
    assert "10 Mo" in send(client, b"code;nom\ncaf-lille;a\n").content.decode()


HEADERS = st.lists(st.sampled_from([*COLUMN_NAMES, "", "x"]), min_size=1, max_size=6)
CELLS = st.sampled_from(
    [
        "",
        "caf-lille",
        ERASED,
        "9h-12h",
        "fermé",
        "=1",
        "03 20 00 00 00 (a",
        "|",
        "(((",
        "a | b",
        "-1, 2",
    ]
) | st.text(max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    header=HEADERS,
    rows=st.lists(st.lists(CELLS, max_size=7), max_size=3),
    delimiter=st.sampled_from(";,\t"),
    junk=st.binary(max_size=5),
)
def test_no_file_whatever_breaks_the_plan(network, site, header, rows, delimiter, junk):
    lines = [["code", *header], *[["caf-lille", *row] for row in rows]]
    text = "\n".join(delimiter.join(cells) for cells in lines)
    plan = plan_of(text.encode("utf-8", "ignore") + junk, network)
    assert all(fault.message.endswith((".", "?", ")")) for fault in plan.faults)


def test_the_export_runs_a_constant_number_of_queries(
    client,
    lead,
    site,
    network,
    django_assert_max_num_queries,
):
    for _ in range(5):
        StructureFactory(network=network, with_hours=True)
    client.force_login(lead)
    with django_assert_max_num_queries(8):
        exported(client)


def test_a_reader_who_leaves_halfway_changes_nothing(lead, site, sibling, network):
    content = f"code;ville\n{site.code};Lomme\n{sibling.code};Croix\n".encode()
    digest = plan_of(content, network).digest
    steps = apply_plan(content, network=network, digest=digest, by=lead)
    assert next(steps) == (1, 2)
    site.refresh_from_db()
    assert site.town == "Lomme"
    steps.close()
    site.refresh_from_db()
    assert site.town == "Lille"


def test_the_page_tells_how_far_it_is(client, lead, site, sibling, monkeypatch):
    monkeypatch.setattr("guichet.directory.views.network_files.TOLD_EVERY", 1)
    client.force_login(lead)
    url = send(client, f"code;ville\n{site.code};Lomme\n{sibling.code};Croix\n".encode()).url
    told = confirm(client, url, confirmed=digest_in(client, url))
    assert told.index("<p>Site 1 sur 2…</p>") < told.index("<p>Site 2 sur 2…</p>")
