"""A story from the phone that tells it to the change that its answer promised: an author, a
moderator and an agent, each in their own browser without JavaScript, the mail by real SMTP."""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.db.models import Q, QuerySet
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from guichet.accounts import trapped_forms
from guichet.accounts.models import User
from guichet.core.tests.smtp_server import Mailbox, smtp_server
from guichet.directory.models import Role, Structure
from guichet.directory.tests.factories import MembershipFactory, StructureFactory, someone
from guichet.experiences.models import Experience, Promise
from guichet.ui.tests.browser import PHONE
from guichet.web.tests.letters_by_smtp import (
    every_letter,
    letters_to,
    links_in,
    subject_of,
    words_of,
)

AUTHOR = "lea@exemple.fr"
MODERATOR = "camille@moderation.example"
AGENT = "claude@caf.example"
STRANGER = "sacha@caf.example"
TELEPHONE = "06 39 98 12 34"
NAME = "Josiane Lefebvre"
STORY = (
    f"J'ai attendu deux heures au guichet. Madame {NAME} m'a dit de rappeler, et personne ne "
    f"m'a rappelée au {TELEPHONE}."
)
ANSWER = (
    "Deux heures d'attente, ce n'est pas normal : ce matin-là, un seul guichet était ouvert. "
    "Nous aurions dû vous rappeler le jour même. Le second guichet ouvre désormais le matin."
)
PROMISED = "Un second guichet ouvert tous les matins"
FUNCTION = "La responsable de l'accueil"


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "guichet.core.mail.OutboxBackend"
        settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 60
        yield server


@pytest.fixture
def site(live_server, settings, mailbox, monkeypatch) -> str:
    """The address of a site whose mails lead to itself, and whose forms trust a fast reader."""
    cache.clear()
    settings.PUBLIC_URL = live_server.url
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(0))
    return str(live_server.url)


@pytest.fixture
def caf(transactional_db) -> Structure:
    return StructureFactory(code="caf-lille", name="CAF du Nord, agence de Lille")


@pytest.fixture
def elsewhere(caf) -> Structure:
    return StructureFactory(code="caf-douai", name="CAF du Nord, agence de Douai")


@pytest.fixture
def people(caf, elsewhere) -> None:
    MembershipFactory(
        user=someone(Role.READER, elsewhere, email=MODERATOR, full_name="Camille Roux"),
        role=Role.MODERATOR,
    )
    someone(Role.RESPONDER, caf, email=AGENT, full_name="Claude Mercier")
    someone(Role.RESPONDER, elsewhere, email=STRANGER, full_name="Sacha Petit")


