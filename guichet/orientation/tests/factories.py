"""Procedures for tests."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from guichet.orientation.models import Procedure


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
