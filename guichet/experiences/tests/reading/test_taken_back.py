"""A story taken back by its author, with the real action: absent from everything that is public."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.following.actions.leaving import withdraw
from guichet.experiences.models import Addressee, Author
from guichet.experiences.reading.figures import count_all
from guichet.experiences.reading.open_table import EXPERIENCES
from guichet.experiences.tests.factories import PromiseFactory, ReplyFactory
from guichet.publication.open_data.exporting import write_tables
from guichet.publication.open_data.kept_files import folder_of, refresh

WORDS = ("Zébrure", "quinquagénaire", "hippocampe", "Kalliope")
ADDRESSES = (
    "/experiences/",
    "/experiences/?q=quinquagenaire",
    "/experiences/?service=caf-lille",
    "/experiences/services/caf-lille/",
    "/experiences/reseaux/caf/",
    "/experiences/territoires/59/",
    "/experiences/flux.atom",
    "/experiences/services/caf-lille/flux.atom",
    "/experiences/reseaux/caf/flux.atom",
    "/experiences/territoires/59/flux.atom",
    "/services/caf-lille/",
    "/api/v1/experiences",
)


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
    count_all()
    return story


def told(client, address):
    return client.get(address).content.decode()


def test_a_withdrawn_story_is_nowhere(client, story, tmp_path):
    path = story.get_absolute_url()
    shown = [address for address in ADDRESSES if "Zébrure" in told(client, address)]
    assert set(shown) == set(ADDRESSES)
    refresh(EXPERIENCES)
    withdraw(story.author)
    refresh(EXPERIENCES)
    count_all()
    for address in (*ADDRESSES, path):
        text = told(client, address)
        assert not [word for word in WORDS if word in text], address
    assert client.get(path).status_code == 410
    assert client.get(f"/api/v1/experiences/{story.pk}").status_code == 404
    assert "Récits qui ont reçu" in told(client, "/experiences/services/caf-lille/")
    write_tables(tmp_path, lambda words: None)
    files = [one for one in folder_of(EXPERIENCES).rglob("*") if one.is_file()]
    files += list(tmp_path.glob("experiences.*"))
    assert len(files) >= 6
    for file in files:
        content = file.read_bytes()
        assert not [word for word in WORDS if word.encode() in content], file
    assert pq.read_table(tmp_path / "experiences.parquet").num_rows == 0
    assert json.loads((tmp_path / "experiences.json").read_text()) == []
