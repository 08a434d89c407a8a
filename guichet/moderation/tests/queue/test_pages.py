"""The moderators' pages, without JavaScript: queue, one text, alerts."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.moderation.models import Alert, ModeratedText, RefusalReason, TextState
from guichet.moderation.queue.actions import (
    Part,
    accept,
    raise_alert,
    read_text,
    refuse,
    submit,
    withdraw,
)
from guichet.moderation.queue.actions.taking import open_text
from guichet.moderation.queue.explanations import EXPLANATIONS
from guichet.moderation.queue.machine_findings import Findings
from guichet.moderation.queue.shown_text import mark_groups
from guichet.moderation.redaction import read_marks
from guichet.moderation.tests.queue.conftest import SOURCE, arrived, page

pytestmark = pytest.mark.django_db
QUEUE = "/agents/moderation/"


def opened(client, text):
    return page(client, f"{QUEUE}ouvrir/", lire=text.pk)


def test_the_queue_lists_texts_masked_with_their_time(as_ana, waiting):
    words = page(as_ana, QUEUE)
    assert "<strong>1</strong> texte à lire" in words
    assert "J&#x27;ai appelé le [téléphone]" in words
    assert "06 12 34 56 78" not in words
    assert "il reste 47\xa0heures" in words


def test_an_empty_queue_says_so(as_ana, told):
    assert "Tout est lu" in page(as_ana, QUEUE)


def test_the_original_is_shown_once_opened_and_the_opening_is_recorded(as_ana, ana, waiting):
    address = f"{QUEUE}{waiting.pk}/"
    assert "06 12 34 56 78" not in page(as_ana, address)
    assert not AuditEvent.objects.exists()
    words = opened(as_ana, waiting)
    assert "<mark>06 12 34 56 78</mark>" in words
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject_id) == (
        "moderation.opened",
        ana,
        str(waiting.pk),
    )


def test_who_does_not_hold_a_text_sees_who_does_and_no_original(as_ana, bo, waiting):
    open_text(text=waiting, by=bo)
    words = page(as_ana, f"{QUEUE}{waiting.pk}/")
    assert "Bo Petit lit ce texte" in words
    assert "06 12 34 56 78" not in words
    assert "Bo Petit lit ce texte depuis" in opened(as_ana, waiting)
    assert "06 12 34 56 78" in page(as_ana, f"{QUEUE}ouvrir/", prendre=waiting.pk)


@pytest.mark.parametrize("role", [Role.PUBLISHER, Role.ADMINISTRATOR])
def test_only_moderators_and_administrators_open_originals(client, waiting, role):
    client.force_login(someone(role))
    response = client.post(f"{QUEUE}ouvrir/", {"lire": waiting.pk})
    assert response.status_code == (302 if role == Role.ADMINISTRATOR else 403)
    assert AuditEvent.objects.exists() == (role == Role.ADMINISTRATOR)


def test_words_are_masked_shown_and_changed_without_javascript(as_ana, waiting):
    opened(as_ana, waiting)
    marks = f"{QUEUE}{waiting.pk}/masques/"
    places = "description:15:29"
    assert "seront visibles" in page(as_ana, marks, acte="montrer", places=places)
    assert "restent masqués" in page(as_ana, marks, acte="masquer", places=places)
    words = page(
        as_ana, marks, acte="changer", places=places, words="le 06 12 34 56 78", kind="phone"
    )
    assert "Le masque est changé" in words
    words = page(as_ana, marks, acte="ajouter", words="personne", kind="name", replacement="[X]")
    assert "masqués 1\xa0fois" in words
    words = page(as_ana, marks, acte="selection", places="description:0:4", kind="name")
    assert "[nom] appelé [téléphone], [X] ne répond." in words


@pytest.mark.parametrize(
    ("posted", "told_back"),
    [
        ({"acte": "ajouter", "words": "Durand", "kind": "name"}, "ne sont pas dans le texte"),
        ({"acte": "ajouter", "words": "", "kind": "name"}, "Remplissez ce champ"),
        ({"acte": "montrer", "places": "description:15"}, "ont changé depuis"),
        ({"acte": "montrer", "places": "description:15:²"}, "ont changé depuis"),
        ({"acte": "autre"}, "Choisissez ce qu"),
    ],
)
def test_a_mask_that_cannot_be_is_told(as_ana, waiting, posted, told_back):
    opened(as_ana, waiting)
    assert told_back in page(as_ana, f"{QUEUE}{waiting.pk}/masques/", **posted)


def test_after_a_decision_comes_the_next_text_with_a_way_back(as_ana, waiting, told):
    following = arrived("Le récit suivant", reference="8")
    opened(as_ana, waiting)
    response = as_ana.post(f"{QUEUE}{waiting.pk}/publier/", follow=True)
    assert response.redirect_chain == [(f"{QUEUE}{following.pk}/", 302)]
    words = response.content.decode()
    assert "Le récit suivant" in words
    assert f'<a href="{QUEUE}{waiting.pk}/reprendre/">Reprendre cette décision</a>' in words
    words = page(as_ana, f"{QUEUE}{following.pk}/publier/", confirm=1)
    assert "plus rien à lire" in words


def test_the_narrowing_of_the_queue_follows_from_text_to_text(as_ana, told, machine):
    first = arrived("Premier récit")
    machine.found = Findings(language="ar")
    arrived("شكرا", reference="8")
    third = arrived("شكرا جزيلا", reference="9")
    words = page(as_ana, f"{QUEUE}?langue=autre")
    assert "Premier récit" not in words
    assert "arabe" in words
    second = ModeratedText.objects.get(reference="8")
    as_ana.post(f"{QUEUE}ouvrir/?langue=autre", {"lire": second.pk})
    response = as_ana.post(f"{QUEUE}{second.pk}/publier/?langue=autre")
    assert response.url == f"{QUEUE}{third.pk}/?langue=autre"
    response = as_ana.post(f"{QUEUE}{third.pk}/publier/?langue=autre")
    assert response.url == f"{QUEUE}?langue=autre"
    first.refresh_from_db()
    assert first.state == TextState.WAITING


def test_the_queue_is_narrowed_by_each_filter(as_ana, told, machine, ana):
    arrived("Récit banal")
    machine.found = Findings(danger_words=("en finir",), language="fr", risk=90)
    arrived("Je veux en finir", reference="8")
    machine.found = Findings(language="en")
    late = arrived("Too long at Orléans", reference="9")
    ModeratedText.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=3))
    arrived("Pas encore lu", reference="10", read=False)

    def listed(query):
        return [line.heading for line in as_ana.get(f"{QUEUE}?{query}").context["lines"]]

    assert listed("") == ["Je veux en finir", "Too long at Orléans", "Récit banal"]
    assert listed("tri=age") == ["Récit banal", "Je veux en finir", "Too long at Orléans"]
    assert listed("danger=oui") == ["Je veux en finir"]
    assert listed("langue=autre") == ["Too long at Orléans"]
    assert listed("langue=fr") == ["Je veux en finir", "Récit banal"]
    assert listed("retard=oui") == ["Too long at Orléans"]
    assert listed("q=orleans+long") == ["Too long at Orléans"]
    assert listed("q=label") == []
    assert listed(f"q={late.pk}") == ["Too long at Orléans"]
    assert listed(f"q={'9' * 30}") == []
    assert listed("etat=reading") == ["Pas encore lu"]
    assert listed("source=essai&q=banal") == ["Récit banal"]
    assert listed("source=absente&danger=bof&etat=x") == listed("")
    words = page(as_ana, QUEUE)
    assert "dont <strong>1</strong> en retard" in words
    assert "en retard de 3\xa0heures" in words


def test_the_queue_takes_the_same_queries_however_long(
    as_ana, told, ana, django_assert_max_num_queries
):
    for number in range(12):
        text = arrived(f"Récit {number}", reference=f"{number}")
        raise_alert(text=text, by=ana)
    with django_assert_max_num_queries(12):
        as_ana.get(QUEUE)


@pytest.mark.parametrize("reason", RefusalReason.values)
def test_each_reason_prefills_an_explanation_that_may_be_edited(as_ana, waiting, reason):
    address = f"{QUEUE}{waiting.pk}/refuser/"
    assert f"?motif={reason}" in page(as_ana, address)
    form = as_ana.get(f"{address}?motif={reason}").context["form"]
    assert form["message"].value() == EXPLANATIONS[RefusalReason(reason)]
    opened(as_ana, waiting)
    page(as_ana, address, reason=reason, message="Dites-le autrement.", note="lu deux fois")
    decision = waiting.decisions.get()
    assert (decision.reason, decision.message, decision.note) == (
        reason,
        "Dites-le autrement.",
        "lu deux fois",
    )


def test_a_refusal_without_words_for_its_author_is_not_sent(as_ana, waiting):
    words = page(as_ana, f"{QUEUE}{waiting.pk}/refuser/", reason="insult", message=" ")
    assert "Remplissez ce champ" in words
    assert not waiting.decisions.exists()


def test_an_individual_file_is_oriented_to_a_proposal_or_another_service(as_ana, waiting, told):
    address = f"{QUEUE}{waiting.pk}/orienter/"
    assert "82 rue Brûle-Maison" in page(as_ana, address)
    assert "CPAM de Lille" not in page(as_ana, f"{address}?service=caf")
    assert "Aucun service trouvé" in page(as_ana, f"{address}?service=zzz")
    message = "Voyez ce service."
    assert "Choisissez un service" in page(as_ana, address, service="autre", message=message)
    page(as_ana, address, service="caf-lille", message=message)
    assert (told.last.oriented_to, told.last.oriented_key, told.last.message) == (
        "CAF du Nord, Lille",
        "caf-lille",
        message,
    )


def test_the_service_may_be_written(as_ana, waiting, told):
    page(
        as_ana,
        f"{QUEUE}{waiting.pk}/orienter/",
        service="autre",
        other="Mairie d'Ys",
        message="Voyez-la.",
    )
    assert (told.last.oriented_to, told.last.oriented_key) == ("Mairie d'Ys", "")


def test_a_danger_is_raised_noted_and_decided_by_two(as_ana, client, ana, bo, waiting):
    opened(as_ana, waiting)
    words = page(as_ana, f"{QUEUE}{waiting.pk}/danger/", words="menace un agent")
    assert "menace un agent" in words
    assert "<strong>17</strong>" in words
    page(as_ana, f"{QUEUE}{waiting.pk}/suite/", outcome="17 appelé à 9 h 10")
    assert Alert.objects.get().outcome == "17 appelé à 9 h 10"
    words = page(as_ana, f"{QUEUE}{waiting.pk}/publier/", confirm=1)
    assert "Une autre personne doit le confirmer" in words
    client.force_login(bo)
    words = opened(client, waiting)
    assert "Ana Roux propose : publier" in words
    assert "Confirmer : publier" in words
    page(client, f"{QUEUE}{waiting.pk}/publier/", confirm=1)
    waiting.refresh_from_db()
    assert waiting.state == TextState.ACCEPTED
    words = page(client, f"{QUEUE}alertes/")
    assert "17 appelé à 9 h 10" in words
    assert "par Bo Petit" in words


def test_what_alerts_is_quoted_once_and_the_decision_is_one_step_away(as_ana, told, machine):
    flags = ("danger possible : « me tuer »", "très court")
    machine.found = Findings(language="fr", risk=100, flags=flags, danger_words=("me tuer",))
    words = opened(as_ana, arrived("Je vais me tuer."))
    shown = words.partition('id="original"')[0]
    assert shown.count("me tuer") == 1
    assert "Très court" in shown
    assert '<a href="#decider">' in shown


def test_the_first_of_two_is_not_offered_the_same_text_again(as_ana, ana, waiting):
    raise_alert(text=waiting, by=ana)
    opened(as_ana, waiting)
    response = as_ana.post(f"{QUEUE}{waiting.pk}/sans-danger/")
    assert response.url == QUEUE


def test_two_people_set_a_danger_aside_from_its_page(as_ana, client, ana, bo, waiting):
    raise_alert(text=waiting, by=ana)
    page(as_ana, f"{QUEUE}{waiting.pk}/sans-danger/", confirm=1)
    client.force_login(bo)
    words = page(client, f"{QUEUE}{waiting.pk}/sans-danger/", confirm=1)
    assert "Le danger est écarté" in words
    assert "Aucun danger" in page(client, f"{QUEUE}{waiting.pk}/sans-danger/", confirm=1)


@pytest.fixture
def danger(told, machine):
    machine.found = Findings(language="fr", risk=95, danger_words=("me tuer",))
    return arrived("Je vais me tuer.")


def test_somebody_in_danger_is_told_the_numbers_that_fit_and_nothing_of_a_file(
    as_ana, client, bo, danger, told
):
    address = f"{QUEUE}{danger.pk}/orienter/"
    form = as_ana.get(address).context["form"]
    message = form["message"].value()
    assert [key for key, _ in form.fields["service"].choices[:2]] == ["numero-3114", "numero-15"]
    assert "3114" in message
    assert "dossier" not in message
    assert "3919" not in message
    for asked, numbers in (("couple", "3919"), ("enfant", "119"), ("tous", "3114 3919 119")):
        other = as_ana.get(f"{address}?aide={asked}").context["form"]["message"].value()
        assert all(number in other for number in [*numbers.split(), "15", "17", "112", "114"])
    page(as_ana, address, service="numero-3114", message="Appelez le 3114.")
    client.force_login(bo)
    page(client, address, service="numero-3114", message="Appelez le 3114.")
    assert (told.last.oriented_to, told.last.message) == (
        "3114, prévention du suicide",
        "Appelez le 3114.",
    )


def test_the_second_person_finds_what_the_first_chose_and_wrote(as_ana, client, bo, danger, told):
    address = f"{QUEUE}{danger.pk}/orienter/"
    page(as_ana, address, service="autre", other="Point écoute jeunes", message="Allez-y.")
    client.force_login(bo)
    response = client.get(address)
    form = response.context["form"]
    words = unescape(response.content.decode())
    assert "Ana Roux propose : orienter vers un service (Point écoute jeunes)" in words
    chosen = {name: form[name].value() for name in ("service", "other", "message")}
    assert chosen == {"service": "autre", "other": "Point écoute jeunes", "message": "Allez-y."}
    page(client, address, **chosen)
    assert told.last.oriented_to == "Point écoute jeunes"


def test_two_refusals_for_two_reasons_confirm_nothing(as_ana, client, ana, bo, danger, told):
    address = f"{QUEUE}{danger.pk}/refuser/"
    page(as_ana, address, reason="insult", message="Sans ce mot.")
    client.force_login(bo)
    form = client.get(address).context["form"]
    assert (form["reason"].value(), form["message"].value()) == ("insult", "Sans ce mot.")
    assert client.get(f"{address}?motif=").context["form"] is None
    words = page(client, address, reason="advertising", message="Sans publicité.")
    assert "Ana Roux propose autre chose : refuser (propos injurieux ou haineux)" in words
    assert told.decisions == []
    for person in (bo, ana):
        client.force_login(person)
        words = unescape(page(client, f"{QUEUE}{danger.pk}/"))
        assert "Les avis diffèrent" in words
        assert "Bo Petit propose : refuser (publicité)" in words
        assert "Ana Roux propose : refuser (propos injurieux ou haineux)" in words
    page(client, address, reason="advertising", message="Sans publicité.")
    assert told.last.reason == "advertising"


def test_a_published_text_is_removed_or_its_decision_taken_again(as_ana, ana, waiting, told):
    accept(text=waiting, by=ana)
    words = page(as_ana, f"{QUEUE}{waiting.pk}/")
    assert "Reprendre la décision" in words
    page(as_ana, f"{QUEUE}{waiting.pk}/reprendre/", note="Un nom est resté")
    waiting.refresh_from_db()
    assert waiting.state == TextState.WAITING
    accept(text=waiting, by=ana)
    address = f"{QUEUE}{waiting.pk}/retirer/"
    page(as_ana, address, reason="named_agent", message="Un agent est reconnaissable.")
    assert told.decisions[-1][0] == "remove"


def test_what_cannot_be_done_any_more_is_told_on_its_page(as_ana, ana, waiting):
    accept(text=waiting, by=ana)
    address = f"{QUEUE}{waiting.pk}"
    assert "a déjà décidé" in page(as_ana, f"{address}/publier/", confirm=1)
    posted = {"reason": "insult", "message": "Sans ce mot."}
    assert "a déjà décidé" in page(as_ana, f"{address}/refuser/", **posted)
    withdraw(source=SOURCE, reference="7")
    assert "Plus rien à lire" in page(as_ana, f"{address}/")
    assert "Aucune décision n'est à reprendre" in page(as_ana, f"{address}/reprendre/")
    assert "retiré par son auteur" in page(as_ana, f"{address}/danger/", words="à lire")


def test_a_text_is_given_back_or_passed(as_ana, ana, waiting):
    opened(as_ana, waiting)
    as_ana.post(f"{QUEUE}{waiting.pk}/rendre/")
    waiting.refresh_from_db()
    assert waiting.taken_by is None
    opened(as_ana, waiting)
    other = arrived("Un autre", reference="8")
    ModeratedText.objects.filter(pk=other.pk).update(risk=50)
    response = as_ana.post(f"{QUEUE}{waiting.pk}/rendre/", {"suivant": "oui"})
    assert response.url == f"{QUEUE}{other.pk}/"


def test_hostile_text_is_shown_as_text(as_ana, told):
    text = arrived("Titre", "<script>alert(1)</script> \u202eedoc\u202c & <b>gras</b>")
    for words in (page(as_ana, QUEUE), opened(as_ana, text)):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in words
        assert "<script>alert" not in words
        assert "\u202e" not in words
        assert '<p dir="auto"' in words


def test_near_duplicates_stand_beside_with_their_decision(as_ana, ana, told, machine):
    machine.found = Findings(signature=(1, 2, 3, 4), bands=(12, 34))
    first = arrived("J'ai attendu deux heures")
    refuse(text=first, by=ana, reason="advertising")
    machine.found = Findings(signature=(1, 2, 3, 9), bands=(12, 99))
    second = arrived("J'ai attendu deux longues heures", reference="8")
    words = page(as_ana, f"{QUEUE}{second.pk}/")
    assert "se ressemblent à 75\xa0%" in words
    assert "J&#x27;ai attendu deux heures" in words
    assert "Refuser : publicité, par Ana Roux" in words


def test_the_version_before_stands_beside_the_amended_one(as_ana, ana, told):
    first = arrived("Texte avec un gros mot")
    refuse(text=first, by=ana, reason="insult", message="Sans ce mot.")
    parts = [Part("description", "Récit", "Texte poli")]
    second = submit(source=SOURCE, reference="7", parts=parts, follows=first)
    read_text(second)
    words = page(as_ana, f"{QUEUE}{second.pk}/")
    assert "La version précédente" in words
    assert "Texte avec un gros mot" in words
    assert "Message à l'auteur : Sans ce mot." in words


def test_a_text_that_does_not_exist_is_not_found(as_ana):
    assert as_ana.get(f"{QUEUE}12345/").status_code == 404


def test_shortcuts_are_turned_off_for_this_browser(as_ana, told):
    assert 'data-raccourcis="oui"' in page(as_ana, QUEUE)
    words = page(as_ana, f"{QUEUE}raccourcis/", raccourcis="non")
    assert 'data-raccourcis="non"' in words
    assert "Activer les raccourcis" in words


def test_a_very_long_text_is_read_and_masked_like_another(as_ana, ana, told):
    text = arrived("Le 06 12 34 56 78 ne répond pas. 😀\n" * 2_800)
    words = opened(as_ana, text)
    assert words.count("<mark>06 12 34 56 78</mark>") == 2_800
    assert "(2800 fois)" in words
    (group,) = mark_groups_of(text)
    shown = page(as_ana, f"{QUEUE}{text.pk}/masques/", acte="masquer", places=group.places)
    assert "Ces mots restent masqués" in shown
    decision = accept(text=text, by=ana)
    assert decision.text.published("description").count("[téléphone]") == 2_800


def mark_groups_of(text):
    marks = read_marks(text.original.marks)
    return mark_groups({part["name"]: part["text"] for part in text.original.parts}, marks)
