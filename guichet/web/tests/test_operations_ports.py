"""The port that `guichet serve` listens on: checked before anything starts."""

from __future__ import annotations

import os
import socket

import pytest

from guichet.core.tests.ports import free_port
from guichet.web.operations.ports import PortRefused, check_port, listener_of


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def refusal(host: str, port: int) -> str:
    with pytest.raises(PortRefused) as caught:
        check_port(host, port)
    return str(caught.value)


def test_a_free_port_is_accepted_and_left_free():
    port = free_port()
    check_port("127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_taken_port_is_named_with_its_holder_and_another_to_try(taken_port):
    sentence = refusal("127.0.0.1", taken_port)
    assert sentence.startswith(f"Le port {taken_port} est déjà pris par «")
    assert f"(processus {os.getpid()})" in sentence
    offered = int(sentence.rpartition(" ")[2])
    assert offered > taken_port
    check_port("127.0.0.1", offered)


def test_a_port_shared_with_so_reuseport_is_taken_too():
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert "déjà pris" in refusal("127.0.0.1", other.getsockname()[1])


def test_a_port_just_left_by_a_server_is_free():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        served, _ = listener.accept()
        served.close()
        client.close()
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_refused(port):
    assert "n'est pas un numéro de port" in refusal("127.0.0.1", port)


@pytest.mark.parametrize("host", ["198.51.100.7", "pas une adresse", "é" * 80])
def test_an_address_of_another_machine_is_refused(host):
    assert "n'est pas une adresse de cette machine" in refusal(host, free_port())


def test_nobody_listens_on_a_free_port():
    assert listener_of(free_port()) == ""