@pytest.fixture
def worker(transactional_db, monkeypatch) -> Iterator[Callable[[], None]]:
    """Runs the worker until nothing is left to do; in a thread, for the browser has this one. No
    job of the hour at which the test happens to run: its mails would come among those awaited."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    with ThreadPoolExecutor(max_workers=1) as threads:

        def work() -> None:
            while due_jobs().exists():  # a job may defer another one, as a mail to deliver
                threads.submit(asyncio.run, until_idle()).result(timeout=120)

        yield work
    gc.collect()  # closes what the worker's threads left open
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def due_jobs() -> QuerySet[ProcrastinateJob]:
    """A failed job is tried again later: it is not due."""
    is_due = Q(scheduled_at=None) | Q(scheduled_at__lte=timezone.now())
    return ProcrastinateJob.objects.filter(is_due, status="todo")


async def until_idle() -> None:
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(wait=False, install_signal_handlers=False)


@pytest.mark.browser
def test_a_story_is_told_published_answered_and_what_it_changed_is_known(
    site, page_at, people, mailbox, worker, client
):
    author, moderator, agent = (page_at(PHONE, javascript=False) for _ in range(3))

    tell(author, site)
    worker()
    confirm(author, mailbox)
    assert "lecture" in author.content()
    worker()

    sign_in(moderator, f"{site}/agents/moderation/", MODERATOR, mailbox, worker)
    publish_masked(moderator)
    worker()
    assert last_subject(AUTHOR, mailbox) == "votre récit est publié"

    sign_in(agent, f"{site}/agents/experiences/", AGENT, mailbox, worker)
    client.force_login(User.objects.get(email=STRANGER))
    assert "Deux heures d'attente" not in client.get("/agents/experiences/").text.replace(
        "&#x27;", "'"
    )
    answer(agent)
    worker()
    read_the_answer(author, mailbox)

    yesterday = timezone.localdate() - timedelta(days=1)
    Promise.objects.update(due_on=yesterday)
    seven = timezone.make_aware(datetime.combine(timezone.localdate(), time(7, 10)))
    app.configure_task("ask_about_promises").defer(timestamp=int(seven.timestamp()))
    worker()
    say_that_it_changed(author, mailbox)

    visitor = page_at(PHONE, javascript=False)
    visitor.goto(f"{site}{Experience.objects.get().get_absolute_url()}")
    assert_whole_thread(visitor)
    sent = " ".join(subject_of(one) + words_of(one) for one in every_letter(mailbox))
    assert not any(words in sent for words in (TELEPHONE, NAME, "Maman de deux"))


def tell(page: Page, site: str) -> None:
    """Five steps, from a search to the button that sends."""
    page.goto(f"{site}/experiences/partager/")
    search = page.get_by_role("form", name="Chercher le service")
    search.get_by_label("Nom du service").fill("CAF")
    search.get_by_label("Ville").fill("Lille")
    search.get_by_role("button", name="Chercher").click()
    page.get_by_role("button", name=re.compile("^Choisir.*agence de Lille$")).click()
    tick(page, "Sur place")
    page.get_by_role("button", name="Continuer").first.click()

    page.get_by_label("Que s'est-il passé ?").fill(STORY)
    page.get_by_label("Qu'est-ce qui vous aurait aidé ?").fill("Un numéro d'ordre à l'entrée")
    page.get_by_label("Un titre").fill("Deux heures d'attente")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("strong").filter(has_text=TELEPHONE)).to_be_visible()
    page.get_by_role("button", name="Continuer").click()

    tick(page, "Négatif : ça s'est mal passé")
    reactions = page.get_by_role("group", name="Réactivité")
    tick(reactions, "Négatif")
    page.get_by_role("button", name="Continuer").click()

    tick(page, "Pour moi-même")
    page.get_by_label("Un pseudonyme").fill("Maman de deux")
    tick(page, "Par courriel")
    page.get_by_label("Votre adresse électronique").fill(AUTHOR)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Envoyer mon récit").click()
    page.get_by_role("heading", name="ouvrez votre courriel").wait_for()
    assert not Experience.objects.exists()


def tick(within: Page | Locator, words: str) -> None:
    """The drawn label lies over its box."""
    within.locator("label").filter(has_text=words).click()


def confirm(page: Page, mailbox: Mailbox) -> None:
    """The link leads to a page; nothing is sent before its button is pressed."""
    page.goto(only_link(AUTHOR, mailbox))
    assert not Experience.objects.exists()
    page.get_by_role("button", name="Confirmer et envoyer mon récit").click()
    page.get_by_role("heading", name="votre récit est parti").wait_for()
    page.get_by_role("main").get_by_role("link", name="Suivre mon récit").click()
    page.get_by_text("En cours de lecture").wait_for()


def only_link(address: str, mailbox: Mailbox) -> str:
    """That of the last mail received, which holds one."""
    (link,) = links_in(letters_to(address, mailbox)[-1])
    return link


def last_subject(address: str, mailbox: Mailbox) -> str:
    return subject_of(letters_to(address, mailbox)[-1]).partition(" : ")[2]


def sign_in(
    page: Page, address: str, email: str, mailbox: Mailbox, worker: Callable[[], None]
) -> None:
    page.goto(address)
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code reçu par courriel").wait_for()
    worker()
    found = re.search(r"^(\d{6})$", words_of(letters_to(email, mailbox)[-1]), re.MULTILINE)
    assert found is not None
    page.get_by_label("Code reçu par courriel").fill(found[1])
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(address)


def publish_masked(page: Page) -> None:
    """What the machine found is seen in its place, and stays masked."""
    page.get_by_role("button", name="Lire", exact=False).first.click()
    written = page.locator("[data-part=description]")
    expect(written.locator("mark")).to_have_text([NAME, TELEPHONE])
    expect(page.get_by_text("[nom] m'a dit de rappeler")).to_be_visible()
    page.get_by_role("button", name="Publier").click()
    page.get_by_text("Publier : c'est fait").wait_for()


def answer(page: Page) -> None:
    """The inbox, the answer with its promise, what is found in it, and the button."""
    page.get_by_role("link", name="Deux heures d'attente").click()
    page.get_by_label("Votre réponse").fill(ANSWER)
    assert TELEPHONE not in page.content()
    page.get_by_label("Signature : votre fonction").fill(FUNCTION)
    page.get_by_text("Promettre un changement").click()
    page.get_by_label("Ce qui va changer").fill(PROMISED)
    due_on = timezone.localdate() + timedelta(days=40)
    page.get_by_label("Au plus tard le").fill(due_on.isoformat())
    page.get_by_role("button", name="Relire avant d'envoyer").click()
    page.get_by_role("heading", name="Ce que le public lira").wait_for()
    page.get_by_role("button", name=re.compile("^Publier")).click()
    page.get_by_text("La réponse est publiée").wait_for()


def read_the_answer(page: Page, mailbox: Mailbox) -> None:
    assert last_subject(AUTHOR, mailbox) == "un service vous a répondu"
    page.goto(only_link(AUTHOR, mailbox))
    page.get_by_text(PROMISED).wait_for()
    page.get_by_role("button", name="Oui, utile").click()
    page.get_by_text("Vous avez dit : utile").wait_for()


def say_that_it_changed(page: Page, mailbox: Mailbox) -> None:
    assert last_subject(AUTHOR, mailbox) == "est-ce que ça a changé ?"
    page.goto(only_link(AUTHOR, mailbox))
    page.get_by_role("button", name="Oui", exact=True).click()
    page.get_by_text("Merci : votre réponse est notée").wait_for()


def assert_whole_thread(page: Page) -> None:
    shown = page.content()
    for words in (
        "Deux heures d'attente",
        "[nom] m'a dit de rappeler, et personne ne m'a rappelée au [téléphone]",
        "Un numéro d'ordre à l'entrée",
        "Maman de deux",
        "un seul guichet était ouvert",
        FUNCTION,
        PROMISED,
        "tenue, d'après l'auteur",
        "L'auteur a trouvé cette réponse utile",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    for hidden in (TELEPHONE, "0639981234", NAME, "Lefebvre", "Josiane", AUTHOR, "Claude Mercier"):
        assert hidden not in shown, hidden
