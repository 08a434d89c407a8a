import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.orientation.matching.index import Document, Index, Meaning
from guichet.orientation.matching.verdict import Meant, Outcome, judge

DOCUMENTS = (
    Document("rsa", ("Demander le RSA", "je n'ai plus de revenus"), ("rsa",)),
    Document("carte", ("Refaire sa carte d'identité", "j'ai perdu mes papiers"), ("cni",)),
    Document("loyer", ("Payer son loyer en retard", "je ne peux plus payer mon loyer"), ("fsl",)),
    Document("bruit", ("Faire cesser le bruit de ses voisins", "mon voisin fait du bruit")),
    Document("train", ("Se faire rembourser un billet de train", "mon train est annulé")),
)
MEANINGS = (Meaning("taf", "revenus"), Meaning("proprio crie", "loyer retard", replaces=True))
INDEX = Index(DOCUMENTS, MEANINGS)
MEANT = {
    "rsa": Meant(("caf",)),
    "carte": Meant(("mairie",)),
    "loyer": Meant(("mds",)),
    "bruit": Meant(("mairie", "point_justice")),
    "train": Meant((), out_of_scope=True),
}


def verdict(text):
    return judge(INDEX.read(text), MEANT.__getitem__)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("je voudrais le rsa svp", "rsa"),
        ("RSA", "rsa"),
        ("plus de revenu", "rsa"),
        ("carte didentité perdue", "carte"),
        ("papier perdus", "carte"),
        ("loyé en retar", "loyer"),
        ("le voisin du dessus fait trop de bruit la nuit", "bruit"),
        ("proprio crie", "loyer"),
        ("pas de taf", "rsa"),
    ],
)
def test_words_find_the_document_that_means_them(text, key):
    assert INDEX.read(text).found[0].key == key


def test_a_whole_expression_is_sure():
    assert verdict("cni").outcome is Outcome.SURE
    assert verdict("cni").keys == ("carte",)


def test_nothing_in_common_is_missed_not_guessed():
    assert verdict("acheter un vélo électrique").outcome is Outcome.MISSED
    assert verdict("").outcome is Outcome.MISSED
    assert verdict("bonjour madame").outcome is Outcome.MISSED


def test_what_is_out_of_scope_is_said():
    assert verdict("mon billet de train annulé").outcome is Outcome.OUT_OF_SCOPE


def test_a_doubt_with_what_is_out_of_scope_is_not_a_refusal():
    found = verdict("train loyer")
    assert found.outcome is not Outcome.OUT_OF_SCOPE
    assert "train" not in found.keys


def test_two_needs_as_likely_are_a_choice():
    found = verdict("loyer et bruit")
    assert found.outcome is Outcome.CHOICE
    assert set(found.keys) == {"loyer", "bruit"}


def test_unknown_words_are_told():
    assert INDEX.read("loyer du zblorg").unknown == ("zblorg",)


@given(st.text(max_size=400))
def test_any_text_gets_scores_between_0_and_1_best_first(text):
    scores = [one.score for one in INDEX.read(text).found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1.0000001 for score in scores)


def test_an_index_of_nothing_finds_nothing():
    assert Index([]).read("rsa").found == ()
