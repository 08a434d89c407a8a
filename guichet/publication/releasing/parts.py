"""The parts of a release, their names, their hashes and the identity that follows.

Owns § 12 of `docs/methods/observation.md` on identity; refuses what is in the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

TEXT_KINDS = ("base", "rows", "figures", "quantiles", "pools")
PARQUET_KINDS = ("parquet/rows", "parquet/figures")
KINDS = TEXT_KINDS + PARQUET_KINDS
"""Files of a part: `<kind>/<part name>`, under `.parquet` in place of `.csv` for the last two."""


@dataclass(frozen=True)
class PartKey:
    """One network, indicator version and year (the ISO year for weeks)."""

    network: str
    indicator: str
    version: int
    year: int

    @property
    def name(self) -> str:
        return f"{self.network}/{self.indicator}.{self.version}/{self.year}.csv"

    @property
    def year_before(self) -> PartKey:
        return PartKey(self.network, self.indicator, self.version, self.year - 1)

    @classmethod
    def of(cls, name: str) -> PartKey:
        """The key of a part's name; raises ValueError on anything else."""
        network, indicator_version, file = name.split("/")
        indicator, _, version = indicator_version.rpartition(".")
        year = file.removesuffix(".csv")
        if not (network and indicator and file.endswith(".csv") and ".." not in name):
            raise ValueError(f"{name} is not the name of a part")
        return cls(network, indicator, int(version), int(year))


@dataclass(frozen=True)
class PartFiles:
    """A part of one release: the SHA-256 of each of its files, by kind.

    `inputs` is the digest of what its rows were computed from, `figures_inputs` of what its
    figures were computed from: equal digests mean equal files.
    """

    key: PartKey
    files: Mapping[str, str]
    inputs: str
    figures_inputs: str
    row_count: int
    is_reused: bool = field(default=False, compare=False)

    @property
    def rows_sha256(self) -> str:
        return self.files["rows"]

    @property
    def digest(self) -> str:
        """One name for all its files."""
        lines = "".join(f"{self.files[kind]}  {kind}\n" for kind in sorted(self.files))
        return hashlib.sha256(lines.encode()).hexdigest()

    def path_of(self, kind: str) -> str:
        return path_of(kind, self.key.name)


def path_of(kind: str, name: str) -> str:
    """Where a file of the part `name` stands in the folder of a release."""
    if kind in PARQUET_KINDS:
        return f"{kind}/{name.removesuffix('.csv')}.parquet"
    return f"{kind}/{name}"


def identity_of(rows: Mapping[str, str]) -> str:
    """The release's identity from the SHA-256 of the rows of each part, by the part's name."""
    text = "".join(f"{rows[name]}  {name}\n" for name in sorted(rows))
    return hashlib.sha256(text.encode()).hexdigest()
