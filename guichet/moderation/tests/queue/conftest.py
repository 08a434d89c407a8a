"""A source for these tests alone, the people who decide, and a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import signed_in_at  # noqa: F401
from guichet.directory.tests.factories import someone
from guichet.moderation.kinds import Kind
from guichet.moderation.models import Decision, ModeratedText, OriginalText
from guichet.moderation.queue.actions import Part, arrivals, machine_reading, read_text, submit
from guichet.moderation.queue.machine_findings import Findings
from guichet.moderation.redaction import Mark
from guichet.moderation.sources import Context, Proposal, Source, sources
from guichet.ui.tests.browser import browser, page_at  # noqa: F401

SOURCE = "essai"
NUMBER = re.compile(r"06(?: \d\d){4}")


@dataclass
class Machine:
    """Stands for the detection: marks numbers in 06, and finds what a test says."""

    found: Findings = field(default_factory=lambda: Findings(language="fr"))
    is_broken: bool = False

    def patterns(self, part: str, text: str) -> list[Mark]:
        return [Mark(part, *one.span(), Kind.PHONE) for one in NUMBER.finditer(text)]

    def findings(self, text: ModeratedText, original: OriginalText) -> Findings:
        if self.is_broken:
            raise RuntimeError("modèle absent")
        return self.found


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    machine = Machine()
    monkeypatch.setattr(arrivals, "pattern_marks", machine.patterns)
    monkeypatch.setattr(machine_reading, "findings_of", machine.findings)
    return machine


@dataclass
class Told:
    """What the source was told, in order: (verb, state, parts as published)."""

    decisions: list[tuple[str, str, list[str]]] = field(default_factory=list)
    last: Decision | None = None

    def hear(self, text: ModeratedText, decision: Decision) -> None:
        published = [part["published"] for part in text.parts]
        self.decisions.append((decision.verb, text.state, published))
        self.last = decision


def proposals(reference: str, words: str) -> list[Proposal]:
    known = [
        Proposal("caf-lille", "CAF du Nord, Lille", "82 rue Brûle-Maison"),
        Proposal("cpam-lille", "CPAM de Lille"),
    ]
    return [one for one in known if words.casefold() in one.label.casefold()]


@pytest.fixture
def told():
    """The source is there for the time of a test."""
    heard = Told()
    lines = (("Service", "CAF du Nord, Lille"), ("Ressenti", "négatif"))
    context = Context("Récit sur la CAF du Nord", "/services/caf-lille/", lines)
    sources.register(
        Source(SOURCE, "Récit", lambda reference: context, heard.hear, proposals=proposals)
    )
    yield heard
    sources._items.pop(SOURCE)


@pytest.fixture
def ana(db):
    return someone(Role.MODERATOR, email="ana@etat.example", full_name="Ana Roux")


@pytest.fixture
def bo(db):
    return someone(Role.MODERATOR, email="bo@etat.example", full_name="Bo Petit")


@pytest.fixture
def waiting(told, db):
    """A text read by the machine, whose telephone number is marked."""
    return arrived("J'ai appelé le 06 12 34 56 78, personne ne répond.")


def arrived(*words: str, reference: str = "7", read: bool = True) -> ModeratedText:
    names = [("title", "Titre"), ("description", "Récit")][-len(words) :]
    parts = [Part(name, label, text) for (name, label), text in zip(names, words, strict=True)]
    text = submit(source=SOURCE, reference=reference, parts=parts)
    if read:
        read_text(text)
        text.refresh_from_db()
    return text


@pytest.fixture
def as_ana(client, ana):
    client.force_login(ana)
    return client


def page(client, address, **posted):
    response = client.post(address, posted, follow=True) if posted else client.get(address)
    assert response.status_code == 200
    return response.content.decode()
