"""The open table: official titles, every published story, none that was taken back."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.urls import reverse
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.answering.actions import rewrite_reply
from guichet.experiences.models import Event, SecondWord, State
from guichet.experiences.reading.open_columns import COLUMNS, OFFICIAL
from guichet.experiences.reading.open_table import EXPERIENCES, rows
from guichet.experiences.tests.factories import PromiseFactory, ReplyFactory
from guichet.moderation.queue.actions import remove, reopen
from guichet.moderation.tests.factories import ModeratedTextFactory, OriginalTextFactory
from guichet.publication.open_data.kept_files import kept_file, refresh
from guichet.publication.open_data.writers import csv_pieces, write_table

TITLES = Path(__file__).with_name("official_titles.csv")


@pytest.fixture
def lake(settings, tmp_path):
    settings.LAKE = str(tmp_path)
    return tmp_path


def read_csv(content):
    text = content.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def written():
    return read_csv(b"".join(csv_pieces(EXPERIENCES.columns, rows())))


def expanded(title):
    if title.endswith(" 1..3"):
        return {title.replace("1..3", str(rank)) for rank in (1, 2, 3)}
    return {title}


def test_titles_are_those_of_the_official_schema():
    with TITLES.open(encoding="utf-8") as file:
        wanted = set().union(*(expanded(row["libelle_csv"]) for row in csv.DictReader(file)))
    assert wanted == {one.heading for one in COLUMNS if one.source == OFFICIAL}
    if folder := os.environ.get("GUICHET_SHARED_DATA"):
        with (Path(folder) / "spplus_opendata_schema.csv").open(encoding="utf-8") as file:
            real = [row for row in csv.DictReader(file) if row["jeu"] == "experiences"]
        assert set().union(*(expanded(row["libelle_csv"]) for row in real)) == wanted


def test_names_are_given_once():
    assert len({one.name for one in COLUMNS}) == len(COLUMNS)
    assert {"id_experience", "reponse_structure_1", "information_explication"} <= {
        one.name for one in COLUMNS
    }


def test_a_story_stands_with_its_answer(tell):
    place = StructureFactory(code="caf-lille", name="CAF de Lille")
    story = tell(
        place,
        title="Attente ; « longue »",
        description='Ligne un\nLigne "deux" ; fin | suite',
        same_count=2,
    )
    addressee = story.addressees.get()
    reply = ReplyFactory(addressee=addressee, text="Première.", was_useful=True, useful_count=3)
    ReplyFactory(addressee=addressee, addition_to=reply, text="Complément.")
    PromiseFactory(reply=reply, what="Un guichet", outcome="kept")
    story.first_reply_at = addressee.first_reply_at = timezone.now()
    story.save()
    addressee.save()
    (row,) = written()
    assert row["ID expérience"] == str(story.pk)
    assert row["Etat expérience"] == "Traitée"
    assert row["Titre"] == "Attente ; « longue »"
    assert row["Description"] == 'Ligne un\nLigne "deux" ; fin | suite'
    assert row["Ressenti usager"] == "Négatif"
    assert row["Information/Explication"] == "Négatif"
    assert row["Intitulé structure 1"] == "CAF de Lille"
    assert row["Canaux Typologie 1"] == "sur place"
    assert row["Statut réponse structure 1"] == "Répondue"
    assert row["Réponse structure 1"] == "Première.\n\nComplément."
    assert row["Intitulé structure 2"] == ""
    assert row["Date de premiere réponse"] == timezone.localdate().isoformat()
    assert row["Action"] == "Un guichet"
    assert row["Évaluation utile réponse structure 1 par visiteurs"] == "3"
    assert row["Expériences Similaires"] == "2"
    assert row["Réponse 1 jugée utile par l'auteur"] == "true"


def test_a_spreadsheet_takes_no_story_for_a_formula(tell):
    tell(title="=1+1", description="-2 heures")
    (row,) = written()
    assert (row["Titre"], row["Description"]) == ("'=1+1", "'-2 heures")


@pytest.mark.parametrize("state", ["in_moderation", "refused", "oriented", "withdrawn", "removed"])
def test_only_published_stories_are_in_the_file(tell, state):
    tell(StructureFactory(), state=state)
    assert written() == []


def test_the_three_formats_hold_the_same(tell, tmp_path):
    story = tell(StructureFactory(), title="Une seule fois")
    for extension in ("csv", "json", "parquet"):
        write_table(EXPERIENCES.columns, rows(), tmp_path / f"experiences.{extension}")
    assert read_csv((tmp_path / "experiences.csv").read_bytes())[0]["Titre"] == story.title
    assert json.loads((tmp_path / "experiences.json").read_text())[0]["titre"] == story.title
    table = pq.read_table(tmp_path / "experiences.parquet")
    assert table.column("id_experience").to_pylist() == [story.pk]


def test_a_story_taken_back_leaves_the_files_at_the_next_pass(tell, lake):
    kept, gone = tell(title="Resté"), tell(title="Parti bientôt")
    assert refresh(EXPERIENCES) is True
    assert refresh(EXPERIENCES) is False
    assert "Parti bientôt" in kept_file(EXPERIENCES, "csv").path.read_text()
    gone.state, gone.ended_at = State.WITHDRAWN, timezone.now()
    gone.save()
    assert refresh(EXPERIENCES) is True
    for extension in ("csv", "json"):
        text = kept_file(EXPERIENCES, extension).path.read_text()
        assert "Parti bientôt" not in text
        assert "Resté" in text
    titles = pq.read_table(kept_file(EXPERIENCES, "parquet").path).column("titre").to_pylist()
    assert titles == [kept.title]
    assert not [
        path for path in lake.rglob("*") if path.is_file() and b"Parti" in path.read_bytes()
    ]


def test_what_is_new_waits_for_the_next_hour(tell, monkeypatch):
    now = timezone.now().replace(minute=30)
    monkeypatch.setattr(timezone, "now", lambda: now)
    before = EXPERIENCES.stamp()
    story = tell(published_at=now - timedelta(minutes=10))
    assert EXPERIENCES.stamp() == before
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=1))
    later = EXPERIENCES.stamp()
    assert later != before
    Event.objects.create(experience=story, kind=Event.Kind.REPLIED, at=now)
    assert EXPERIENCES.stamp() != later


@pytest.mark.parametrize("what", ["word taken down", "word taken up again", "answer rewritten"])
def test_what_may_have_named_somebody_leaves_the_files_within_the_hour(tell, monkeypatch, what):
    now = timezone.now().replace(minute=30)
    monkeypatch.setattr(timezone, "now", lambda: now)
    story = tell(StructureFactory(), published_at=now - timedelta(days=2))
    reply = ReplyFactory(addressee=story.addressees.get(), published_at=now - timedelta(minutes=9))
    word = ModeratedTextFactory(source="second_word", reference=str(story.pk), state="accepted")
    OriginalTextFactory(text=word)
    SecondWord.objects.create(experience=story, text="Mme Petit", published_at=now)
    before = EXPERIENCES.stamp()
    if what == "answer rewritten":
        seen = reply.published_at.isoformat()
        agent = someone(Role.ADMINISTRATOR)
        text = "Nous vous avons rappelé. Toutes nos excuses pour cette longue attente au guichet."
        rewrite_reply(
            reply=reply, by=agent, text=text, signature="La cheffe", seen=seen, promise=None
        )
    elif what == "word taken down":
        remove(text=word, by=someone(Role.MODERATOR), reason="personal_data")
    else:
        reopen(text=word, by=someone(Role.MODERATOR), note="Mme Petit est nommée")
    assert EXPERIENCES.stamp() != before


def test_many_stories_take_few_queries(tell, django_assert_max_num_queries):
    for _ in range(6):
        ReplyFactory(addressee=tell(StructureFactory()).addressees.get())
    with django_assert_max_num_queries(4):
        assert len(list(rows())) == 6


def test_the_page_of_open_data_offers_it(client, tell, lake):
    tell(StructureFactory())
    assert "Récits des usagers" in client.get("/donnees/").content.decode()
    answer = client.get(reverse("open_table_file", args=["experiences", "csv"]))
    assert answer.status_code == 200
    assert "ID expérience" in b"".join(answer.streaming_content).decode()
