"""The official export with its known faults. Our own: `publication/tests/open_data`."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from guichet.accounts.tests.factories import UserFactory
from guichet.directory.tests.factories import KindFactory, StructureFactory
from guichet.experiences.importing.records import UnreadableExport, records_of
from guichet.experiences.importing.stories import NoSuchColumns
from guichet.experiences.importing.taking_over import take_over
from guichet.experiences.models import Experience, Reply, State
from guichet.experiences.reading.listing import ListWish, listed
from guichet.experiences.tests.factories import ReplyFactory

pytestmark = pytest.mark.django_db
HEADER = (
    "ID expérience;Etat expérience;Écrit le;Date de publication;Date de premiere réponse;Titre;"
    "Description;Pseudonyme usager;Ressenti usager;Intitulé département usager;"
    "Intitulé Typologie 1;Canaux Typologie 1;Intitulé structure 1;Réponse structure 1;"
    "Accessibilité;Information/Explication;Expériences Similaires"
)
GOOD = (
    '6986390;Traitée;2023-05-02;2023-05-04;2023-05-09;Attente;"Deux heures | debout";Léa;Négatif;'
    'Nord;CAF;Téléphone;CAF du Nord;"<p>Bonjour,</p><p>Pardon &amp; merci.</p>";;Négatif;3'
)


def export(tmp_path, *lines, header=HEADER, encoding="utf-8-sig", end="\r\n"):
    path = tmp_path / "export.csv"
    path.write_bytes(end.join([header, *lines, ""]).encode(encoding))
    return path


def test_a_story_is_taken_over_whole(tmp_path):
    StructureFactory(name="CAF du Nord", kind=KindFactory(code="caf", label="CAF"))
    report = take_over(export(tmp_path, GOOD))
    assert report.applied
    assert dict(report.counts) == {"read": 1, "created": 1}
    story = Experience.objects.get()
    assert (story.official_id, story.entry, story.state) == (6986390, "import", "published")
    assert story.description == "Deux heures\ndebout"
    assert (story.feeling, story.information, story.accessibility) == ("negative", "negative", "")
    assert (story.departement_id, story.same_count, story.pseudonym) == ("59", 3, "Léa")
    assert timezone.localdate(story.published_at) == date(2023, 5, 4)
    assert story.written_on == date(2023, 5, 2)
    addressee = story.addressees.get()
    assert addressee.structure.name == "CAF du Nord"
    assert addressee.network == addressee.structure.network
    assert addressee.channels == ["phone"]
    assert timezone.localdate(addressee.first_reply_at) == date(2023, 5, 9)
    assert addressee.replies.get().text == "Bonjour,\nPardon & merci."
    assert [one.pk for one in listed(ListWish(words="attente caf")).items] == [story.pk]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_do_not_matter(tmp_path, encoding, end):
    take_over(export(tmp_path, GOOD, encoding=encoding, end=end))
    assert Experience.objects.get().pseudonym == "Léa"


@pytest.mark.parametrize(
    "written", ["2023-05-04", "04/05/2023", "2023-05-04 00:00:00", "2023-05-04T08:00"]
)
def test_both_shapes_of_dates_are_read(tmp_path, written):
    take_over(export(tmp_path, GOOD.replace("2023-05-04", written)))
    assert timezone.localdate(Experience.objects.get().published_at) == date(2023, 5, 4)


def test_line_breaks_without_quotes_are_mended_and_told(tmp_path):
    told = "Première ligne\nseconde ligne\n\n3 rue"
    broken = f"12;Traitée;;2023-05-04;;Titre;{told};Ana;Neutre;;;;;;;;"
    report = take_over(export(tmp_path, GOOD, broken, GOOD.replace("6986390", "13"), end="\n"))
    assert report.counts["created"] == 3
    (message,) = [one for one in report.warnings if "saut de ligne" in one]
    assert report.warnings[message] == [3]
    story = Experience.objects.get(official_id=12)
    assert story.description == told
    assert story.pseudonym == "Ana"


def test_a_break_in_the_last_cell_belongs_to_its_record(tmp_path):
    header = "ID expérience;Date de publication;Ressenti usager;Description"
    lines = [
        "1;2023-01-02;Positif;Un texte",
        "qui continue",
        '2;2023-01-02;Positif;"Autre',
        'texte"',
    ]
    take_over(export(tmp_path, *lines, header=header, end="\n"))
    told = dict(Experience.objects.values_list("official_id", "description"))
    assert told == {1: "Un texte\nqui continue", 2: "Autre\ntexte"}


def test_a_quote_that_nothing_closes_does_not_swallow_the_rest(tmp_path):
    header = "ID expérience;Date de publication;Ressenti usager;Titre;Description"
    lines = [
        '1;2023-01-02;Positif;"Ouvert;Un texte',
        "2;2023-01-02;Positif;Titre;Un autre",
        '3;2023-01-02;Positif;Il a dit "non";Encore',
    ]
    report = take_over(export(tmp_path, *lines, header=header))
    assert report.counts["created"] == 3
    (message,) = [one for one in report.warnings if "guillemet" in one]
    assert report.warnings[message] == [2]
    titles = dict(Experience.objects.values_list("official_id", "title"))
    assert titles == {1: "Ouvert", 2: "Titre", 3: 'Il a dit "non"'}


def test_older_exports_lack_columns(tmp_path):
    header = "id_experience;date_de_publication;ressenti_usager;description;reponse_structure_1"
    report = take_over(export(tmp_path, "7;02/01/2021;Négatif;Récit;Réponse", header=header))
    assert any("sans date" in message for message in report.warnings)
    story = Experience.objects.get()
    assert story.first_reply_at == story.published_at
    from guichet.experiences.reading.cards import answer_words

    assert answer_words(story) == "Avec une réponse"


def test_columns_that_are_needed_are_named(tmp_path):
    with pytest.raises(NoSuchColumns, match="Ressenti usager"):
        take_over(export(tmp_path, "1;x;y", header="ID expérience;Date de publication;Description"))


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"PK\x03\x04rest", b"un;seul\n"])
def test_what_is_no_export_is_told(tmp_path, content):
    path = tmp_path / "faux.csv"
    path.write_bytes(content)
    with pytest.raises((UnreadableExport, NoSuchColumns)):
        take_over(path)
    with pytest.raises(UnreadableExport):
        list(records_of(tmp_path / "absent.csv"))


def test_a_row_shifted_by_one_semicolon_is_told_by_its_number_of_cells_alone(tmp_path):
    """Its last cell was empty: what is too many is empty too."""
    shifted = GOOD.removesuffix("3").replace(";Léa;", ";;Léa;")
    (message,) = take_over(export(tmp_path, shifted)).errors
    assert "18 cellules, 17 attendues" in message
    assert take_over(export(tmp_path, f"{GOOD};")).applied


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("6986390", "abc", "ID expérience : « abc »"),
        ("2023-05-04", "31/02/2023", "Date de publication"),
        ("2023-05-04", "", "Date de publication : vide"),
        ("Négatif;Nord", "Fâché;Nord", "Ressenti usager"),
        ('"Deux heures | debout"', "", "Description : vide"),
        (";Léa;", ";Léa;de trop;", "cellules"),
        (";Léa;", ";;Léa;", "18 cellules, 17 attendues"),
        ("Négatif;3", "Négatif;3;;;x", "20 cellules, 17 attendues"),
    ],
)
def test_one_wrong_row_and_nothing_is_kept(tmp_path, old, new, words):
    other = GOOD.replace("6986390", "1")
    path = export(tmp_path, other, GOOD.replace(old, new))
    report = take_over(path)
    (message,) = report.errors
    assert words in message
    assert report.errors[message] == [3]
    assert report.refusal
    assert not Experience.objects.exists()
    assert take_over(path, keep_going=True).applied
    assert Experience.objects.get().official_id == 1


def test_a_dry_run_keeps_nothing(tmp_path):
    report = take_over(export(tmp_path, GOOD), dry_run=True)
    assert report.counts["created"] == 1
    assert not Experience.objects.exists()


def test_taking_over_again_changes_nothing(tmp_path):
    path = export(tmp_path, GOOD, GOOD.replace("6986390", "2"))
    take_over(path)
    before = list(Experience.objects.values_list("pk", "changed_at"))
    report = take_over(path)
    assert dict(report.counts) == {"read": 2, "unchanged": 2}
    assert list(Experience.objects.values_list("pk", "changed_at")) == before


def test_taking_over_again_asks_no_more_of_many_stories(tmp_path, django_assert_max_num_queries):
    StructureFactory(name="CAF du Nord", kind=KindFactory(code="caf", label="CAF"))
    path = export(tmp_path, *(GOOD.replace("6986390", str(number)) for number in range(1, 30)))
    take_over(path)
    with django_assert_max_num_queries(12):
        assert take_over(path).counts["unchanged"] == 29


def test_a_service_named_no_more_goes_unless_an_agent_answered_for_it(tmp_path):
    take_over(export(tmp_path, GOOD))
    addressee = Experience.objects.get().addressees.get()
    elsewhere = GOOD.replace("CAF;Téléphone;CAF du Nord", ";;").replace(
        '"<p>Bonjour,</p><p>Pardon &amp; merci.</p>"', ""
    )
    ReplyFactory(addressee=addressee, addition_to=addressee.replies.get(), by=UserFactory())
    take_over(export(tmp_path, elsewhere))
    assert addressee.replies.count() == 2
    Reply.objects.filter(by__isnull=False).delete()
    take_over(export(tmp_path, elsewhere))
    assert not Experience.objects.get().addressees.exists()


def test_what_changed_over_there_changes_here(tmp_path):
    take_over(export(tmp_path, GOOD))
    report = take_over(export(tmp_path, GOOD.replace("Pardon", "Merci encore")))
    assert report.counts["updated"] == 1
    assert "Merci encore" in Reply.objects.get().text


def test_a_story_withdrawn_here_stays_withdrawn(tmp_path):
    path = export(tmp_path, GOOD)
    take_over(path)
    Experience.objects.update(state=State.WITHDRAWN, description="")
    assert take_over(path).counts["taken_back"] == 1
    assert Experience.objects.get().description == ""


def test_an_answer_removed_here_stays_removed(tmp_path):
    path = export(tmp_path, GOOD)
    take_over(path)
    Reply.objects.update(text="", removed_at=timezone.now(), removed_for="insult")
    assert take_over(path).counts["unchanged"] == 1
    assert Reply.objects.get().text == ""


def test_doubles_and_unpublished_stories_are_left(tmp_path):
    rejected = GOOD.replace("6986390", "9").replace("Traitée", "Rejetée")
    report = take_over(export(tmp_path, GOOD, GOOD, rejected))
    assert (report.counts["twice"], report.counts["unpublished"]) == (1, 1)
    assert Experience.objects.count() == 1


def test_numbers_of_persons_are_masked_and_counted(tmp_path):
    line = GOOD.replace("Deux heures | debout", "Rappelez-moi au 06 12 34 56 78")
    report = take_over(export(tmp_path, line))
    assert report.personal == {"numéro de téléphone": [2]}
    assert Experience.objects.get().description == "Rappelez-moi au [téléphone]"


@pytest.mark.parametrize(
    ("name", "kind", "area", "is_found"),
    [
        ("CAF du Nord", "CAF", "", True),
        ("caf du nord", "Mairie", "Nord", True),
        ("CAF du Nord", "Mairie", "", False),
        ("CAF", "CAF", "Nord", False),
        ("Jumelle", "CAF", "Nord", False),
    ],
)
def test_a_structure_is_matched_only_when_certain(tmp_path, name, kind, area, is_found):
    caf = KindFactory(code="caf", label="CAF")
    for each in ("CAF du Nord", "Jumelle", "Jumelle"):
        StructureFactory(name=each, kind=caf)
    line = GOOD.replace("Nord;CAF;Téléphone;CAF du Nord", f"{area};{kind};;{name}")
    report = take_over(export(tmp_path, line))
    addressee = Experience.objects.get().addressees.get()
    assert (addressee.structure is not None) is is_found
    assert addressee.name_entered == name
    assert any("correspondance" in one for one in report.warnings) is not is_found


def test_the_command_tells_what_it_did(tmp_path):
    path = export(tmp_path, GOOD)
    out = io.StringIO()
    call_command("import_experiences", str(path), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["applied"], told["counts"]["created"]) == (True, 1)
    wrong = export(tmp_path, GOOD.replace("Négatif;Nord", "x;Nord"))
    with pytest.raises(CommandError, match="Rien n'a été changé"):
        call_command("import_experiences", str(wrong))
    with pytest.raises(CommandError, match=r"ne se lit pas.*il n'y en a pas à cet endroit"):
        call_command("import_experiences", str(tmp_path / "absent.csv"))
    with pytest.raises(CommandError, match=r"ne se lit pas.*c'est un dossier"):
        call_command("import_experiences", str(tmp_path))
