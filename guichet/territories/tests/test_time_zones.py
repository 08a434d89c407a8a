"""Zones of communes, against the decree on legal time and the list of communes."""

from __future__ import annotations

import csv
import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guichet.territories.time_zones import time_zone, time_zone_name

SUMMER = datetime(2026, 7, 1, 12, tzinfo=UTC)
WINTER = datetime(2026, 1, 1, 12, tzinfo=UTC)


def offset_hours(commune: str, at: datetime) -> float:
    offset = at.astimezone(time_zone(commune)).utcoffset()
    assert offset is not None
    return offset / timedelta(hours=1)


# Hours added to UTC by decree 2017-292, in January and in July.
@pytest.mark.parametrize(
    ("commune", "winter", "summer"),
    [
        ("75056", 1, 2),
        ("13202", 1, 2),
        ("2A004", 1, 2),
        ("97105", -4, -4),
        ("97209", -4, -4),
        ("97302", -3, -3),
        ("97411", 4, 4),
        ("97502", -3, -2),
        ("97611", 3, 3),
        ("97701", -4, -4),
        ("97801", -4, -4),
        ("98411", 5, 5),
        ("98412", 5, 5),
        ("98413", 4, 4),
        ("98414", 10, 10),
        ("98613", 12, 12),
        ("98735", -10, -10),
        ("98731", -9.5, -9.5),
        ("98719", -9, -9),
        ("98818", 11, 11),
        ("98901", -8, -8),
    ],
)
def test_offset_is_that_of_the_decree(commune: str, winter: float, summer: float) -> None:
    assert offset_hours(commune, WINTER) == winter
    assert offset_hours(commune, SUMMER) == summer


def test_the_six_communes_of_the_marquesas_have_their_own_time() -> None:
    polynesia = [f"987{number}" for number in range(11, 59)]
    marquesas = [code for code in polynesia if time_zone_name(code) == "Pacific/Marquesas"]
    # Fatu-Hiva, Hiva-Oa, Nuku-Hiva, Tahuata, Ua-Huka, Ua-Pou.
    assert marquesas == ["98718", "98723", "98731", "98746", "98756", "98757"]


@pytest.mark.parametrize(
    "code",
    ["", "75", "7505", "750560", "00001", "20004", "96001", "97901", "98501", "2C004", "abcde"],
)
def test_a_code_that_is_no_commune_is_refused_in_french(code: str) -> None:
    with pytest.raises(ValueError, match="n'est pas un code de commune française"):
        time_zone_name(code)


@pytest.mark.skipif(
    not os.environ.get("GUICHET_SHARED_DATA"), reason="GUICHET_SHARED_DATA n'est pas indiqué"
)
def test_every_commune_of_2026_has_a_zone_and_islands_are_named_right() -> None:
    path = Path(os.environ["GUICHET_SHARED_DATA"]) / "communes_2026.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        names = {row["code_insee"]: row["nom"] for row in csv.DictReader(lines)}
    zones = {code: time_zone_name(code) for code in names}
    assert {names[code] for code, zone in zones.items() if zone == "Pacific/Marquesas"} == {
        "Fatu-Hiva",
        "Hiva-Oa",
        "Nuku-Hiva",
        "Tahuata",
        "Ua-Huka",
        "Ua-Pou",
    }
    assert {names[code] for code, zone in zones.items() if zone == "Pacific/Gambier"} == {"Gambier"}
