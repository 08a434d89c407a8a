import csv
import gzip
import io
from pathlib import Path

import pytest
from django.conf import settings

from guichet.core.errors import RuleViolation
from guichet.territories import importing
from guichet.territories.importing import import_territories, replace_approximate_positions
from guichet.territories.models import Commune, FormerCommune, PositionSource
from guichet.territories.reading import (
    REFERENCE_FOLDER,
    Reference,
    UnreadableFile,
    read_reference,
)

COLUMNS = [
    "code_insee", "nom", "type", "commune_parente", "departement", "region", "zone", "epci",
    "siren", "codes_postaux", "population", "lat", "lon", "source_coord", "lat_mairie",
    "lon_mairie",
]  # fmt: skip
KINDS = {"commune": "COM", "arrondissement": "ARM"}
BOURG = "01053"
SHIPPED = 391 + 21


@pytest.fixture(scope="session")
def ain_and_paris():
    """The shipped list, cut down to two départements so that a test takes no second."""
    whole = read_reference()
    communes = [row for row in whole.communes if row.departement in {"01", "75"}]
    codes = {row.insee_code for row in communes}
    former = [row for row in whole.former if row.insee_code in codes]
    return Reference(whole.regions, whole.departements, communes, former)


@pytest.fixture
def small_installation(no_territories, ain_and_paris, monkeypatch):
    """Ain and Paris are all that is shipped, and loaded."""
    monkeypatch.setattr(importing, "read_reference", lambda: ain_and_paris)
    import_territories()


@pytest.fixture(scope="session")
def shipped_rows(ain_and_paris):
    """The shipped list in the layout of the better one, centroids for positions."""
    return [
        {
            **dict.fromkeys(COLUMNS, ""),
            "code_insee": row.insee_code,
            "nom": row.name,
            "type": KINDS[row.kind],
            "commune_parente": row.parent,
            "departement": row.departement,
            "codes_postaux": "|".join(row.postal_codes),
            "population": str(row.population),
            "lat": str(row.position[0]),
            "lon": str(row.position[1]),
        }
        for row in ain_and_paris.communes
    ]


@pytest.fixture
def communes_file(tmp_path, shipped_rows):
    """Writes the list after changing lines: a dict changes the line, None removes it."""

    def write(changes=None, *, added=(), name="communes.csv"):
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in shipped_rows:
            change = (changes or {}).get(row["code_insee"], {})
            if change is not None:
                writer.writerow({**row, **change})
        writer.writerows(added)
        path = tmp_path / name
        content = text.getvalue().encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write


def stored():
    fields = [field.attname for field in Commune._meta.concrete_fields]
    return list(Commune.objects.order_by("insee_code").values_list(*fields))


def test_an_empty_installation_gets_the_whole_list(no_territories):
    report = import_territories()
    assert (report.applied, report.created, report.faults) == (True, 35_014, [])
    assert Commune.objects.whole().count() == 34_969
    assert report.former == FormerCommune.objects.count() > 4_700
    assert sum(report.positions.values()) == 35_014
    lille = Commune.objects.get(insee_code="59350")
    assert (lille.name, lille.departement.region.name) == ("Lille", "Hauts-de-France")


