"""Which needs and procedures do these words mean? Scores by rare words in common.

Owns the comparison; refuses to decide what a score is worth (`verdict` does).
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log

from guichet.core.text import search_text
from guichet.orientation.matching.words import (
    READ_WORDS,
    Heard,
    Vocabulary,
    is_chatter,
    look_alikes_in,
    plain,
    words_of,
)

PHRASE_SHARE = 0.55
"""How much of a phrase's likeness is the share of what was typed that it explains; the rest is the
share of the phrase that was typed (a Tversky index)."""

LIKENESS_WEIGHT = 0.42
BODY_WEIGHT = 0.58
EXPRESSION_FLOOR = 0.48
"""What is typed holds a whole expression that alone means the need: so likely, if it is rare."""

EXPRESSION_RARITY = 0.38
"""An expression of this share of the rarest word's weight is worth half of its likeness."""

ADDED_MEANING = 0.85
"""A word that a synonym adds is as likely as this, and does not lengthen what was typed."""

UNKNOWN_WEIGHT = 0.55
"""A word that no document has weighs this share of the rarest word's weight."""

SATURATION = 1.2
"""BM25's k1: a word that comes twice is worth little more than once."""


@dataclass(frozen=True, slots=True)
class Document:
    """What may be meant. `phrases` are ways to say it, `words` expressions that alone mean it,
    `body` all the rest that is said of it. One that `yields` is not meant by an expression alone
    when the others use all of its words too."""

    key: str
    phrases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    body: str = ""
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression means: `replaces` it, or is added to it."""

    typed: str
    means: str
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A document and how well it answers (0..1)."""

    key: str
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a text, and the documents that answer, best first.

    `unknown` are the words that nothing explains; `exact` those that are the catalogue's own.
    """

    heard: tuple[Heard, ...]
    found: tuple[Scored, ...]

    @property
    def exact(self) -> frozenset[str]:
        return frozenset(one.word for one in self.heard if one.is_exact)

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(one.word for one in self.heard if not one.is_known)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to name a document, as stems; `is_enough` when it alone means it."""

    document: int
    stems: frozenset[str]
    weight: float
    is_enough: bool


