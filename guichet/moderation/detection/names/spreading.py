"""Names known by other names: those that stand together, are opposed, or come again.

Owns what one name says of the words around it; refuses to find the first one (`finding`).
"""

from __future__ import annotations

from bisect import bisect_left
from difflib import SequenceMatcher

from guichet.moderation.detection.names.apart import Apart
from guichet.moderation.detection.names.clues import AGAINST, COORDINATED, CORRECTED
from guichet.moderation.detection.names.words import PARTICLES, is_close
from guichet.moderation.detection.reading import read

_ALIKE = 0.6
MOST_LINKS = 3
"""Words between two names that stand together: « au lieu de »."""


def _are_alike(one: str, other: str) -> bool:
    """Two writings of a name: most letters are the same."""
    return one != other and SequenceMatcher(None, one, other).ratio() > _ALIKE


class Spreading(Apart):
    def opposed(self) -> None:
        """« écrit Guéguen au lieu de Guégan », « Dupuis c/ CAF de l'Ain »."""
        for match in CORRECTED.finditer(self.reading.plain):
            if not _are_alike(*(read(match[side]).bare for side in (1, 2))):
                continue
            for side in (1, 2):
                position = bisect_left(self.starts, match.start(side))
                if self._may_be_called(position):
                    self._keep(position, position, 0.6)
        for match in AGAINST.finditer(self.reading.plain):
            position = bisect_left(self.starts, match.start(1))
            if self._may_be_called(position):
                self._keep(position, position, 0.6)

    def _may_be_called(self, position: int) -> bool:
        word = self._word(position)
        return word is not None and (
            word.is_unknown or (not word.is_small and (word.is_first or word.is_family))
        )

    def coordinated(self) -> None:
        """« Noah et Rose-Lyne », « Mmes Roy et Petit »: what stands with a name is a name."""
        for position in sorted(self.scores):
            self._coordinated_after(position)
        for position in sorted(self.scores):
            self._coordinated_before(position)

    def _coordinated_after(self, position: int) -> None:
        for target in range(position + 1, position + 2 + MOST_LINKS):
            word = self._word(target)
            if word is None or target in self.scores:
                break
            gap = self.reading.bare[self.words[position].end : word.start]
            if COORDINATED.fullmatch(gap) and word.is_capital and self._is_possible(target):
                if word.is_first or word.is_unknown:
                    self._take_first_name(target)
                break

    def _coordinated_before(self, position: int) -> None:
        """« kim et david somsanith », « Lemaire c/ Boukhari »."""
        for target in range(position - 1, position - 2 - MOST_LINKS, -1):
            word = self._word(target)
            if word is None or target in self.scores:
                break
            gap = self.reading.bare[word.end : self.words[position].start]
            if len(word.bare) < 2 or not COORDINATED.fullmatch(gap):
                continue
            if word.is_capital and not word.begins:
                is_name = self._is_possible(target) and (word.is_first or word.is_unknown)
                is_name = is_name and ("c/" in gap or not self._is_of_a_place(target))
            else:
                is_name = word.is_first and not (word.is_word or word.is_town or word.is_small)
            if is_name:
                self._keep(target, target, 0.6)
            break

    def everywhere(self) -> None:
        """A name that was found once is marked wherever it stands, with the letter of « D HONDT »
        when it stands before."""
        known = {
            self.words[position].bare
            for position, score in self.scores.items()
            if len(self.words[position].bare) > 2
            and self.words[position].bare not in PARTICLES
            and not (self.words[position].is_small and score < 0.8)
        }
        for position, word in enumerate(self.words):
            if word.bare not in known or position in self.scores:
                continue
            is_tied = position - 2 in self.scores and self.words[position - 1].bare in ("de", "d'")
            if self._is_of_a_place(position) and not is_tied:
                continue
            is_common = word.is_word or word.is_small
            if (word.is_capital and not (is_common and word.begins)) or (
                not is_common and not word.is_town
            ):
                before = self._word(position - 1)
                is_letter = before is not None and before.text in ("D", "L", "O", "N")
                self._keep(position - (is_letter and is_close(word)), position, 0.6)
