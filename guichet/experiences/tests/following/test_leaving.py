"""An author withdraws a story or erases their data: what goes, what stays, and at once."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.core.models import OutgoingMail
from guichet.directory.models import Role
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.announcing import announce
from guichet.experiences.answering import actions as answering
from guichet.experiences.answering.actions.promises import PromiseWish
from guichet.experiences.follow_codes import seal_of
from guichet.experiences.following import actions
from guichet.experiences.following.actions.reaching import ask_new_address
from guichet.experiences.links import start_of_links
from guichet.experiences.models import (
    Addressee,
    Author,
    Draft,
    Event,
    Experience,
    InternalNote,
    Passage,
    Reply,
    ReplyDraft,
    SecondWord,
    State,
)
from guichet.experiences.reading.search import index
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    AuthorFactory,
    DraftFactory,
    ExperienceFactory,
    PromiseFactory,
    ReplyFactory,
)
from guichet.experiences.tests.following.letters import letters, links_in
from guichet.experiences.tests.following.pages import address_of, strict, words_at
from guichet.moderation.models import (
    Alert,
    Decision,
    ModeratedText,
    OriginalText,
    TextState,
    Verb,
)
from guichet.moderation.tests.factories import ModeratedTextFactory, OriginalTextFactory

pytestmark = pytest.mark.django_db

SECRET = "Zorglub"
"""A word that stands in each text that could tell the story again."""


@pytest.fixture
def author():
    """A story answered, promised, discussed, passed on, added to: its word is everywhere."""
    experience = ExperienceFactory(
        title=f"{SECRET} au guichet",
        description=f"Récit de {SECRET}",
        wished=f"Que {SECRET} réponde",
        pseudonym=SECRET,
        procedures_entered=f"dossier {SECRET}",
    )
    author = AuthorFactory(experience=experience, email="zorglub@exemple.fr")
    addressee = AddresseeFactory(experience=experience)
    reply = ReplyFactory(addressee=addressee, text=f"Cher {SECRET}", quality={"passages": [SECRET]})
    PromiseFactory(reply=reply, what=f"Rappeler {SECRET}", done_words=f"{SECRET} rappelé")
    ReplyDraft.objects.create(addressee=addressee, text=f"Brouillon {SECRET}")
    InternalNote.objects.create(addressee=addressee, text=f"Note sur {SECRET}")
    Passage.objects.create(
        addressee=addressee,
        origin=addressee.structure,
        target=addressee.structure,
        reason=f"Pour {SECRET}",
        outcome=Passage.Outcome.ACCEPTED,
    )
    SecondWord.objects.create(experience=experience, text=f"Encore {SECRET}")
    DraftFactory(follows=experience, answers={"title": SECRET}, email=author.email)
    for source in ("story", "second_word"):
        moderated(source, experience)
    return author


def moderated(source: str, experience: Experience) -> ModeratedText:
    text = ModeratedTextFactory(
        source=source,
        reference=str(experience.pk),
        state=TextState.ACCEPTED,
        parts=[{"name": "text", "label": "Texte", "published": f"Publié {SECRET}"}],
    )
    OriginalTextFactory(
        text=text, parts=[{"name": "text", "label": "Texte", "text": f"Original {SECRET}"}]
    )
    Decision.objects.create(text=text, verb=Verb.ACCEPT, note=f"Note de modération {SECRET}")
    return text


def rows_that_tell(word: str) -> list[str]:
    """The tables where a row still holds `word`; mails on their way out are erased once sent."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_stat_user_tables "
            "WHERE relname ~ '^(accounts|experiences|moderation|procrastinate)_'"
        )
        names = sorted(name for (name,) in cursor.fetchall())
        found = []
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {name} t WHERE t::text ILIKE %s", [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(name)
    return found


def test_withdrawing_takes_two_steps_and_says_what_goes_and_when(author):
    client = strict()
    said = words_at(client, address_of(author, "retirer/"))
    assert "Aussitôt" in said
    assert "Sous un jour" in said
    assert Experience.objects.get().state == State.PUBLISHED
    response = client.post(address_of(author, "retirer/"))
    assert "Votre récit est retiré" in words_at(client, response.url)
    assert Experience.objects.get().state == State.WITHDRAWN


def test_no_row_tells_a_withdrawn_story_again(author):
    assert len(rows_that_tell(SECRET)) >= 8
    actions.withdraw(author)
    assert rows_that_tell(SECRET) == []
    assert not Author.objects.exists()


