"""`verify.py` finds the example equal, and anything that was altered in it."""

from __future__ import annotations

import ast
import csv
import io
import json
import random
import re
import shutil
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pytest

from guichet.publication import verify
from guichet.publication.tests.release_folders import (
    EXAMPLE,
    made_release,
    write_manifest,
    write_release,
)

SCRIPT = Path(verify.__file__)
WORKED = list(csv.DictReader((EXAMPLE / "worked_formulas.csv").open(encoding="utf-8")))


def checked(folder: Path, *, quiet: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    return verify.check(folder, out, quiet=quiet), out.getvalue()


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases")
    return {name: write_release(folder / name, name) for name in ("2026-04", "2026-T1")}


@pytest.fixture
def release(releases, tmp_path):
    return Path(shutil.copytree(releases["2026-04"], tmp_path / "2026-04"))


@pytest.mark.parametrize("name", ["2026-04", "2026-T1"])
def test_both_releases_of_the_example_are_equal(releases, name):
    outcome, said = checked(releases[name])
    assert outcome == 0, said
    assert "DIFFÉRENT" not in said
    expected = EXAMPLE / ("previous" if name == "2026-T1" else "") / "expected_rows.csv"
    count = len(expected.read_text(encoding="utf-8").splitlines()) - 1
    assert f"ÉGAL : {count} lignes publiées" in said


def test_it_runs_alone_in_the_folder_of_the_release(release):
    """Isolated mode: no package of ours, no environment, no site packages."""
    shutil.copy(SCRIPT, release / "verify.py")
    command = [sys.executable, "-I", "-S", "verify.py"]
    done = subprocess.run(command, cwd=release, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ÉGAL" in done.stdout


def test_quiet_says_only_the_outcome_and_another_folder_may_be_named(release, capsys):
    assert verify.main([str(release), "--quiet"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_it_needs_nothing_but_the_standard_library_of_python_3_9():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else names_of(node))
    }
    assert imported <= set(sys.stdlib_module_names) | {"__future__"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Match)]


def names_of(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]


KINDS = ["base", "rows", "figures", "pools"]
OTHERS = ["declared.csv", "declared_figures.csv", "indicators.csv", "grains.csv"]


def altered_digits(path: Path, count: int):
    """`count` contents of the file, each with one other digit than what is there."""
    text = path.read_text(encoding="utf-8")
    start = text.index("\n")
    places = [found.start() for found in re.finditer("[0-9]", text) if found.start() > start]
    drawn = random.Random(path.name)
    for place in drawn.sample(places, min(count, len(places))):
        digit = str((int(text[place]) + drawn.randrange(1, 10)) % 10)
        yield text[:place] + digit + text[place + 1 :]


@pytest.mark.parametrize("kind", KINDS)
def test_one_altered_digit_is_found_in_any_part(release, kind):
    for path in sorted((release / kind).rglob("*.csv")):
        kept = path.read_bytes()
        for text in altered_digits(path, 12):
            path.write_text(text, encoding="utf-8")
            outcome, said = checked(release, quiet=True)
            assert outcome == 1, said
            assert f"{kind}/{path.relative_to(release / kind).as_posix()}" in said
        path.write_bytes(kept)


@pytest.mark.parametrize("kind", ["base", "rows", "figures"])
def test_an_altered_digit_is_found_by_computing_too(release, kind):
    """Even by somebody who writes the manifest again after altering."""
    for path in sorted((release / kind).rglob("*.csv")):
        kept = path.read_bytes()
        for text in altered_digits(path, 12):
            path.write_text(text, encoding="utf-8")
            write_manifest(release, "2026-04", "2026-04-30")
            outcome, said = checked(release, quiet=True)
            assert outcome == 1, text
            assert "empreinte" not in said
        path.write_bytes(kept)


@pytest.mark.parametrize("name", OTHERS)
def test_one_altered_digit_is_found_in_the_other_files(release, name):
    kept = (release / name).read_bytes()
    for text in altered_digits(release / name, 8):
        (release / name).write_text(text, encoding="utf-8")
        outcome, said = checked(release, quiet=True)
        assert outcome == 1
        assert name in said
    (release / name).write_bytes(kept)


def test_the_first_lines_that_differ_are_shown_with_what_was_found(release):
    path = release / "figures" / "REL" / "decroche.1" / "2026.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",82.0,", ",92.0,"), encoding="utf-8")
    said = checked(release)[1]
    assert "figures/REL/decroche.1/2026.csv, ligne " in said
    assert re.search(r"trouvé +'REL,decroche,1,.*,92\.0,", said)
    assert re.search(r"recalculé +'REL,decroche,1,.*,82\.0,", said)


def test_at_most_three_lines_of_a_file_are_shown(release):
    path = release / "rows" / "REL" / "decroche.1" / "2026.csv"
    path.write_text(re.sub(r",1\n", ",0\n", path.read_text(encoding="utf-8")), encoding="utf-8")
    said = checked(release)[1]
    assert said.count("rows/REL/decroche.1/2026.csv, ligne") == 3
    assert re.search(r"rows/REL/decroche.1/2026.csv : \d+ lignes différentes en tout", said)


@pytest.mark.parametrize(
    "name", ["manifest.json", "grains.csv", "indicators.csv", "rows/REL/decroche.1/2026.csv"]
)
def test_a_missing_file_is_told_and_ends_with_2(release, name):
    (release / name).unlink()
    outcome, said = checked(release)
    assert outcome == 2
    assert name.split("/")[-1] in said
    assert "INCOMPLET" in said


def test_a_folder_that_is_no_release_ends_with_2(tmp_path):
    outcome, said = checked(tmp_path)
    assert outcome == 2
    assert "manifest.json" in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_truncated_file_is_found(release, kind):
    path = release / kind / "REL" / "satisfaction.1" / "2026.csv"
    path.write_bytes(path.read_bytes()[:-20])
    assert checked(release)[0] == 1
    path.write_bytes(b"")
    assert checked(release)[0] == 1


def test_a_truncated_manifest_is_unreadable(release):
    path = release / "manifest.json"
    path.write_bytes(path.read_bytes()[:-20])
    assert checked(release)[0] == 2


def test_bytes_that_are_no_text_are_unreadable(release):
    path = release / "rows" / "REL" / "decroche.1" / "2026.csv"
    path.write_bytes(path.read_bytes().replace(b"S01", b"S\xff1"))
    assert checked(release)[0] == 2


@pytest.mark.parametrize("ending", [b"\r\n", b""])
def test_other_ends_of_line_are_found(release, ending):
    path = release / "figures" / "REL" / "decroche.1" / "2026.csv"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + ending)
    assert checked(release)[0] == 1


