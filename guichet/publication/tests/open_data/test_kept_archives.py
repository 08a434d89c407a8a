"""The ZIP of an edition: compressed once, by the worker."""

from __future__ import annotations

import io
import os
import shutil
import zipfile

import pytest

from guichet.publication.models import Release
from guichet.publication.open_data import kept_archives
from guichet.publication.tasks import keep_archives

ARCHIVE = "/donnees/millesimes/2026-04.zip"


@pytest.fixture(autouse=True)
def none_kept(published):
    shutil.rmtree(published / ".archives", ignore_errors=True)
    yield published / ".archives"
    shutil.rmtree(published / ".archives", ignore_errors=True)


def members(response) -> dict[str, tuple[int, bytes]]:
    """How each file is compressed, and what it holds."""
    whole = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    return {one.filename: (one.compress_type, whole.read(one)) for one in whole.infolist()}


def kept() -> set[str]:
    return {path.name for path in kept_archives.folder().iterdir()}


def test_before_the_worker_has_made_it_the_files_are_sent_as_they_lie(client):
    compressions = {how for how, _ in members(client.get(ARCHIVE)).values()}
    assert compressions == {zipfile.ZIP_STORED}


def test_no_visitor_makes_the_server_compress(client, monkeypatch):
    keep_archives(0)

    def compressed(*_, **__):
        raise AssertionError("compressed for a visitor")

    monkeypatch.setattr("guichet.publication.views.open_data.pieces_of", compressed)
    found = members(client.get(ARCHIVE))
    assert zipfile.ZIP_DEFLATED in {how for how, _ in found.values()}


def test_both_archives_hold_the_same_files(client):
    stored = client.get(ARCHIVE)
    before = members(stored)
    keep_archives(0)
    made = client.get(ARCHIVE)
    assert {name: held for name, (_, held) in members(made).items()} == {
        name: held for name, (_, held) in before.items()
    }
    assert made.headers["ETag"] != stored.headers["ETag"]
    again = client.get(ARCHIVE, headers={"If-None-Match": made.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_says_both_weights_once_it_is_made(client):
    page = client.get("/donnees/millesimes/2026-04/").content.decode()
    assert "une fois ouverte" not in page
    keep_archives(0)
    page = client.get("/donnees/millesimes/2026-04/").content.decode()
    assert "une fois ouverte" in page


def test_each_is_made_once_and_only_the_latest_stay(monkeypatch):
    assert set(kept_archives.refresh_archives()) == {"2026-T1", "2026-04"}
    assert kept_archives.refresh_archives() == []
    monkeypatch.setattr(kept_archives, "LATEST", 1)
    assert kept_archives.refresh_archives() == []
    latest = Release.objects.get(name="2026-04")
    assert kept() == {kept_archives.archive_path(latest).name}


def test_half_a_file_is_never_sent(none_kept, monkeypatch):
    """What a killed job left goes with the next one; a full disk leaves nothing."""

    def full(*_, **__):
        yield b"PK"
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(kept_archives, "archive", full)
        with pytest.raises(OSError, match="No space left"):
            kept_archives.refresh_archives()
    assert kept() == set()
    (none_kept / ".draft-0123").write_bytes(b"PK")
    kept_archives.refresh_archives()
    assert len(kept()) == 2
    assert not any(name.startswith(kept_archives.DRAFT) for name in kept())