def test_the_history_of_what_agents_did_tells_no_withdrawn_story():
    """The audit is never erased: what agents wrote about a story is not in it."""
    author = AuthorFactory(email="")
    addressee = AddresseeFactory(experience=author.experience)
    agent = someone(Role.RESPONDER, addressee.structure)
    neighbour = StructureFactory(network=addressee.network)
    answering.pass_on(
        addressee=addressee, by=agent, target=neighbour, reason=f"Pour le dossier de {SECRET}"
    )
    agent = someone(Role.RESPONDER, neighbour)
    addressee.refresh_from_db()
    reply = answering.publish_reply(
        addressee=addressee,
        by=agent,
        text=f"Nous rappelons {SECRET} dès demain, et le guichet sera ouvert le matin.",
        signature="La responsable de l'accueil",
        promise=PromiseWish(
            what=f"Rappeler {SECRET}", due_on=timezone.localdate() + timedelta(days=9)
        ),
        version=0,
    )
    answering.keep_promise(promise=reply.promise, by=agent, words=f"{SECRET} est rappelé")
    assert AuditEvent.objects.count() >= 3
    actions.withdraw(author)
    assert rows_that_tell(SECRET) == []


def test_a_withdrawn_story_is_on_no_page(author, client):
    experience, link = author.experience, address_of(author)
    page = experience.get_absolute_url()
    index(experience)
    assert f"{SECRET} au guichet" in words_at(client, f"/experiences/?q={SECRET}")
    actions.withdraw(author)
    experience.refresh_from_db()
    assert experience.search is None
    assert client.get(page).status_code == 410
    for listed in ("/experiences/", f"/experiences/?q={SECRET}"):
        assert f"{SECRET} au guichet" not in words_at(client, listed)
    assert client.get(link).status_code == 404


def test_a_withdrawn_story_waits_for_nobody(author):
    addressee = author.experience.addressees.get()
    addressee.assigned_to = someone(Role.RESPONDER, addressee.structure)
    addressee.save()
    actions.withdraw(author)
    addressee.refresh_from_db()
    assert not Addressee.objects.waiting().exists()
    assert addressee.assigned_to is None


def test_a_last_mail_confirms_the_withdrawal_without_a_link(author):
    actions.withdraw(author)
    (letter,) = letters()
    assert letter["To"] == "zorglub@exemple.fr"
    assert links_in(letter) == []
    assert Event.objects.filter(kind=Event.Kind.WITHDRAWN, told_at__isnull=False).exists()


def test_a_story_is_withdrawn_once(author):
    actions.withdraw(author)
    with pytest.raises(RuleViolation):
        actions.withdraw(author)


@pytest.mark.parametrize("state", [one for one in State if one != State.WITHDRAWN])
def test_a_story_may_be_withdrawn_whatever_became_of_it(author, state):
    Experience.objects.update(state=state)
    actions.withdraw(author)
    assert rows_that_tell(SECRET) == []


def test_the_neighbours_of_a_withdrawn_story_are_untouched(author):
    other = ReplyFactory(text="Autre réponse")
    note = InternalNote.objects.create(addressee=other.addressee, text="Autre note")
    AuthorFactory(experience=other.addressee.experience)
    text = ModeratedTextFactory(state=TextState.ACCEPTED, parts=[{"published": "Autre"}])
    actions.withdraw(author)
    assert Reply.objects.get(pk=other.pk).text == "Autre réponse"
    assert InternalNote.objects.get() == note
    assert Author.objects.count() == 1
    text.refresh_from_db()
    assert text.state == TextState.ACCEPTED


def test_erasing_keeps_the_public_story_without_any_link_to_its_author(author):
    author.is_solved = True
    author.save()
    link = address_of(author)
    client = strict()
    assert "Laisser le récit en ligne" in words_at(client, address_of(author, "effacer/"))
    response = client.post(address_of(author, "effacer/"))
    assert "Vos données sont effacées" in words_at(client, response.url)
    kept = Author.objects.get()
    assert (kept.email, kept.code_seal, kept.draft_seal, kept.is_solved) == ("", "", "", True)
    assert client.get(link).status_code == 404
    experience = Experience.objects.get()
    assert experience.state == State.PUBLISHED
    assert SECRET in words_at(client, experience.get_absolute_url())
    assert not OriginalText.objects.exists()
    assert not Draft.objects.exists()
    assert rows_that_tell("zorglub@exemple.fr") == []


def test_what_alerted_in_the_words_of_an_erased_author_goes_too():
    author = AuthorFactory()
    text = moderated("story", author.experience)
    ModeratedText.objects.update(flags=[f"insulte possible : « {SECRET} »"])
    Alert.objects.create(text=text, words=f"menace {SECRET}")
    actions.erase_author(author)
    assert Alert.objects.get().words == ""
    assert ModeratedText.objects.get().flags == []


def test_an_erased_author_is_not_found_by_code():
    author = AuthorFactory(email="", code_seal=seal_of("K7M4Q2XTC3F9"))
    actions.erase_author(author)
    response = strict().post("/suivi/", {"code": "K7M4Q2XTC3F9"})
    assert "Aucun récit n'a ce code" in re.sub("&#x27;", "'", response.content.decode())


