"""Procedures, needs and calls for tests."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from guichet.directory.tests.factories import StructureFactory
from guichet.orientation.catalogue import catalogue_changed
from guichet.orientation.handovers.references import new_reference
from guichet.orientation.models import (
    DeskCall,
    Handover,
    MissedSearch,
    Need,
    NeedAnswer,
    Procedure,
    Synonym,
    UnknownWord,
)


class ProcedureFactory(DjangoModelFactory):
    """A procedure that one kind of place handles, of a catalogue of last month."""

    class Meta:
        model = Procedure

    class Params:
        old = factory.Trait(
            updated_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=900)),
            edition=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=800)),
        )
        withdrawn = factory.Trait(withdrawn_on=factory.LazyFunction(timezone.localdate))

    code = factory.Sequence(lambda n: f"F{900_000 + n}")
    audience = "particuliers"
    title = factory.Sequence(lambda n: f"Démarche fictive n° {n}")
    kinds = ["caf"]
    organisms = factory.LazyAttribute(
        lambda procedure: [
            {"title": f"Organisme « {kind} »", "kind": kind, "note": "", "url": ""}
            for kind in procedure.kinds
        ]
    )
    url = factory.LazyAttribute(
        lambda procedure: f"https://www.service-public.fr/particuliers/vosdroits/{procedure.code}"
    )
    updated_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=60))
    edition = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))


class SearchedFactory(DjangoModelFactory):
    """What the search reads: an index built of it is not met again once the test is over."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        made = super()._create(model_class, *args, **kwargs)
        catalogue_changed()
        return made


class NeedFactory(SearchedFactory):
    """A need that one kind of place answers; `kinds` names others, none when out of scope."""

    class Meta:
        model = Need
        skip_postgeneration_save = True

    class Params:
        inactive = factory.Trait(is_active=False)

    code = factory.Sequence(lambda n: f"besoin-fictif-{n}")
    title = factory.Sequence(lambda n: f"Besoin fictif n° {n}")
    theme = "papiers"
    phrases = factory.LazyAttribute(lambda need: [f"phrase de {need.code}"])

    @factory.post_generation
    def kinds(self, create, extracted, **kwargs):
        codes = ["caf"] if extracted is None and not self.out_of_scope else extracted or []
        NeedAnswer.objects.bulk_create(
            NeedAnswer(need=self, rank=rank, kind_id=code, why=f"Elle s'en occupe ({code}).")
            for rank, code in enumerate(codes)
        )


class SynonymFactory(SearchedFactory):
    class Meta:
        model = Synonym

    typed = factory.Sequence(lambda n: f"frouzbi{n}")
    means = "revenu de solidarité active"


class MissedSearchFactory(DjangoModelFactory):
    class Meta:
        model = MissedSearch

    text = factory.Sequence(lambda n: f"recherche manquée {n}")
    count = 1
    last_on = factory.LazyFunction(timezone.localdate)


class UnknownWordFactory(DjangoModelFactory):
    """A word typed often enough to be shown."""

    class Meta:
        model = UnknownWord

    word = factory.Sequence(lambda n: f"vrouzbi{n}")
    count = 3
    last_on = factory.LazyFunction(timezone.localdate)


class DeskCallFactory(DjangoModelFactory):
    class Meta:
        model = DeskCall

    outcome = DeskCall.Outcome.ANSWERED
    seconds = 60


class HandoverFactory(DjangoModelFactory):
    """A sheet made now, that nobody has settled yet."""

    class Meta:
        model = Handover

    reference = factory.LazyFunction(new_reference)
    sender = factory.SubFactory(StructureFactory)
    receiver = factory.SubFactory(StructureFactory)
    subject = "Demander le RSA"
    why = "La Caf instruit la demande."
