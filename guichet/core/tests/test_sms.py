"""Text messages to a real gateway: posted as agreed, told when refused, written nowhere."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys

import pytest

from guichet.core import sms
from guichet.core.errors import RuleViolation
from guichet.core.tests.sms_gateway import sms_gateway

NUMBER = "+33639980123"


@pytest.fixture
def gateway(settings, monkeypatch):
    """It answers in its own time, as slow as the machine may be."""
    monkeypatch.setattr(sms, "TIMEOUT_SECONDS", (60, 60))
    with sms_gateway() as server:
        settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SENDER = server.url, "secret", "Guichet"
        yield server


def test_a_message_is_posted_with_its_token(gateway):
    sms.send_sms(to=NUMBER, text="Bonjour à tous")
    [(headers, message)] = gateway.received
    assert message == {"to": NUMBER, "from": "Guichet", "text": "Bonjour à tous"}
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Content-Type"] == "application/json"


def test_the_token_is_not_replaced_by_what_the_machine_keeps(gateway, monkeypatch, tmp_path):
    kept = tmp_path / "netrc"
    kept.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(kept))
    sms.send_sms(to=NUMBER, text="Bonjour")
    assert gateway.received[0][0]["Authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "refuse ce numéro"),
        (422, "refuse ce numéro"),
        (401, "a répondu 401. Prévenez"),
        (429, "en panne ou débordé"),
        (503, "en panne ou débordé"),
    ],
)
def test_a_refusal_says_what_to_do(gateway, status, said):
    gateway.status = status
    with pytest.raises(RuleViolation, match=said):
        sms.send_sms(to=NUMBER, text="Bonjour")


def test_a_redirection_is_not_followed(gateway):
    gateway.status, gateway.location = 307, gateway.url
    with pytest.raises(RuleViolation, match="a répondu 307"):
        sms.send_sms(to=NUMBER, text="Bonjour")
    assert len(gateway.received) == 1


def test_a_gateway_is_waited_for_five_seconds():
    assert sum(sms.TIMEOUT_SECONDS) == 5


def test_a_silent_gateway_is_left(gateway, monkeypatch):
    monkeypatch.setattr(sms, "TIMEOUT_SECONDS", (60, 0.2))
    gateway.is_silent = True
    with pytest.raises(RuleViolation, match="ne répond pas"):
        sms.send_sms(to=NUMBER, text="Bonjour")


def test_a_gateway_that_is_down_is_told(settings):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        settings.SMS_URL = f"http://127.0.0.1:{held.getsockname()[1]}/"
        with pytest.raises(RuleViolation, match="ne répond pas"):
            sms.send_sms(to=NUMBER, text="Bonjour")


def test_neither_number_nor_text_is_logged(gateway, caplog):
    caplog.set_level(logging.DEBUG)
    gateway.status = 500
    with pytest.raises(RuleViolation):
        sms.send_sms(to=NUMBER, text="Bonjour Madame")
    assert "sms refused" in caplog.text
    told = caplog.text + " ".join(str(vars(record)) for record in caplog.records)
    assert "639980123" not in told
    assert "Madame" not in told


def test_nothing_is_sent_where_no_gateway_is_named(settings):
    settings.SMS_URL = ""
    assert not sms.is_configured()
    with pytest.raises(RuleViolation, match="n'est pas proposé"):
        sms.send_sms(to=NUMBER, text="Bonjour")


def test_a_text_is_at_most_three_hundred_characters(gateway):
    with pytest.raises(ValueError, match="301 characters"):
        sms.send_sms(to=NUMBER, text="x" * 301)
    assert gateway.received == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"GUICHET_SMS_URL": "ftp://sms.example"}, "doit commencer par https://"),
        ({"GUICHET_SMS_URL": "https://sms.example"}, "demande aussi GUICHET_SMS_TOKEN"),
        (
            {"GUICHET_SMS_URL": "https://sms.example", "GUICHET_SMS_TOKEN": "x"},
            "GUICHET_SMS_SENDER",
        ),
    ],
)
def test_half_a_configuration_stops_the_program(values, said, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", "import guichet.settings"],
        env={**os.environ, "GUICHET_ENV": "development", "GUICHET_HOME": str(tmp_path), **values},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert said in run.stderr
