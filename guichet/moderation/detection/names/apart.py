"""Names that make a piece of text by themselves: a signature, a heading, before a number.

Owns what is set apart; refuses the words inside a sentence (`finding`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from guichet.moderation.detection.names.clues import HARDLY_FAMILIES, NAMES_IN_SMALL_LETTERS, TITLES
from guichet.moderation.detection.names.extents import Extents
from guichet.moderation.detection.names.words import PARTICLES, Word, is_close
from guichet.moderation.detection.word_lists import large_towns, not_names, spaced, towns

FAREWELLS = tuple(
    "cord kord merc mers bonn bonj respec sinc salu amic bien byen bizou cdl ok fin".split()
)
"""How farewells begin, misspelt or not."""


class Apart(Extents):
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
        if first == last and self._is_a_month(first):
            return False
        if all(word.text.islower() for word in words):
            is_signed = self._is_signed_in_small_letters(first, last)
            return is_signed or self._is_full_in_small_letters(first, last)
        return self._is_signed_with_a_place(first, last) or self._are_names(first, last)

    def _are_names(self, first: int, last: int) -> bool:
        words = self.words[first : last + 1]
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
                and not only.bare.startswith(FAREWELLS)
                and (self._stands_with_numbers(first, last) or self._signs(first, last))
            )
        if self._is_town_piece(words):
            return False
        if len(heads) == 2 and heads[0].is_first and self._signs_in_full(first, last):
            return True
        return bool(names) and all(
            word.is_first or word.is_unknown or word.is_family for word in heads
        )

    def _ends_a_signature(self, position: int) -> bool:
        """A particle, then the last word of the text with its capital: « V. de Saint-Maur »."""
        last = self._word(position + 1)
        is_last = position + 2 == len(self.words) and not self._after(position + 1).strip(" .!\n")
        return is_last and last is not None and last.is_capital and is_close(last)

    def _is_signed_with_a_place(self, first: int, last: int) -> bool:
        """« Maxence d'Aubigny » at the end; « Sophie de Nantes » is somebody of that town."""
        name, particle = self.words[first], self.words[last - 1]
        is_signed = last == first + 2 and particle.bare in ("d'", "de", "du")
        if not (is_signed and self._ends_a_signature(last - 1)):
            return False
        is_place = self.words[last].is_small or self.words[last].bare in large_towns()
        return name.is_capital and name.is_first and not name.is_small and not is_place

    def _is_signed_in_small_letters(self, first: int, last: int) -> bool:
        """« …devant la mairie. chantal »: « sylvie et gilles »: first names at the very end."""
        words = self.words[first : last + 1]
        ends = last == len(self.words) - 1 and not self._after(last).strip(" .!\n")
        if not (ends and words[0].begins and words[0].is_first):
            return False
        is_sure = not words[0].is_word or words[0].bare in NAMES_IN_SMALL_LETTERS
        others = [word for word in words[1:] if word.bare != "et"]
        return is_sure and not any(
            word.is_small or (word.is_word and not self._may_be_family(word)) for word in others
        )

    def _may_be_family(self, word: Word) -> bool:
        """A word that is a family name too: « boucher »."""
        return word.is_family and len(word.bare) > 3 and word.bare not in HARDLY_FAMILIES

    def _is_full_in_small_letters(self, first: int, last: int) -> bool:
        """« nicole sicard, 21 chemin… », « hervé le gall 06… »: a first name, even one that is a
        small town's, and a family name, whatever word it is too; « romain, 8 lotissement… »."""
        words = self.words[first : last + 1]
        head, others = words[0], [word for word in words[1:] if word.bare not in PARTICLES]
        is_head = head.is_first and not head.is_small and head.bare not in large_towns()
        is_head = is_head and (not head.is_word or head.bare in NAMES_IN_SMALL_LETTERS)
        if not is_head or words[-1].bare in PARTICLES:
            return False
        if first == last:
            is_before_number = re.match(r"[ ,]{1,2}\x1f", self._after(last)) is not None
            return is_before_number and head.begins and not head.is_town
        if len(others) != 1 or others[0].is_small or len(others[0].bare) < 4:
            return False
        is_sure = len(words) == 2 and len(head.bare) > 3 and others[0].bare not in HARDLY_FAMILIES
        is_sure = is_sure and not (head.is_town or head.is_word)
        return is_sure or others[0].is_unknown or self._may_be_family(others[0])

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

    def _signs_in_full(self, first: int, last: int) -> bool:
        """« …03 18. Ange Poli »: two capitals at the very end, of which the first is of a first
        name and both may be words."""
        words = self.words[first : last + 1]
        ends = last == len(self.words) - 1 and not self._after(last).strip(" .!\n")
        return ends and words[0].begins and all(word.is_capital for word in words)

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
            re.match(r"[ ,(.;|<\n-]{0,4}[\x1f\d]", after)
            or re.search(r"\x1f[ ,:.;|)\n>-]{0,4}\Z", before)
        )
