"""A real SMS gateway on 127.0.0.1: keeps what it is posted, answers as told, or is silent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Gateway:
    """What was posted, and how the server answers."""

    url: str = ""
    status: int = 202
    location: str = ""
    is_silent: bool = False
    ends: threading.Event = field(default_factory=threading.Event)
    received: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for _, message in self.received]


class Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        gateway: Gateway = self.server.gateway  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        gateway.received.append((dict(self.headers), json.loads(body)))
        if gateway.is_silent:
            gateway.ends.wait()
        try:
            self.send_response(gateway.status)
            if gateway.location:
                self.send_header("Location", gateway.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            return

    def log_message(self, *args: Any) -> None:
        return


@contextmanager
def sms_gateway() -> Iterator[Gateway]:
    """Listens while the block lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        gateway = Gateway(url=f"http://127.0.0.1:{server.server_address[1]}/sms")
        server.gateway = gateway  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield gateway
        finally:
            gateway.ends.set()
            server.shutdown()
            thread.join()
