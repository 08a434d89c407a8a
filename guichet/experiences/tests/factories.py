"""Stories, services addressed and answers for tests."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from guichet.directory.tests.factories import StructureFactory
from guichet.experiences.models import (
    Addressee,
    Author,
    Draft,
    Experience,
    Feeling,
    Promise,
    Reply,
    State,
)


class ExperienceFactory(DjangoModelFactory):
    """A published story; `waiting` one is in moderation."""

    class Meta:
        model = Experience

    class Params:
        waiting = factory.Trait(
            state=State.IN_MODERATION, published_at=None, title="", description="", pseudonym=""
        )

    state = State.PUBLISHED
    title = factory.Sequence(lambda n: f"Deux heures d'attente, récit {n}")
    description = "J'ai attendu deux heures au guichet, personne ne savait me répondre."
    pseudonym = "Un habitant"
    feeling = Feeling.NEGATIVE
    information = Feeling.NEGATIVE
    confirmed_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=3))
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))


class AuthorFactory(DjangoModelFactory):
    class Meta:
        model = Author

    experience = factory.SubFactory(ExperienceFactory)
    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")


class AddresseeFactory(DjangoModelFactory):
    """The first service of a published story, waiting for its answer."""

    class Meta:
        model = Addressee

    experience = factory.SubFactory(ExperienceFactory)
    rank = 1
    structure = factory.SubFactory(StructureFactory)
    first_structure = factory.SelfAttribute("structure")
    network = factory.SelfAttribute("structure.network")
    channels = ["desk"]
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=13))


class ReplyFactory(DjangoModelFactory):
    class Meta:
        model = Reply

    addressee = factory.SubFactory(AddresseeFactory)
    structure = factory.SelfAttribute("addressee.structure")
    text = "Nous avons ouvert un second guichet le matin. Votre attente n'était pas normale."
    signature = "La responsable de l'accueil"


class PromiseFactory(DjangoModelFactory):
    class Meta:
        model = Promise

    reply = factory.SubFactory(ReplyFactory)
    what = "Un second guichet ouvert le matin"
    where = factory.SelfAttribute("reply.structure")
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))


class DraftFactory(DjangoModelFactory):
    class Meta:
        model = Draft

    key = factory.Sequence(lambda n: f"cle-de-brouillon-{n:026d}")
