import http.server
import json
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.directory.nearby import Point
from guichet.orientation import routes
from guichet.orientation.routes import (
    EstimatedRoutes,
    OsrmRoutes,
    Stop,
    route_service,
)
from guichet.orientation.travel import METHOD, driving_minutes, reach_m, walking_minutes

LILLE = Stop(Point(50.63, 3.06), "59350")
ROUBAIX = Stop(Point(50.69, 3.18), "59512")
AJACCIO = Stop(Point(41.92, 8.74), "2A004")


@pytest.mark.parametrize(
    ("metres", "minutes"),
    [
        (0, 2.0),
        (1_000, 2 + 1.3 / 30 * 60),
        (10_000, 2 + 10 + 8 / 55 * 60),
        (30_000, 2 + 10 + 15 / 55 * 60 + 19 / 80 * 60),
    ],
)
def test_minutes_by_hand(metres, minutes):
    """13 km by road: 5 at 30 km/h (10 min), 8 at 55 km/h (8.7 min), 2 min to park."""
    assert driving_minutes(metres) == pytest.approx(minutes)


@given(st.floats(2.0, 600.0))
def test_reach_turns_minutes_round(minutes):
    assert driving_minutes(reach_m(minutes)) == pytest.approx(minutes)


def test_one_walks_when_it_is_near():
    assert walking_minutes(1_000) == pytest.approx(1.3 / 4.5 * 60)
    assert walking_minutes(2_000) is None


def test_no_road_crosses_the_sea():
    assert EstimatedRoutes().journeys(LILLE, [ROUBAIX, AJACCIO]).minutes[1] is None


class FakeOsrm(http.server.BaseHTTPRequestHandler):
    answer: object = None

    def do_GET(self):
        type(self).asked = self.path
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.answer).encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def osrm(monkeypatch):
    """It answers in its own time, as slow as the machine may be."""
    monkeypatch.setattr(routes, "TIMEOUT_SECONDS", 60)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeOsrm)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_route_service_gives_its_own_minutes(osrm, settings):
    FakeOsrm.answer = {"code": "Ok", "durations": [[0, 1320.5, None]]}
    settings.ROUTE_URL = osrm
    found = route_service().journeys(LILLE, [ROUBAIX, AJACCIO])
    assert found.minutes == (pytest.approx(22.0083, abs=1e-3), None)
    assert found.method != METHOD
    assert FakeOsrm.asked.startswith("/table/v1/driving/3.06000,50.63000;3.18000,50.69000;")


@pytest.mark.parametrize("answer", [{}, {"durations": []}, {"durations": [[0, 3]]}, [], "?"])
def test_a_route_service_that_answers_nonsense_leaves_the_estimate(osrm, answer):
    FakeOsrm.answer = answer
    found = OsrmRoutes(osrm).journeys(LILLE, [ROUBAIX, AJACCIO])
    assert found == EstimatedRoutes().journeys(LILLE, [ROUBAIX, AJACCIO])


def test_a_silent_route_service_leaves_the_estimate():
    found = OsrmRoutes("http://127.0.0.1:9").journeys(LILLE, [ROUBAIX])
    assert found.method == METHOD
    assert found.minutes[0] is not None
