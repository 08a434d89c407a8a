"""The words that tell a sheet from the others: TF-IDF over all the sheets of a catalogue.

Owns the cutting and the weights; refuses numbers, link words, words under three letters and the
names of régions and départements, which only list exceptions.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import log

import snowballstemmer

from guichet.core.text import folded
from guichet.territories.reading import REFERENCE_FOLDER

MOST_WORDS = 40

LINK_WORDS = frozenset(
    """
    afin ai ainsi alors ans aout apres au aucun aucune aupres aussi autre autres aux avant avec avez
    avoir avril ayant car cas ce ceci cela celle celles celui certain certaine certaines certains
    ces cet cette ceux chaque chez comme comment concernant concerne contre dans de decembre deja
    depuis des dessous dessus deux dire doit doivent donc dont du duquel elle elles en encore entre
    est et etaient etait etant ete etes etre eux exemple faire fait fasse faudra faut fevrier fin
    font grand grande grandes grands hors ici il ils jamais janvier je juillet juin jusqu la
    laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui mai mais mars meme
    memes mettre moins ne ni non nos notre nous novembre octobre on ont ou oui outre par parmi pas
    pendant petit petite petites petits peut peuvent plus plusieurs pour pourra pourrez pouvez
    pouvoir pres puis puisque quand quant que quel quelle quelles quelque quelques quels qui quoi
    quoique sa sans se selon septembre sera serez seront ses seul seule seulement si sinon soit son
    sont sous souvent suite suivant suivante suivantes suivants sur tant tard tel telle telles tels
    toujours tous tout toute toutefois toutes tres trois un une uns vers via vis vos votre vous
    """.split()
)
_WITH_FIGURE = re.compile(r"\w*\d\w*")
_WORD = re.compile(r"[^\W\d_]{3,}")
_stemmer = snowballstemmer.stemmer("french")


def words_told(text: str) -> Counter[str]:
    """How many times each word stands in `text`, in lower case with its accents."""
    kept = place_names().sub(" ", text.replace("’", "'")).lower()
    kept = _WITH_FIGURE.sub(" ", kept.replace("œ", "oe").replace("æ", "ae"))
    return Counter(_WORD.findall(kept))


@lru_cache(maxsize=1)
def place_names() -> re.Pattern[str]:
    """The names of régions and départements, as they are written: « Somme », not « somme »."""
    names: set[str] = set()
    for table in ("departements.csv", "regions.csv"):
        with (REFERENCE_FOLDER / table).open(encoding="utf-8", newline="") as rows:
            names |= {row["name"] for row in csv.DictReader(rows)}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


def telling_words(sheets: Sequence[Counter[str]], most: int = MOST_WORDS) -> list[str]:
    """For each sheet, its `most` most telling words without accents, the most telling first.

    Forms of one word count together and the sheet's most frequent one stands for them. A word
    weighs (1 + ln occurrences) × ln((1 + sheets) / (1 + sheets that have it)).
    """
    spread = Counter(stem for sheet in sheets for stem in {stem_of(word) for word in sheet})
    return [" ".join(_best(sheet, spread, len(sheets))[:most]) for sheet in sheets]


def _best(sheet: Counter[str], spread: Counter[str], count: int) -> list[str]:
    forms: dict[str, Counter[str]] = {}
    for word, times in sheet.items():
        if (spelling := folded(word)) not in LINK_WORDS and len(spelling) >= 3:
            forms.setdefault(stem_of(word), Counter())[spelling] += times
    weighed = [
        ((1 + log(spellings.total())) * log((1 + count) / (1 + spread[stem])), spellings)
        for stem, spellings in forms.items()
    ]
    ranked = sorted((-weight, most_frequent(spellings)) for weight, spellings in weighed)
    return list(dict.fromkeys(word for _, word in ranked))


def most_frequent(words: Counter[str]) -> str:
    return min(words.items(), key=lambda pair: (-pair[1], pair[0]))[0]


@lru_cache(maxsize=262_144)
def stem_of(word: str) -> str:
    return folded(_stemmer.stemWord(word))
