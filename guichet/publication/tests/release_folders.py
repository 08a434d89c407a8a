"""The two releases of the worked example as folders, from its expected files alone."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import localcontext
from pathlib import Path

from guichet.core.files import sha256_of
from guichet.publication import verify

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "observation_example"
SERIES = 3
"""Columns that name the series at the head of every line."""


class Silent:
    def expect(self, line: str) -> None:
        self.lines.append(line)

    def __init__(self) -> None:
        self.lines: list[str] = []


def write_release(folder: Path, name: str = "2026-04") -> Path:
    """`2026-04` from the files of the example, `2026-T1` with the base that the method tells of:
    without April, without the correction of batch 7, S08 still in the Pas-de-Calais."""
    folder.mkdir(parents=True)
    before = EXAMPLE / "previous" if name == "2026-T1" else EXAMPLE
    base = lines_of(EXAMPLE / "expected_base.csv")
    if name == "2026-T1":
        base = [base[0], *sorted(earlier_base(base[1:]))]
    write_parts(folder, "base", base)
    write_parts(folder, "rows", lines_of(before / "expected_rows.csv"))
    write_parts(folder, "pools", lines_of(before / "expected_pools.csv"))
    write_definitions(folder)
    through = "2026-03-31" if name == "2026-T1" else "2026-04-30"
    identity = lines_of(before / "expected_hash.txt")[-1].split()[0]
    if name == "2026-T1":
        write_manifest(folder, name, through, identity)
        write_figures(folder)
    else:
        figures = lines_of(EXAMPLE / "expected_figures.csv")
        write_parts(folder, "figures", [line for line in figures if ",declared," not in line])
        declared = [figures[0], *(line for line in figures if ",declared," in line)]
        (folder / "declared_figures.csv").write_text("".join(declared), encoding="utf-8")
    write_manifest(folder, name, through, identity)
    return folder


def earlier_base(lines: Iterable[str]) -> list[str]:
    found = []
    for line in lines:
        fields = line.split(",")
        if fields[8] == "2026-04":
            continue
        if fields[1] == "decroche" and fields[4] == "S10" and fields[8] == "2026-02":
            fields[10] = "60|250"
        if fields[4] == "S08":
            fields[5:8] = ["REL>REL-62", "62", "32"]
        found.append(",".join(fields))
    return found


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


def write_parts(folder: Path, kind: str, lines: list[str]) -> None:
    header = lines[0].rstrip("\n").split(",")
    year = header.index("year" if kind == "pools" else "period")
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines[1:]:
        fields = line.rstrip("\n").split(",")
        parts[f"{fields[0]}/{fields[1]}.{fields[2]}/{fields[year][:4]}"].append(line)
    for name, found in parts.items():
        path = folder / kind / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lines[0] + "".join(found), encoding="utf-8")


def write_definitions(folder: Path) -> None:
    for name in ("indicators.csv", "grains.csv"):
        (folder / name).write_bytes((EXAMPLE / name).read_bytes())
    typed = list(csv.reader(lines_of(EXAMPLE / "batches" / "11_declared.csv")))[1]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow("network,indicator,version,level,place,period,value,source".split(","))
    writer.writerow(["REL", *typed])
    (folder / "declared.csv").write_text(out.getvalue(), encoding="utf-8")
    empty = "," * 15
    figure = f"REL,delai-moyen,1,departement,59,2026-Q1,,declared,,12.4{empty}\n"
    header = verify.HEADERS["figures"] + "\n"
    (folder / "declared_figures.csv").write_text(header + figure, encoding="utf-8")


def write_figures(folder: Path) -> None:
    """What `verify.py` itself would expect: for releases whose figures nobody wrote by hand."""
    with localcontext(verify.EXACT):
        release = verify.Release(folder, verify.Report(io.StringIO()))
        before = None
        for name in sorted(release.parts):
            match = verify.PART_NAME.fullmatch(name)
            part = verify.Part(release, name, release.definitions[match[2], match[3]])
            part.read()
            files = {kind: Silent() for kind in ("rows", "figures", "quantiles")}
            is_next = before and before.series == part.series
            verify.recompute(part, before if is_next else None, files)
            kinds = ("rows", "figures", "quantiles")[: 3 if part.definition.is_distribution else 2]
            for kind in kinds:
                path = part.path(kind)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(
                    verify.HEADERS[kind] + "\n" + "".join(files[kind].lines), encoding="utf-8"
                )
            before = part


def write_manifest(folder: Path, name: str, through: str, identity: str = "") -> None:
    """`identity` by default that of the rows."""
    parts = []
    for path in sorted((folder / "base").rglob("*.csv")):
        part = path.relative_to(folder / "base").as_posix().removesuffix(".csv")
        files = {kind: folder / kind / f"{part}.csv" for kind in verify.HEADERS}
        hashes = {kind: sha256_of(file) for kind, file in files.items() if file.exists()}
        parts.append({"name": part, **hashes})
    whole = "".join(f"{part.get('rows')}  {part['name']}.csv\n" for part in parts)
    others = ("indicators.csv", "grains.csv", "declared.csv", "declared_figures.csv")
    manifest = {
        "name": name,
        "frozen_on": "2026-05-25",
        "through": through,
        "identity": identity or hashlib.sha256(whole.encode()).hexdigest(),
        "parts": parts,
        "files": {file: sha256_of(folder / file) for file in others if (folder / file).exists()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


INDICATORS = (
    "code,version,title,kind,counters,nature,unit,direction,target,margin,minimum,summed,bounds,"
    "reference_bound\n"
)
GRAINS = "network,indicator,version,level,period,cuts,source,first_period\n"


def made_release(
    folder: Path, indicator: str, grain: str, base: list[str], through: str, pools=None
):
    """A release whose figures are those of `verify.py`: the test then reads them."""
    folder.mkdir()
    for year, members in (pools or {}).items():
        lines = "".join(f"R,x,1,{year},pool~P~59,{member}\n" for member in members)
        path = folder / "pools" / "R" / "x.1" / f"{year}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(verify.HEADERS["pools"] + "\n" + lines)
    (folder / "indicators.csv").write_text(INDICATORS + indicator + "\n", encoding="utf-8")
    (folder / "grains.csv").write_text(GRAINS + grain + "\n")
    for line in sorted(base):
        fields = line.split(",")
        name = f"{fields[0]}/{fields[1]}.{fields[2]}/{fields[8][:4]}.csv"
        path = folder / "base" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(verify.HEADERS["base"] + "\n")
        with path.open("a") as file:
            file.write(line + "\n")
    write_manifest(folder, "petite", through)
    write_figures(folder)
    write_manifest(folder, "petite", through)
    return {
        tuple(line.split(",")[3:7]): line.split(",")[7:]
        for path in sorted((folder / "figures").rglob("*.csv"))
        for line in path.read_text().splitlines()[1:]
    }
