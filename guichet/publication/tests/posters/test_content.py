"""What a poster says, from the worked example of the method."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guichet.core.errors import RuleViolation
from guichet.directory.models import OpeningInterval, Structure
from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.indicators.models import IndicatorVersion
from guichet.indicators.tests.factories import GrainFactory
from guichet.publication.models import PlaceFigures, Release
from guichet.publication.posters.content import (
    hours_on_paper,
    poster_of,
    structure_for_poster,
)
from guichet.publication.posters.drawing import Poster
from guichet.publication.tests.factories import (
    ReleaseFactory,
    add_part,
    declare_aim,
    example_release,
)

pytestmark = pytest.mark.django_db


def poster(code: str) -> Poster:
    structure = structure_for_poster(code)
    assert structure is not None
    return poster_of(structure)


def plain(said: str) -> str:
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_site_shows_its_own_figures_with_counts_period_and_comparison() -> None:
    example_release()
    found = poster("S01")
    satisfaction = found.figures[0]
    assert satisfaction.title == "Les usagers sont satisfaits"
    assert plain(satisfaction.value) == "80,4 %"
    assert "262 usagers satisfaits sur 326 interrogés" in plain(satisfaction.beside)
    assert "1er trimestre 2026" in plain(satisfaction.beside)
    assert "marge : de 75,7 à 84,3 %" in plain(satisfaction.beside)
    assert not any("marge" in one.beside for one in found.figures[1:])
    assert [(plain(one.text), one.sign) for one in satisfaction.compared] == [
        ("Sans écart net avec le reste du Nord (73,9 %)", "same"),
    ]
    assert satisfaction.share == pytest.approx(0.804)
    assert plain(satisfaction.mark) == "reste du Nord : 73,9 %"


def test_better_and_worse_are_said_and_drawn() -> None:
    example_release()
    signs = {one.sign for figure in poster("S09").figures for one in figure.compared}
    assert "up" in signs
    worse = [one for figure in poster("S03").figures for one in figure.compared]
    assert any(one.sign == "down" and one.text.startswith("Moins bien") for one in worse)


def test_a_figure_of_a_pool_never_passes_for_the_sites_own() -> None:
    example_release()
    satisfaction = poster("S06").figures[0]
    assert satisfaction.place.startswith("Chiffre commun à ")


def test_a_figure_of_the_departement_stands_under_its_name() -> None:
    example_release()
    acknowledgements = poster("S10").figures[-1]
    assert acknowledgements.title == "Vous recevez à temps un accusé de réception"
    assert acknowledgements.place.startswith("Chiffre publié pour")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("12.4", "objectif pour le 4e trimestre 2026 : au plus 10 jours, pas encore atteint"),
        ("9", "objectif pour le 4e trimestre 2026 : au plus 10 jours, atteint"),
    ],
)
def test_a_declared_figure_says_what_its_source_aims_at(value: str, told: str) -> None:
    example_release()
    declare_aim(value)
    PlaceFigures.objects.exclude(part__is_declared=True).delete()
    (figure,) = poster("S01").figures
    assert figure.place == "Déclaré par le réseau pour\u00a0: Nord"
    assert told in plain(figure.beside)


def test_codes_lead_to_the_results_and_to_telling_what_happened_there(settings: Any) -> None:
    settings.PUBLIC_URL = "https://exemple.example"
    example_release()
    found = poster("S01")
    assert found.results.address == "https://exemple.example/resultats/S01/"
    assert found.tell.address == "https://exemple.example/experiences/partager/?service=S01"


def test_fiction_is_marked() -> None:
    release = example_release(is_demonstration=True)
    assert "lieu fictif" in poster("S01").demonstration
    Structure.objects.update(is_fictional=False)
    assert poster("S01").demonstration == "DÉMONSTRATION – chiffres inventés"
    release.is_demonstration = False
    release.save()
    assert poster("S01").demonstration == ""


def test_a_net_share_is_said_in_words_before_its_balance() -> None:
    """« Le service s'améliore : −22,2 points » cannot be read; 9, 17 and 36 can."""
    structure, release = structure_for_poster_of_a_net_share()
    found = poster_of(structure, release).figures[0]
    assert found.in_words
    assert plain(found.value) == (
        "9 usagers trouvent le service meilleur, 17 le trouvent moins bon, sur 36"
    )
    assert plain(found.compared[0].text) == "Solde des avis : −22,2 points"
    assert "17" not in found.beside


def structure_for_poster_of_a_net_share() -> tuple[Structure, Release]:
    structure = StructureFactory(code="avis", network=NetworkFactory(code="REL"))
    version = IndicatorVersion.objects.get(indicator__code="evolution-percue", number=1)
    GrainFactory(network=structure.network, version=version)
    release = ReleaseFactory(name="2026-04", current=True)
    part = add_part(release, ("REL", "evolution-percue", "1", "2026", False), {"rows": "0" * 64})
    item = {"period": "2026-Q1", "state": "published", "value": "-22.2", "counters": "9|17|36"}
    PlaceFigures.objects.create(part=part, level="structure", place="avis", figures=[item])
    found = structure_for_poster("avis")
    assert found is not None
    return found, release


def test_what_is_withheld_is_said_where_there_is_room() -> None:
    example_release()
    told = [plain(said) for said in poster("S13").withheld]
    assert told == ["Les usagers sont satisfaits : trop peu de réponses pour publier un chiffre"]


def test_nothing_published_is_said_with_what_to_look_at() -> None:
    structure = StructureFactory(code="sans-rien")
    with pytest.raises(RuleViolation, match="encore publiée"):
        poster_of(structure)
    ReleaseFactory(name="2026-04", current=True)
    with pytest.raises(RuleViolation, match="ne publie aucun chiffre"):
        poster_of(structure)


def test_days_that_are_alike_are_written_once() -> None:
    morning, all_day = (time(8, 30), time(12)), (time(9), time(17))
    week = [OpeningInterval(weekday=day, opens=all_day[0], closes=all_day[1]) for day in (0, 1, 4)]
    week.append(OpeningInterval(weekday=2, opens=morning[0], closes=morning[1]))
    week.append(OpeningInterval(weekday=2, opens=time(14), closes=time(16), kind="appointment"))
    assert [(days, plain(hours)) for days, hours in hours_on_paper(week)] == [
        ("Lundi et mardi", "9 h – 17 h"),
        ("Mercredi", "8 h 30 – 12 h, 14 h – 16 h (sur rendez-vous)"),
        ("Jeudi", "fermé"),
        ("Vendredi", "9 h – 17 h"),
    ]


def test_the_command_writes_the_poster(tmp_path: Path) -> None:
    example_release()
    out = tmp_path / "affiche.pdf"
    call_command("poster", "S01", out=out, format="A3")
    assert out.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"structure": "absente"}, "Aucun lieu n'a le code « absente »"),
        ({"structure": "S01", "release": "1999"}, "Aucune édition publiée ne s'appelle « 1999 »"),
    ],
)
def test_the_command_says_what_is_wrong(options: dict[str, str], told: str, tmp_path: Path) -> None:
    example_release()
    with pytest.raises(CommandError, match=told):
        call_command(
            "poster",
            options["structure"],
            out=tmp_path / "a.pdf",
            release=options.get("release", ""),
        )