def test_a_second_word_that_waits_goes_with_its_author():
    author = AuthorFactory()
    ReplyFactory(addressee__experience=author.experience)
    actions.add_second_word(author=author, text=f"Encore {SECRET}")
    actions.erase_author(author)
    assert rows_that_tell(SECRET) == []


def test_a_story_that_is_not_public_is_erased_by_withdrawing_it():
    author = AuthorFactory(experience__waiting=True)
    client = strict()
    said = words_at(client, address_of(author, "effacer/"))
    assert "Laisser le récit en ligne" not in said
    client.post(address_of(author, "effacer/"))
    author.refresh_from_db()
    assert author.email
    with pytest.raises(RuleViolation, match="retirez-le"):
        actions.erase_author(author)


def test_mails_that_were_given_up_forget_who_leaves(author):
    row = {"sender": "a@exemple.fr", "content": "", "subject": "x"}
    gone = OutgoingMail.objects.create(
        **row,
        recipients=[author.email],
        is_forgotten_once_sent=True,
        failed_at=author.experience.confirmed_at,
    )
    other = OutgoingMail.objects.create(**row, recipients=["autre@exemple.fr"])
    actions.erase_author(author)
    left = OutgoingMail.objects.values_list("pk", flat=True)
    assert gone.pk not in left
    assert other.pk in left


def test_mails_that_wait_forget_who_leaves(author):
    """The mail server is down: once given up, they would keep the address for ninety days."""
    for one in (author, other := AuthorFactory(email=author.email)):
        announce(one.experience, Event.Kind.REPLIED)
    actions.withdraw(author)
    kept = [mail.content for mail in OutgoingMail.objects.waiting().in_order()]
    assert [start_of_links(other) in content for content in kept] == [True, False]
    assert "Votre récit est retiré" in kept[1]
    assert not any(start_of_links(author) in content for content in kept)


def test_a_new_address_that_nobody_confirmed_is_forgotten_too(author):
    """Long ones, which a packed token would hide."""
    ask_new_address(author=author, email=f"{'a' * 60}@{'b' * 60}.example")
    actions.withdraw(author)
    (left,) = OutgoingMail.objects.waiting()
    assert "Votre récit est retiré" in left.content


@pytest.mark.parametrize("extension", ["json", "txt"])
def test_everything_that_is_kept_may_be_downloaded(author, extension):
    response = strict().get(address_of(author, f"mes-donnees/mon-recit.{extension}"))
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    said = response.content.decode()
    for words in (
        "zorglub@exemple.fr",
        f"Original {SECRET}",
        f"Publié {SECRET}",
        f"Récit de {SECRET}",
        f"Cher {SECRET}",
        f"Rappeler {SECRET}",
        f"Note sur {SECRET}",
        f"Pour {SECRET}",
        f"Note de modération {SECRET}",
        f"Encore {SECRET}",
    ):
        assert words in said, words


def test_what_was_noted_of_a_danger_is_not_in_the_download(author):
    text = ModeratedText.objects.get(source="story")
    ModeratedText.objects.filter(pk=text.pk).update(flags=["danger possible : « me tuer »"])
    Decision.objects.create(text=text, verb=Verb.ALERT, note="Menacée par son mari")
    Decision.objects.filter(text=text, verb=Verb.ACCEPT).update(note="Le 17 est prévenu")
    Alert.objects.create(text=text, words="me tuer")
    said = strict().get(address_of(author, "mes-donnees/mon-recit.txt")).content.decode()
    for words in ("me tuer", "Menacée", "Le 17"):
        assert words not in said
    assert f"Original {SECRET}" in said
    assert "Ce que la modération a noté d'un danger n'y est pas" in said
    assert f"Note de modération {SECRET}" in said, "the second word alerted nobody"


def test_the_download_of_a_machine_is_json_and_names_no_agent(author):
    agent = someone(Role.RESPONDER, author.experience.addressees.get().structure)
    InternalNote.objects.update(by=agent)
    Reply.objects.update(by=agent)
    said = strict().get(address_of(author, "mes-donnees/mon-recit.json")).content.decode()
    content = json.loads(said)
    assert content["Vous"]["adresse électronique"] == "zorglub@exemple.fr"
    assert content["Votre récit"]["état"] == "publiée"
    assert agent.email not in said
    assert str(agent) not in said


def test_an_empty_story_can_be_downloaded_too():
    author = AuthorFactory(experience__waiting=True, email="")
    for extension in ("json", "txt"):
        address = address_of(author, f"mes-donnees/mon-recit.{extension}")
        assert strict().get(address).status_code == 200
    assert strict().get(address_of(author, "mes-donnees/mon-recit.pdf")).status_code == 404
