"""The manifest of a backup: nothing altered, missing or outside is trusted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from guichet.web.operations.manifest import (
    BadBackup,
    Manifest,
    SavedFile,
    copy_hashed,
    read_manifest,
    saved,
    verify_files,
    write_manifest,
)


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "database.dump").write_bytes(b"dump")
    (tmp_path / "lake" / "2026").mkdir(parents=True)
    (tmp_path / "lake" / "2026" / "lot.parquet").write_bytes(b"parquet")
    files = [
        saved(tmp_path / "database.dump", tmp_path),
        saved(tmp_path / "lake/2026/lot.parquet", tmp_path),
    ]
    write_manifest(manifest(*files), tmp_path)
    return tmp_path


def manifest(*files: SavedFile) -> Manifest:
    return Manifest(
        made_by="Guichet Ouvert 1",
        made_at="2026-11-21T10:00:00+00:00",
        server_major=15,
        programs_major=15,
        database_bytes=10,
        migrations=(("core", "0001_extensions"),),
        rows={"public.été": 3},
        files=files,
    )


def test_what_is_written_is_read_and_verified(folder):
    found = read_manifest(folder)
    verify_files(found, folder)
    assert found.rows == {"public.été": 3}
    assert found.migrations == (("core", "0001_extensions"),)
    assert [file.path for file in found.lake_files] == ["lake/2026/lot.parquet"]
    assert found.total_bytes == len(b"dump") + len(b"parquet")
    assert not found.holds_secret_key


def test_a_folder_without_a_manifest_is_no_backup(tmp_path):
    with pytest.raises(BadBackup, match="n'est pas une sauvegarde"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', "null"])
def test_an_unreadable_manifest_is_refused(folder, text):
    (folder / "manifest.json").write_text(text)
    with pytest.raises(BadBackup, match="illisible"):
        read_manifest(folder)


def test_a_changed_count_is_seen(folder):
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace(": 3", ": 4"))
    with pytest.raises(BadBackup, match="modifié"):
        read_manifest(folder)


def test_a_format_of_tomorrow_is_refused(folder):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 2}))
    with pytest.raises(BadBackup, match="plus récente"):
        read_manifest(folder)


def test_every_fault_is_named_at_once(folder):
    (folder / "database.dump").write_bytes(b"dumq")
    (folder / "lake/2026/lot.parquet").unlink()
    with pytest.raises(BadBackup) as caught:
        verify_files(read_manifest(folder), folder)
    assert "database.dump : contenu modifié" in str(caught.value)
    assert "lot.parquet : absent" in str(caught.value)


def test_a_file_cut_short_is_named_with_its_size(folder):
    (folder / "database.dump").write_bytes(b"du")
    with pytest.raises(BadBackup, match="2 octets au lieu de 4"):
        verify_files(read_manifest(folder), folder)


@pytest.mark.parametrize(
    "path",
    ["../outside", "/etc/passwd", "lake/../../outside", "lake//etc/passwd", "lake/./lot", ""],
)
def test_a_path_that_leaves_the_backup_is_refused(folder, path):
    outside = manifest(SavedFile(path, 1, "0" * 64))
    with pytest.raises(BadBackup, match="chemin interdit"):
        verify_files(outside, folder)


@pytest.mark.parametrize("count", ["3; DROP TABLE x", "trois", None, [1]])
def test_a_count_that_is_no_number_is_refused(folder, count):
    forged = replace(manifest(), rows={"public.x": count})
    write_manifest(forged, folder)
    with pytest.raises(BadBackup, match="illisible"):
        read_manifest(folder)


def test_a_link_is_not_followed(folder):
    target = folder / "database.dump"
    content = target.read_bytes()
    (folder / "elsewhere").write_bytes(content)
    target.unlink()
    target.symlink_to(folder / "elsewhere")
    with pytest.raises(BadBackup, match="absent"):
        verify_files(read_manifest(folder), folder)


def test_a_copy_is_hashed_as_written(tmp_path):
    content = bytes(range(256)) * 9000
    (tmp_path / "a").write_bytes(content)
    digest = copy_hashed(tmp_path / "a", tmp_path / "deep" / "b")
    assert digest == hashlib.sha256(content).hexdigest()
    assert (tmp_path / "deep" / "b").read_bytes() == content
