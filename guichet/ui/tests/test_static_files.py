"""What is collected and how it is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client, override_settings


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    with override_settings(**collected_settings(folder)):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def collected_settings(folder: Path) -> dict[str, object]:
    return {
        "STATIC_ROOT": folder,
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "guichet.ui.storage.HashedStaticFilesStorage"},
        },
        "WHITENOISE_USE_FINDERS": False,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_MAX_AGE": 3600,
    }


def test_only_what_pages_use_is_collected(collected):
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    assert "dsfr/dist/dsfr.main.min.css" in manifest
    assert "ui/site.css" in manifest
    assert len(manifest) < 250
    assert not [name for name in manifest if "pictograms" in name or "legacy" in name]


def test_each_file_lies_compressed_beside_its_original(collected):
    name = json.loads((collected / "staticfiles.json").read_text())["paths"]["ui/site.css"]
    for suffix in (".br", ".gz"):
        assert (collected / f"{name}{suffix}").stat().st_size < (collected / name).stat().st_size


def test_a_hashed_file_is_served_compressed_and_cached_for_ever(collected, gallery_urls):
    with override_settings(**collected_settings(collected)):
        url = staticfiles_storage.url("ui/site.css")
        response = Client().get(url, headers={"accept-encoding": "br, gzip"})
        content = b"".join(response.streaming_content)
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Encoding"] == "br"
    assert 0 < len(content) < 10_000
