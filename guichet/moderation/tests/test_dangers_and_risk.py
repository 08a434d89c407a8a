"""Danger is said in many ways; figures of speech are none; risk adds up what was found."""

import pytest

from guichet.moderation.detection.dangers import SEVERAL_WORDS, danger_words
from guichet.moderation.detection.insults import insult_words
from guichet.moderation.detection.language import language_of
from guichet.moderation.detection.risk import LOOK_WEIGHT, Risk, risk_of
from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import Kind

STORY = "J'attends ma carte depuis trois mois et personne ne me répond au téléphone."


@pytest.mark.parametrize(
    "text",
    [
        "je vais me tuer",
        "jme flingue ce soir",
        "JE VAIS ME PENDRE",
        "j'ai plus envie de vivre",
        "je vais mettre fin à mes jours",
        "je veux en finir, j'en peux plus",
        "vous aurez un mort sur la conscience",
        "j ai pris des cachets",
        "il me frappe tous les jours",
        "mon ex m'a menacée de mort",
        "mon père tape ma mère",
        "je vais tout brûler dans votre agence",
        "jvais tous vous buter",
        "la prochaine fois je viens avec une batte",
        "mes enfants sont en danger",
        "je vais m'immoler devant la CAF",
        "je vais me foutre une balle",
        "jvais me coller une balle",
    ],
)
def test_danger_is_seen(text: str) -> None:
    assert danger_words(f"Bonjour, {text}.")


@pytest.mark.parametrize(
    "text",
    [
        "ça me tue d'attendre",
        "c'est à mourir de rire",
        "je me bats pour mes droits",
        "je me tue à vous le dire",
        "tuer le temps dans la salle d'attente",
        "je veux en finir avec ce dossier",
        "ils m'ont tapé sur les nerfs",
        "acte de décès de mon mari mort le 3 mai",
        "elle m'a tapé le dossier",
        "le délai me tue",
        "cette attente qui me tue",
        "ils vont se tirer une balle dans le pied",
    ],
)
def test_a_figure_of_speech_is_no_danger(text: str) -> None:
    assert danger_words(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "i'm going to kill you all",
        "My husband beats me",
        "Quiero suicidarme",
        "me quiero morir",
        "mi marido me pega",
        "Quero morrer",
        "Voglio morire",
        "Ich will nicht mehr leben",
        "Chcę się zabić",
        "Vreau să mor",
        "Ölmek istiyorum",
        "Dua te vdes",
        "Я хочу умереть",
        "Муж меня бьёт",
        "Хочу накласти на себе руки",
        "Чоловік мене б’є",
        "أريد أن أموت",
        "وأريد أن أنتحر",
        "زوجي يضربني كل يوم",
        "میخواهم خودم را بکشم",
        "Ik wil niet meer leven",
        "Искам да се самоубия",
        "Хоћу да се убијем",
        "Muž me tuče svaku večer",
        "Tôi muốn tự tử",
        "我不想活了",
        "என்னை அடிக்கிறார்",
        "Waxaan rabaa inaan is dilo",
        "Mwen vle touye tèt mwen",
        "Mon mari i bat amoin",
        "bghit n9tel rasi",
    ],
)
def test_danger_said_plainly_in_another_language_alerts(text: str) -> None:
    assert danger_words(f"Bonjour. {text}.")


@pytest.mark.parametrize(
    "text",
    [
        "The delay is killing me, I want to renew my card and nobody answers",
        "I want to die of laughter",
        "Quiero una cita para renovar mi permiso, por favor",
        "Я хочу получить документы, жду уже три месяца",
        "أريد موعدا في المحافظة من فضلك",
        "我想打电话预约,没有人接",
        "Ik verveel me dood in jullie wachtkamer",
        "Phòng chờ không có gì để giết thời gian",
    ],
)
def test_a_plain_story_in_another_language_does_not_alert(text: str) -> None:
    assert danger_words(text) == ()


def test_insults_are_whole_words() -> None:
    assert insult_words("Bande d'incapables, ce CONNARD de guichet") != ()
    assert insult_words("Une dispute, un concours, des ordures ménagères, bande de papiers") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (STORY, "fr"),
        ("slt jai pa recu ma carte vital svp", "fr"),
        ("Hello, I have been waiting for my card for three months", "en"),
        ("Hola, tengo un problema con mi tarjeta", "es"),
        ("مرحبا أريد موعدا", "ar"),
        ("Здравствуйте, я жду документы", "ru"),
        ("Привіт, я чекаю на документи її", "uk"),
        ("ok", ""),
        ("", ""),
    ],
)
def test_the_language_is_told_or_left_unsaid(text: str, code: str) -> None:
    assert language_of(text) == code


def test_a_plain_story_has_no_risk() -> None:
    assert risk_of(STORY) == risk_of(STORY, language="fr")
    assert risk_of(STORY).score == 0
    assert risk_of(STORY).flags == ()


def test_danger_is_the_highest_risk_and_is_said_first() -> None:
    risk = risk_of(
        STORY, spans=[Span(0, 2, Kind.NIR, 1.0)], dangers=["me tuer"], insults=["x"], is_burst=True
    )

    assert risk.score == 100
    assert risk.flags[0] == "danger possible : « me tuer »"
    assert "1 donnée personnelle" in risk.flags


def test_what_is_to_be_looked_at_comes_before_what_is_calm_and_after_what_alerts() -> None:
    looked = risk_of(STORY, dangers_to_look_at=["plus rien"])

    assert looked.flags == ("danger possible, à regarder : « plus rien »",)
    assert risk_of(STORY, insults=["x"]).score < looked.score
    assert looked.score < risk_of(STORY, dangers=["me tuer"]).score


def test_what_stands_for_the_words_of_a_text_is_not_quoted() -> None:
    [flag] = risk_of(STORY, dangers_to_look_at=[SEVERAL_WORDS]).flags

    assert flag == f"danger possible, à regarder : {SEVERAL_WORDS}"


def test_another_language_is_flagged_not_refused_and_read_before_others() -> None:
    flagged = risk_of(STORY, language="en")

    assert flagged == Risk(LOOK_WEIGHT, ("autre langue que le français (en)",))
