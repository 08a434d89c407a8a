"""The import of a source: whole or nothing, idempotent, agents' corrections kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from guichet.accounts.tests.factories import UserFactory
from guichet.directory.actions.corrections import Interval, correct_hours, correct_structure
from guichet.directory.actions.structures import move_structure
from guichet.directory.importing import ImportReport, import_structures
from guichet.directory.models import Correction, ImportRun, SourceIdentifier, Structure
from guichet.directory.schedules import schedule_of
from guichet.directory.sources.base import Fault, SourceInterval, SourcePhone, SourceStructure
from guichet.territories.models import Commune
from guichet.territories.tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db

MONDAY = SourceInterval(0, time(9), time(12))
TUESDAY = SourceInterval(1, time(14), time(17))


@pytest.fixture(autouse=True)
def lille() -> Commune:
    return CommuneFactory(insee_code="59350", name="Lille", latitude=50.63, longitude=3.06)


def place(identifier: str = "mairie-59350-01", **values: Any) -> SourceStructure:
    return SourceStructure(
        **{
            "line": 2,
            "identifier": identifier,
            "other_identifiers": (),
            "name": "Mairie de Lille",
            "kinds": ("mairie",),
            "commune_code": "59350",
            "latitude": 50.6306,
            "longitude": 3.0708,
            "hours": (MONDAY,),
            "phones": (SourcePhone("03 20 49 50 00"),),
            "updated_on": date(2026, 10, 1),
            **values,
        }
    )


def load(
    items: Iterable[SourceStructure | Fault], source: str = "dila", **options: Any
) -> ImportReport:
    return import_structures(items, source=source, **options)


def test_a_structure_is_created_with_its_facts() -> None:
    report = load([place()])
    assert report.applied
    assert report.counts["created"] == 1
    structure = Structure.objects.get(code="mairie-59350-01")
    assert structure.commune_id == "59350"
    assert structure.phones[0]["number"] == "+33320495000"
    assert structure.hours_known
    assert [interval.weekday for interval in structure.intervals.all()] == [0]
    assert str(structure.path) == str(structure.pk)


def test_the_same_file_twice_changes_nothing() -> None:
    load([place()])
    before = Structure.objects.values().get()
    report = load([place(line=40)])
    assert report.counts["unchanged"] == 1
    assert Structure.objects.values().get() == before


def test_a_changed_row_is_updated_under_the_same_code() -> None:
    load([place()])
    report = load([place(name="Hôtel de ville de Lille", hours=(MONDAY, TUESDAY))])
    assert report.counts["updated"] == 1
    structure = Structure.objects.get(code="mairie-59350-01")
    assert structure.name == "Hôtel de ville de Lille"
    assert structure.intervals.count() == 2


def test_one_error_refuses_the_whole_file_and_says_the_line() -> None:
    report = load([place(), place("mairie-99999-01", line=3, commune_code="99999")])
    assert not report.applied
    assert Structure.objects.count() == 0
    assert [(fault.line, fault.field, fault.value) for fault in report.errors] == [
        (3, "code_insee", "99999")
    ]


def test_keep_going_loads_what_is_good() -> None:
    report = load([place(), place("mairie-99999-01", commune_code="99999")], keep_going=True)
    assert report.applied
    assert list(Structure.objects.values_list("code", flat=True)) == ["mairie-59350-01"]


def test_a_dry_run_says_what_would_change_and_writes_nothing() -> None:
    report = load([place()], dry_run=True)
    assert report.counts["created"] == 1
    assert not report.applied
    assert Structure.objects.count() == 0
    assert ImportRun.objects.count() == 0


def many(count: int) -> list[SourceStructure]:
    return [place(f"mairie-59350-{rank:02}", line=rank) for rank in range(1, count + 1)]


def test_a_structure_gone_from_the_source_closes_and_reopens_when_it_comes_back() -> None:
    load(many(40))
    report = load(many(39))
    assert report.counts["closed"] == 1
    gone = Structure.objects.get(code="mairie-59350-40")
    assert gone.closed_on is not None
    report = load(many(40))
    assert report.counts["reopened"] == 1
    gone.refresh_from_db()
    assert gone.closed_on is None


def test_many_closures_need_to_be_allowed() -> None:
    load(many(40))
    report = load(many(30))
    assert not report.applied
    assert "--allow-closures" in report.refusal
    assert Structure.objects.filter(closed_on__isnull=False).count() == 0
    assert load(many(30), allow_closures=True).counts["closed"] == 10


def test_a_source_closes_only_its_own_structures() -> None:
    load(many(3), source="dila2016")
    load([place("other-1", line=1)], source="dila")
    load([place("other-2", line=1)], source="dila", allow_closures=True)
    assert Structure.objects.filter(source="dila2016", closed_on__isnull=True).count() == 3


def test_a_refused_row_does_not_close_its_structure() -> None:
    load(many(2))
    report = load([many(1)[0], place("mairie-59350-02", commune_code="99999")], keep_going=True)
    assert report.counts["closed"] == 0


def test_an_agents_correction_survives_and_the_source_value_waits_beside() -> None:
    load([place()])
    structure = Structure.objects.get()
    correct_structure(structure=structure, by=None, information="Entrée par la cour")
    load([place(information="Entrée principale")])
    structure.refresh_from_db()
    assert structure.information == "Entrée par la cour"
    assert Correction.objects.get().source_value == "Entrée principale"


def test_corrected_hours_survive_while_other_fields_follow_the_source() -> None:
    load([place()])
    structure = Structure.objects.get()
    correct_hours(structure=structure, intervals=[Interval(2, time(8), time(18))], by=None)
    load([place(name="Nouveau nom", hours=(TUESDAY,))])
    structure.refresh_from_db()
    assert structure.name == "Nouveau nom"
    assert [interval.weekday for interval in structure.intervals.all()] == [2]


def test_a_newer_source_takes_over_through_the_old_identifier() -> None:
    load([place("mairie-59350-01")], source="dila2016")
    load(
        [
            place(
                "1b2c-uuid",
                name="Mairie – Lille",
                other_identifiers=(("dila2016", "mairie-59350-01"),),
            )
        ],
        source="dila",
    )
    structure = Structure.objects.get()
    assert structure.code == "mairie-59350-01"
    assert structure.source == "dila"
    assert structure.name == "Mairie – Lille"
    schemes = SourceIdentifier.objects.values_list("scheme", flat=True)
    assert set(schemes) == {"dila", "dila2016"}


def test_an_older_source_never_overwrites_a_better_one() -> None:
    load([place("mairie-59350-01")], source="dila2016")
    load([place("uuid", other_identifiers=(("dila2016", "mairie-59350-01"),))], source="dila")
    report = load([place("mairie-59350-01", name="Vieux nom")], source="dila2016")
    assert report.counts["kept_from_better_source"] == 1
    assert Structure.objects.get().name == "Mairie de Lille"


def test_two_rows_that_claim_one_old_identifier_make_two_structures() -> None:
    load([place("mairie-59350-01")], source="dila2016")
    old = (("dila2016", "mairie-59350-01"),)
    report = load(
        [place("uuid-1", other_identifiers=old), place("uuid-2", line=3, other_identifiers=old)]
    )
    assert report.applied
    codes = dict(
        SourceIdentifier.objects.filter(scheme="dila").values_list("value", "structure__code")
    )
    assert codes == {"uuid-1": "mairie-59350-01", "uuid-2": "uuid-2"}
    later = load(
        [
            place("uuid-1", other_identifiers=old),
            place("uuid-2", other_identifiers=old),
            place("uuid-3", other_identifiers=old),
        ]
    )
    assert later.counts["created"] == 1


def test_a_refused_file_still_says_all_that_it_would_have_changed() -> None:
    report = load([place("bad", commune_code="99999"), *many(5)])
    assert not report.applied
    assert report.counts["created"] == 5


def test_children_hang_under_their_parent() -> None:
    load(
        [
            place("agence", line=1, parent_identifier="siege"),
            place("siege", line=2),
        ]
    )
    child, parent = Structure.objects.get(code="agence"), Structure.objects.get(code="siege")
    assert child.parent_id == parent.pk
    assert str(child.path) == f"{parent.pk}.{child.pk}"


def test_children_named_by_their_parent_hang_under_it() -> None:
    load([place("siege", child_identifiers=("agence",)), place("agence", line=3)])
    child = Structure.objects.get(code="agence")
    assert child.parent is not None
    assert child.parent.code == "siege"


def test_a_structure_moved_by_hand_stays_where_it_was_put() -> None:
    load([place("siege", line=1), place("agence", line=2), place("autre", line=3)])
    agence = Structure.objects.get(code="agence")
    move_structure(structure=agence, parent=Structure.objects.get(code="autre"), by=UserFactory())
    load(
        [
            place("siege", line=1),
            place("agence", line=2, parent_identifier="siege", name="Agence"),
            place("autre", line=3),
        ]
    )
    agence.refresh_from_db()
    assert (agence.name, agence.parent.code) == ("Agence", "autre")


def test_a_day_that_the_source_could_not_say_is_unknown_and_not_closed() -> None:
    load([place(hours=(MONDAY,), unknown_weekdays=(1,))])
    schedule = schedule_of(Structure.objects.get())
    monday, tuesday, wednesday = (
        datetime(2026, 11, day, 10, tzinfo=ZoneInfo("Europe/Paris")) for day in (23, 24, 25)
    )
    assert schedule.presence(monday).is_open is True
    assert schedule.presence(tuesday).is_open is None
    assert schedule.presence(wednesday).is_open is False


def test_a_national_body_is_not_a_site() -> None:
    load([place(level="national")])
    assert Structure.objects.get().level == "national"


def test_a_loop_of_parents_is_told_and_cut() -> None:
    report = load([place("a", parent_identifier="b"), place("b", parent_identifier="a")])
    assert report.applied
    assert any(fault.field == "hierarchie" for fault in report.warnings)
    assert Structure.objects.filter(parent__isnull=False).count() == 0


def test_without_position_a_site_stands_at_its_commune_and_says_so() -> None:
    load([place(latitude=None, longitude=None)])
    structure = Structure.objects.get()
    assert (structure.latitude, structure.longitude) == (50.63, 3.06)
    assert structure.position_source == "commune"


def test_marks_before_a_name_are_left_out() -> None:
    load([place(name="### Brigade de gendarmerie")])
    assert Structure.objects.get().name == "Brigade de gendarmerie"


def test_a_number_that_cannot_be_dialled_is_told_and_left_aside() -> None:
    report = load([place(phones=(SourcePhone("03 20"), SourcePhone("03 20 49 50 00")))])
    assert [fault.value for fault in report.warnings] == ["03 20"]
    assert len(Structure.objects.get().phones) == 1


def test_faults_of_the_reader_are_all_kept_in_the_run() -> None:
    fault = Fault(7, "x", "horaires", "25:99", "Heure impossible.", "laissée de côté", "warning")
    load([fault, place()])
    run = ImportRun.objects.get()
    assert run.faults[0]["line"] == 7
    assert run.counts["created"] == 1
