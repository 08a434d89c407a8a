"""What else must end when a person leaves, registered by the apps that gave it.

Owns the registry; `actions.deactivate_user` runs it inside its transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guichet.accounts.models import User
from guichet.core.extensions import Registry


@dataclass(frozen=True)
class EndOfAccess:
    """`end(person, by)` ends what `name` gives to the person; `by=None` is the platform."""

    name: str
    end: Callable[[User, User | None], None]


ends_of_access: Registry[EndOfAccess] = Registry(lambda rule: rule.name)
