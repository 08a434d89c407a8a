"""What the directory adds to the frame: menu entries, words of the history, retention rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import guichet.directory
from guichet.core.extensions import menu, retention_rules
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.directory.words import ACTIONS

SOURCES = Path(guichet.directory.__file__).parent
ACTION = re.compile(r'"((?:structure|membership)\.[a-z_]+)"')


def test_every_action_has_words():
    written = {
        action
        for path in SOURCES.rglob("*.py")
        if "tests" not in path.parts
        for action in ACTION.findall(path.read_text(encoding="utf-8"))
    }
    assert written == set(ACTIONS)


def test_the_reports_of_visitors_have_their_rule():
    assert "error_reports" in {rule.name for rule in retention_rules}


@pytest.mark.parametrize(
    ("role", "found"),
    [
        (Role.READER, {"agent_structures"}),
        (Role.RESPONDER, {"agent_structures", "agent_reports"}),
        (Role.MANAGER, {"agent_structures", "agent_reports", "audit"}),
        (Role.LEAD, {"agent_structures", "agent_reports", "audit", "networks"}),
        (Role.MODERATOR, {"agent_structures", "programme"}),
        (
            Role.ADMINISTRATOR,
            {"agent_structures", "agent_reports", "audit", "networks", "programme", "people"},
        ),
    ],
)
def test_each_role_finds_its_own_entries_in_the_menu(site, network, role, found):
    places = {Role.LEAD: network, Role.MODERATOR: None, Role.ADMINISTRATOR: None}
    person = someone(role, places.get(role, site))
    of_the_directory = {
        "agent_structures",
        "agent_reports",
        "audit",
        "networks",
        "programme",
        "people",
    }
    names = {entry.url_name for entry in menu("agents", person)}
    assert names & of_the_directory == found


def test_nobody_without_a_role_is_led_to_what_they_may_not_open(stranger):
    names = {entry.url_name for entry in menu("agents", stranger)}
    assert not names & {"agent_structures", "agent_reports", "programme", "networks", "people"}
