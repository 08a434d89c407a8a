"""Copies share their signature, near-copies a band, other texts neither."""

import subprocess
import sys

from guichet.moderation.near_duplicates import bands, likeness, signature

STORY = (
    "J'ai attendu trois heures à la préfecture pour retirer mon titre de séjour, et au bout du"
    " compte l'agent m'a dit que la machine était en panne et qu'il fallait revenir lundi matin."
)


def test_case_accents_and_signs_count_for_nothing() -> None:
    assert signature(STORY) == signature(STORY.upper().replace("É", "E").replace(",", " !"))


def test_a_text_hardly_changed_shares_a_band() -> None:
    other = STORY.replace("trois heures", "quatre heures")
    one, two = signature(STORY), signature(other)

    assert likeness(one, two) > 0.6
    assert set(bands(one)) & set(bands(two))


def test_other_texts_are_not_alike() -> None:
    one, two = signature(STORY), signature("Merci à la mairie, passeport reçu en neuf jours, bravo")

    assert likeness(one, two) < 0.1
    assert not set(bands(one)) & set(bands(two))


def test_what_has_no_word_has_no_signature() -> None:
    assert signature(" … !") == ()
    assert bands(()) == ()
    assert likeness((), signature(STORY)) == 0.0


def test_numbers_fit_the_database_and_do_not_change_from_one_process_to_another() -> None:
    code = (
        "from guichet.moderation.near_duplicates import signature, bands;"
        "print(bands(signature('bonjour le monde')))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }

    assert runs == {f"{bands(signature('Bonjour, le monde !'))}\n"}
    assert all(0 <= one < 2**63 for one in bands(signature(STORY)))
    assert len(bands(signature(STORY))) == 16
