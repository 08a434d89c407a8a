"""French words as people type them, made comparable: « impayés », « impaye » and « inpayé ».

Owns the cutting, the stems and the near spellings; refuses any meaning (`synonyms` bring it).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA

from guichet.core.sounds import sound_of
from guichet.core.text import folded

READ_WORDS = 40
LONGEST_WORD = 30
"""Beyond, it is no French word (« anticonstitutionnellement » has 25 letters): it is not read."""

LEAST_SOUND = 3
SAME_SOUND = 0.88
ONE_SLIP = 0.85
TWO_SLIPS = 0.75
BEGINNING = 0.7
LEAST_BEGINNING = 5
MOST_NEAR = 6

_CHATTER = """
    a ah ai aie ailleurs ainsi aller alors an ans aout apres arrive arriver as au aucun
    aujourd aura aurai aurais aurait auriez aurions aussi autre autres aux avais avait avec
    avez avoir avons avril ayant bah bcp beaucoup besoin bien bjr bon bonjour bonsoir bref bsr
    c ca carrement ce ceci cela celle celui ces cest cet cette ceux chaque cherche
    chercher chez chose ci cinq coi combien comme comment concernant contacter d dans de
    decembre dedans deja demain depuis derriere des desormais dessus deux devant dimanche dire
    dis dit dix do dois doit doivent donc dont du e elle elles en encore ensuite entre es est
    et etaient etais etait etant ete etes etiez etions etre eu eux faire fais fait faites
    falloir faudrait faut fevrier finalement fo font fr franchement g help hier hui huit ici
    il ils j jai janvier je jeudi jms jour jours jsuis juillet juin jusqu jusque jé kan ke kel
    kelle ki kil koi kom koman koment komment l la laquelle le lequel les leur leurs longtemps
    lors lui lundi m ma machin madame maintenant mais mardi matin me meme merci mercredi mes
    mettre mieux mme moi moins mois mon monsieur mr mtn n na nai ne nest neuf ni non
    normalement nos notre nous novembre o octobre on ont ou oui par parait parce pareil
    parfois pas peine pendant peu peut peuvent peux pile plait plutot possible pour pourquoi
    pourrais pourrait pourriez pourrions pouvez pouvoir pr prendre presque pris prise probleme
    problemes pu puis puisque qd qu quand quatre que quel quelle quelles quelqu quelque
    quelquefois quelques quels question qui quil quoi quoique rapidement renseignement
    renseignements s sa salut samedi savoir se sept septembre sera serais serait serions ses
    seulement si sil simplement sinon six ske slt soi soit sommes son sont souci soucis
    souhaite souhaiter souhaiterais souhaitons souvent stp suis sur surtout svp t ta tard tel
    telle tellement tes the toi ton tot toujours tous tout toute toutefois toutes tres trois
    trop trouver truc tt tu un une uns va vais vas vendredi vers veu veulent veut veux via
    vite voila voir voire vont vos votre voudrais voudrait voudrions voulais voulions vouloir
    voulu vous vraiment vs y
"""
CHATTER = frozenset(folded(word) for word in _CHATTER.split())
"""Words that say nothing of the need: links, politeness, « comment faire pour »."""

LOOK_ALIKES = frozenset({"are", "ass", "apt", "pas", "plu", "sas", "ter"})
"""Acronyms that are also words, well or badly written: read as acronyms in capitals, or alone."""

_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?\b")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu)['’`]", re.I)
_WORD = re.compile(r"[^\W_]+")
_stemmer = snowballstemmer.stemmer("french")


def words_of(text: str) -> list[str]:
    """The words of `text` in lower case with their accents, elisions cut, acronyms joined."""
    line = _ELISION.sub(
        " ", normalize("NFC", text).casefold().replace("œ", "oe").replace("æ", "ae")
    )
    line = _DOTTED.sub(lambda found: found[0].replace(".", ""), line)
    return [word for word in _WORD.findall(line) if len(word) <= LONGEST_WORD]


def look_alikes_in(text: str) -> frozenset[str]:
    """The words of `text` that look like an acronym and were not meant so."""
    words = _WORD.findall(text)
    if len(words) < 2 or text.isupper():
        return frozenset()
    return frozenset(w for w in words if w in LOOK_ALIKES)


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """A word without accents."""
    return folded(word)


def is_chatter(word: str) -> bool:
    return plain(word) in CHATTER


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a word in lower case, without accents; figures stay as they are."""
    return plain(_stemmer.stemWord(word))


