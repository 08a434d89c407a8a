"""What is read from the environment before anything runs."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from guichet.settings import number_from_env


@pytest.mark.parametrize("typed", ["0", "366", "-1", "1,5", "un mois"])
def test_a_number_out_of_its_bounds_is_refused_with_them(monkeypatch, typed):
    monkeypatch.setenv("GUICHET_TRIED", typed)
    with pytest.raises(ImproperlyConfigured, match=r"GUICHET_TRIED doit valoir .* de 1 à 365"):
        number_from_env("GUICHET_TRIED", 30, least=1, most=365)


@pytest.mark.parametrize(("typed", "read"), [("", 30), (" 365 ", 365), ("1", 1)])
def test_a_number_is_read_and_its_absence_is_the_default(monkeypatch, typed, read):
    monkeypatch.setenv("GUICHET_TRIED", typed)
    assert number_from_env("GUICHET_TRIED", 30, least=1, most=365) == read
