"""Our own export of stories, taken over: the same stories, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from guichet.directory.tests.factories import StructureFactory
from guichet.experiences.importing.taking_over import take_over
from guichet.experiences.models import Experience, Promise, SecondWord
from guichet.experiences.reading.open_table import EXPERIENCES, rows
from guichet.experiences.reading.search import index
from guichet.experiences.tests.factories import AddresseeFactory, ExperienceFactory, ReplyFactory
from guichet.publication.open_data.writers import write_table

pytestmark = pytest.mark.django_db


def our_export(tmp_path):
    path = tmp_path / "experiences.csv"
    write_table(EXPERIENCES.columns, rows(), path)
    return path


CONTENT = [
    "titre",
    "description",
    "pseudonyme_usager",
    "ecrit_le",
    "date_de_publication",
    "date_de_premiere_reponse",
    "ressenti_usager",
    "information_explication",
    "intitule_structure_1",
    "canaux_typologie_1",
    "reponse_structure_1",
    "code_structure_1",
    "code_reseau_1",
    "action",
    "echeance_de_l_action",
    "avis_de_l_auteur_sur_l_action",
    "ce_qui_aurait_aide",
    "complement_de_l_auteur",
    "experiences_similaires",
    "demonstration",
    "code_departement_usager",
    "intitule_departement_usager",
    "etat_experience",
    "poste_comme",
    "reponse_1_jugee_utile_par_l_auteur",
    "evaluation_utile_reponse_structure_1_par_visiteurs",
]


def contents():
    names = [one.name for one in EXPERIENCES.columns]
    return [
        {name: row[name] for name in CONTENT}
        for row in (dict(zip(names, values, strict=True)) for values in rows())
    ]


def tell_ours():
    """Two stories with what trips readers of CSV."""
    at = timezone.now() - timedelta(days=30)
    story = ExperienceFactory(
        title="=1+1 ; « essai »",
        description='- Un | deux\n\n"trois" ; <p>quatre</p> &amp; 😀',
        wished="Une\nligne",
        published_at=at,
        confirmed_at=at,
        written_as="relative",
        is_fictional=True,
        same_count=4,
    )
    site = StructureFactory()
    addressee = AddresseeFactory(
        experience=story, structure=site, channels=["desk", "phone"], first_reply_at=at
    )
    story.first_reply_at = at
    story.save()
    reply = ReplyFactory(
        addressee=addressee, text="Bonjour ;\nmerci | bien", was_useful=True, useful_count=2
    )
    Promise.objects.create(reply=reply, what="Guichet", due_on=date(2027, 1, 1), outcome="kept")
    SecondWord.objects.create(experience=story, text="Encore | merci", published_at=at)
    ExperienceFactory(title="", description="'apostrophe", feeling="positive", information="")
    for one in Experience.objects.all():
        index(one)


def test_our_export_read_again_gives_the_same_stories(tmp_path):
    tell_ours()
    path, before = our_export(tmp_path), contents()
    Experience.objects.all().delete()
    report = take_over(path)
    assert report.errors == {}
    assert report.counts["created"] == 2
    assert contents() == before
    assert take_over(path).counts["unchanged"] == 2


def test_our_export_read_where_it_comes_from_changes_nothing(tmp_path):
    tell_ours()
    report = take_over(our_export(tmp_path))
    assert report.counts["from_here"] == 2
    assert Experience.objects.count() == 2
