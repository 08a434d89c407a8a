"""How far a name goes, and which words may be in one.

Owns particles, capitals, what a place's name takes in; refuses to say where a name begins.
"""

from __future__ import annotations

import re

from guichet.moderation.detection.names.clues import (
    FIELDS,
    FULL_TITLES,
    HARDLY_FAMILIES,
    NAMED_PLACES,
    NAMES_IN_SMALL_LETTERS,
    RELATION,
    SHORT_TITLES,
    SPOKEN_OF,
    TITLES,
    Strength,
)
from guichet.moderation.detection.names.words import PARTICLES, Word, is_close, words_of
from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.word_lists import names_that_are_words

_ARTICLE = re.compile(r"(?<![a-z])(?:l[ae]s? |l'|du |au )\Z")
LONGEST = 6
"""Words of a name, particles included."""
LOWER_INSIDE = frozenset("de d' du da dos van von el ben".split())
FOREIGN_PARTICLES = frozenset("el al ben bin ait ould abou da do dos di della van von ibn".split())
"""Those that no French word is written as: « rkia el amrani »."""
_CLOSED = re.compile(r"[ ]?(?:[,.;:!?()\n\x1f/\"»]|- |\Z)|[ ]\d")
"""What stands behind a name that is told by itself."""
_NUMBER_NEXT = re.compile(r"[ ]?[,(]?[ ]?[\x1f\d]")
_PAPERS = frozenset(("carte", "livret"))
"""« sa carte « Karim Belkacem » » is said of somebody."""
NEVER_INSIDE = frozenset("la les y e s' m' t'".split())