@pytest.mark.usefixtures("small_installation")
class TestOnALoadedInstallation:
    def test_a_second_import_changes_nothing(self):
        before = stored()
        report = import_territories()
        assert (report.created, report.updated, report.removed) == (0, 0, 0)
        assert report.unchanged == SHIPPED
        assert stored() == before

    def test_a_changed_or_missing_row_is_mended(self):
        Commune.objects.filter(insee_code=BOURG).update(name="Bourg", search_name="bourg")
        Commune.objects.filter(insee_code="01004").delete()
        report = import_territories()
        assert (report.created, report.updated) == (1, 1)
        assert Commune.objects.get(insee_code=BOURG).search_name == "bourg en bresse"

    @pytest.mark.parametrize("name", ["communes.csv", "communes.csv.gz"])
    def test_a_better_list_replaces_names_figures_and_positions(self, communes_file, name):
        path = communes_file(
            {
                BOURG: {
                    "nom": "Bourg-Neuf",
                    "population": "12",
                    "codes_postaux": "01009|01000",
                    "lat_mairie": "46.2050",
                    "lon_mairie": "5.2280",
                }
            },
            name=name,
        )
        assert import_territories(path).applied
        bourg = Commune.objects.get(insee_code=BOURG)
        assert (bourg.name, bourg.population) == ("Bourg-Neuf", 12)
        assert bourg.postal_codes == ["01000", "01009"]
        assert (bourg.latitude, bourg.position_source) == (46.205, PositionSource.TOWN_HALL)
        assert Commune.objects.get(insee_code="01004").position_source == PositionSource.CENTROID
        report = import_territories(path)
        assert (report.updated, report.unchanged) == (0, SHIPPED)

    def test_the_shipped_list_does_not_undo_better_positions(self, communes_file):
        import_territories(communes_file({BOURG: {"lat": "46.2", "lon": "5.2"}}))
        import_territories()
        bourg = Commune.objects.get(insee_code=BOURG)
        assert (bourg.latitude, bourg.position_source) == (46.2, PositionSource.CENTROID)

    def test_a_town_hall_far_from_its_commune_is_not_believed(self, communes_file):
        far = {"lat_mairie": "45.7640", "lon_mairie": "4.8357"}
        import_territories(communes_file({BOURG: far}))
        bourg = Commune.objects.get(insee_code=BOURG)
        assert bourg.position_source == PositionSource.CENTROID

    def test_a_list_without_a_position_keeps_the_shipped_one(self, communes_file):
        before = Commune.objects.get(insee_code=BOURG)
        import_territories(communes_file({BOURG: {"lat": "", "lon": ""}}))
        after = Commune.objects.get(insee_code=BOURG)
        assert (after.latitude, after.position_source) == (before.latitude, "geonames")

    def test_a_position_that_cannot_be_right_is_left_aside_and_told(self, communes_file):
        report = import_territories(
            communes_file(
                {
                    BOURG: {"lat": "5.2280", "lon": "46.2050"},
                    "01004": {"lat": "0", "lon": "0"},
                    "01007": {"lat": "nord", "lon": "5.3"},
                }
            )
        )
        assert report.applied
        told = {fault.identifier: fault for fault in report.faults}
        assert "inversées" in told[BOURG].message
        assert "0,0" in told["01004"].message
        assert (told["01007"].field, told["01007"].value) == ("lat", "nord")
        assert {fault.severity for fault in report.faults} == {"warning"}
        assert Commune.objects.get(insee_code=BOURG).position_source == "geonames"

    def test_every_fault_is_told_with_its_line_and_nothing_changes(self, communes_file):
        before = stored()
        report = import_territories(
            communes_file(
                {
                    "01001": {"code_insee": "1001"},
                    "01002": {"nom": ""},
                    "01004": {"type": "VILLE"},
                    "01005": {"departement": "00"},
                    "01006": {"codes_postaux": "01300|O1300"},
                    "01007": {"population": "-3"},
                    "01008": {"type": "ARM", "commune_parente": "01999"},
                    "01009": {"code_insee": "01010"},
                    "01011": {"codes_postaux": "٠١٢٣٤"},
                }
            )
        )
        assert not report.applied
        assert [(fault.line, fault.field) for fault in report.faults] == [
            (2, "code_insee"),
            (3, "nom"),
            (4, "type"),
            (5, "code_insee"),
            (5, "departement"),
            (6, "codes_postaux"),
            (7, "population"),
            (10, "code_insee"),
            (11, "codes_postaux"),
            (8, "commune_parente"),
        ]
        assert {fault.done for fault in report.faults} == {"fichier refusé"}
        assert stored() == before

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "il manque les colonnes"),
            (b"code;nom\n01001;Lille\n", "il manque les colonnes"),
            (b"\x1f\x8b\x08\x00cut", "coupé ou abîmé"),
            ("code_insee,nom\n01001,Évry\n".encode("latin-1"), "UTF-8"),
            (b"\x00\x01\x02\x03\n", "texte CSV"),
            (b"a" * 300_000, "trop long"),
            (",".join(COLUMNS).encode() + b"\n", "aucune ligne"),
            (",".join(COLUMNS).encode() + b"\n01001,Lille\n", "colonnes au lieu de"),
            (",".join(COLUMNS).encode() + b'\n01001,"Lille\n', "CSV correct"),
        ],
    )
    def test_a_file_that_is_not_the_list_is_refused(self, tmp_path, content, told):
        path = tmp_path / "communes.csv"
        path.write_bytes(content)
        with pytest.raises(UnreadableFile, match=told):
            import_territories(path)

    def test_a_missing_file_is_refused(self, tmp_path):
        with pytest.raises(UnreadableFile, match="ne peut pas être lu"):
            import_territories(tmp_path / "absent.csv")
        with pytest.raises(UnreadableFile, match="ne peut pas être lu"):
            import_territories(tmp_path)

    def test_an_archive_cut_in_the_middle_changes_nothing(self, communes_file):
        before = stored()
        path = communes_file(name="communes.csv.gz")
        path.write_bytes(path.read_bytes()[:5_000])
        with pytest.raises(UnreadableFile, match="coupé"):
            import_territories(path)
        assert stored() == before

    def test_a_list_cut_at_a_line_is_refused(self, tmp_path, communes_file):
        whole = communes_file().read_text("utf-8").splitlines(keepends=True)
        path = tmp_path / "cut.csv"
        path.write_text("".join(whole[:200]), "utf-8")
        with pytest.raises(UnreadableFile, match=f"199 des {SHIPPED} communes"):
            import_territories(path)

    def test_a_new_commune_without_a_position_stands_in_its_departement_flagged(
        self, communes_file, shipped_rows
    ):
        new = {
            **shipped_rows[0],
            "code_insee": "01999",
            "nom": "Neuve",
            "lat": "",
            "lon": "",
        }
        assert import_territories(communes_file(added=[new])).created == 1
        commune = Commune.objects.get(insee_code="01999")
        assert commune.position_is_approximate
        assert commune.latitude == commune.departement.latitude

    def test_a_commune_that_is_gone_is_removed(self, communes_file):
        report = import_territories(communes_file({"01004": None}))
        assert report.removed == 1
        assert not Commune.objects.filter(insee_code="01004").exists()

    def test_a_failure_half_way_leaves_everything_as_it_was(self, communes_file, monkeypatch):
        before = stored()

        def fail(rows):
            raise RuleViolation("arrêt")

        monkeypatch.setattr(importing, "write_former", fail)
        with pytest.raises(RuleViolation):
            import_territories(communes_file({BOURG: {"nom": "Bourg-Neuf"}}))
        assert stored() == before