@dataclass(frozen=True, slots=True)
class Heard:
    """What a typed word may stand for: stems with their likeness (0..1); none when unknown."""

    word: str
    stems: dict[str, float]

    @property
    def is_known(self) -> bool:
        return bool(self.stems)

    @property
    def is_exact(self) -> bool:
        """True for a word of the catalogue itself, not one that only resembles it."""
        return 1.0 in self.stems.values()


class Vocabulary:
    """The words of a catalogue, by spelling without accents and by sound."""

    def __init__(self, words: Iterable[str]) -> None:
        self._stems: dict[str, set[str]] = defaultdict(set)
        for word in set(words):
            self._stems[plain(word)].add(stem(word))
        self._of_length: dict[int, list[str]] = defaultdict(list)
        self._of_sound: dict[str, list[str]] = defaultdict(list)
        for spelling in self._stems:
            self._of_length[len(spelling)].append(spelling)
            if len(heard := sound_of(spelling)) >= LEAST_SOUND:
                self._of_sound[heard].append(spelling)
        self._known_stems = {one for stems in self._stems.values() for one in stems}

    def __contains__(self, word: str) -> bool:
        return plain(word) in self._stems or stem(word) in self._known_stems

    def stems_of(self, word: str) -> set[str]:
        """The stems of a word of the catalogue."""
        return self._stems[plain(word)]

    def hear(self, word: str) -> Heard:
        """The stems that `word` may stand for: itself when it is known, else near spellings."""
        spelling = plain(word)
        if known := self._stems.get(spelling):
            return Heard(word, dict.fromkeys(known, 1.0))
        for stemmed in (stem(word), stem(spelling)):
            if stemmed in self._known_stems:
                return Heard(word, {stemmed: 1.0})
        if spelling.isdigit() or len(spelling) < LEAST_SOUND:
            return Heard(word, {})
        likeness: dict[str, float] = {}
        for near, how_near in self._near(spelling):
            for stemmed in self._stems[near]:
                likeness[stemmed] = max(likeness.get(stemmed, 0.0), how_near)
        return Heard(word, likeness)

    def _near(self, spelling: str) -> list[tuple[str, float]]:
        """Same sound, one or two slips, or a word that begins so; the nearest first."""
        near = dict.fromkeys(self._of_sound.get(sound_of(spelling), ()), SAME_SOUND)
        for other, slips in self._with_slips(spelling):
            near[other] = max(near.get(other, 0.0), ONE_SLIP if slips == 1 else TWO_SLIPS)
        if not near and len(spelling) >= LEAST_BEGINNING:
            near = {
                other: BEGINNING
                for length in range(len(spelling) + 1, len(spelling) + 5)
                for other in self._of_length.get(length, ())
                if other.startswith(spelling)
            }
        return sorted(near.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_NEAR]

    def _with_slips(self, spelling: str) -> list[tuple[str, int]]:
        most = slips_allowed(len(spelling))
        if not most:
            return []
        lengths = range(len(spelling) - most, len(spelling) + most + 1)
        return [
            (other, int(slips))
            for length in lengths
            for other, slips, _ in process.extract(
                spelling,
                self._of_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=most,
                limit=MOST_NEAR,
            )
            if other[0] == spelling[0] or slips == 1
        ]


def slips_allowed(length: int) -> int:
    """How many letters may be wrong in a word of `length` letters."""
    return 0 if length <= 3 else 1 if length <= 6 else 2
