"""How long it takes to go there: an estimate, or a route service that the installation names.

Owns the choice between both; refuses to let a slow or silent route service hold an answer.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import requests
from django.conf import settings

from guichet.directory.nearby import Point
from guichet.orientation.travel import METHOD, driving_minutes
from guichet.territories.distances import distance_m
from guichet.territories.lands import land_of

TIMEOUT_SECONDS = 1.5
MOST_DESTINATIONS = 50
LONGEST_ANSWER = 65_536
ROUTED_METHOD = (
    "Temps de route en voiture, calculé par un service d'itinéraires, sans les bouchons."
)
logger = logging.getLogger("guichet.orientation")


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the earth and the commune it stands in, empty when unknown."""

    point: Point
    insee_code: str = ""


@dataclass(frozen=True, slots=True)
class Journeys:
    """Minutes by car to each destination, in their order; None where no road leads there."""

    minutes: tuple[float | None, ...]
    method: str = METHOD


class RouteService(Protocol):
    def journeys(self, origin: Stop, destinations: Sequence[Stop]) -> Journeys: ...


class EstimatedRoutes:
    """From the distance as the crow flies; nothing between two lands that no road joins."""

    def journeys(self, origin: Stop, destinations: Sequence[Stop]) -> Journeys:
        return Journeys(tuple(self._minutes(origin, one) for one in destinations))

    def _minutes(self, origin: Stop, destination: Stop) -> float | None:
        known = origin.insee_code and destination.insee_code
        if known and land_of(origin.insee_code) != land_of(destination.insee_code):
            return None
        return driving_minutes(
            distance_m(
                (origin.point.latitude, origin.point.longitude),
                (destination.point.latitude, destination.point.longitude),
            )
        )


class OsrmRoutes:
    """An OSRM server (`/table/v1/driving`, http://project-osrm.org/docs/v5.24.0/api/); the
    estimate in its place when it does not answer in time."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    def journeys(self, origin: Stop, destinations: Sequence[Stop]) -> Journeys:
        asked = destinations[:MOST_DESTINATIONS]
        stops = ";".join(
            f"{stop.point.longitude:.5f},{stop.point.latitude:.5f}" for stop in (origin, *asked)
        )
        try:
            seconds = self._asked(stops)["durations"][0][1:]
            minutes = [None if one is None else float(one) / 60 for one in seconds]
        except (requests.RequestException, ValueError, KeyError, IndexError, TypeError) as error:
            logger.warning("route service failed", extra={"subject": type(error).__name__})
            return EstimatedRoutes().journeys(origin, destinations)
        if len(minutes) != len(asked) or len(asked) < len(destinations):
            return EstimatedRoutes().journeys(origin, destinations)
        return Journeys(tuple(minutes), ROUTED_METHOD)

    def _asked(self, stops: str) -> Any:
        """The answer as JSON; `requests.Timeout` when it comes too slowly or is too long."""
        given_up_at = time.monotonic() + TIMEOUT_SECONDS
        with requests.get(
            f"{self._address}/table/v1/driving/{stops}",
            params={"sources": "0", "annotations": "duration"},
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            answer.raise_for_status()
            body = b""
            for part in answer.iter_content(4096):
                body += part
                if time.monotonic() > given_up_at or len(body) > LONGEST_ANSWER:
                    raise requests.Timeout("too slow or too long")
        return json.loads(body)


def route_service() -> RouteService:
    """The one that `GUICHET_ROUTE_URL` names (an OSRM server), else the estimate."""
    return OsrmRoutes(settings.ROUTE_URL) if settings.ROUTE_URL else EstimatedRoutes()
