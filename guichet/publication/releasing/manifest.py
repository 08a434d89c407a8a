"""`manifest.json`: what a release is, what it was computed from, and how to recompute it.

Owns its keys and its reading; refuses to compute.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from guichet.indicators.method import METHOD_VERSION
from guichet.publication.releasing.parts import KINDS, PartFiles, PartKey, identity_of

NAME = "manifest.json"
FORMAT = 1
BATCH_SEAL = "batch"
RECOMPUTE = (
    "python3 verify.py, dans ce dossier : recalcule les lignes publiées à partir de base/, puis "
    "chaque chiffre, et compare (Python 3.9 ou plus récent, rien d'autre à installer). À toute "
    "taille : guichet verify_release DOSSIER."
)


class BadManifest(Exception):
    """The folder is not that of a release; the text is French and says why."""


@dataclass(frozen=True)
class CountedBatch:
    """A batch that counted. `seal` is that of the file as it came: its plain SHA-256 would let
    the few figures of one site's file be found by trial."""

    number: int
    network: str
    seal: str


@dataclass(frozen=True)
class Manifest:
    """Days are ISO texts. `files` are those that are not of a part, by path."""

    name: str
    frozen_on: str
    through: str
    engine: str
    last_batch: int
    is_demonstration: bool
    parts: Sequence[PartFiles]
    batches: Sequence[CountedBatch]
    previous_name: str = ""
    previous_identity: str = ""
    note: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    software: str = field(default_factory=lambda: software_name())
    method: str = METHOD_VERSION

    @property
    def identity(self) -> str:
        return identity_of({part.key.name: part.rows_sha256 for part in self.parts})

    def part(self, key: PartKey) -> PartFiles | None:
        return next((part for part in self.parts if part.key == key), None)


def software_name() -> str:
    try:
        return f"Guichet Ouvert {version('guichet-ouvert')}"
    except PackageNotFoundError:
        return "Guichet Ouvert"


def manifest_bytes(manifest: Manifest) -> bytes:
    previous = {"name": manifest.previous_name, "identity": manifest.previous_identity}
    values = {
        "format": FORMAT,
        "name": manifest.name,
        "identity": manifest.identity,
        "frozen_on": manifest.frozen_on,
        "through": manifest.through,
        "is_demonstration": manifest.is_demonstration,
        "note": manifest.note,
        "previous": previous if manifest.previous_name else None,
        "method": {"version": manifest.method, "document": "docs/methods/observation.md"},
        "software": manifest.software,
        "engine": manifest.engine,
        "recompute": RECOMPUTE,
        "parts": [as_json(part) for part in manifest.parts],
        "files": dict(sorted(manifest.files.items())),
        "last_batch": manifest.last_batch,
        "batches": [asdict(batch) for batch in manifest.batches],
    }
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()


def as_json(part: PartFiles) -> dict[str, Any]:
    """The SHA-256 of each file stands under its kind ("rows", "parquet/rows"…)."""
    return {
        "name": part.key.name.removesuffix(".csv"),
        **dict(sorted(part.files.items())),
        "row_count": part.row_count,
        "inputs": part.inputs,
        "figures_inputs": part.figures_inputs,
    }


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the release in `folder`; raises BadManifest."""
    path = folder / NAME
    if not path.is_file():
        raise BadManifest(f"{folder} n'est pas le dossier d'une édition : il y manque {NAME}.")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] > FORMAT:
            raise BadManifest(
                "Cette édition a été faite par une version plus récente de Guichet Ouvert : "
                "mettez à jour cette installation."
            )
        return parsed(values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadManifest(f"{path} est illisible : ce fichier est abîmé.") from error


def stated_identity(folder: Path) -> str:
    """The identity that the manifest writes, which may be wrong: `Manifest.identity` follows from
    the hashes."""
    values = json.loads((folder / NAME).read_text(encoding="utf-8"))
    return str(values["identity"])


def parsed(values: Mapping[str, Any]) -> Manifest:
    previous = values["previous"] or {"name": "", "identity": ""}
    return Manifest(
        name=str(values["name"]),
        frozen_on=str(values["frozen_on"]),
        through=str(values["through"]),
        engine=str(values["engine"]),
        last_batch=int(values["last_batch"]),
        is_demonstration=bool(values["is_demonstration"]),
        parts=[parsed_part(part) for part in values["parts"]],
        batches=[CountedBatch(**batch) for batch in values["batches"]],
        previous_name=str(previous["name"]),
        previous_identity=str(previous["identity"]),
        note=str(values["note"]),
        files={str(path): str(sha256) for path, sha256 in values["files"].items()},
        software=str(values["software"]),
        method=str(values["method"]["version"]),
    )


def parsed_part(values: Mapping[str, Any]) -> PartFiles:
    return PartFiles(
        key=PartKey.of(f"{values['name']}.csv"),
        files={kind: str(values[kind]) for kind in KINDS if kind in values},
        inputs=str(values["inputs"]),
        figures_inputs=str(values["figures_inputs"]),
        row_count=int(values["row_count"]),
    )
