"""Days that no edition covers, however they are sent."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.indicators.tests.factories import GrainFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31"])
def test_a_day_of_another_century_is_told_and_previewed_by_nobody(client, day):
    GrainFactory()
    client.force_login(someone(Role.PUBLISHER))
    address = reverse("prepare_release")
    sent = {"name": "2026-T1", "through": day, "note": ""}
    for page in (client.get(address, {"through": day}), client.post(address, sent)):
        assert page.status_code == 200
        assert "Écrivez un jour récent" in page.content.decode()
