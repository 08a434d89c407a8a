"""The steps of a story, in order: what each asks, and which is still to do.

Owns the order and what is required; refuses HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guichet.experiences.sharing.story import Story


@dataclass(frozen=True)
class Step:
    """A page. `name` is in its address, `url_name` is the URL's; `is_done` reads the draft;
    `title_for_agents` is its title for who enters what somebody else tells."""

    name: str
    url_name: str
    title: str
    is_done: Callable[[Story], bool]
    title_for_agents: str = ""

    def title_in(self, story: Story | None) -> str:
        is_assisted = story is not None and story.is_entered_by_an_agent
        return (is_assisted and self.title_for_agents) or self.title


STEPS = (
    Step("services", "share_services", "Quel service ?", lambda story: bool(story.services)),
    Step("recit", "share_story", "Votre récit", lambda story: bool(story.description), "Son récit"),
    Step(
        "ressenti",
        "share_feeling",
        "Votre ressenti",
        lambda story: bool(story.feeling),
        "Son ressenti",
    ),
    Step(
        "vous",
        "share_author",
        "Qui raconte ?",
        lambda story: bool(
            story.written_as and story.follow_by and (story.email or not story.is_followed_by_mail)
        ),
    ),
    Step("relecture", "share_review", "Relire et envoyer", lambda story: True),
)
SERVICES, STORY, FEELING, AUTHOR, REVIEW = STEPS


@dataclass(frozen=True)
class Progress:
    """« Étape 2 sur 5 »."""

    current: int
    total: int
    title: str
    following: str


def progress_at(step: Step, story: Story | None = None) -> Progress:
    number = STEPS.index(step) + 1
    following = STEPS[number].title_in(story) if number < len(STEPS) else ""
    return Progress(number, len(STEPS), step.title_in(story), following)


def first_missing(story: Story) -> Step | None:
    """The first step that still misses what it requires."""
    return next((step for step in STEPS if not step.is_done(story)), None)


def step_after(step: Step) -> Step:
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def step_before(step: Step) -> Step | None:
    number = STEPS.index(step)
    return STEPS[number - 1] if number else None
