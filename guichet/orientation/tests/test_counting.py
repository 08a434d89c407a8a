"""What is counted, and above all what is not kept."""

import pytest

from guichet.orientation.answers import Question, answer_to
from guichet.orientation.counting import count_answer, count_wrong_service
from guichet.orientation.models import Event, MissedSearch, Tally, UnknownWord

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_territories")]


def asked(text):
    count_answer(answer_to(Question(text)))


def test_answers_are_counted_by_day_and_need():
    asked("je veux demander le rsa")
    asked("demander le RSA")
    (tally,) = Tally.objects.all()
    assert (tally.event, tally.need.code, tally.count) == (Event.SURE, "demander-rsa", 2)


def test_a_missed_search_is_kept_without_figures_or_unknown_words():
    asked("probleme avec monsieur Zblorgson de la caf dossier 1234567A")
    kept = MissedSearch.objects.get().text
    assert "zblorgson" not in kept.lower()
    assert not any(mark.isdigit() for mark in kept)
    assert "caf" in kept.split()
    assert "…" in kept


def test_a_search_of_unknown_words_alone_leaves_words_apart():
    asked("zblorgson vrouzbi")
    assert not MissedSearch.objects.exists()
    assert set(UnknownWord.objects.values_list("word", flat=True)) == {"zblorgson", "vrouzbi"}


@pytest.mark.parametrize("text", ["jean@zblorg.fr", "06 12 34 56 78", "1840559350123 45"])
def test_addresses_and_numbers_leave_nothing(text):
    asked(text)
    assert not MissedSearch.objects.exists()
    assert not any(mark.isdigit() for word in UnknownWord.objects.all() for mark in word.word)


def test_the_same_missed_search_is_one_row():
    asked("problème avec mon employeur zblorg")
    asked("probleme avec mon employeur vrouz")
    texts = list(MissedSearch.objects.values_list("text", "count"))
    assert sum(count for _, count in texts) == 2


def test_a_sure_answer_keeps_no_words():
    asked("je veux demander le rsa")
    assert not MissedSearch.objects.exists()
    assert not UnknownWord.objects.exists()


def test_a_flood_cannot_fill_the_disk_nor_shut_the_list(monkeypatch):
    monkeypatch.setattr("guichet.orientation.counting.MOST_KEPT", 2)
    monkeypatch.setattr("guichet.orientation.counting.ROOM_MADE", 1)
    for word in ("aaazblorg", "bbbvrouz", "cccfrout", "dddplouf"):
        asked(word)
    assert UnknownWord.objects.count() == 2
    assert UnknownWord.objects.filter(word="dddplouf").exists()


@pytest.mark.parametrize(
    "text",
    [
        "papier pour jean moreau sous curatelle truc",
        "papier truc pour Petit qui est mort",
        "papier truc " + "de la " * 30 + " zidane kowalczyk",
    ],
)
def test_names_are_left_out_even_those_that_resemble_a_word(text):
    asked(text)
    kept = " ".join(MissedSearch.objects.values_list("text", flat=True)).lower()
    assert not {"moreau", "petit", "zidane", "kowalczyk"} & set(kept.split())


def test_wrong_services_are_counted_for_each_need_and_kind():
    for _ in range(3):
        count_wrong_service(need="demander-rsa", kind="caf", departement="59")
    tally = Tally.objects.get(event=Event.WRONG_SERVICE)
    assert (tally.kind_id, tally.departement, tally.count) == ("caf", "59", 3)
