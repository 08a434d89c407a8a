"""What the log says of an event, and what it never says."""

from __future__ import annotations

import logging
import re
import sys

import pytest
from django.db import IntegrityError

from guichet.core.logs import KeyValueFormatter, error_words, log_context


def line(message: str, *arguments: object, name: str = "guichet.test", **extra: object) -> str:
    record = logging.LogRecord(name, logging.INFO, __file__, 1, message, arguments, None)
    for field, value in extra.items():
        setattr(record, field, value)
    return KeyValueFormatter().format(record)


def failed(error: Exception) -> str:
    try:
        raise error
    except type(error):
        record = logging.LogRecord(
            "guichet.test", logging.ERROR, __file__, 1, "failed", (), sys.exc_info()
        )
    return KeyValueFormatter().format(record)


def test_a_line_is_dated_in_utc_with_its_fields_in_order():
    written = line("request", method="GET", path="/", status=200, duration_ms=3.2)
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=INFO logger=guichet.test "
        r'msg="request" method=GET path=/ status=200 duration_ms=3.2',
        written,
    )


def test_a_value_cannot_forge_a_field_nor_a_line():
    written = line('a" level=ERROR\nforged', subject="x status=200\u2028y")
    assert "\n" not in written
    assert r'msg="a\" level=ERROR forged"' in written
    assert 'subject="x status=200 y"' in written


def test_lines_carry_the_request_and_the_job_of_their_context():
    with log_context(request_id="abc12345"):
        with log_context(job_id=7):
            assert line("x").endswith("request_id=abc12345 job_id=7")
        assert line("x").endswith("request_id=abc12345")
    assert "request_id" not in line("x")


def test_an_error_says_its_kind_and_place_and_not_what_somebody_typed():
    written = failed(ValueError("mon dossier de Jeanne Martin"))
    assert "Jeanne" not in written
    assert "error=ValueError" in written
    assert re.search(r"at=\"guichet/core/tests/test_logs\.py:\d+ failed\"", written)
    assert "\n" not in written


def test_an_error_of_the_database_does_not_quote_the_row():
    written = failed(IntegrityError("duplicate key\nDETAIL: Key (email)=(jeanne@example.fr)"))
    assert "jeanne" not in written


def test_an_error_of_the_system_says_what_is_missing():
    assert "No such file" in failed(FileNotFoundError(2, "No such file", "/srv/lake"))


def test_causes_are_named():
    try:
        try:
            raise ConnectionRefusedError(111, "Connection refused")
        except OSError as error:
            raise ValueError("texte d'une personne") from error
    except ValueError as error:
        words = error_words(error)
    assert words.startswith("ValueError < ConnectionRefusedError: [Errno 111]")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("django.request", "Not Found: /suivi/jeton-secret/"),
        ("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'jeton-secret'"),
    ],
)
def test_what_django_says_of_a_refused_request_quotes_nothing(name, message):
    assert "secret" not in line(message, name=name, status_code=404)
