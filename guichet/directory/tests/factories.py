"""Networks, structures and roles for tests."""

from __future__ import annotations

from datetime import time, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from guichet.accounts.tests.factories import UserFactory
from guichet.core.text import folded
from guichet.directory.models import (
    ErrorReport,
    Membership,
    Network,
    OpeningInterval,
    Role,
    Structure,
    StructureKind,
)
from guichet.territories.models import Commune
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory, RegionFactory


def lille() -> Commune:
    """Where the structures of tests stand."""
    nord = DepartementFactory(
        code="59", name="Nord", region=RegionFactory(code="32", name="Hauts-de-France")
    )
    return CommuneFactory(
        insee_code="59350",
        name="Lille",
        departement=nord,
        postal_codes=["59000", "59800"],
        population=236_710,
        latitude=50.6311,
        longitude=3.0468,
    )


class NetworkFactory(DjangoModelFactory):
    class Meta:
        model = Network
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"reseau-{n}")
    name = factory.LazyAttribute(lambda network: f"Réseau {network.code}")


class KindFactory(DjangoModelFactory):
    class Meta:
        model = StructureKind
        django_get_or_create = ("code",)

    code = "caf"
    label = "Caisse d'allocations familiales (CAF)"


class StructureFactory(DjangoModelFactory):
    """A site that was checked a month ago; `with_hours` opens it on weekdays."""

    class Meta:
        model = Structure
        skip_postgeneration_save = True

    class Params:
        old = factory.Trait(checked_on=None)
        gone = factory.Trait(
            closed_on=factory.LazyFunction(timezone.localdate), closed_reason="déménagée"
        )

    code = factory.Sequence(lambda n: f"site-{n}")
    name = factory.Sequence(lambda n: f"CAF du Nord, site {n}")
    kind = factory.SubFactory(KindFactory)
    network = factory.SubFactory(NetworkFactory)
    commune = factory.LazyFunction(lille)
    address_lines = ["1 place du Marché"]
    postal_code = "59000"
    town = "Lille"
    latitude = 50.63
    longitude = 3.05
    position_source = "source"
    source = "dila"
    checked_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    path = "0"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        structure = model_class(*args, **kwargs)
        structure.search_name = folded(f"{structure.name} {structure.acronym}".strip())
        structure.save()
        parent = structure.parent
        structure.path = f"{parent.path}.{structure.pk}" if parent else str(structure.pk)
        structure.save(update_fields=["path"])
        return structure

    @factory.post_generation
    def with_hours(self, create, extracted, **kwargs):
        if not extracted:
            return
        OpeningInterval.objects.bulk_create(
            OpeningInterval(structure=self, weekday=day, opens=time(9), closes=time(12))
            for day in range(5)
        )
        self.hours_known = True
        self.save(update_fields=["hours_known"])


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.MANAGER


class ErrorReportFactory(DjangoModelFactory):
    class Meta:
        model = ErrorReport

    structure = factory.SubFactory(StructureFactory)
    topic = ErrorReport.Topic.HOURS
    message = "C'est fermé le mercredi."


def someone(role: str, where: Structure | Network | None = None, **fields):
    """A person who holds `role` on a structure, a network or the programme."""
    scope = {"structure": where} if isinstance(where, Structure) else {"network": where}
    return MembershipFactory(role=role, user=UserFactory(**fields), **scope).user
