"""The team's pages: figures, lists to work through, two clicks from a word to its meaning."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.directory.tests.agents.conftest import text_of
from guichet.orientation.actions.needs import set_need_active
from guichet.orientation.models import Event, MissedSearch, Need, Synonym, Tally, UnknownWord
from guichet.orientation.team.pages import (
    NeedWish,
    needs_found,
    overview,
    percent,
    synonyms_found,
)
from guichet.orientation.tests.factories import (
    DeskCallFactory,
    MissedSearchFactory,
    NeedFactory,
    SynonymFactory,
    UnknownWordFactory,
)
from guichet.orientation.tests.team.conftest import TEAM

pytestmark = pytest.mark.django_db
NEEDS, SYNONYMS, SEARCHES = (f"{TEAM}{name}/" for name in ("besoins", "synonymes", "recherches"))
SENT = {
    "title": "Demander un frouzbi",
    "theme": "argent",
    "audience": "particuliers",
    "phrases": "je veux un frouzbi\n\nje veux un frouzbi\n",
    "kind_0": "caisse d'allocations familiales (caf)",
    "why_0": "La Caf le verse.",
    "online": "Le demander | www.exemple.fr",
}


def test_the_pages_are_the_teams(client, moderator, colleague, stranger, rsa):
    search, word, synonym = MissedSearchFactory(), UnknownWordFactory(), SynonymFactory()
    read = ("", "recherches/", "besoins/", "besoins/creer/", "besoins/demander-rsa/", "synonymes/")
    write = (
        f"recherches/{search.pk}/regler/",
        f"recherches/{search.pk}/ajouter/",
        f"recherches/mots/{word.pk}/regler/",
        "besoins/demander-rsa/proposer/",
        f"synonymes/{synonym.pk}/utiliser/",
    )
    client.force_login(stranger)
    for path in (*read, *write):
        assert client.get(f"{TEAM}{path}").status_code == 403
        assert client.post(f"{TEAM}{path}", {"propose": "non"}).status_code == 403
    assert Need.objects.get(pk=rsa.pk).is_active
    for person in (moderator, colleague):
        client.force_login(person)
        for path in read:
            assert client.get(f"{TEAM}{path}").status_code == 200


def test_the_menu_leads_there_for_the_team(client, moderator, stranger):
    client.force_login(moderator)
    assert f'href="{TEAM}"' in client.get("/agents/").content.decode()
    client.force_login(stranger)
    assert f'href="{TEAM}"' not in client.get("/agents/").content.decode()


# The month


def tally(event, count, need=None, kind=None, days_ago=0):
    day = timezone.localdate() - timedelta(days=days_ago)
    Tally.objects.create(day=day, event=event, count=count, need=need, kind_id=kind)


def test_the_month_tells_what_was_asked_and_how_it_was_answered(rsa):
    passport = Need.objects.get(code="faire-passeport")
    tally(Event.SURE, 60, rsa)
    tally(Event.SURE, 10, passport, days_ago=29)
    tally(Event.SURE, 99, passport, days_ago=30)
    tally(Event.CHOICE, 20, rsa)
    tally(Event.MISSED, 10)
    tally(Event.WRONG_SERVICE, 4, rsa, "caf")
    DeskCallFactory()
    MissedSearchFactory()
    MissedSearchFactory(settled_at=timezone.now())
    UnknownWordFactory(count=2)
    UnknownWordFactory(count=3)
    month = overview()
    assert month.asked == 100
    assert [(one.count, one.percent) for one in month.shares] == [
        (70, "70\u00a0%"),
        (20, "20\u00a0%"),
        (0, "0\u00a0%"),
        (10, "10\u00a0%"),
    ]
    assert [(one.code, one.count) for one in month.needs] == [
        ("demander-rsa", 80),
        ("faire-passeport", 10),
    ]
    (wrong,) = month.wrong
    assert (wrong.code, wrong.kind, wrong.count, wrong.asked) == (
        "demander-rsa",
        "Caisse d'allocations familiales (CAF)",
        4,
        80,
    )
    assert (month.calls, month.searches_waiting, month.words_waiting) == (1, 1, 1)


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(1, 3, "33 %"), (0, 3, "0 %"), (1, 999, "moins de 1 %")]
)
def test_a_share_is_never_a_zero_that_is_not_one(part, whole, words):
    assert percent(part, whole) == words.replace(" %", "\u00a0%")


def test_the_overview_shows_it_in_few_queries(as_moderator, rsa, django_assert_max_num_queries):
    for need in Need.objects.all()[:30]:
        tally(Event.SURE, 5, need)
        tally(Event.WRONG_SERVICE, 1, need, "caf")
    with django_assert_max_num_queries(15):
        page = text_of(as_moderator.get(TEAM))
    assert "5 fois" in page
    assert "Erreurs d'orientation" in page


def test_a_trial_says_what_the_search_answers_and_counts_nothing(as_moderator):
    page = text_of(as_moderator.get(TEAM, {"essai": "demander le RSA vrouzbi"}))
    assert "Demander le RSA" in page
    assert "Mots que la recherche ne connaît pas : vrouzbi" in page
    page = text_of(as_moderator.get(TEAM, {"essai": "vrouzbi"}))
    assert "Rien trouvé" in page
    assert not Tally.objects.exists()
    assert not UnknownWord.objects.exists()


# What was not found


def test_searches_are_listed_with_the_most_frequent_first(as_moderator):
    MissedSearchFactory(text="carte du voisin", count=2)
    MissedSearchFactory(text="prêt du voisin", count=9)
    MissedSearchFactory(text="réglée du voisin", settled_at=timezone.now())

    def texts(**asked):
        return [one.text for one in as_moderator.get(SEARCHES, asked).context["page"]]

    assert texts() == ["prêt du voisin", "carte du voisin"]
    assert texts(q="pret") == ["prêt du voisin"]
    assert texts(etat="reglees") == ["réglée du voisin"]
    assert texts(etat="x", q="\0'--%") == []


def test_the_list_runs_as_many_queries_however_long(as_moderator, django_assert_max_num_queries):
    for _ in range(40):
        MissedSearchFactory()
        UnknownWordFactory()
    with django_assert_max_num_queries(10):
        assert len(as_moderator.get(SEARCHES).context["page"]) == 25


def test_a_search_is_settled_and_taken_up_again(as_moderator):
    search = MissedSearchFactory()
    as_moderator.post(f"{SEARCHES}{search.pk}/regler/")
    search.refresh_from_db()
    assert search.settled_at is not None
    as_moderator.post(f"{SEARCHES}{search.pk}/regler/", {"reglee": "non"})
    search.refresh_from_db()
    assert search.settled_at is None


def test_only_words_typed_by_several_are_shown(as_moderator):
    UnknownWordFactory(word="dupont", count=2)
    UnknownWordFactory(word="frouzbi", count=3)
    page = text_of(as_moderator.get(SEARCHES))
    assert "frouzbi" in page
    assert "dupont" not in page


def test_a_word_becomes_a_synonym_in_two_clicks(as_moderator, moderator):
    word = UnknownWordFactory(word="frouzbi")
    first = f"{SYNONYMS}ajouter/?mot={word.pk}"
    assert first in as_moderator.get(SEARCHES).content.decode()
    assert 'value="frouzbi"' in as_moderator.get(first).content.decode()
    sent = {"typed": "frouzbi", "means": "revenu de solidarité active"}
    response = as_moderator.post(first, sent)
    assert response.url == f"{SEARCHES}#mots"
    assert Synonym.objects.get(typed="frouzbi").edited_by == moderator
    assert "frouzbi" not in [one.word for one in as_moderator.get(SEARCHES).context["words"]]


def test_a_word_that_is_no_synonym_is_withdrawn(as_moderator):
    word = UnknownWordFactory(word="durand")
    as_moderator.post(f"{SEARCHES}mots/{word.pk}/regler/")
    assert not as_moderator.get(SEARCHES).context["words"]


def test_missed_words_join_a_need_in_two_clicks(as_moderator, rsa):
    search = MissedSearchFactory(text="… rsa du voisin …")
    add = f"{SEARCHES}{search.pk}/ajouter/"
    assert add in as_moderator.get(SEARCHES).content.decode()
    response = as_moderator.get(add)
    assert rsa in response.context["needs"]
    assert "« rsa du voisin »" in text_of(response)
    page = text_of(as_moderator.post(add, {"besoin": "demander-rsa"}, follow=True))
    assert "se dit maintenant aussi « rsa du voisin »" in page
    rsa.refresh_from_db()
    assert rsa.phrases[-1] == "rsa du voisin"
    assert MissedSearch.objects.get().settled_at is not None
    assert as_moderator.post(add, {"besoin": "zblorg"}).status_code == 404


def test_another_need_than_the_likely_ones_is_searched(as_moderator):
    search = MissedSearchFactory(text="rsa du voisin")
    found = as_moderator.get(f"{SEARCHES}{search.pk}/ajouter/", {"q": "passeport"})
    assert "faire-passeport" in [one.code for one in found.context["needs"]]


def test_missed_words_become_a_need_in_two_clicks(as_moderator):
    search = MissedSearchFactory(text="mon … frouzbi")
    create = f"{NEEDS}creer/?recherche={search.pk}"
    assert create in as_moderator.get(SEARCHES).content.decode()
    assert "mon frouzbi</textarea>" in text_of(as_moderator.get(create))
    response = as_moderator.post(create, SENT | {"phrases": "mon frouzbi"})
    assert response.url == f"{NEEDS}demander-un-frouzbi/"
    assert MissedSearch.objects.get().settled_at is not None


@pytest.mark.parametrize("key", ["", "x", "999999", "9" * 40, "²"])
def test_a_search_that_is_no_longer_there_leaves_the_form_empty(as_moderator, key):
    assert as_moderator.get(f"{NEEDS}creer/", {"recherche": key}).status_code == 200
    assert as_moderator.get(f"{SYNONYMS}ajouter/", {"mot": key}).status_code == 200


# Needs


def codes(**asked):
    return set(needs_found(NeedWish(**asked)).values_list("code", flat=True))


def test_needs_are_found_by_their_words_theme_and_state(moderator, rsa):
    set_need_active(need=NeedFactory(code="gone", title="Zblorg"), active=False, by=moderator)
    NeedFactory(code="private", title="Zblorg privé", out_of_scope=True, theme="hors_champ")
    assert codes(text="toucher le rsa pour la premiere fois") == {"demander-rsa"}
    assert codes(text="zblorg") == {"private"}
    assert codes(text="zblorg", state="hors-champ") == {"private"}
    assert codes(text="zblorg", state="inactifs") == {"gone"}
    assert codes(text="zblorg", theme="papiers") == set()
    assert codes(state="modifies") == set()
    assert codes(text="\0'--%") == set()


def test_needs_are_sorted_as_a_reader_would(as_moderator):
    NeedFactory(title="Éa zblorg")
    NeedFactory(title="eb zblorg")
    NeedFactory(title="ec zblorg")
    rows = as_moderator.get(NEEDS, {"q": "zblorg"}).context["rows"]
    assert [need.title for need, _ in rows] == ["Éa zblorg", "eb zblorg", "ec zblorg"]


def test_the_list_of_needs_runs_few_queries(as_moderator, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert len(as_moderator.get(NEEDS).context["rows"]) == 25


def test_a_need_is_created_from_its_page(as_moderator, moderator):
    response = as_moderator.post(f"{NEEDS}creer/", SENT, follow=True)
    assert "Le besoin « Demander un frouzbi » est proposé." in text_of(response)
    need = Need.objects.get(code="demander-un-frouzbi")
    assert (need.phrases, need.edited_by) == (["je veux un frouzbi"], moderator)
    assert need.online == [{"title": "Le demander", "url": "https://www.exemple.fr"}]
    (answer,) = need.answers.all()
    assert (answer.kind_id, answer.why) == ("caf", "La Caf le verse.")


def test_what_is_wrong_is_told_on_the_page_and_nothing_is_lost(as_moderator):
    wrong = SENT | {"title": "", "kind_1": "zblorg", "why_1": "Parce que.", "why_2": "Sans type"}
    page = text_of(as_moderator.post(f"{NEEDS}creer/", wrong))
    assert "le type de service « zblorg »" in page
    assert "Choisissez le type de service, ou effacez toute la ligne." in page
    assert "je veux un frouzbi" in page
    page = text_of(as_moderator.post(f"{NEEDS}creer/", SENT | {"title": "", "why_0": ""}))
    assert "Il manque le titre" in page
    assert "dites en une phrase pourquoi" in page


def test_a_need_is_edited_with_its_history_and_brought_back(as_moderator, rsa):
    page = as_moderator.get(f"{NEEDS}demander-rsa/")
    assert "Tel qu'il est livré" in text_of(page)
    sent = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    sent.pop("out_of_scope")
    sent = {name: value for name, value in sent.items() if not name.startswith("only_some")}
    sent["procedures"] = ""
    edited = text_of(
        as_moderator.post(page.request["PATH_INFO"], sent | {"advice": "Neuf."}, follow=True)
    )
    assert "C'est enregistré" in edited
    assert "par Camille Roux" in edited
    assert "a modifié le besoin Demander le RSA" in edited
    assert "À savoir : Faites la demande" in edited
    assert "Revenir à la version livrée" in edited
    back = text_of(as_moderator.post(f"{NEEDS}demander-rsa/version-livree/", follow=True))
    assert "C'est revenu à la version livrée." in back
    rsa.refresh_from_db()
    assert rsa.edited_at is None


def test_a_need_is_no_longer_proposed_from_its_page(as_moderator, rsa):
    page = as_moderator.post(f"{NEEDS}demander-rsa/proposer/", {"propose": "non"}, follow=True)
    assert "Ce besoin n'est pas proposé" in text_of(page)
    as_moderator.post(f"{NEEDS}demander-rsa/proposer/", {"propose": "oui"})
    assert Need.objects.get(pk=rsa.pk).is_active
    assert as_moderator.get(f"{NEEDS}zblorg/").status_code == 404


def test_a_need_page_runs_few_queries(as_moderator, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        as_moderator.get(f"{NEEDS}demander-rsa/")


# Synonyms


def test_synonyms_are_found_added_edited_and_left_aside(as_moderator):
    assert (
        as_moderator.post(f"{SYNONYMS}ajouter/", {"typed": "Frouzbi", "means": "passeport"}).url
        == SYNONYMS
    )
    synonym = Synonym.objects.get(typed="Frouzbi")
    assert synonym in as_moderator.get(SYNONYMS, {"q": "frouz"}).context["page"].object_list
    one = f"{SYNONYMS}{synonym.pk}/"
    as_moderator.post(one, {"means": "RSA", "replaces": "on"})
    synonym.refresh_from_db()
    assert (synonym.typed, synonym.means, synonym.replaces) == ("Frouzbi", "RSA", True)
    assert "a modifié le synonyme" in text_of(as_moderator.get(one))
    as_moderator.post(f"{one}utiliser/", {"utilise": "non"})
    assert not synonyms_found("frouz", "").exists()
    assert synonyms_found("FROUZ", "inactifs").get() == synonym
    as_moderator.post(f"{one}utiliser/", {"utilise": "oui"})
    assert synonyms_found("frouz", "").exists()


def test_a_twin_is_told_on_the_page(as_moderator):
    SynonymFactory(typed="frouzbi", means="passeport")
    page = text_of(as_moderator.post(f"{SYNONYMS}ajouter/", {"typed": "FROUZBI", "means": "RSA"}))
    assert "« frouzbi » est déjà dans la table et veut dire « passeport »" in page


def test_the_list_of_synonyms_runs_few_queries(as_moderator, django_assert_max_num_queries):
    for _ in range(60):
        SynonymFactory()
    with django_assert_max_num_queries(8):
        assert len(as_moderator.get(SYNONYMS).context["page"]) == 50