class Index:
    """Documents found by the words that they share with a text; built once, read many times."""

    def __init__(self, documents: Iterable[Document], meanings: Iterable[Meaning] = ()) -> None:
        self._documents = tuple(documents)
        self._meanings = Meanings(meanings)
        said = [self._said_of(document) for document in self._documents]
        self._vocabulary = Vocabulary(word for words in said for word in words)
        bodies = [self._stems_of(words) for words in said]
        self._weights = self._weigh(bodies)
        self._rarest = max(self._weights.values(), default=1.0)
        self._postings = self._post(bodies)
        self._used = {
            stem
            for document, body in zip(self._documents, bodies, strict=True)
            if not document.yields
            for stem in body
        }
        self._phrases: list[Phrase] = []
        self._phrases_with: dict[str, list[Phrase]] = defaultdict(list)
        for number, document in enumerate(self._documents):
            self._add_phrases(number, document)

    def read(self, text: str, limit: int = 12) -> Reading:
        """The documents that `text` may mean, best first, at most `limit`. Any text is safe."""
        said = self._hear(search_text(text))
        heard = tuple(one for one, _ in said)
        wanted = wanted_by(said)
        total = sum(self._weight_of(one) for one, is_added in said if not is_added)
        if not wanted or not total:
            return Reading(heard, ())
        likeness = self._likeness(wanted, total)
        body = self._body_scores(wanted)
        scores = [
            (
                LIKENESS_WEIGHT * likeness.get(number, 0.0)
                + BODY_WEIGHT * min(1.0, explained / total),
                number,
            )
            for number, explained in body.items()
        ]
        scores.sort(key=lambda pair: (-pair[0], pair[1]))
        return Reading(
            heard,
            tuple(Scored(self._documents[number].key, score) for score, number in scores[:limit]),
        )

    @staticmethod
    def _said_of(document: Document) -> list[str]:
        texts = (*document.phrases, *document.words, document.body)
        return [word for text in texts for word in meaningful(text)]

    def _stems_of(self, words: Iterable[str]) -> Counter[str]:
        return Counter(stem for word in words for stem in self._vocabulary.stems_of(word))

    def _weigh(self, bodies: list[Counter[str]]) -> dict[str, float]:
        """Inverse document frequency (Robertson and Spärck Jones, 1976)."""
        having = Counter(stem for body in bodies for stem in body)
        return {stem: log(1 + len(bodies) / count) for stem, count in having.items()}

    def _post(self, bodies: list[Counter[str]]) -> dict[str, tuple[array[int], array[float]]]:
        postings: dict[str, tuple[array[int], array[float]]] = {}
        for number, body in enumerate(bodies):
            for stem, count in body.items():
                numbers, values = postings.setdefault(stem, (array("I"), array("f")))
                numbers.append(number)
                values.append(count * (1 + SATURATION) / (count + SATURATION) / (1 + SATURATION))
        return postings

    def _add_phrases(self, number: int, document: Document) -> None:
        said = [(text, False) for text in document.phrases]
        said += [(text, True) for text in document.words]
        for text, is_enough in said:
            stems = frozenset(self._stems_of(meaningful(text)))
            if stems:
                weight = sum(self._weights[stem] for stem in stems)
                is_alone = is_enough and not (document.yields and stems <= self._used)
                phrase = Phrase(number, stems, weight, is_alone)
                self._phrases.append(phrase)
                for stem in stems:
                    self._phrases_with[stem].append(phrase)

    def _hear(self, line: str) -> list[tuple[Heard, bool]]:
        """Each word that says something, and whether a synonym added it.

        What was typed and is not known gives its place to what it means.
        """
        passed_over = look_alikes_in(line)
        said: list[tuple[Heard, bool]] = []
        for typed, means in self._meanings.apply(words_of(line)[:READ_WORDS], passed_over):
            heard = [self._vocabulary.hear(word) for word in typed if not is_chatter(word)]
            added = [self._vocabulary.hear(word) for word in means if not is_chatter(word)]
            is_known = any(one.is_known for one in heard)
            if added and not is_known:
                said += [(one, False) for one in added]
            else:
                said += [(one, False) for one in heard if one.is_known or not one.word.isdigit()]
                said += [(one, True) for one in added]
        return said

    def _weight_of(self, heard: Heard) -> float:
        """The weight of what was most likely meant; an unknown word weighs too."""
        if not heard.stems:
            return UNKNOWN_WEIGHT * self._rarest
        best = max(heard.stems, key=lambda stem: heard.stems[stem])
        return self._weights[best]

    def _likeness(self, wanted: dict[str, float], total: float) -> dict[int, float]:
        """For each document, the likeness of its nearest phrase."""
        shared: dict[int, float] = defaultdict(float)
        phrases: dict[int, Phrase] = {}
        for stem, likeness in wanted.items():
            for phrase in self._phrases_with.get(stem, ()):
                shared[id(phrase)] += likeness * self._weights[stem]
                phrases[id(phrase)] = phrase
        exact = {stem for stem, likeness in wanted.items() if likeness == 1.0}
        best: dict[int, float] = {}
        for key, weight in shared.items():
            phrase = phrases[key]
            said = min(1.0, weight / total)
            covered = weight / phrase.weight
            likeness = said * covered / (PHRASE_SHARE * covered + (1 - PHRASE_SHARE) * said)
            if phrase.is_enough and phrase.stems <= exact:
                likeness = max(
                    likeness, covered * (EXPRESSION_FLOOR + (1 - EXPRESSION_FLOOR) * said)
                )
            best[phrase.document] = max(best.get(phrase.document, 0.0), likeness)
        return best

    def _body_scores(self, wanted: dict[str, float]) -> dict[int, float]:
        """For each document, the weight of what it explains of the text."""
        scores: dict[int, float] = defaultdict(float)
        for stem, likeness in wanted.items():
            weight = likeness * self._weights[stem]
            numbers, values = self._postings[stem]
            for number, value in zip(numbers, values, strict=True):
                scores[number] += weight * value
        return scores


def wanted_by(said: Iterable[tuple[Heard, bool]]) -> dict[str, float]:
    """The stems to look for, each with its likeness."""
    wanted: dict[str, float] = {}
    for one, is_added in said:
        for stem, likeness in one.stems.items():
            likely = likeness * ADDED_MEANING if is_added else likeness
            wanted[stem] = max(wanted.get(stem, 0.0), likely)
    return wanted


class Meanings:
    """Expressions found in a text, the longest first, and what they mean."""

    def __init__(self, meanings: Iterable[Meaning]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Meaning]]] = defaultdict(list)
        for meaning in meanings:
            if words := tuple(plain_words(meaning.typed)):
                self._by_first[words[0]].append((words, meaning))
        for found in self._by_first.values():
            found.sort(key=lambda pair: -len(pair[0]))

    def apply(
        self, words: list[str], passed_over: frozenset[str] = frozenset()
    ) -> Iterator[tuple[list[str], list[str]]]:
        """Each word or expression, and the words that it means; an expression that is replaced
        leaves only these. `passed_over` are read as nothing."""
        plain_ones = [plain(word) for word in words]
        place = 0
        while place < len(words):
            found = self._at(plain_ones, place)
            length = len(found[0]) if found else 1
            typed = words[place : place + length]
            place += length
            if length == 1 and typed[0] in passed_over:
                continue
            if found is None:
                yield typed, []
            elif found[1].replaces:
                for word in words_of(found[1].means):
                    yield [word], []
            else:
                yield typed, words_of(found[1].means)

    def _at(self, plain: list[str], place: int) -> tuple[tuple[str, ...], Meaning] | None:
        for typed, meaning in self._by_first.get(plain[place], ()):
            if tuple(plain[place : place + len(typed)]) == typed:
                return typed, meaning
        return None


def meaningful(text: str) -> list[str]:
    """The words that say something of a need."""
    return [word for word in words_of(text) if not is_chatter(word)]


def plain_words(text: str) -> list[str]:
    """Words without accents, elisions cut."""
    return [plain(word) for word in words_of(text)]
