"""News by mail: asked, confirmed by a button, sent once a day, ended in one click."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from guichet.accounts import trapped_forms
from guichet.core.models import OutgoingMail
from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences import tasks
from guichet.experiences.following import actions, limits
from guichet.experiences.following.actions.subscriptions import (
    confirm_url,
    end_url,
    erase_unconfirmed,
    send_daily_news,
)
from guichet.experiences.following.forms import SubscribeForm
from guichet.experiences.models import Experience, Subscription
from guichet.experiences.reading.scopes import Scope, territory_of_code
from guichet.experiences.reading.search import index
from guichet.experiences.tests.factories import AddresseeFactory, ReplyFactory
from guichet.experiences.tests.following.letters import letters, links_in, the_letter, words_of
from guichet.experiences.tests.following.pages import strict, words_at
from guichet.territories.tests.factories import DepartementFactory

pytestmark = pytest.mark.django_db
HOME = "/experiences/abonnement/"


@pytest.fixture
def structure():
    return StructureFactory(
        code="caf-lille", name="CAF de Lille", network=NetworkFactory(code="caf")
    )


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(0))


def ask(query: str, scope: Scope, email: str = "lea@exemple.fr", **fields):
    token = SubscribeForm(about=f"subscribe-{scope.key}").token()
    return strict().post(f"{HOME}?{query}", {"email": email, "seen": token, **fields})


def path_in(letter) -> str:
    (link,) = links_in(letter)
    return link.removeprefix(settings.PUBLIC_URL)


def subscribed(scope: Scope, email: str = "lea@exemple.fr") -> Subscription:
    """A subscription confirmed an hour ago, its letters forgotten."""
    one = actions.ask_subscription(email=email, scope=scope)
    earlier = timezone.now() - timedelta(hours=1)
    one.confirmed_at = one.told_until = earlier
    one.save()
    OutgoingMail.objects.all().delete()
    return one


def publish(structure, **fields) -> Experience:
    """A story published now, addressed to `structure`."""
    story = AddresseeFactory(
        structure=structure,
        experience__published_at=timezone.now(),
        **{f"experience__{name}": value for name, value in fields.items()},
    ).experience
    index(story)
    return story


def test_each_place_that_can_be_followed_says_so(structure):
    said = words_at(strict(), f"/experiences/services/{structure.code}/")
    assert f"{HOME}?service=caf-lille" in said
    assert f"{HOME}?reseau=caf" in words_at(strict(), "/experiences/reseaux/caf/")
    assert f"{HOME}?departement=59" in words_at(strict(), "/experiences/territoires/59/")


def test_a_subscription_is_asked_without_cookie_and_confirmed_by_a_button(structure, at_once):
    response = ask("service=caf-lille", Scope(structure=structure))
    assert response.status_code == 303
    assert not response.cookies
    assert "Ouvrez votre messagerie" in words_at(strict(), response.url)
    path = path_in(the_letter())
    assert "CAF de Lille" in words_at(strict(), path)
    one = Subscription.objects.get()
    assert (one.email, one.confirmed_at) == ("lea@exemple.fr", None)
    response = strict().post(path)
    assert "est confirmé" in words_at(strict(), response.url)
    one.refresh_from_db()
    assert one.confirmed_at is not None
    assert end_url(one) in strict().get(response.url).content.decode()


def test_mail_scanners_confirm_and_end_nothing(structure, at_once):
    ask("service=caf-lille", Scope(structure=structure))
    path = path_in(the_letter())
    for _ in range(3):
        strict().get(path)
        strict().head(path)
    assert Subscription.objects.get().confirmed_at is None


def test_an_address_that_follows_already_is_told_by_mail_and_the_page_says_nothing(
    structure, at_once
):
    subscribed(Scope(structure=structure))
    response = ask("service=caf-lille", Scope(structure=structure), email="LEA@exemple.fr")
    assert "Ouvrez votre messagerie" in words_at(strict(), response.url)
    assert Subscription.objects.count() == 1
    assert "vous êtes déjà abonné" in the_letter()["Subject"]


@pytest.mark.parametrize(
    "query", ["service=inconnu", "reseau=inconnu", "departement=999", "departement=R32"]
)
def test_what_does_not_exist_is_not_found(query):
    assert strict().get(f"{HOME}?{query}").status_code == 404


def test_without_a_thing_to_follow_one_is_chosen_or_searched(structure):
    assert f'href="{HOME}"' in words_at(strict(), "/experiences/")
    said = words_at(strict(), HOME)
    assert '<option value="caf">' in said
    assert '<option value="59">' in said
    assert HOME in words_at(strict(), "/experiences/territoires/R32/")
    found = words_at(strict(), f"{HOME}?quoi={structure.name}")
    assert f'href="{HOME}?service=caf-lille"' in found
    assert "Nous n'avons rien trouvé" in words_at(strict(), f"{HOME}?quoi=zzzzqq")


@pytest.mark.parametrize("fields", [{"email": "lea"}, {"adresse_du_site": "x"}, {"seen": ""}])
def test_a_wrong_address_or_a_trap_keeps_nothing(structure, at_once, fields):
    assert ask("service=caf-lille", Scope(structure=structure), **fields).status_code == 200
    assert not Subscription.objects.exists()


def test_mails_to_one_mailbox_are_limited(structure, at_once, monkeypatch):
    monkeypatch.setattr(limits, "MAILS", {"follow_mail": "2/d/key,120/h/ip"})
    for _ in range(4):
        ask("service=caf-lille", Scope(structure=structure))
    assert len(letters()) == 2


def test_an_address_follows_thirty_things_at_most_and_learns_it_by_mail_alone(at_once):
    for number in range(30):
        actions.ask_subscription(
            email="lea@exemple.fr", scope=Scope(network=NetworkFactory(code=f"r{number}"))
        )
    OutgoingMail.objects.all().delete()
    scope = Scope(network=NetworkFactory(code="de-trop", name="Réseau de trop"))
    answers = [ask("reseau=de-trop", scope, email) for email in ("lea@exemple.fr", "b@exemple.fr")]
    assert answers[0].url == answers[1].url
    assert Subscription.objects.filter(email="lea@exemple.fr").count() == 30
    told = next(one for one in letters() if one["To"] == "lea@exemple.fr")
    assert "Réseau de trop" in words_of(told)
    assert "n'a pas commencé" in words_of(told)
    links = links_in(told)
    assert len(links) == 30
    strict().post(links[0].removeprefix(settings.PUBLIC_URL))
    assert Subscription.objects.filter(email="lea@exemple.fr").count() == 29


def test_the_morning_mail_tells_new_stories_and_answers_once(structure):
    subscribed(Scope(structure=structure))
    story = publish(structure, title="Deux heures d'attente")
    old = AddresseeFactory(structure=structure, experience__title="Un vieux récit")
    ReplyFactory(addressee=old)
    assert send_daily_news() == 1
    said = words_of(the_letter())
    assert "Un récit\u00a0: Deux heures d'attente" in said
    assert story.get_absolute_url() in said
    assert "Une réponse de CAF de Lille\u00a0: Un vieux récit" in said
    assert send_daily_news() == 0


def test_nothing_new_sends_nothing(structure):
    subscribed(Scope(structure=structure))
    AddresseeFactory(structure=structure)
    assert send_daily_news() == 0


def test_nobody_is_written_to_before_confirming(structure):
    actions.ask_subscription(email="lea@exemple.fr", scope=Scope(structure=structure))
    OutgoingMail.objects.all().delete()
    publish(structure)
    assert send_daily_news() == 0


def test_a_service_is_followed_with_those_under_it(structure):
    under = StructureFactory(parent=structure, network=structure.network)
    subscribed(Scope(structure=structure))
    publish(under, title="Chez l'enfant")
    publish(StructureFactory(), title="Ailleurs")
    send_daily_news()
    said = words_of(the_letter())
    assert "Chez l'enfant" in said
    assert "Ailleurs" not in said


@pytest.mark.parametrize("what", ["network", "departement"])
def test_a_network_and_a_departement_are_followed(structure, what):
    if what == "network":
        scope = Scope(network=structure.network)
    else:
        scope = Scope(territory=territory_of_code("59"))
    subscribed(scope)
    elsewhere = DepartementFactory(code="29", name="Finistère")
    publish(structure, title="Ici")
    publish(StructureFactory(), departement=elsewhere, title="Ailleurs")
    send_daily_news()
    said = words_of(the_letter())
    assert "Ici" in said
    assert "Ailleurs" not in said


def test_an_address_gets_one_mail_for_all_that_it_follows(structure):
    subscribed(Scope(structure=structure))
    subscribed(Scope(network=structure.network))
    subscribed(Scope(structure=structure), email="autre@exemple.fr")
    publish(structure)
    assert send_daily_news() == 2
    assert sorted(letter["To"] for letter in letters()) == ["autre@exemple.fr", "lea@exemple.fr"]


def test_a_long_list_is_cut_and_says_so(structure):
    subscribed(Scope(structure=structure))
    for _ in range(22):
        publish(structure)
    send_daily_news()
    said = words_of(the_letter())
    assert said.count("Un récit\u00a0:") == 20
    assert "et 2 de plus sur le site" in said


def test_what_was_withdrawn_meanwhile_is_not_told(structure):
    subscribed(Scope(structure=structure))
    story = publish(structure, title="Retiré depuis")
    Experience.objects.filter(pk=story.pk).update(state="withdrawn")
    assert send_daily_news() == 0


def test_one_click_ends_everything_without_cookie_or_question(structure):
    """RFC 8058: the mail application posts `List-Unsubscribe=One-Click` to the address of the
    header; a page asks first."""
    subscribed(Scope(structure=structure))
    subscribed(Scope(network=structure.network))
    other = subscribed(Scope(structure=structure), email="autre@exemple.fr")
    publish(structure)
    send_daily_news()
    letter = next(one for one in letters() if one["To"] == "lea@exemple.fr")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    header = "".join(letter["List-Unsubscribe"].split())
    path = header.strip("<>").removeprefix(settings.PUBLIC_URL)
    assert path.startswith(HOME)
    strict().get(path)
    assert Subscription.objects.count() == 3
    response = strict().post(path, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert Subscription.objects.get() == other
    assert "C'est arrêté" in words_at(strict(), path)


def test_the_link_that_ends_everything_does_so_once_the_one_it_was_made_for_has_ended(structure):
    named = subscribed(Scope(structure=structure))
    subscribed(Scope(network=structure.network))
    other = subscribed(Scope(structure=structure), email="autre@exemple.fr")
    path = end_url(named, is_of_all=True).removeprefix(settings.PUBLIC_URL)
    own = end_url(named).removeprefix(settings.PUBLIC_URL)
    strict().post(own)
    assert Subscription.objects.count() == 2
    assert "aucun courriel" in words_at(strict(), path)
    strict().post(path)
    assert Subscription.objects.get() == other


def test_one_subscription_is_ended_by_its_own_link(structure):
    subscribed(Scope(structure=structure))
    kept = subscribed(Scope(network=structure.network))
    publish(structure)
    send_daily_news()
    ends = [link for link in links_in(the_letter()) if "/fin/" in link]
    assert len(set(ends)) == 3
    path = ends[0].removeprefix(settings.PUBLIC_URL)
    assert "CAF de Lille" in words_at(strict(), path)
    strict().post(path)
    assert Subscription.objects.get() == kept


@pytest.mark.parametrize("page", ["confirmer", "fin"])
def test_a_forged_link_changes_nothing(structure, page):
    subscribed(Scope(structure=structure))
    for token in ("jeton", "x" * 200):
        assert strict().post(f"{HOME}{page}/{token}/").status_code == 404
        assert strict().get(f"{HOME}{page}/{token}/").status_code == 404
    assert Subscription.objects.count() == 1


def test_a_link_to_confirm_does_not_end_and_the_reverse(structure):
    one = actions.ask_subscription(email="lea@exemple.fr", scope=Scope(structure=structure))
    confirm = path_in(the_letter())
    assert strict().post(confirm.replace("confirmer", "fin")).status_code == 404
    one.refresh_from_db()
    assert one.confirmed_at is None


def test_the_links_of_a_lost_subscription_do_nothing_to_the_one_that_has_its_number(structure):
    """A restored backup gives numbers again; the links stay in a mailbox."""
    lost = actions.ask_subscription(email="lea@exemple.fr", scope=Scope(structure=structure))
    links = [confirm_url(lost), end_url(lost), end_url(lost, is_of_all=True)]
    number = lost.pk
    lost.delete()
    other = Subscription.objects.create(
        pk=number, email="autre@exemple.fr", seal="s", structure=structure
    )
    for link in links:
        strict().post(link.removeprefix(settings.PUBLIC_URL))
    other.refresh_from_db()
    assert other.confirmed_at is None


def test_what_nobody_confirms_is_erased_after_seven_days(structure):
    actions.ask_subscription(email="lea@exemple.fr", scope=Scope(structure=structure))
    kept = subscribed(Scope(structure=structure), email="autre@exemple.fr")
    week_ago = timezone.now() - timedelta(days=7, minutes=1)
    Subscription.objects.update(asked_at=week_ago)
    assert erase_unconfirmed() == 1
    assert Subscription.objects.get() == kept


@pytest.mark.parametrize(
    ("due", "sent"),
    [
        (datetime(2026, 1, 15, 6, 0, tzinfo=UTC), 1),
        (datetime(2026, 1, 15, 5, 0, tzinfo=UTC), 0),
        (datetime(2026, 7, 15, 5, 0, tzinfo=UTC), 1),
    ],
)
def test_news_leave_at_seven_in_summer_and_in_winter(structure, due, sent):
    subscribed(Scope(structure=structure))
    publish(structure)
    tasks.send_story_news(int(due.timestamp()))
    assert len(letters()) == sent


def test_the_mail_does_not_keep_the_address(structure):
    subscribed(Scope(structure=structure))
    publish(structure)
    send_daily_news()
    assert OutgoingMail.objects.get().is_forgotten_once_sent
