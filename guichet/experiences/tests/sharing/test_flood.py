"""A flood of posts: all answered, the first kept, the others told when to come back.

A thousand take 60 s on a machine busy with eight other suites (measured 2026-11-22).
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client

from guichet.experiences.models import Draft
from guichet.experiences.sharing import limits

pytestmark = pytest.mark.django_db
POSTS = 150


def test_a_flood_of_posts_is_all_answered(caf, seen, monkeypatch):
    monkeypatch.setattr(limits, "DRAFTS", {"begin_story": "25/h/ip"})
    client, form = Client(), {"service": "caf-lille", "seen": seen("share")}
    posted = (client.post("/experiences/partager/", form) for _ in range(POSTS))
    told = Counter((one.status_code, "attendre=oui" in one["Location"]) for one in posted)
    assert told == {(303, False): 25, (303, True): POSTS - 25}
    assert Draft.objects.count() == 25
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post("/experiences/partager/", form).status_code == 303
