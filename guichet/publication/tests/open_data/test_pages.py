"""`/donnees/`: its pages and its files."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from html import unescape

import pytest
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.utils.html import escape

from guichet.core.extensions import open_tables
from guichet.publication.models import Release
from guichet.publication.open_data import kept_files, pages, release_files
from guichet.publication.open_data.archives import archive
from guichet.publication.open_data.writers import GZIP, OFFERED

RELEASE = "/donnees/millesimes/2026-04"


def content(response) -> bytes:
    return response.getvalue() if response.streaming else response.content


@pytest.fixture
def folder(published):
    return published / "releases" / "2026-04"


def test_the_page_says_what_each_table_holds(client, published):
    page = client.get("/donnees/").content.decode()
    for table in open_tables:
        assert escape(table.title) in page
        for extension in OFFERED:
            assert f'href="/donnees/tables/{table.name}.{extension}"' in page
        for column in table.columns:
            assert column.csv_name in unescape(page)
    assert "Licence Ouverte" in page
    assert 'href="/donnees/millesimes/2026-T1/"' in page


def test_the_page_asks_a_fixed_number_of_queries(client, published, django_assert_num_queries):
    client.get("/donnees/")
    with django_assert_num_queries(1):
        client.get("/donnees/")


def test_before_the_first_release_the_page_says_so(client, published):
    Release.objects.all().update(state=Release.State.FAILED, is_current=False)
    page = client.get("/donnees/").content.decode()
    assert "Aucune édition n'est encore publiée" in page


def test_sizes_and_dates_are_said_once_files_are_made(client, published):
    kept_files.refresh_all()
    page = client.get("/donnees/").content.decode()
    for said in ("CSV (", "CSV compressé (", "JSON compressé (", "Quel fichier prendre"):
        assert said in page
    assert "L'archive pèse" in page.replace("&#x27;", "'")
    size = pages.byte_size_of(release_files.files_of(Release.objects.get(is_current=True)))
    assert filesizeformat(size) in page
    assert "dernière le" in page


@pytest.mark.parametrize("extension", OFFERED)
def test_a_table_downloads_before_and_after_its_files_are_made(client, published, extension):
    url = f"/donnees/tables/resultats.{extension}"
    fresh = client.get(url)
    kept_files.refresh_all()
    kept = client.get(url)
    assert fresh.status_code == kept.status_code == 200
    assert f'filename="resultats.{extension}"' in kept.headers["Content-Disposition"]
    assert kept.headers["Access-Control-Allow-Origin"] == "*"
    if extension != "parquet":
        assert content(fresh) == content(kept)
    if extension.endswith(GZIP):
        plain = client.get(url.removesuffix(GZIP))
        assert gzip.decompress(content(client.get(url))) == content(plain)
        zipped = client.get(url, headers={"Accept-Encoding": "gzip"})
        assert zipped.headers["Content-Encoding"] == "identity", "never compressed twice"
    again = client.get(url, headers={"If-None-Match": kept.headers["ETag"]})
    assert (again.status_code, content(again)) == (304, b"")


def test_a_head_request_reads_no_row(client, published, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.head("/donnees/tables/resultats.csv").status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/donnees/tables/absente.csv",
        "/donnees/tables/resultats.xlsx",
        "/donnees/tables/absente/schema.json",
        "/donnees/millesimes/absente/",
        "/donnees/millesimes/absente.zip",
        f"{RELEASE}/absent.csv",
        f"{RELEASE}/../2026-T1/manifest.json",
        f"{RELEASE}/..%2F2026-T1%2Fmanifest.json",
        f"{RELEASE}/rows/../../../objects",
        f"{RELEASE}//etc/passwd",
        f"{RELEASE}/rows",
    ],
)
def test_what_is_not_named_is_not_found(client, published, url):
    assert client.get(url).status_code == 404


def test_a_file_beside_the_manifest_is_not_given(client, folder):
    intruder = folder / "secret.txt"
    intruder.write_text("secret")
    assert client.get(f"{RELEASE}/secret.txt").status_code == 404
    intruder.unlink()


def test_only_published_releases_are_given(client, folder):
    Release.objects.filter(name="2026-04").update(state=Release.State.FAILED, is_current=False)
    for url in (f"{RELEASE}/", f"{RELEASE}.zip", f"{RELEASE}/manifest.json"):
        assert client.get(url).status_code == 404


def test_every_file_of_the_manifest_is_given_as_it_is(client, folder):
    release = Release.objects.get(name="2026-04")
    hashes = release_files.files_of(release).hashes
    assert len(hashes) > 20
    for name, sha256 in hashes.items():
        response = client.get(f"{RELEASE}/{name}")
        body = content(response)
        assert body == (folder / name).read_bytes()
        assert sha256 in ("", hashlib.sha256(body).hexdigest())


def test_a_release_file_is_compressed_and_not_sent_twice(client, folder):
    url = f"{RELEASE}/rows/REL/decroche.1/2026.csv"
    plain = client.get(url)
    zipped = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(content(zipped)) == content(plain)
    for etag in (plain.headers["ETag"], zipped.headers["ETag"]):
        assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    assert "2026-04-rows-REL-decroche.1-2026.csv" in plain.headers["Content-Disposition"]


def test_what_is_compressed_already_is_sent_as_it_is(client, folder):
    url = f"{RELEASE}/parquet/rows/REL/decroche.1/2026.parquet"
    response = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "identity"
    assert content(response)[:4] == b"PAR1"


def test_the_archive_holds_the_whole_release_and_recomputes(client, folder, tmp_path):
    response = client.get(f"{RELEASE}.zip")
    whole = zipfile.ZipFile(io.BytesIO(content(response)))
    assert whole.testzip() is None
    whole.extractall(tmp_path)
    release = Release.objects.get(name="2026-04")
    assert {
        path.relative_to(tmp_path / "2026-04").as_posix()
        for path in (tmp_path / "2026-04").rglob("*")
        if path.is_file()
    } == set(release_files.files_of(release).hashes)
    command = [sys.executable, "-I", "verify.py"]
    done = subprocess.run(command, cwd=tmp_path / "2026-04", capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    etag = response.headers["ETag"]
    assert client.get(f"{RELEASE}.zip", headers={"If-None-Match": etag}).status_code == 304


def test_the_archive_is_written_a_piece_at_a_time(tmp_path):
    """Incompressible bytes: each piece is at most about a block, whatever the size of the file."""
    large = tmp_path / "large.csv"
    large.write_bytes(random.Random(1).randbytes(3_000_000))
    pieces = archive([("a.csv", large), ("b.csv", large)], datetime(2026, 5, 1, tzinfo=UTC))
    sizes = [len(piece) for piece in pieces]
    assert len(sizes) > 15
    assert max(sizes) < 600_000


def test_the_same_files_give_the_same_archive(client, folder):
    assert content(client.get(f"{RELEASE}.zip")) == content(client.get(f"{RELEASE}.zip"))


def test_a_release_page_lists_its_files_by_network(client, folder):
    page = client.get(f"{RELEASE}/").content.decode()
    assert f'href="{RELEASE}/rows/REL/decroche.1/2026.csv"' in page
    assert f'href="{RELEASE}/manifest.json"' in page
    assert Release.objects.get(name="2026-04").identity[:16] in page
    assert "Février de Riom corrigé" in page


def test_corrections_are_told_from_territories_whose_places_moved(client, folder):
    """Riom was corrected; Hazebrouck went from Pas-de-Calais to Nord."""
    release = Release.objects.get(name="2026-04")
    moved = release.corrections.filter(is_move=True)
    assert set(moved.values_list("place", flat=True)) == {"59", "62", "REL-59", "REL-62"}
    corrected = release.corrections.filter(is_move=False, what="changed").exclude(level="pool")
    assert {"S10", "63", "84", "REL", "FR"} <= set(corrected.values_list("place", flat=True))
    page = unescape(client.get(f"{RELEASE}/").content.decode()).replace("\u00a0", " ")
    assert f"{moved.count()} chiffres de territoires ont changé parce que des lieux" in page
    assert f"{corrected.count()} chiffres corrigés" in page


def test_a_table_has_its_schema(client, published):
    schema = client.get("/donnees/tables/resultats/schema.json").json()
    table = next(each for each in open_tables if each.name == "resultats")
    assert [field["name"] for field in schema["fields"]] == [one.name for one in table.columns]
    kinds = {"string", "integer", "number", "boolean", "date", "datetime"}
    assert {field["type"] for field in schema["fields"]} <= kinds
    assert all(field["title"] and field["description"] for field in schema["fields"])


def test_the_catalogue_leads_to_files_that_exist(client, published, settings):
    response = client.get("/donnees/catalogue.json")
    assert response.headers["Content-Type"] == "application/ld+json"
    catalogue = response.json()
    assert catalogue["@type"] == "dcat:Catalog"
    datasets = catalogue["dcat:dataset"]
    titles = {dataset["dct:title"]["@value"] for dataset in datasets}
    assert {"Édition 2026-04", "Édition 2026-T1", "Structures", "Indicateurs"} <= titles
    for dataset in datasets:
        assert dataset["dct:license"]["@id"].startswith("https://")
        for distribution in dataset["dcat:distribution"]:
            address = distribution["dcat:downloadURL"]["@id"]
            assert address.startswith(settings.PUBLIC_URL)
            assert client.head(address.removeprefix(settings.PUBLIC_URL)).status_code == 200
            if "dct:conformsTo" in distribution:
                schema = distribution["dct:conformsTo"]["@id"].removeprefix(settings.PUBLIC_URL)
                assert client.get(schema).status_code == 200


def test_a_fresh_table_begins_before_all_its_rows_are_read(client, published):
    response = client.get("/donnees/tables/resultats.json")
    assert response.streaming
    assert next(iter(response.streaming_content)).startswith(b"[\n{")


def test_a_demonstration_is_said_on_the_pages_and_in_the_catalogue(client, published):
    for url in ("/donnees/", f"{RELEASE}/"):
        assert "fictifs" in client.get(url).content.decode()
    texts = json.dumps(client.get("/donnees/catalogue.json").json(), ensure_ascii=False)
    assert "chiffres calculés sont fictifs" in texts


def test_nothing_is_written_by_a_visitor(published):
    before = sorted(path for path in published.rglob("*"))
    anonymous = Client()
    for url in ("/donnees/", "/donnees/tables/structures.csv", f"{RELEASE}.zip"):
        content(anonymous.get(url))
    assert sorted(path for path in published.rglob("*")) == before
