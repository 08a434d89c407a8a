"""What `/readyz` asks of orientation; asking it builds the index before the first visitor comes."""

from __future__ import annotations

from guichet.core.extensions import HealthCheck
from guichet.orientation.catalogue import catalogue


def catalogue_is_there() -> str | None:
    if catalogue().meant:
        return None
    return "Le catalogue d'orientation est vide : lancez « guichet migrate »."


CATALOGUE = HealthCheck("orientation", catalogue_is_there)