@pytest.mark.usefixtures("small_installation")
class TestTownHalls:
    FLAGGED, SURE = "01001", BOURG

    def test_a_flagged_position_becomes_that_of_the_town_hall(self):
        assert Commune.objects.get(insee_code=self.FLAGGED).position_is_approximate
        assert replace_approximate_positions({self.FLAGGED: (46.1517, 4.9201)}) == 1
        commune = Commune.objects.get(insee_code=self.FLAGGED)
        assert (commune.latitude, commune.longitude) == (46.1517, 4.9201)
        assert commune.position_source == PositionSource.TOWN_HALL
        assert replace_approximate_positions({self.FLAGGED: (46.0, 5.0)}) == 0

    def test_a_sure_position_is_kept(self):
        assert replace_approximate_positions({self.SURE: (46.3, 5.3)}) == 0

    @pytest.mark.parametrize(
        "wrong", [(0.0, 0.0), (4.9201, 46.1517), (43.3, 5.4), (-20.9, 55.5), (float("nan"), 5.0)]
    )
    def test_a_town_hall_that_cannot_be_there_is_ignored(self, wrong):
        assert replace_approximate_positions({self.FLAGGED: wrong}) == 0
        assert Commune.objects.get(insee_code=self.FLAGGED).position_is_approximate

    def test_unknown_communes_and_no_town_hall_at_all_change_nothing(self):
        assert replace_approximate_positions({}) == 0
        assert replace_approximate_positions({"99999": (46.0, 5.0)}) == 0


def test_the_shipped_files_are_those_that_are_read():
    assert {path.name for path in REFERENCE_FOLDER.iterdir()} == {
        "communes.csv.gz",
        "departements.csv",
        "passage.csv.gz",
        "regions.csv",
        "roadless.csv",
    }


@pytest.mark.usefixtures("load_reference_territories")
def test_the_real_better_list_is_accepted():
    shared: Path | None = settings.SHARED_DATA
    if not shared or not (shared / "communes_2026.csv.gz").exists():
        pytest.skip("GUICHET_SHARED_DATA ne contient pas communes_2026.csv.gz")
    report = import_territories(shared / "communes_2026.csv.gz")
    assert report.applied
    assert {fault.identifier for fault in report.faults} == {"98815"}
    assert report.positions["town_hall"] > 31_000
    assert report.positions["approximate"] < 50
