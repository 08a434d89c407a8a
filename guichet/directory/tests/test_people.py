"""Administrators find people, give and end what they may do, each time after a question."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from guichet.accounts.actions import deactivate_user
from guichet.accounts.models import SignIn, User
from guichet.accounts.tests.factories import UserFactory
from guichet.core.errors import RuleViolation
from guichet.directory.actions.people import close_account
from guichet.directory.models import Membership, Role
from guichet.directory.permissions import powers_of
from guichet.directory.tests.factories import someone

pytestmark = pytest.mark.django_db
LIST = "/agents/personnes/"


def words(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("&#x27;", "'")


def names(response) -> list[str]:
    return [person.full_name for person in response.context["page"]]


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def signed_in(client, administrator):
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.PUBLISHER])
def test_only_administrators_come_here(client, role, stranger, lead):
    client.force_login(someone(role) if role else stranger)
    for url in (
        LIST,
        f"{LIST}inviter/",
        f"{LIST}{lead.pk}/",
        f"{LIST}{lead.pk}/compte/desactiver/",
        f"{LIST}{lead.pk}/adresse/",
    ):
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 403
    assert fresh(lead).is_active


def test_people_are_found_by_name_address_and_state(signed_in, administrator, stranger, manager):
    gone = UserFactory(full_name="Éva Partie")
    deactivate_user(user=gone, by=administrator)
    assert names(signed_in.get(LIST)) == ["Alix Demonet", "Claude Mercier", "Luc Petit"]
    assert names(signed_in.get(LIST, {"q": "mercier"})) == ["Claude Mercier"]
    assert names(signed_in.get(LIST, {"q": "luc@mairie"})) == ["Luc Petit"]
    assert names(signed_in.get(LIST, {"etat": "sans-role"})) == ["Luc Petit"]
    assert names(signed_in.get(LIST, {"etat": "parties", "q": "eva"})) == ["Éva Partie"]
    assert names(signed_in.get(LIST, {"q": "\0'--%"})) == []


def test_the_list_runs_a_constant_number_of_queries(
    signed_in,
    site,
    django_assert_max_num_queries,
):
    for _ in range(30):
        someone(Role.READER, site)
    with django_assert_max_num_queries(8):
        assert len(signed_in.get(LIST).context["page"]) == 25


def test_a_person_page_tells_roles_and_sign_ins(
    signed_in,
    manager,
    django_assert_max_num_queries,
):
    SignIn.objects.create(user=manager, epoch=0, means="code", device="Firefox sur Linux")
    Authenticator.objects.create(user=manager, type="totp", data={})
    with django_assert_max_num_queries(14):
        page = words(signed_in.get(f"{LIST}{manager.pk}/"))
    for told in ("Gestion", "CAF de Lille", "Firefox sur Linux", "Application d'authentification"):
        assert told in page
    assert "1 session ouverte" in page


def test_an_erased_person_has_no_page(signed_in, stranger):
    stranger.anonymised_at = timezone.now()
    stranger.save()
    assert signed_in.get(f"{LIST}{stranger.pk}/").status_code == 404


@pytest.mark.parametrize("act", ["desactiver", "moyens", "sessions"])
def test_each_act_asks_first(signed_in, manager, act):
    epoch = manager.session_epoch
    page = words(signed_in.get(f"{LIST}{manager.pk}/compte/{act}/"))
    assert "Claude Mercier (claude@caf.example)" in page
    assert fresh(manager).session_epoch == epoch
    assert signed_in.get(f"{LIST}{manager.pk}/compte/autre/").status_code == 404


def test_somebody_who_leaves_loses_everything_at_once(client, signed_in, manager, site):
    theirs = client.__class__()
    theirs.force_login(manager)
    assert theirs.get("/agents/structures/caf-lille/").status_code == 200
    page = signed_in.post(f"{LIST}{manager.pk}/compte/desactiver/", follow=True)
    assert "tous les accès sont fermés" in words(page)
    assert theirs.get("/agents/structures/caf-lille/").status_code == 302
    assert not powers_of(fresh(manager)).has_any
    signed_in.post(f"{LIST}{manager.pk}/compte/reactiver/")
    assert fresh(manager).is_active
    assert not powers_of(fresh(manager)).has_any


def test_lost_authenticators_are_reset_and_sessions_ended(client, signed_in, manager):
    Authenticator.objects.create(user=manager, type="totp", data={})
    theirs = client.__class__()
    theirs.force_login(manager)
    signed_in.post(f"{LIST}{manager.pk}/compte/moyens/")
    assert not Authenticator.objects.filter(user=manager).exists()
    assert theirs.get("/agents/compte/").status_code == 302
    theirs.force_login(fresh(manager))
    signed_in.post(f"{LIST}{manager.pk}/compte/sessions/")
    assert theirs.get("/agents/compte/").status_code == 302


def test_another_address_is_asked_confirmed_and_effective_at_once(
    client, signed_in, manager, mailoutbox
):
    theirs = client.__class__()
    theirs.force_login(manager)
    page = f"{LIST}{manager.pk}/"
    assert f"{page}adresse/" in words(signed_in.get(page))
    assert "Nouvelle adresse électronique" in words(signed_in.get(f"{page}adresse/"))
    typed = {"email": "Claude.Roy@caf.example"}
    assert "par claude.roy@caf.example" in words(signed_in.post(f"{page}adresse/", typed))
    assert fresh(manager).email == "claude@caf.example"
    done = signed_in.post(f"{page}adresse/", {**typed, "confirmed": "1"}, follow=True)
    assert "nouvelle adresse : claude.roy@caf.example" in words(done)
    assert fresh(manager).email == "claude.roy@caf.example"
    assert theirs.get("/agents/compte/").status_code == 302
    told = {address for mail in mailoutbox for address in mail.to}
    assert told == {"claude@caf.example", "claude.roy@caf.example"}


@pytest.mark.parametrize(
    ("email", "why"),
    [
        ("LUC@mairie.example", "déjà celle d'un autre compte"),
        ("Claude@caf.example", "déjà l'adresse de ce compte"),
        ("claude", "adresse électronique complète"),
    ],
)
def test_an_address_that_cannot_be_taken_is_refused(
    signed_in, manager, stranger, mailoutbox, email, why
):
    refused = signed_in.post(f"{LIST}{manager.pk}/adresse/", {"email": email, "confirmed": "1"})
    assert why in words(refused)
    assert fresh(manager).email == "claude@caf.example"
    assert mailoutbox == []


def test_an_administrator_does_not_close_their_own_account(signed_in, administrator):
    page = signed_in.post(f"{LIST}{administrator.pk}/compte/desactiver/", follow=True)
    assert fresh(administrator).is_active
    assert "dernier administrateur" in words(page)


def test_the_last_administrator_stays(administrator):
    second = someone(Role.ADMINISTRATOR)
    close_account(user=administrator, by=second)
    with pytest.raises(RuleViolation, match="n'administrez plus"):
        close_account(user=second, by=administrator)
    assert powers_of(fresh(second)).is_administrator


def test_the_last_administrator_keeps_the_role(signed_in, administrator):
    held = administrator.memberships.get()
    url = f"{LIST}{administrator.pk}/roles/{held.pk}"
    assert "dernier administrateur" in words(signed_in.post(f"{url}/retirer/", follow=True))
    change = {"role": "moderator", "confirmed": "1"}
    assert "dernier administrateur" in words(signed_in.post(f"{url}/changer/", change, follow=True))
    assert powers_of(fresh(administrator)).is_administrator


def test_somebody_is_invited_into_the_team_after_a_question(signed_in, mailoutbox):
    typed = {"email": "yael@etat.example", "full_name": "Yaël Roy", "role": "publisher"}
    asked = signed_in.post(f"{LIST}inviter/", typed)
    assert "Publication, pour tout le programme" in words(asked)
    assert not User.objects.filter(email=typed["email"]).exists()
    done = signed_in.post(f"{LIST}inviter/", {**typed, "confirmed": "1"}, follow=True)
    assert "Yaël Roy" in words(done)
    assert powers_of(User.objects.get(email=typed["email"])).programme == {"publisher"}
    assert mailoutbox[0].to == [typed["email"]]


@pytest.mark.parametrize("role", ["lead", "manager", "", "roi"])
def test_only_programme_roles_are_given_here(signed_in, stranger, role):
    typed = {"email": "x@y.example", "role": role, "confirmed": "1"}
    assert signed_in.post(f"{LIST}inviter/", typed).status_code == 200
    assert signed_in.post(f"{LIST}{stranger.pk}/roles/donner/", typed).status_code == 200
    assert not Membership.objects.filter(user=stranger).exists()
    assert not User.objects.filter(email="x@y.example").exists()


def test_a_role_is_given_changed_and_ended_each_at_once(signed_in, stranger):
    page = f"{LIST}{stranger.pk}/"
    typed = {"role": "moderator"}
    assert "Donner ce rôle" in words(signed_in.post(f"{page}roles/donner/", typed))
    assert not powers_of(fresh(stranger)).has_any
    signed_in.post(f"{page}roles/donner/", {**typed, "confirmed": "1"})
    assert powers_of(fresh(stranger)).programme == {"moderator"}
    held = stranger.memberships.get()
    change = f"{page}roles/{held.pk}/changer/"
    assert "Remplacer" in words(signed_in.post(change, {"role": "publisher"}))
    signed_in.post(change, {"role": "publisher", "confirmed": "1"})
    assert powers_of(fresh(stranger)).programme == {"publisher"}
    assert "Retirer ce rôle" in words(signed_in.get(f"{page}roles/{held.pk}/retirer/"))
    signed_in.post(f"{page}roles/{held.pk}/retirer/")
    assert not powers_of(fresh(stranger)).has_any
    assert signed_in.get(f"{page}roles/{held.pk}/retirer/").status_code == 404


def test_roles_on_structures_are_ended_but_not_changed_here(signed_in, manager):
    held = manager.memberships.get()
    assert signed_in.get(f"{LIST}{manager.pk}/roles/{held.pk}/changer/").status_code == 404
    signed_in.post(f"{LIST}{manager.pk}/roles/{held.pk}/retirer/")
    assert not powers_of(fresh(manager)).has_any


def test_a_role_is_not_ended_through_somebody_elses_page(signed_in, manager, stranger):
    held = manager.memberships.get()
    url = reverse("end_person_role", args=[stranger.pk, held.pk])
    assert signed_in.post(url).status_code == 404
    assert powers_of(fresh(manager)).has_any
