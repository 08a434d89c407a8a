"""`export_open_data DIR`: the whole, or nothing."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from guichet.publication import verify
from guichet.publication.open_data import exporting


def tree(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_all_open_data_is_written_and_said(published, tmp_path, capsys):
    call_command("export_open_data", str(tmp_path / "export"))
    said = capsys.readouterr().out
    files = tree(tmp_path / "export")
    for table in ("structures", "indicateurs", "resultats", "millesimes"):
        for extension in ("csv", "parquet", "json", "schema.json"):
            assert f"{table}.{extension}" in files
    assert "catalogue.json" in files
    assert f"Écrit dans {tmp_path / 'export'}" in said
    assert "Édition 2026-04" in said
    assert verify.main([str(tmp_path / "export" / "millesimes" / "2026-04"), "--quiet"]) == 0
    assert not (tmp_path / "export" / "millesimes" / "2026-T1").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export"]


@pytest.mark.parametrize(("wanted", "names"), [("none", []), ("all", ["2026-04", "2026-T1"])])
def test_releases_are_copied_as_asked(published, tmp_path, wanted, names):
    call_command("export_open_data", str(tmp_path / "export"), releases=wanted, verbosity=0)
    folder = tmp_path / "export" / "millesimes"
    assert sorted(path.name for path in folder.glob("*")) == names


def test_a_copied_release_is_no_link_to_the_lake(published, tmp_path):
    call_command("export_open_data", str(tmp_path / "export"))
    path = (
        tmp_path / "export" / "millesimes" / "2026-04" / "rows" / "REL" / "decroche.1" / "2026.csv"
    )
    assert path.stat().st_nlink == 1


def test_a_former_export_is_replaced(published, tmp_path):
    target = tmp_path / "export"
    call_command("export_open_data", str(target))
    (target / "vieux.csv").write_text("vieux")
    call_command("export_open_data", str(target))
    assert "vieux.csv" not in tree(target)
    assert json.loads((target / "catalogue.json").read_text(encoding="utf-8"))["dcat:dataset"]


def test_a_folder_that_is_not_an_export_is_left_alone(published, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "chat.jpg").write_text("miaou")
    with pytest.raises(CommandError, match="n'est pas un export"):
        call_command("export_open_data", str(tmp_path / "photos"))
    assert tree(tmp_path) == {"photos/chat.jpg"}


def test_a_full_disk_leaves_the_former_export(published, tmp_path, monkeypatch):
    target = tmp_path / "export"
    call_command("export_open_data", str(target))
    before = tree(target)

    def full_disk(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "write_table", full_disk)
    with pytest.raises(CommandError, match="n'a pas pu être écrit"):
        call_command("export_open_data", str(target))
    assert tree(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export"]
