"""The DILA's current dump: every field of the fictional fixture, and hostile records."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.directory.sources import READERS
from guichet.directory.sources.base import Fault, SourceInterval, SourcePhone, SourceStructure

FIXTURE = Path(__file__).parent / "sources_dila_fictional.json"
FIRST = "00000000-0000-4000-8000-000000000001"


def read(path: str) -> tuple[dict[str, SourceStructure], list[Fault]]:
    items = list(READERS["dila"].read(path))
    structures = {item.identifier: item for item in items if isinstance(item, SourceStructure)}
    return structures, [item for item in items if isinstance(item, Fault)]


@pytest.fixture(scope="module")
def town_hall() -> SourceStructure:
    return read(str(FIXTURE))[0][FIRST]


@pytest.fixture
def read_one(tmp_path: Path) -> Callable[..., tuple[SourceStructure | None, list[Fault]]]:
    def read_record(**values: object) -> tuple[SourceStructure | None, list[Fault]]:
        path = tmp_path / "one.json"
        path.write_text(json.dumps([{"id": "fictif", "nom": "Fictif", **values}]))
        structures, faults = read(str(path))
        return structures.get("fictif"), faults

    return read_record


def test_identity(town_hall: SourceStructure) -> None:
    assert town_hall.line == 1
    assert town_hall.name == "Mairie - Exempleville (fictive)"
    assert town_hall.former_name == "Mairie d'Exemple-le-Vieux"
    assert town_hall.kinds == ("mairie",)
    assert town_hall.level == "site"
    assert town_hall.siret == "21450300000012"
    assert town_hall.other_identifiers == (("dila2016", "mairie-45300-01"), ("itm", "374012"))
    assert town_hall.updated_on == date(2025, 3, 8)


def test_the_address_to_visit_is_preferred_to_the_postal_one(town_hall: SourceStructure) -> None:
    assert town_hall.address_lines == ("Hôtel de ville", "251 route d'Orléans")
    assert (town_hall.postal_code, town_hall.town) == ("45640", "Exempleville")
    assert (town_hall.latitude, town_hall.longitude) == (47.845798, 2.02933)
    assert town_hall.position_source == "dila"
    assert (town_hall.accessibility, town_hall.accessibility_note) == ("ACC", "rampe d'accès")
    assert (town_hall.commune_code, town_hall.served_commune_codes) == ("45300", ("45300",))


def test_the_ways_to_reach_it(town_hall: SourceStructure) -> None:
    assert town_hall.phones == (
        SourcePhone("01 99 00 12 34", "Standard"),
        SourcePhone("01 99 00 12 35", ""),
        SourcePhone("06 39 98 12 34", ""),
    )
    assert town_hall.relay_phone == "01 99 00 12 36"
    assert town_hall.emails == ("mairie@exempleville.example.fr",)
    assert town_hall.websites == (
        ("Site de la ville", "https://www.exempleville.fr"),
        ("Saisine par voie électronique", "https://www.exempleville.fr/sve"),
    )
    assert town_hall.contact_form == "https://www.exempleville.fr/contact"
    assert town_hall.chat == "https://www.exempleville.fr/tchat"
    assert town_hall.social_links == (("Mastodon", "https://social.exempleville.fr/@mairie"),)
    assert town_hall.information == "Passeports et cartes d'identité.\nPremier étage."


def test_its_hours(town_hall: SourceStructure) -> None:
    morning, afternoon = (time(9), time(12)), (time(14), time(17))
    assert town_hall.hours == (
        SourceInterval(0, *morning),
        SourceInterval(0, *afternoon),
        SourceInterval(1, *morning),
        SourceInterval(1, *afternoon),
        SourceInterval(3, *morning, "appointment"),
        SourceInterval(5, *morning, "walk_in", "2e et 4e samedis du mois"),
    )
    assert town_hall.unknown_weekdays == ()
    assert town_hall.hours_text == "Fermé l'après-midi au mois d'août"


def test_children_are_given_by_their_parent_and_other_links_left(
    town_hall: SourceStructure,
) -> None:
    assert town_hall.child_identifiers == ("00000000-0000-4000-8000-000000000002",)
    assert town_hall.parent_identifier == ""


def test_nested_fields_written_as_json_strings_are_read_alike() -> None:
    structures, faults = read(str(FIXTURE))
    house = structures["00000000-0000-4000-8000-000000000002"]
    assert house.kinds == ("france_services",)
    assert house.served_commune_codes == ("45300", "45301")
    assert house.address_lines == ("2 rue Imaginaire",)
    assert house.phones == (SourcePhone("3646", ""),)
    assert house.emails == ("contact@franceservices.example.fr",)
    assert house.websites == (("", "http://www.exempleville.fr/fs"),)
    assert house.partners == ("france_service",)
    assert ("france-services", "france-services-2057") in house.other_identifiers
    assert house.updated_on == date(2026, 2, 3)
    assert (house.latitude, house.longitude) == (47.8461, 2.0301)
    assert house.hours is None
    assert house.hours_text == "Lundi - Vendredi : 25:99 - 12:00:00"
    assert [(fault.line, fault.field, fault.severity) for fault in faults[:2]] == [
        (2, "adresse.latitude, longitude", "warning"),
        (2, "plage_ouverture", "warning"),
    ]
    assert "25:99" in faults[1].value


def test_national_services_are_kept_with_their_level_and_withdrawn_ones_left_out() -> None:
    structures, faults = read(str(FIXTURE))
    assert list(structures) == [f"{FIRST[:-1]}{rank}" for rank in (1, 2, 4)]
    national = structures["00000000-0000-4000-8000-000000000004"]
    assert (national.level, national.kinds, national.acronym) == ("national", (), "DNE")
    assert national.other_identifiers == (("siren", "130025000"),)
    assert national.information == "Recense les exemples."
    assert (national.updated_on, faults[-1].value) == (None, "31/02/2025 00:00:00")


def test_named_people_are_never_given() -> None:
    structures, faults = read(str(FIXTURE))
    everything = json.dumps(
        [asdict(item) for item in (*structures.values(), *faults)], default=str
    ).lower()
    assert "exempleville" in everything
    assert "truchemuche" not in everything
    assert "nobie" not in everything


@pytest.mark.parametrize("field", ["statut_de_diffusion", "service_disponible"])
@pytest.mark.parametrize("value", [False, "false", "Non", "0"])
def test_a_withdrawn_record_is_as_absent(
    field: str, value: object, read_one: Callable[..., tuple[SourceStructure | None, list[Fault]]]
) -> None:
    assert read_one(**{field: value}) == (None, [])


@pytest.mark.parametrize("value", [True, "true", "", None, "oui"])
def test_a_record_in_force_is_read(
    value: object, read_one: Callable[..., tuple[SourceStructure | None, list[Fault]]]
) -> None:
    structure, _ = read_one(statut_de_diffusion=value, service_disponible=value)
    assert structure is not None


@pytest.mark.parametrize(("missing", "message"), [("id", "identifiant"), ("nom", "nom")])
def test_a_record_without_identity_is_refused(
    missing: str,
    message: str,
    read_one: Callable[..., tuple[SourceStructure | None, list[Fault]]],
) -> None:
    structure, (fault,) = read_one(**{missing: " "})
    assert structure is None
    assert (fault.line, fault.field, fault.severity) == (1, missing, "error")
    assert message in fault.message.lower()


@pytest.mark.parametrize(
    ("values", "attribute", "expected"),
    [
        ({"code_insee_commune": ["45300"]}, "commune_code", "45300"),
        ({"code_insee_commune": 75056}, "commune_code", "75056"),
        (
            {"pivot": [{"type_service_local": "epci", "code_insee_commune": "45300"}]},
            "commune_code",
            "45300",
        ),
        (
            {
                "pivot": [
                    {"type_service_local": "epci", "code_insee_commune": ["45300"]},
                    {"type_service_local": "mairie", "code_insee_commune": ["45301", "45300"]},
                ]
            },
            "kinds",
            ("epci", "mairie"),
        ),
        (
            {"adresse": [{"type_adresse": "Adresse postale", "numero_voie": "BP 1"}]},
            "address_lines",
            ("BP 1",),
        ),
        (
            {"adresse": [{"latitude": 52.52, "longitude": 13.4, "pays": "Allemagne"}]},
            "latitude",
            52.52,
        ),
        ({"adresse": [{"code_postal": "D-10117", "pays": "Allemagne"}]}, "postal_code", "D-10117"),
        ({"adresse": {"numero_voie": "1 rue Seule"}}, "address_lines", ("1 rue Seule",)),
        ({"telephone": "01 99 00 12 34"}, "phones", (SourcePhone("01 99 00 12 34"),)),
        (
            {"telephone_accessible": ["https://relais.exemple.fr"]},
            "websites",
            (("Relais pour personnes sourdes ou malentendantes", "https://relais.exemple.fr"),),
        ),
        (
            {"adresse_courriel": "https://exemple.fr/contact"},
            "contact_form",
            "https://exemple.fr/contact",
        ),
        ({"adresse_courriel": "a@b.fr;c@d.fr"}, "emails", ("a@b.fr", "c@d.fr")),
        (
            {"sve": [{"libelle": "Déposer", "valeur": "https://exemple.fr/sve"}]},
            "websites",
            (("Déposer", "https://exemple.fr/sve"),),
        ),
        (
            {"hierarchie": [{"type_hierarchie": "Service Père", "service": "parent-1"}]},
            "parent_identifier",
            "parent-1",
        ),
        ({"date_creation": "18/01/2012 00:00:00"}, "updated_on", date(2012, 1, 18)),
    ],
)
def test_other_spellings_of_a_field(
    values: dict[str, object],
    attribute: str,
    expected: object,
    read_one: Callable[..., tuple[SourceStructure | None, list[Fault]]],
) -> None:
    structure, faults = read_one(**values)
    assert getattr(structure, attribute) == expected
    assert faults == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"adresse": [{"latitude": "0", "longitude": "0"}]}, "adresse.latitude, longitude"),
        ({"adresse": [{"latitude": 0, "longitude": 0}]}, "adresse.latitude, longitude"),
        ({"adresse": [{"code_postal": "4564"}]}, "adresse.code_postal"),
        ({"adresse": [{"accessibilite": "PMR"}]}, "adresse.accessibilite"),
        ({"adresse": "[{"}, "adresse"),
        ({"telephone": [{"valeur": "01 99"}]}, "telephone"),
        ({"adresse_courriel": ["mairie"]}, "adresse_courriel"),
        ({"site_internet": [{"valeur": "javascript:alert(1)"}]}, "site_internet"),
        ({"siret": "123"}, "siret"),
        ({"date_modification": "hier"}, "date_modification"),
        ({"plage_ouverture": ["lundi"]}, "plage_ouverture"),
    ],
)
def test_a_field_left_aside_is_a_warning_and_the_structure_is_kept(
    values: dict[str, object],
    field: str,
    read_one: Callable[..., tuple[SourceStructure | None, list[Fault]]],
) -> None:
    structure, (fault,) = read_one(**values)
    assert structure is not None
    assert (fault.field, fault.severity, fault.identifier) == (field, "warning", "fictif")
    assert fault.message
    assert fault.done


FIELDS = sorted(json.loads(FIXTURE.read_text(encoding="utf-8"))["service"][0])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "valeur",
                    "latitude",
                    "longitude",
                    "type_hierarchie",
                    "service",
                    "libelle",
                    "type_service_local",
                    "code_insee_commune",
                    "nom_jour_debut",
                    "pays",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), json_values | json_values.map(json.dumps)))
def test_fields_of_any_type_are_read_or_told_and_give_text_that_can_be_stored(
    read_one: Callable[..., tuple[SourceStructure | None, list[Fault]]],
    values: dict[str, object],
) -> None:
    values = {**values, "id": "fictif", "nom": "Fictif", "statut_de_diffusion": True}
    values.pop("service_disponible", None)
    structure, faults = read_one(**values)
    assert structure is not None
    stored = json.dumps([asdict(structure), *map(asdict, faults)], default=str, ensure_ascii=False)
    assert stored.encode()
    assert "\\u0000" not in stored