class Extents:
    """The words of a text, and what was found so far: their positions, each with a score."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = words_of(reading)
        self.starts = [word.start for word in self.words]
        self.scores: dict[int, float] = {}
        self.things: set[int] = set()
        """Where the name of what is nobody begins: « le wifi s'appelle Espoir »."""

    def _keep(self, first: int, last: int, score: float) -> None:
        for position in range(first, last + 1):
            self.scores[position] = max(score, self.scores.get(position, 0.0))

    def _after(self, position: int) -> str:
        if position + 1 < len(self.words):
            return self.words[position + 1].before
        return self.reading.bare[self.words[position].end :]

    def _taken_end(self, position: int, strength: Strength, title: str) -> int:
        """The last word of the name that begins at `position`; before it when there is none."""
        start = position
        word = self._word(position)
        if word is None or (strength < Strength.STRONG and self._is_of_a_place(position)):
            return position - 1
        while (
            word is not None
            and word.bare in PARTICLES
            and position - start < 3
            and self._is_particle(position, strength)
        ):
            position += 1
            word = self._word(position)
        if word is None or not self._accepts(position, strength, title, position > start):
            return start - 1
        end = position
        while (
            end - start < LONGEST and self._word(end + 1) is not None and self._continues(end + 1)
        ):
            end += 1
        return self._without_particles(start, end)

    def _is_particle(self, position: int, strength: Strength) -> bool:
        """« de La Tour », « Le Goff », « N'Diaye », « mme le floch »; « le directeur » has none."""
        word, following = self.words[position], self._word(position + 1)
        if following is None or not is_close(following) or self._is_of_a_function(position):
            return False
        if word.text.islower() and following.text.islower() and len(following.bare) > 3:
            title = self.words[position - 1].bare if position > 0 else ""
            if word.bare in FOREIGN_PARTICLES and title in FULL_TITLES:
                return following.is_unknown or following.is_family
            return title in SHORT_TITLES and following.is_unknown
        if following.bare in PARTICLES and strength >= Strength.STRONG:
            after = self._word(position + 2)
            return after is not None and is_close(after) and after.text[0].isupper()
        if word.in_capitals:
            is_family = word.bare in FOREIGN_PARTICLES and following.is_family
            is_family |= following.is_only_a_town
            return strength >= Strength.STRONG and (
                following.is_unknown or following.bare in PARTICLES or is_family
            )
        return following.is_capital and (word.is_capital or strength >= Strength.STRONG)

    def _is_of_a_function(self, position: int) -> bool:
        """« Monsieur l'Officier », « Madame la Sous-Préfète »: an article and a word of French that
        no family bears, as « Monsieur le Roux » is one."""
        word, title = self.words[position], self._word(position - 1)
        is_article = word.text in ("l'", "la", "le", "les")
        if not is_article or title is None or title.bare not in TITLES:
            return False
        following = self.words[position + 1]
        return following.is_word and not following.is_family

    def _accepts(self, position: int, strength: Strength, title: str, has_particle: bool) -> bool:
        word = self.words[position]
        if word.bare in TITLES and not word.is_first:
            return False
        if word.is_capital:
            is_name = self._accepts_capital(word, strength, title, has_particle)
            is_told = strength is Strength.MIDDLE and self._precedes_a_family_name(position)
            return is_name or is_told
        if word.in_capitals:
            is_told = strength >= Strength.MIDDLE and self._precedes_in_capitals(position)
            is_told = is_told or (has_particle and (word.is_family or word.is_only_a_town))
            return is_told or self._accepts_in_capitals(word, strength, title)
        if has_particle and title in FULL_TITLES and word.is_family:
            return True
        is_told = bool(title) and self._is_titled_word(position, title)
        return is_told or self._accepts_small(word, strength, title)

    def _is_titled_word(self, position: int, title: str) -> bool:
        """« monsieur mercier, », « mme lafitte, au guichet »: a word or a town that is a family
        name, before a sign."""
        word = self.words[position]
        if len(word.bare) < 4 or word.is_small or word.bare in HARDLY_FAMILIES:
            return False
        is_name = word.is_family or (title in SHORT_TITLES and word.is_only_a_town)
        return is_name and _CLOSED.match(self._after(position)) is not None

    def _accepts_capital(
        self, word: Word, strength: Strength, title: str, has_particle: bool
    ) -> bool:
        if word.is_small:
            is_month = word.is_first or word.is_family
            return (
                is_month and not has_particle and strength >= Strength.STRONG and len(word.bare) > 2
            )
        if word.is_acronym:
            return strength >= Strength.STRONG and len(word.bare) > 2 and bool(title)
        if strength >= Strength.STRONG:
            if len(word.bare) < 2:
                return False
            return not (
                word.begins
                and word.is_word
                and not title
                and strength < Strength.SAID
                and not word.is_family
            )
        if strength is Strength.MIDDLE:
            is_name = word.is_first or word.is_family or word.bare in names_that_are_words()
            return word.is_unknown or (is_name and (word.is_first or not word.is_town))
        if word.is_first:
            return not word.begins or not word.is_word
        return word.is_unknown

    def _precedes_a_family_name(self, position: int) -> bool:
        """« sa remplaçante Douce Mukendi »."""
        word, following = self.words[position], self._word(position + 1)
        if following is None or not is_close(following) or word.begins or word.is_small:
            return False
        is_name = following.is_capital and following.is_unknown
        return is_name and word.bare not in NAMED_PLACES

    def _precedes_in_capitals(self, position: int) -> bool:
        """« MON MARI LOPES CARDOSO MANUEL »: a family name that is a word, before another name."""
        word, following = self.words[position], self._word(position + 1)
        if following is None or not is_close(following) or not word.is_family or word.is_small:
            return False
        return (following.is_first or following.is_family) and not (
            following.is_word or following.is_small
        )

    def _accepts_in_capitals(self, word: Word, strength: Strength, title: str) -> bool:
        if word.is_small or len(word.bare) < 3:
            return False
        if word.is_first and not word.is_word:
            return True
        if strength >= Strength.STRONG:
            is_sure = title in SHORT_TITLES or strength is Strength.SAID
            return word.is_unknown or (is_sure and (word.is_family or word.is_first))
        is_name = word.is_unknown or word.is_only_a_town
        return is_name and strength is Strength.MIDDLE

    def _accepts_small(self, word: Word, strength: Strength, title: str) -> bool:
        if word.is_small or len(word.bare) < 3:
            return False
        if word.is_first and not word.is_word:
            return True
        if strength is Strength.MIDDLE and word.bare in NAMES_IN_SMALL_LETTERS:
            return True
        if strength is Strength.SAID:
            return word.is_first or word.is_unknown or word.is_family
        if strength is Strength.STRONG:
            if title in FULL_TITLES or not title:
                is_sure = word.is_unknown and (len(word.bare) > 3 or word.is_family)
                return is_sure and bool(title)
            return word.is_unknown or (title in SHORT_TITLES and word.is_family)
        return False

    def _continues(self, position: int) -> bool:
        """Whether the word goes on with the name that ends just before it."""
        word, last = self.words[position], self.words[position - 1]
        if not is_close(word) or word.bare in TITLES or word.text in FIELDS:
            return False
        if last.bare in PARTICLES and word.is_capital and not word.is_small:
            return True
        if word.bare in PARTICLES:
            return self._particle_continues(position)
        if word.is_capital:
            return last.text[0].isupper() and self._capital_continues(word, last)
        if word.in_capitals:
            is_name = word.is_first or word.is_family
            is_sure = not word.is_word or (word.is_family and last.is_first)
            is_sure = is_sure or (word.is_first and last.is_family and not last.is_word)
            is_told = word.is_only_a_town and last.is_first and not last.is_word
            return not word.is_small and (word.is_unknown or (is_name and is_sure) or is_told)
        if last.text[0].isupper():
            return False
        if word.is_word or word.is_small or word.is_only_a_town:
            return self._is_family_word(position)
        return word.is_first or word.is_family or (word.is_unknown and len(word.bare) > 3)

    def _is_family_word(self, position: int) -> bool:
        """« l'agent qui me suit, corinne vasseur, est partie », « théo blanchet alloc 3318840 »: in
        small letters, a word that is a family name behind a first name."""
        word, last, following = (
            self.words[position],
            self.words[position - 1],
            self._word(position + 1),
        )
        is_named = last.is_first and not last.is_small and len(word.bare) > 3
        if not is_named or word.bare in HARDLY_FAMILIES:
            return False
        is_closed = _CLOSED.match(self._after(position)) is not None
        is_opened = re.search(r"[,.:!?\n\x1f]", last.before) is not None
        if not word.is_family:
            begins = last.begins and not last.is_word and self._after(position).startswith(",")
            is_told = begins or self._is_introduced(position)
            return is_closed and not word.is_small and is_told
        if word.is_small:
            return is_closed and is_opened
        is_spoken_of = following is not None and following.bare in SPOKEN_OF | FIELDS
        return is_closed or is_spoken_of

    def _is_introduced(self, position: int) -> bool:
        """« sa tante, graziella vitale », « m. daniel cazeneuve », « mon père lucien bataille
        (1941) »: by a comma, a title, or the number that follows."""
        first = self.words[position - 1]
        before = self._word(position - 2)
        if before is not None and before.bare in SHORT_TITLES | FULL_TITLES:
            return True
        is_sure = first.before.startswith(",") or _NUMBER_NEXT.match(self._after(position))
        relations = RELATION.finditer(self.reading.bare, max(0, first.start - 60))
        return bool(is_sure) and any(relation.end() == first.start for relation in relations)

    def _capital_continues(self, word: Word, last: Word) -> bool:
        """« Odile Castellan »: behind a first name that is no word, a word with a capital is a
        family name."""
        if word.is_small:
            is_name = word.is_family and not word.is_acronym and word.bare != "france"
            return is_name or self._is_between_commas(word, last)
        is_short = len(word.bare) <= 3
        is_name = word.is_family or word.is_first or not word.is_word
        is_name = is_name or (last.is_capital and last.is_first and self._is_first_of_two(last))
        return not word.is_acronym and (is_name or is_short)

    def _is_first_of_two(self, last: Word) -> bool:
        """A first name that is a word too is believed inside a sentence: « un maçon Manuel
        Fontes », not « la Rose Blanche »."""
        if not last.is_word:
            return True
        return (
            not last.is_small
            and not last.begins
            and not _ARTICLE.search(self.reading.bare, max(0, last.start - 4), last.start)
        )

    def _is_between_commas(self, word: Word, last: Word) -> bool:
        """« La conseillère, Nadège Roussillon, m'a dit »: a first name and a region."""
        is_apposed = last.before.startswith(",") and last.is_first and not last.is_word
        return is_apposed and not word.is_acronym and self.reading.bare.startswith(",", word.end)

    def _particle_continues(self, position: int) -> bool:
        word, last, following = (
            self.words[position],
            self.words[position - 1],
            self._word(position + 1),
        )
        if following is None or not is_close(following):
            return False
        if word.text.islower() and last.text.islower():
            is_name = following.is_unknown or (following.is_family and not following.is_word)
            return word.bare in FOREIGN_PARTICLES and is_name
        if word.in_capitals or last.in_capitals:
            return following.is_unknown and word.bare not in NEVER_INSIDE
        if following.bare in PARTICLES:
            return following.is_capital or word.is_capital
        if not following.is_capital or following.is_acronym or following.is_small:
            return False
        if word.is_capital:
            return True
        is_name = following.is_family or not (following.is_town or following.is_word)
        return word.bare in LOWER_INSIDE and is_name and last.text[0].isupper()

    def _without_particles(self, start: int, end: int) -> int:
        while end > start and self.words[end].bare in PARTICLES and not self.words[end].is_family:
            end -= 1
        return end

    def _is_of_a_place(self, position: int) -> bool:
        """« lycée Jean Moulin », « L ECOLE VICTOR HUGO », « la fac (Paul-Sabatier) »."""
        word = self.words[position]
        if word.parts[0] in ("saint", "sainte", "st", "ste") and len(word.parts) > 1:
            return True
        if position in self.things or position - 1 in self.things:
            return True
        for step in range(1, 6):
            current, before = self.words[position - step + 1], self._word(position - step)
            if before is None or not re.fullmatch(r"[ '«\"(-]{0,3}", current.before):
                return False
            if before.bare in NAMED_PLACES or before.parts[0] in NAMED_PLACES:
                is_told = before.bare in _PAPERS and re.search(r"[«\"(]", current.before)
                return not (is_told or self._is_dictated(position - step))
            is_link = before.bare in (
                "de",
                "du",
                "des",
                "la",
                "le",
                "les",
                "d'",
                "l'",
                "saint",
                "sainte",
                "et",
                "st",
                "ste",
            )
            if before.bare in TITLES:
                return False
            if not is_link and not (
                before.text[0].isupper()
                and (before.is_first or before.is_unknown or before.is_acronym)
            ):
                return False
        return False

    def _is_dictated(self, position: int) -> bool:
        """« à la ligne »: a sign said aloud."""
        return self.reading.bare.endswith("a la ligne", 0, self.words[position].end)

    def _is_a_month(self, position: int) -> bool:
        """« 15 Aug 2024 », « June 14, 2024 »."""
        before = re.search(r"\d(?:\.|st|nd|rd|th)?[ -]\Z", self.words[position].before)
        after = re.match(
            r"[ ,.-]{1,2}(?:(?P<year>\d{4})|\d{1,2}(?:st|nd|rd|th)?,? \d{4})", self._after(position)
        )
        return after is not None and (before is not None or not after["year"])

    def _word(self, position: int) -> Word | None:
        return self.words[position] if 0 <= position < len(self.words) else None

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
            opening = self._before_families(self._before_particles(position - 1))
            self._keep(opening, position, 0.7)
        elif before is not None and before.bare in FOREIGN_PARTICLES and is_close(word):
            self._keep(self._before_particles(position), position, 0.7)

    def _before_families(self, opening: int) -> int:
        """« GOMES TAVARES NELSON »: two family names before the first name."""
        word, before = self.words[opening], self._word(opening - 1)
        if before is None or not is_close(word):
            return opening
        if before.text.islower() and word.text.islower():
            are_families = all(one.is_family and not one.is_word for one in (before, word))
            return opening - 1 if are_families and len(before.bare) > 3 else opening
        if not (before.is_upper and word.is_upper):
            return opening
        is_name = before.is_unknown or (before.is_family and not before.is_word)
        is_name = is_name and before.bare not in TITLES | PARTICLES and not before.is_small
        return opening - 1 if is_name and len(before.bare) > 2 else opening

    def _before_particles(self, position: int) -> int:
        """« LE GALL Soazig », « El Amrani Yassine », « MOREIRA DA SILVA JOAO »: where the family
        name begins."""
        is_particle = self.words[position].bare in FOREIGN_PARTICLES
        opening = position if is_particle else self._before_particle(position)
        before = self._word(opening - 1)
        is_tied = before is not None and is_close(self.words[opening])
        if before is None or not is_tied or self.words[opening].bare not in FOREIGN_PARTICLES:
            return opening
        is_name = before.text.isupper() == self.words[position].text.isupper()
        is_name = is_name and before.text[0].isupper() and not before.is_small
        is_name = is_name and (before.is_unknown or (before.is_family and not before.is_word))
        return opening - 1 if is_name else opening

    def _before_particle(self, position: int) -> int:
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

    def _is_possible(self, position: int) -> bool:
        word = self.words[position]
        if word.is_small or word.is_acronym or not word.text[0].isupper() or word.bare in TITLES:
            return False
        if word.is_town and not word.is_first:
            return False
        return word.is_first or word.is_unknown or (word.is_family and not word.begins)
