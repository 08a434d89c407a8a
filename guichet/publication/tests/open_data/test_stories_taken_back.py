"""A story taken back by its author, with the real action, leaves every file; for the pages, see
`following/test_withdrawn_everywhere.py`."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.following.actions.leaving import withdraw
from guichet.experiences.models import Addressee, Author
from guichet.experiences.reading.open_table import EXPERIENCES
from guichet.experiences.tests.factories import PromiseFactory, ReplyFactory
from guichet.publication.open_data.exporting import write_tables
from guichet.publication.open_data.kept_files import folder_of, refresh

WORDS = ("Zébrure", "quinquagénaire", "hippocampe", "Kalliope")


@pytest.fixture
def story(tell, settings, tmp_path):
    settings.LAKE = str(tmp_path / "lake")
    place = StructureFactory(code="caf-lille", network=NetworkFactory(code="caf"))
    story = tell(
        place,
        title="Zébrure au guichet",
        description="Un quinquagénaire attend.",
        pseudonym="Kalliope",
    )
    reply = ReplyFactory(addressee=Addressee.objects.get(experience=story), text="Un hippocampe.")
    PromiseFactory(reply=reply, what="Un hippocampe neuf")
    Author.objects.create(experience=story, email="elle@exemple.fr")
    return story


def test_a_withdrawn_story_leaves_every_file(client, story, tmp_path):
    path = story.get_absolute_url()
    refresh(EXPERIENCES)
    withdraw(story.author)
    refresh(EXPERIENCES)
    answer = client.get(path)
    assert answer.status_code == 410
    assert not [word for word in WORDS if word in answer.content.decode()]
    assert client.get(f"/api/v1/experiences/{story.pk}").status_code == 404
    write_tables(tmp_path, lambda words: None)
    files = [one for one in folder_of(EXPERIENCES).rglob("*") if one.is_file()]
    files += list(tmp_path.glob("experiences.*"))
    assert len(files) >= 6
    for file in files:
        content = file.read_bytes()
        assert not [word for word in WORDS if word.encode() in content], file
    assert pq.read_table(tmp_path / "experiences.parquet").num_rows == 0
    assert json.loads((tmp_path / "experiences.json").read_text()) == []
