"""The team writes needs: what may be written, what is refused, and what follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.orientation.actions.needs import (
    add_phrase,
    answers_of,
    create_need,
    edit_need,
    restore_need,
    set_need_active,
)
from guichet.orientation.answers import Question, answer_to
from guichet.orientation.catalogue import current_version
from guichet.orientation.models import Need
from guichet.orientation.reference_tables import load_needs
from guichet.orientation.team.forms import NeedForm
from guichet.orientation.team.need_content import AnswerLine, NeedContent
from guichet.orientation.tests.factories import NeedFactory, ProcedureFactory

pytestmark = pytest.mark.django_db
CAF = AnswerLine("caf", "La Caf le verse.")
CONTENT = NeedContent(
    title="Demander un frouzbi",
    theme="argent",
    audience="particuliers",
    phrases=("je veux un frouzbi",),
    words=("frouzbi",),
    answers=(CAF,),
)


def actions_on(need):
    events = AuditEvent.objects.about(kind="need", identifier=need.pk)
    return list(events.order_by("pk").values_list("action", flat=True))


def test_a_new_need_is_found_at_once(moderator):
    before = current_version()
    need = create_need(content=CONTENT, by=moderator)
    assert need.code == "demander-un-frouzbi"
    assert (need.edited_by, need.is_active) == (moderator, True)
    assert current_version() != before
    answer = answer_to(Question("il me faut un frouzbi"))
    assert answer.is_sure
    assert answer.subjects[0].doors[0].why == "La Caf le verse."
    assert actions_on(need) == ["need.created"]


def test_needs_of_one_title_have_codes_of_their_own(moderator):
    for code in ("demander-un-frouzbi", "demander-un-frouzbi-2"):
        NeedFactory(code=code)
    assert create_need(content=CONTENT, by=moderator).code == "demander-un-frouzbi-3"
    named_as_a_page = replace(CONTENT, title="Créer", words=())
    assert create_need(content=named_as_a_page, by=moderator).code == "creer-2"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": ""}, "Il manque le titre"),
        ({"title": "x" * 121}, "120 caractères"),
        ({"theme": ""}, "Choisissez un thème"),
        ({"phrases": ()}, "au moins une façon de le dire"),
        ({"phrases": ("x" * 201,)}, "trop long"),
        ({"phrases": tuple(f"phrase {n}" for n in range(81))}, "81 lignes, 80 au plus"),
        ({"words": tuple(f"frouz{n}" for n in range(61))}, "61 lignes, 60 au plus"),
        ({"documents": tuple(f"pièce {n}" for n in range(16))}, "16 lignes, 15 au plus"),
        ({"answers": ()}, "Aucun service ne répond"),
        ({"answers": (AnswerLine("zblorg", "Parce que."),)}, "le type de service « zblorg »"),
        ({"answers": (AnswerLine("caf", ""),)}, "dites en une phrase pourquoi"),
        ({"answers": (AnswerLine("caf", "x" * 251),)}, "250 caractères au plus"),
        ({"answers": (CAF, CAF)}, "est écrit deux fois"),
        ({"answers": (AnswerLine("caf", "Oui.", find_url="zut"),)}, "pas une adresse de page"),
        ({"online": (("", "https://exemple.fr/"),)}, "donnez un titre"),
        ({"online": (("Site", "javascript:alert(1)"),)}, "pas une adresse de page"),
        ({"procedures": ("F123456789",)}, "F123456789"),
        ({"words": ("RSA",)}, "« RSA » veut déjà dire un autre besoin, « Demander le RSA »"),
        ({"out_of_scope": True, "answers": ()}, "vers qui se tourner"),
    ],
)
def test_what_is_wrong_is_refused_and_says_how_to_mend_it(moderator, changes, told):
    with pytest.raises(RuleViolation, match=told):
        create_need(content=replace(CONTENT, **changes), by=moderator)
    assert not Need.objects.filter(title=CONTENT.title).exists()


def test_all_that_is_wrong_is_told_at_once(moderator):
    wrong = replace(CONTENT, title="", phrases=(), answers=())
    with pytest.raises(RuleViolation) as error:
        create_need(content=wrong, by=moderator)
    for told in ("le titre", "façon de le dire", "Aucun service"):
        assert told in str(error.value)


def test_out_of_scope_needs_no_service_but_advice(moderator):
    content = replace(CONTENT, out_of_scope=True, answers=(), advice="Voyez votre vendeur.")
    create_need(content=content, by=moderator)
    assert answer_to(Question("frouzbi")).out_of_scope


def test_a_sheet_of_the_catalogue_may_be_named_and_a_withdrawn_one_stays(moderator):
    ProcedureFactory(code="F900001")
    content = replace(CONTENT, procedures=("F900001",))
    need = create_need(content=content, by=moderator)
    need.procedures = ["F900001", "F900009"]
    need.save()
    both = replace(content, procedures=("F900009", "F900001"))
    assert edit_need(need=need, content=both, by=moderator)
    with pytest.raises(RuleViolation, match="F900777"):
        edit_need(need=need, content=replace(both, procedures=("F900777",)), by=moderator)


def test_editing_keeps_who_and_what_was_before(moderator):
    need = create_need(content=CONTENT, by=moderator)
    mairie = AnswerLine("mairie", "Elle le tamponne.", when="Si vous êtes pressé", only_some=True)
    assert edit_need(
        need=need,
        content=replace(CONTENT, title="Avoir un frouzbi", answers=(mairie, CAF)),
        by=moderator,
    )
    need.refresh_from_db()
    assert (need.title, need.code) == ("Avoir un frouzbi", "demander-un-frouzbi")
    assert answers_of(need) == (mairie, CAF)
    assert actions_on(need) == ["need.created", "need.edited", "need.answers_edited"]
    edited = AuditEvent.objects.get(action="need.edited", subject_id=str(need.pk))
    assert (edited.actor, edited.before) == (moderator, {"title": "Demander un frouzbi"})
    services = AuditEvent.objects.get(action="need.answers_edited", subject_id=str(need.pk))
    assert services.before == {
        "services": ["Caisse d'allocations familiales (CAF) – La Caf le verse."]
    }


def test_saving_without_a_change_changes_nothing(moderator, rsa):
    before = current_version()
    assert not edit_need(need=rsa, content=shown(rsa), by=moderator)
    rsa.refresh_from_db()
    assert rsa.edited_at is None
    assert current_version() == before


def shown(need):
    """What the form sends back when nobody touches it."""
    form = NeedForm(need=need)
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    read = NeedForm(sent, need=need)
    assert read.is_valid(), read.errors
    return read.content()


def test_the_form_gives_every_shipped_need_back_as_it_is(moderator):
    Need.objects.update(procedures=[])
    needs = Need.objects.prefetch_related("answers").order_by("code")
    for need in list(needs)[::12]:
        content = shown(need)
        assert answers_of(need) == content.answers, need.code
        assert list(content.phrases) == need.phrases, need.code
        assert list(content.words) == need.words, need.code
        assert (content.title, content.advice) == (need.title, need.advice), need.code
        online = [{"title": title, "url": url} for title, url in content.online]
        assert online == need.online, need.code


def test_words_that_were_there_already_are_not_held_against_a_need(moderator, rsa):
    twin = NeedFactory(title="Autre RSA", phrases=["rsa encore"])
    Need.objects.filter(pk=twin.pk).update(words=["rsa"])
    assert edit_need(need=rsa, content=replace(shown(rsa), advice="Neuf."), by=moderator)


def test_an_edited_need_is_no_longer_changed_by_what_is_shipped_until_restored(moderator, rsa):
    edit_need(need=rsa, content=replace(shown(rsa), title="Toucher le RSA"), by=moderator)
    load_needs()
    rsa.refresh_from_db()
    assert (rsa.title, rsa.edited_by) == ("Toucher le RSA", moderator)
    set_need_active(need=rsa, active=False, by=moderator)
    answers = answers_of(rsa)
    edit_need(need=rsa, content=replace(shown(rsa), answers=(CAF,)), by=moderator)
    restore_need(need=rsa, by=moderator)
    rsa.refresh_from_db()
    assert (rsa.title, rsa.edited_at, rsa.is_active) == ("Demander le RSA", None, True)
    assert answers_of(rsa) == answers
    assert "need.restored" in actions_on(rsa)


def test_a_need_of_the_team_has_no_shipped_version(moderator):
    need = create_need(content=CONTENT, by=moderator)
    with pytest.raises(RuleViolation, match="pas livré"):
        restore_need(need=need, by=moderator)


def test_a_need_is_no_longer_proposed_then_is_again(moderator):
    need = create_need(content=CONTENT, by=moderator)
    set_need_active(need=need, active=False, by=moderator)
    assert not answer_to(Question("frouzbi")).is_sure
    set_need_active(need=need, active=True, by=moderator)
    set_need_active(need=need, active=True, by=moderator)
    assert answer_to(Question("frouzbi")).is_sure
    assert actions_on(need) == ["need.created", "need.deactivated", "need.reactivated"]


def test_a_phrase_is_added_once(moderator):
    need = create_need(content=CONTENT, by=moderator)
    assert add_phrase(need=need, phrase="  mon   bidule ", by=moderator)
    assert not add_phrase(need=need, phrase="Mon Bidule", by=moderator)
    need.refresh_from_db()
    assert need.phrases == ["je veux un frouzbi", "mon bidule"]
    with pytest.raises(RuleViolation, match="vides"):
        add_phrase(need=need, phrase="  ", by=moderator)
