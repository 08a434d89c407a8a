"""The language of a text, from its small words and its letters.

Owns a profile of each language that people write to services in France; "" when unsure.
"""

from __future__ import annotations

import re

from guichet.moderation.detection.reading import read

_SMALL_WORDS = {
    "fr": "le la les des de du un une et est je vous nous il elle on ne pas que qui pour dans au"
    " aux"
    " avec sur mais mon ma mes ce cette ces a ai j c l d n s qu sont suis ont tres plus tout bien"
    " fait depuis merci bonjour svp jai pr ds vs ya cest pas plu moi leur se en y ou donc car sans"
    " apres jamais rien encore toujours alors ca dossier rdv carte demande service",
    "en": "the and is to of a in that it i you for was my have with not on this are but be they we"
    " been your at me so had from as were no would can there when an or their has will how",
    "es": "el los las y es una por con para que del se su no mi lo como pero muy me al esta tengo"
    " usted hola gracias porque cuando sin ya desde hace ha he soy unos hay",
    "pt": "o os as e uma um não nao para com que do da no na em por se meu minha mas muito eu você"
    " voce obrigado obrigada ja foi tenho sou ao dos das isso está esta bom dia",
    "it": "il lo gli di e che una un per con non sono mi del della ho ma come molto anche grazie"
    " buongiorno è al dal nel questo questa mio mia ci si perché perche",
    "de": "der die das und ist ich nicht ein eine zu mit den für fur auf von sie wir es dem habe"
    " haben"
    " war auch aber mein meine bei danke hallo sich im wie noch nach kein keine",
    "tr": "ve bir bu için icin ben çok cok ama ne var yok değil degil daha gibi merhaba teşekkür"
    " tesekkur benim bana kadar sonra mi mı olarak de da",
    "ro": "și si este nu cu pentru am un o la mai sunt ce pe din că ca mulțumesc multumesc buna"
    " bună"
    " ziua imi îmi fost sau dar foarte acest să sa",
    "pl": "i w nie na się sie jest to z do że ze jak mam mi dla dziękuję dziekuje dzień dzien dobry"
    " ale od po czy moje jestem tylko już juz",
}
_LISTS = {code: frozenset(read(words).bare.split()) for code, words in _SMALL_WORDS.items()}
_SCRIPTS = (
    ("ar", re.compile(r"[\u0600-\u06ff\u0750-\u077f]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_WORD = re.compile(r"[^\W\d_]+")
READ_CHARACTERS = 5_000
FEWEST_WORDS = 4
LEAST_SHARE = 0.15
LEAST_LEAD = 1.25
FEWEST_LETTERS = 8


def language_of(text: str) -> str:
    """ISO 639-1 code, "" when it cannot be told: too short, mixed, or none of those known."""
    sample = text[:READ_CHARACTERS]
    words = _WORD.findall(read(sample).bare)
    letters = sum(map(len, words))
    script = _script_of(sample, letters)
    if script:
        return script
    if len(words) < FEWEST_WORDS:
        return ""
    counts = {code: sum(word in small for word in words) for code, small in _LISTS.items()}
    (best, most), (_, second) = sorted(counts.items(), key=lambda one: -one[1])[:2]
    if most < LEAST_SHARE * len(words) or most < LEAST_LEAD * second or most < 2:
        return ""
    return best


def _script_of(sample: str, letters: int) -> str:
    """The language of another script when it makes half of the letters; Ukrainian has letters
    that Russian has not."""
    for code, pattern in _SCRIPTS:
        count = len(pattern.findall(sample))
        if code == "uk":
            cyrillic = len(re.findall(r"[\u0400-\u04ff]", sample))
            if cyrillic >= FEWEST_LETTERS and 2 * cyrillic > letters and 50 * count > cyrillic:
                return code
        elif count >= min(FEWEST_LETTERS, max(2, letters)) and 2 * count > letters:
            return code
    return ""
