"""Territories for tests: fictional communes of the real Ain unless told otherwise.

A factory that is given the code of a row that exists already changes that row, so that a test
means the same whether or not the shipped list was loaded before it.
"""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from guichet.territories.models import (
    Commune,
    Departement,
    FormerCommune,
    PositionSource,
    Region,
)


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        key = model_class._meta.pk.name
        if key not in kwargs:
            return super()._create(model_class, *args, **kwargs)
        code = kwargs.pop(key)
        return model_class.objects.update_or_create(**{key: code}, defaults=kwargs)[0]


class RegionFactory(TerritoryFactory):
    class Meta:
        model = Region

    code = "84"
    name = "Auvergne-Rhône-Alpes"


class DepartementFactory(TerritoryFactory):
    class Meta:
        model = Departement

    code = "01"
    name = "Ain"
    region = factory.SubFactory(RegionFactory)
    population = 679_344
    latitude = 46.1
    longitude = 5.3


class CommuneFactory(TerritoryFactory):
    class Meta:
        model = Commune

    class Params:
        approximate = factory.Trait(position_source=PositionSource.APPROXIMATE)

    insee_code = factory.Sequence(lambda n: f"01{500 + n % 500}")
    name = factory.Sequence(lambda n: f"Fictive-sur-Ain {n}")
    kind = Commune.Kind.COMMUNE
    parent = None
    departement = factory.SubFactory(DepartementFactory)
    postal_codes = factory.LazyFunction(lambda: ["01999"])
    population = 1_000
    latitude = 46.2
    longitude = 5.2
    position_source = PositionSource.GEONAMES


class ArrondissementFactory(CommuneFactory):
    kind = Commune.Kind.ARRONDISSEMENT
    parent = factory.SubFactory(CommuneFactory)
    departement = factory.SelfAttribute("parent.departement")


class FormerCommuneFactory(TerritoryFactory):
    class Meta:
        model = FormerCommune

    code = factory.Sequence(lambda n: f"01{500 + n % 500}")
    name = factory.Sequence(lambda n: f"Ancienne {n}")
    kind = FormerCommune.Kind.ASSOCIATED
    commune = factory.SubFactory(CommuneFactory)