def test_a_part_renamed_on_the_disk_is_found(release):
    for kind in ("base", "rows", "figures"):
        folder = release / kind / "REL" / "decroche.1"
        folder.rename(folder.with_name("decroche.2"))
    outcome, said = checked(release)
    assert outcome == 2
    assert "rows/REL/decroche.1/2026.csv : fichier absent" in said
    assert "rows/REL/decroche.2/2026.csv : fichier que le manifeste ne nomme pas" in said


def test_a_part_renamed_in_the_manifest_too_is_found(release):
    for kind in ("base", "rows", "figures"):
        folder = release / kind / "REL" / "decroche.1"
        folder.rename(folder.with_name("decroche.2"))
    write_manifest(release, "2026-04", "2026-04-30")
    outcome, said = checked(release)
    assert outcome == 1
    assert "REL/decroche.2/2026 : nom mal formé, ou indicateur mal défini" in said


@pytest.mark.parametrize("name", ["../../etc/2026", "REL/decroche.1/..", "REL/../x.1/2026"])
def test_a_part_cannot_name_a_file_elsewhere(release, name):
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    manifest["parts"][0]["name"] = name
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert checked(release)[0] == 2


@pytest.mark.parametrize("name", ["/etc/hostname", "../2026-T1/indicators.csv"])
def test_a_file_outside_of_the_folder_is_not_read(release, name):
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][name] = "0" * 64
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    outcome, said = checked(release)
    assert outcome == 2
    assert "fichier hors du dossier" in said


def test_a_program_that_came_beside_is_told(release):
    (release / "heapq.py").write_text("", encoding="utf-8")
    outcome, said = checked(release)
    assert outcome == 1
    assert "heapq.py : fichier que le manifeste ne nomme pas" in said


def test_a_small_cell_of_the_base_is_found(release):
    path = release / "base" / "REL" / "satisfaction.1" / "2026.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("10|13", "7|9"), encoding="utf-8")
    assert "moins de 10 cas" in checked(release)[1]


def test_a_pool_of_one_is_found(release):
    path = release / "pools" / "REL" / "satisfaction.1" / "2026.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",S06" not in line), encoding="utf-8")
    assert "pool~REL-62~62 n'a pas deux membres" in checked(release)[1]


