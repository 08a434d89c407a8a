"""People for tests."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from guichet.accounts.models import User


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    class Params:
        gone = factory.Trait(is_active=False)

    email = factory.Sequence(lambda n: f"agent{n}@service.example")
    full_name = factory.Sequence(lambda n: f"Agent {n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return User.objects.create_user(*args, **kwargs)
