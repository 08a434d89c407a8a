"""Names of people, from clues that add up.

Owns where a name begins and ends; refuses the model (what it finds comes in as one clue more).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from guichet.moderation.detection.names.clues import (
    COORDINATED,
    CUES,
    HARDLY_NAMES,
    RANKS,
    SHORT_TITLES,
    TITLES,
    Strength,
)
from guichet.moderation.detection.names.extents import LONGEST, Extents
from guichet.moderation.detection.names.words import PARTICLES, Word, is_close, words_of
from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.spans import Span, merged
from guichet.moderation.detection.word_lists import (
    not_names,
    spaced,
    towns,
)
from guichet.moderation.kinds import Kind

FAREWELLS = tuple("cord merc bonn respec sinc salu amic bien cdl ok fin".split())
"""How farewells begin, misspelt or not."""
SPOKEN_OF = frozenset(
    "a est m' m'a m'avait nous s' s'est etait avait doit va peut sait travaille habite vit n' ne"
    " lui vient vous te t' me se l' dit veut fait aussi".split()
)
ACTS = frozenset("ma m' m'a m'avait nous a n' ne doit va peut sait avait dit".split())
"""What follows the name of somebody who acts."""
_SCORES = {
    Strength.WEAK: 0.6,
    Strength.MIDDLE: 0.7,
    Strength.STRONG: 0.85,
    Strength.SAID: 0.95,
}


def names(reading: Reading, persons: Iterable[tuple[int, int]] = ()) -> list[Span]:
    """Names of people in what is left to read; `persons` are stretches that a model takes for
    people."""
    found = _Finding(reading)
    found.titles()
    found.announced()
    found.first_names()
    found.initials()
    found.alone()
    found.pairs()
    for start, end in persons:
        found.from_model(start, end)
    found.coordinated()
    found.everywhere()
    return found.spans()


class _Finding(Extents):
    """What was found so far: positions of words, with a score."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(words_of(reading))
        self.reading = reading
        self.starts = [word.start for word in self.words]
        self.scores: dict[int, float] = {}

    def spans(self) -> list[Span]:
        """Words that follow each other make one name, and what stands between two such words."""
        for position in list(self.scores):
            if position + 2 in self.scores and position + 1 not in self.scores:
                between, after = self.words[position + 1], self.words[position + 2]
                if between.text[0].isupper() and is_close(between) and is_close(after):
                    self._keep(position + 1, position + 1, 0.6)
        found: list[Span] = []
        for position in sorted(self.scores):
            word = self.words[position]
            score = self.scores[position]
            start = word.start
            if found and position - 1 in self.scores and self._follows(position):
                last = found.pop()
                start, score = last.start, max(score, last.score)
            found.append(Span(start, word.end, Kind.NAME, score))
        return [span for span in merged(found) if not self._is_of_history(span)]

    def _is_of_history(self, span: Span) -> bool:
        """« j'ai lu Victor Hugo »: a full name of the list of those that are spoken of."""
        written = self.reading.bare[span.start : span.end]
        return " " in written and written.replace(" ", "-") in not_names()

    def _follows(self, position: int) -> bool:
        word, last = self.words[position], self.words[position - 1]
        return is_close(word) or (len(last.text) == 1 and word.before in (". ", ".", ".-"))

    # --- clues

    def titles(self) -> None:
        for position, word in enumerate(self.words):
            following = self._word(position + 1)
            if word.bare in RANKS and following is not None and is_close(following):
                if following.is_capital:
                    self._take(position + 1, Strength.MIDDLE)
                continue
            if word.bare not in TITLES or not self._is_title(position):
                continue
            self._take(position + 1, Strength.STRONG, title=word.bare)
            if position + 1 not in self.scores and self._acts(position + 1):
                self._keep(position + 1, position + 1, _SCORES[Strength.MIDDLE])

    def _acts(self, position: int) -> bool:
        """« mme barreau ma recu », « monsieur bienfait ne répond pas »: a word of the language in
        small letters, between a title and what somebody does."""
        word, following = self.words[position], self._word(position + 1)
        if word.is_small or len(word.bare) < 4 or following is None or not is_close(following):
            return False
        return following.bare in ACTS and self._after(position) == " "

    def _is_title(self, position: int) -> bool:
        word, following = self.words[position], self._word(position + 1)
        may_be_short = word.bare in (*SHORT_TITLES, "mgr", "mrs")
        gap = r"\.? ?" if may_be_short else " "
        if following is None or not re.fullmatch(gap, following.before):
            return False
        if word.bare == "m":
            return word.text == "M" or following.before.startswith(".")
        if word.bare in ("maitre", "dame", "major", "professeur", "famille", "gendarme", "sieur"):
            return following.is_capital and following.text[0].isupper()
        return True

    def announced(self) -> None:
        for pattern, strength in CUES:
            for match in pattern.finditer(self.reading.bare):
                position = bisect_left(self.starts, match.end())
                if (position < len(self.words) and self.starts[position] == match.end()) or (
                    position < len(self.words) and self.words[position].start - match.end() < 3
                ):
                    self._take(position, strength)
        for position, word in enumerate(self.words):
            if word.text == "Me" and self._word(position + 1):
                following = self.words[position + 1]
                if (
                    following.is_capital
                    and is_close(following)
                    and (following.is_first or following.is_unknown)
                ):
                    self._take(position + 1, Strength.STRONG)

    def first_names(self) -> None:
        for position, word in enumerate(self.words):
            if position in self.scores or not word.is_first or self._is_of_a_place(position):
                continue
            if self._is_first_name(position):
                self._take_first_name(position)

    def _is_first_name(self, position: int) -> bool:
        """Whether a known first name is one here, without any other clue before it."""
        word = self.words[position]
        if word.is_small and not word.is_capital:
            return False
        if not (word.is_capital or word.in_capitals):
            return not (word.is_word or word.is_town or word.is_small) and len(word.bare) > 3
        if word.is_acronym or len(word.bare) < 3:
            return False
        if not word.is_word and not word.is_small:
            return not (word.is_town and self._is_after_a_place_word(position))
        following = self._word(position + 1)
        if following is not None and is_close(following) and self._continues(position + 1):
            return following.is_family or following.is_first or following.is_unknown
        if word.in_capitals or word.is_small or word.is_town:
            return False
        if word.begins:
            return word.bare not in HARDLY_NAMES and self._is_spoken_of(position)
        return self._is_name_not_word(position)

    def _is_spoken_of(self, position: int) -> bool:
        """« Pierre a tout expliqué », « Rose, si vous lisez ceci », « Jade » in quotes."""
        following, after = self._word(position + 1), self._after(position)
        return bool(
            following is None
            or re.match(r"[ ]?[,.(!»\"\n\x1f]", after)
            or (following.bare in SPOKEN_OF and after == " ")
        )

    def _is_name_not_word(self, position: int) -> bool:
        """A capital inside a sentence makes « Rose » a name, unless the sentence says a place or
        a title with capitals goes on (« Sécurité Sociale »)."""
        before = self._word(position - 1)
        if before is not None and before.text in ("à", "À"):
            return False
        return (
            before is None
            or not (before.is_capital and not before.begins and is_close(self.words[position]))
            or before.is_first
            or before.is_unknown
        )

    def _is_after_a_place_word(self, position: int) -> bool:
        before = self._word(position - 1)
        return before is not None and before.bare in ("a", "de", "sur", "vers", "d'", "en", "entre")

    def _take_first_name(self, position: int) -> None:
        word = self.words[position]
        strength = Strength.MIDDLE if word.is_capital or word.in_capitals else Strength.WEAK
        self._keep(position, position, 0.75 if strength is Strength.MIDDLE else 0.55)
        end = position
        while (
            end - position < LONGEST
            and self._word(end + 1) is not None
            and self._continues(end + 1)
        ):
            end += 1
        end = self._without_particles(position, end)
        self._keep(position, end, 0.75)
        before = self._word(position - 1)
        if before is not None and is_close(word) and self._is_family_before(position - 1):
            opening = self._before_particles(position - 1)
            self._keep(opening, position, 0.7)

    def _before_particles(self, position: int) -> int:
        """« LE GALL Soazig », « El Amrani Yassine »: where the family name begins."""
        word, particle = self.words[position], self._word(position - 1)
        is_tied = particle is not None and particle.bare in PARTICLES and is_close(word)
        if particle is None or not is_tied or particle.text.isupper() != word.text.isupper():
            return position
        is_article = particle.bare in ("la", "les", "l'", "d'", "e", "y") or (
            particle.begins and not particle.is_upper
        )
        return position if is_article or not particle.text[0].isupper() else position - 1

    def _is_family_before(self, position: int) -> bool:
        """« BENALI Rachid », « Lemoine Ghislaine », « NGUYEN VAN Thanh »."""
        word, first = self.words[position], self.words[position + 1]
        if word.is_small or word.bare in TITLES or position in self.scores:
            return False
        if word.is_upper and not word.in_capitals:
            return word.is_family or (word.is_unknown or not word.is_word)
        if word.in_capitals:
            return (
                word.is_unknown
                or (word.is_family and not word.is_word)
                or (word.begins and word.is_family)
            )
        if not word.is_capital and not first.text[0].isupper():
            return word.is_family and not word.is_word and not word.is_town
        if not word.is_capital or not first.is_capital:
            return False
        return word.is_unknown or (word.is_family and (not word.begins or not word.is_word))

    def initials(self) -> None:
        """« B. Le Goff », « P. GRANGER », « J.-P. Martin »."""
        for match in re.finditer(
            r"(?<![\w.'])(?:[A-Z]\.?-)?(?:[A-Z]\.[ -]?){1,2}(?=[A-Z])", self.reading.plain
        ):
            position = bisect_left(self.starts, match.end())
            if position >= len(self.words) or self.starts[position] != match.end():
                continue
            word = self.words[position]
            opening = bisect_left(self.starts, match.start())
            is_title = match[0] == "M. "
            if is_title or not (word.is_unknown or word.is_family or word.bare in PARTICLES):
                continue
            end = self._taken_end(position, Strength.STRONG, "")
            if end >= position:
                self._keep(opening, end, 0.7)

    def alone(self) -> None:
        """A name that makes a piece of text by itself: a signature, a heading, before a number."""
        for first, last in self._pieces():
            if self._is_name_alone(first, last):
                self._keep(first, last, 0.65)

    def _pieces(self) -> Iterable[tuple[int, int]]:
        """Stretches of one to five words between signs."""
        first = 0
        for position in range(1, len(self.words) + 1):
            ends = position == len(self.words) or not is_close(self.words[position])
            if ends:
                if position - first <= 5:
                    yield first, position - 1
                first = position

    def _is_name_alone(self, first: int, last: int) -> bool:
        words = self.words[first : last + 1]
        if not self._is_set_apart(first, last):
            return False
        if self._is_of_a_place(first) or words[0].bare in TITLES:
            return False
        heads = [word for word in words if word.bare not in PARTICLES]
        if not heads or not all(word.text[0].isupper() for word in heads):
            return False
        if any(word.is_small and not (word.is_family and len(heads) > 1) for word in heads):
            return False
        if "-".join(word.bare for word in words) in not_names():
            return False
        names = [word for word in heads if word.is_first or word.is_unknown]
        if len(heads) == 1:
            only = heads[0]
            if only.is_word or only.is_town or only.is_acronym:
                return False
            return only.is_first or (
                only.is_unknown
                and (self._stands_with_numbers(first, last) or self._signs(first, last))
            )
        if self._is_town_piece(words):
            return False
        return bool(names) and all(
            word.is_first or word.is_unknown or word.is_family for word in heads
        )

    def _signs(self, first: int, last: int) -> bool:
        """An unknown word with its capital that ends the text on a line of its own."""
        word = self.words[first]
        ends = last == len(self.words) - 1 and not self._after(last).strip(" .!\n")
        return (
            ends
            and "\n" in word.before
            and len(word.bare) > 3
            and not word.bare.startswith(FAREWELLS)
        )

    def _is_town_piece(self, words: list[Word]) -> bool:
        return spaced(" ".join(word.bare for word in words)) in towns()

    def _is_set_apart(self, first: int, last: int) -> bool:
        """At the beginning or the end of a line or of the text, or beside a number found."""
        before = self.words[first].before if first else "\n"
        after = self._after(last)
        is_line_start = "\n" in before or first == 0
        ends_text = last == len(self.words) - 1 and not after.strip(" .!,;)\n-_\x1f")
        return (
            self._stands_with_numbers(first, last)
            or ("\n" in after and re.search(r"[\n.!?)]", before) is not None)
            or (ends_text and re.search(r"[\n.!?):,\-]", before) is not None)
            or (is_line_start and re.match(r"[ ]?[,\n-]", after) is not None)
        )

    def _stands_with_numbers(self, first: int, last: int) -> bool:
        before = self.words[first].before if first else ""
        after = self._after(last)
        return bool(
            re.match(r"[ ,(.;<\n-]{0,4}[\x1f\d]", after)
            or re.search(r"\x1f[ ,:.;)\n>-]{0,4}\Z", before)
        )

    def _after(self, position: int) -> str:
        if position + 1 < len(self.words):
            return self.words[position + 1].before
        return self.reading.bare[self.words[position].end :]

    def pairs(self) -> None:
        """Two unknown words with capitals, one behind the other, inside a sentence."""
        for position in range(1, len(self.words)):
            first, second = self.words[position - 1], self.words[position]
            if position in self.scores or position - 1 in self.scores or not is_close(second):
                continue
            if not (first.is_capital and second.is_capital) or first.begins:
                continue
            if not (first.is_unknown and (second.is_unknown or second.is_family)):
                continue
            if not self._is_of_a_place(position - 1):
                self._keep(position - 1, position, 0.5)

    def from_model(self, start: int, end: int) -> None:
        """A stretch that a model takes for a person: its words that may be a name."""
        first = bisect_left(self.starts, start)
        last = bisect_left(self.starts, end) - 1
        while first <= last and not self._is_possible(first):
            first += 1
        while last >= first and not self._is_possible(last):
            last -= 1
        if first > last or last - first >= LONGEST or self._is_of_a_place(first):
            return
        words = self.words[first : last + 1]
        if "-".join(word.bare for word in words) in not_names():
            return
        if any(word.text[0].islower() and word.bare not in PARTICLES for word in words):
            return
        if any(word.is_first or word.is_unknown for word in words):
            self._keep(first, last, 0.6)

    def _is_possible(self, position: int) -> bool:
        word = self.words[position]
        if word.is_small or word.is_acronym or not word.text[0].isupper() or word.bare in TITLES:
            return False
        if word.is_town and not word.is_first:
            return False
        return word.is_first or word.is_unknown or (word.is_family and not word.begins)

    def coordinated(self) -> None:
        """« Noah et Rose-Lyne », « Mmes Roy et Petit »: what stands with a name is a name."""
        for position in sorted(self.scores):
            step = position + 1
            if step in self.scores:
                continue
            for target in (step, step + 1):
                word = self._word(target)
                if word is None or target in self.scores:
                    break
                gap = self.reading.bare[self.words[step - 1].end : word.start]
                if COORDINATED.fullmatch(gap) and word.is_capital and self._is_possible(target):
                    if word.is_first or word.is_unknown:
                        self._take_first_name(target)
                    break

    def everywhere(self) -> None:
        """A name that was found once is marked wherever it stands."""
        known = {
            self.words[position].bare
            for position, score in self.scores.items()
            if len(self.words[position].bare) > 2
            and self.words[position].bare not in PARTICLES
            and not (self.words[position].is_small and score < 0.8)
        }
        for position, word in enumerate(self.words):
            if word.bare not in known or position in self.scores or self._is_of_a_place(position):
                continue
            is_common = word.is_word or word.is_small
            if (word.is_capital and not (is_common and word.begins)) or (
                not is_common and not word.is_town
            ):
                self._keep(position, position, 0.6)

    # --- what is kept

    def _take(self, position: int, strength: Strength, title: str = "") -> None:
        end = self._taken_end(position, strength, title)
        if end >= position:
            self._keep(position, end, _SCORES[strength])

    def _keep(self, first: int, last: int, score: float) -> None:
        for position in range(first, last + 1):
            self.scores[position] = max(score, self.scores.get(position, 0.0))
