"""Definitions, grains and batches for tests."""

from __future__ import annotations

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from guichet.directory.tests.factories import NetworkFactory
from guichet.indicators.models import (
    Batch,
    Direction,
    Family,
    Grain,
    Indicator,
    IndicatorVersion,
    Nature,
)


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"indicateur-{n}")


class VersionFactory(DjangoModelFactory):
    """A census of telephone calls; `satisfaction` asks people instead."""

    class Meta:
        model = IndicatorVersion

    class Params:
        satisfaction = factory.Trait(
            indicator=factory.SubFactory(IndicatorFactory, code="satisfaction"),
            title="Usagers satisfaits",
            public_title="Les usagers sont satisfaits",
            family=Family.SATISFACTION,
            nature=Nature.SAMPLE,
            target=None,
            counter_words={"part": "usagers satisfaits", "whole": "usagers interrogés"},
        )

    indicator = factory.SubFactory(IndicatorFactory, code="decroche")
    number = 1
    title = "Appels décrochés par un agent"
    public_title = "Un agent décroche quand vous appelez"
    kind = "share"
    counter_words = {"part": "appels décrochés", "whole": "appels reçus"}
    nature = Nature.CENSUS
    direction = Direction.HIGHER
    target = Decimal(85)
    margin = Decimal(3)
    minimum = 10


class GrainFactory(DjangoModelFactory):
    """Each site, each month, without cuts."""

    class Meta:
        model = Grain

    network = factory.SubFactory(NetworkFactory)
    version = factory.SubFactory(VersionFactory)
    level = "site"
    period_kind = "month"
    first_period = "2026-01"
    publication_level = factory.SelfAttribute("level")


class BatchFactory(DjangoModelFactory):
    class Meta:
        model = Batch

    number = factory.Sequence(lambda n: n + 1)
    network = factory.SubFactory(NetworkFactory)
    file_name = "janvier.csv"
    sha256 = "0" * 64
    outcome = "accepted"