def test_a_member_published_on_its_own_is_found(release):
    path = release / "pools" / "REL" / "satisfaction.1" / "2026.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",S06", ",S05"), encoding="utf-8")
    assert "ou publié à part" in checked(release)[1]


def test_a_period_without_a_grain_is_found(release):
    path = release / "grains.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("REL,decroche,1,site,month", "REL,decroche,1,site,day"))
    assert "sans maille déclarée" in checked(release)[1]


def text_of(value: Decimal, places: int = 6) -> str:
    return str(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def definition(kind: str, **other: str) -> verify.Definition:
    base = {"kind": kind, "nature": "sample", "direction": "higher", "target": "", "margin": "3"}
    return verify.Definition({**base, "minimum": "10", "counters": "", **other})


def side(kind: str, counters: list[int], **other: str) -> verify.Side:
    return verify.Side(definition(kind, **other), [*counters, 1, 1])


def share(values: dict[str, str]) -> str:
    return side("share", [int(values["part"]), int(values["whole"])]).written()[0]


def two(kind: str, names: str, values: dict[str, str]) -> list[verify.Side]:
    return [
        side(kind, [int(values[f"{name}_{rank}"]) for name in names.split()], minimum="1")
        for rank in (1, 2)
    ]


def difference(values: dict[str, str]) -> str:
    return verify.compare(*two("share", "part whole", values), verify.COMPARED)[0]


def interval_text(kind: str, counters: list[int]) -> str:
    return ";".join(text_of(limit) for limit in side(kind, counters).interval)


def wilson(values: dict[str, str]) -> str:
    return interval_text("share", [int(values["part"]), int(values["whole"])])


def gap_interval(kind: str, names: str):
    def found(values: dict[str, str]) -> str:
        return ";".join(map(text_of, verify.difference_interval(*two(kind, names, values))))

    return found


def with_interval(kind: str, names: str):
    def found(values: dict[str, str]) -> str:
        one = side(kind, [int(values[name]) for name in names.split()])
        limits = [text_of(limit) for limit in one.interval] if one.has_interval else ["", ""]
        return ";".join([one.written()[0], *limits])

    return found


def quantile(values: dict[str, str]) -> str:
    bounds = {"bounds": values["bounds"], "reference_bound": values["bounds"].split("|")[0]}
    buckets = [int(cases) for cases in values["buckets"].split("|")]
    return ";".join(verify.quantile(definition("distribution", **bounds), buckets, values["q"]))


def verdict(values: dict[str, str]) -> str:
    settings = {name: values[name] for name in ("nature", "direction", "margin", "minimum")}
    cells = [
        [int(values[f"{name}_{rank}"]) for name in ("part", "whole", "expected", "received")]
        for rank in (1, 2)
    ]
    own = verify.Side(definition("share", **settings), cells[0])
    territory = [one + other for one, other in zip(*cells, strict=True)]
    return verify.compared_with_rest(own, territory)[2]


RULES = {
    "share": share,
    "difference": difference,
    "wilson": wilson,
    "newcombe": gap_interval("share", "part whole"),
    "net_share": with_interval("net_share", "favourable unfavourable whole"),
    "net_share_difference": gap_interval("net_share", "favourable unfavourable whole"),
    "mean": with_interval("mean", "sum sum_squares count"),
    "mean_difference": gap_interval("mean", "sum sum_squares count"),
    "quantile": quantile,
    "verdict": verdict,
    "period_above": lambda values: "|".join(verify.above(values["period"])),
    "previous_and_year_before": lambda values: "|".join(
        verify.previous_and_year_before(values["period"])
    ),
}


@pytest.mark.parametrize("row", WORKED, ids=lambda row: f"{row['rule']}:{row['inputs']}")
def test_worked_formulas(row):
    values = dict(each.split("=") for each in row["inputs"].split(";"))
    with localcontext(verify.EXACT):
        assert RULES[row["rule"]](values) == row["expected"]


def test_every_rule_of_the_worked_formulas_is_recomputed():
    assert {row["rule"] for row in WORKED} == set(RULES)


def test_a_gap_is_exact_where_fifty_digits_are_not():
    """8/96 against 5/240: the gap is exactly 6.25 points, which rounds to 6.3."""
    with localcontext(verify.EXACT):
        own, other = side("share", [8, 96], margin="6.25"), side("share", [5, 240])
        assert verify.compare(own, other, verify.COMPARED) == ("6.3", "no_clear_difference")


def small_release(folder: Path, *given, **also):
    """Its figures, once it was found equal."""
    figures = made_release(folder, *given, **also)
    outcome, said = checked(folder)
    assert outcome == 0, said
    return figures


def test_weeks_go_up_to_the_iso_year_and_change_over_the_turn_of_the_year(tmp_path):
    base = [
        f"R,x,1,structure,S,,,,{week},,{part}|100,1,1"
        for week, part in [("2026-W52", 50), ("2026-W53", 60), ("2027-W01", 70)]
    ]
    figures = small_release(
        tmp_path / "r",
        "x,1,X,share,part|whole,census,percent,higher,,3,10,yes,,",
        "R,x,1,site,week,,network,2026-W01",
        base,
        "2027-02-28",
    )
    assert figures["structure", "S", "2026-W", ""][:3] == ["published", "", "55.0"]
    assert figures["structure", "S", "2027-W", ""][:3] == ["published", "yes", "70.0"]
    assert figures["structure", "S", "2027-W01", ""][14:] == ["10.0", "improved", "", ""]
    assert figures["structure", "S", "2026-W53", ""][14:16] == ["10.0", "improved"]


def test_what_is_not_summed_has_its_own_rows_only(tmp_path):
    base = [f"R,x,1,structure,S,R0,59,32,2026-0{month},,{month}|20,1,1" for month in (1, 2, 3)]
    figures = small_release(
        tmp_path / "r",
        "x,1,X,share,part|whole,census,percent,higher,,3,10,no,,",
        "R,x,1,site,month,,network,2026-01",
        base,
        "2026-04-30",
    )
    assert [key[:2] for key in figures] == [("structure", "S")] * 3
    assert [key[2] for key in figures] == ["2026-01", "2026-02", "2026-03"]


def test_a_distribution_has_its_share_and_its_quantiles(tmp_path):
    figures = small_release(
        tmp_path / "r",
        "x,1,X,distribution,b1|b2|b3,sample,day,higher,,3,10,yes,7|15.5,15.50",
        "R,x,1,site,month,,network,2026-01",
        ["R,x,1,structure,S,,,,2026-01,,50|30|20,1,1", "R,x,1,structure,T,,,,2026-01,,0|0|0,1,1"],
        "2026-01-31",
    )
    assert figures["structure", "S", "2026-01", ""][2:5] == ["80.0", "71.1", "86.7"]
    quantiles = (tmp_path / "r/quantiles/R/x.1/2026.csv").read_text().splitlines()
    assert "R,x,1,structure,S,2026-01,,0.5,0,7,0,15.5" in quantiles
    assert "R,x,1,structure,S,2026-01,,0.9,15.5,,15.5," in quantiles
    assert not [line for line in quantiles if ",T," in line]
    path = tmp_path / "r/quantiles/R/x.1/2026.csv"
    path.write_text(path.read_text().replace("0.5,0,7", "0.5,0,8"))
    assert checked(tmp_path / "r")[0] == 1


def test_a_pool_of_other_members_has_no_change(tmp_path):
    base = [
        f"R,x,1,pool,pool~P~59,P,59,32,{month},,{part}|100,2,2"
        for month, part in [("2025-12", 50), ("2026-01", 60), ("2026-02", 70)]
    ]
    figures = small_release(
        tmp_path / "r",
        "x,1,X,share,part|whole,census,percent,higher,,3,10,yes,,",
        "R,x,1,site,month,,network,2025-12",
        base,
        "2026-02-28",
        pools={"2025": "ab", "2026": "abc"},
    )
    assert figures["pool", "pool~P~59", "2026-01", ""][14:16] == ["", ""]
    assert figures["pool", "pool~P~59", "2026-02", ""][14:16] == ["10.0", "improved"]
    assert figures["departement", "59", "2026-01", ""][14:16] == ["10.0", "improved"]


def test_an_ancestor_at_the_level_of_the_grain_has_its_own_row_only(tmp_path):
    base = [
        "R,x,1,structure,A,R0,,,2026-01,,10|20,1,1",
        "R,x,1,structure,B,R0>A,,,2026-01,,20|20,1,1",
    ]
    figures = small_release(
        tmp_path / "r",
        "x,1,X,share,part|whole,census,percent,higher,,3,10,yes,,",
        "R,x,1,site,month,,network,2026-01",
        base,
        "2026-01-31",
    )
    assert figures["structure", "A", "2026-01", ""][2] == "50.0"
    assert figures["structure", "R0", "2026-01", ""][2] == "75.0"
