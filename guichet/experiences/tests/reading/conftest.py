"""Published stories that can be found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guichet.experiences.models import Experience
from guichet.experiences.reading import search
from guichet.experiences.tests.factories import AddresseeFactory, ExperienceFactory
from guichet.ui.tests.browser import browser, page_at  # noqa: F401

Tell = Callable[..., Experience]


@pytest.fixture
def tell(db: None) -> Tell:
    """`tell(structure, **fields)`: a published story addressed there, indexed."""

    def told(*structures: Any, **fields: Any) -> Experience:
        story = ExperienceFactory(**fields)
        for rank, structure in enumerate(structures, start=1):
            AddresseeFactory(experience=story, rank=rank, structure=structure)
        search.index(story)
        return story

    return told
