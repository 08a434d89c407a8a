"""Ports for the servers that tests start in other processes."""

from __future__ import annotations

import random
import socket

NEVER_GIVEN_BY_THE_SYSTEM = range(20_000, 32_000)
"""Below those that Linux gives to whoever asks for any port: between the moment when one is found
free and the moment when a server listens, no other test is given it."""


def free_port() -> int:
    """Drawn apart from the numbers that tests begin again alike in every process."""
    dice = random.SystemRandom()
    for _ in range(100):
        port = dice.choice(NEVER_GIVEN_BY_THE_SYSTEM)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise AssertionError("no free port")
