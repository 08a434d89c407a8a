"""Names of people, from clues that add up.

Owns where a name begins and ends; refuses the model (what it finds comes in as one clue more).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from guichet.moderation.detection.names.clues import (
    ACTS,
    APPOSED,
    CUES,
    HARDLY_NAMES,
    LISTED,
    OF_A_THING,
    OF_ITS_PEOPLE,
    PLURAL_TITLES,
    RANKS,
    SHORT_TITLES,
    SPOKEN_OF,
    TIMES,
    TITLES,
    VEHICLES,
    Strength,
)
from guichet.moderation.detection.names.extents import LONGEST
from guichet.moderation.detection.names.spreading import Spreading
from guichet.moderation.detection.names.words import PARTICLES, Word, is_close
from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.spans import Span, merged
from guichet.moderation.detection.word_lists import (
    not_names,
)
from guichet.moderation.kinds import Kind

_ANIMAL = re.compile(
    r"(?<!du )(?<!de )(?<![a-z])(?:chiens?|chienne|chiot|chats?|chatte|chaton|labrador|malinois"
    r"|berger"
    r"|caniche|bouledogue|teckel|husky|cheval|jument|poney|anesse|lapin|perroquet|hamster|tortue)"
    r"(?: [a-z]{2,12})?,? (?:qui )?(?:[a-z]|s')?\Z"
)
"""« un malinois nommé Oural »."""
_ARTICLE = re.compile(r"(?<![a-z])(?:l[ae]s? |l'|du |des |au |une? |n[°o] ?)\Z")
_INITIALS = re.compile(
    r"(?<![\w.'])(?:(?:[A-Z]\.?-)?(?:[A-Z]\.[ -]?){1,2}|[A-Z]-[A-Z] )"
    r"(?=[A-ZÀ-Ý]|(?:d'|de |du )[A-ZÀ-Ý])"
)
_INITIAL_BEHIND = re.compile(r" (?!À)[A-ZÀ-Ý](?:\.|[,;)\n]|\Z)")
_SPELLED_AS = re.compile(r"(?<![\w'])(?:[A-ZÀ-Ý]|[b-xz]) \Z")
"""« B comme »."""
_AGED = re.compile(
    r"(?:,|,? qui)? (?:(?:a|aura|avait|a eu|va avoir|n'a que|n'a pas) )?"
    r"\d{1,3} (?:ans?|mois|semaines|jours)(?![a-z])"
)
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
    found.opposed()
    for start, end in persons:
        found.from_model(start, end)
    found.coordinated()
    found.everywhere()
    found.letters()
    return found.spans()


class _Finding(Spreading):
    def spans(self) -> list[Span]:
        """Words that follow each other make one name, and what stands between two such words."""
        for position in list(self.scores):
            if position + 2 in self.scores and position + 1 not in self.scores:
                between, after = self.words[position + 1], self.words[position + 2]
                is_tied = between.text[0].isupper() or between.bare in ("de", "d'", "du")
                if is_tied and is_close(between) and is_close(after):
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
            is_rank = word.bare in RANKS or word.text in ("Pr", "Pre")
            if is_rank and following is not None and is_close(following):
                if following.is_capital:
                    self._take(position + 1, Strength.MIDDLE)
                continue
            if word.bare not in TITLES or not self._is_title(position):
                continue
            self._take(position + 1, Strength.STRONG, title=word.bare)
            if word.bare in PLURAL_TITLES:
                self._take_listed(position + 1, word.bare)
            if position + 1 not in self.scores and self._acts(position + 1):
                self._keep(position + 1, position + 1, _SCORES[Strength.MIDDLE])

    def _take_listed(self, position: int, title: str) -> None:
        """« Messieurs Weber (Metz) et Thill », « MM. Petit, Kaplan et Roy »."""
        while position in self.scores:
            while position + 1 in self.scores and is_close(self.words[position + 1]):
                position += 1
            link = LISTED.match(self.reading.bare, self.words[position].end)
            position = bisect_left(self.starts, link.end() if link else 0)
            following = self._word(position)
            if link is None or following is None or not following.is_capital:
                return
            if following.start == link.end():
                self._take(position, Strength.STRONG, title)

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
        gap = r"\.? ?" if may_be_short or word.bare in ("mm", "mmes") else " "
        if following is None or not re.fullmatch(gap, following.before):
            return False
        if re.search(r"\d ?\Z", word.before):
            return False
        if word.bare == "m":
            is_written = word.text == "M" or following.before.startswith(".")
            return is_written or self._is_small_title(position)
        if word.bare in ("foyer", "menage", "couple"):
            is_family = following.is_family and not (following.is_first or following.is_word)
            return is_family and following.is_capital
        if word.bare in (
            "maitre",
            "dame",
            "major",
            "professeur",
            "famille",
            "gendarme",
            "sieur",
            "demoiselle",
        ):
            if following.text[0].isupper():
                return following.is_capital
            is_name = following.is_family or (word.bare == "maitre" and following.is_unknown)
            return is_name and not (following.is_word or following.is_town)
        return True

    def _is_small_title(self, position: int) -> bool:
        """« l assistante m benali », « m picard repond plus »; « m a dit », « m envoie » are"
        " not."""
        following = self.words[position + 1]
        if following.text[0].isupper() or not following.is_family or following.is_small:
            return False
        return not following.is_word or self._acts(position + 1)

    def announced(self) -> None:
        for pattern, strength in CUES:
            for match in pattern.finditer(self.reading.bare):
                if self._is_of_no_person(match):
                    continue
                position = bisect_left(self.starts, match.end())
                if (position < len(self.words) and self.starts[position] == match.end()) or (
                    position < len(self.words) and self.words[position].start - match.end() < 3
                ):
                    self._take(position, strength)
                    self._take_family_first(position, strength)
        for position, word in enumerate(self.words):
            if word.text == "Me" and self._word(position + 1):
                following = self.words[position + 1]
                if (
                    following.is_capital
                    and is_close(following)
                    and (following.is_first or following.is_unknown)
                ):
                    self._take(position + 1, Strength.STRONG)

    def _is_of_no_person(self, cue: re.Match[str]) -> bool:
        """« un malinois nommé Oural », « la résidence s'appelle Pierre de Coubertin »; « le chien
        du voisin Dastugue » is somebody's, « l'agent du site s'appelle Mourad » is somebody."""
        bare, start = self.reading.bare, cue.start()
        opening = re.match(r"(?:[a-z]+ )?s?'?(?=ap+el)|s'", cue[0])
        end = start + opening.end() if opening else start
        thing = OF_A_THING.search(bare, max(0, end - 60), end) if opening else None
        if thing and not OF_ITS_PEOPLE.search(bare, max(0, thing.start() - 80), thing.start()):
            self.things.add(bisect_left(self.starts, cue.end()))
            return True
        is_of_somebody = cue[0].startswith(("du ", "de ", "des "))
        animal = _ANIMAL.search(bare, max(0, start - 30), start + 1)
        return animal is not None and not is_of_somebody

    def first_names(self) -> None:
        for position, word in enumerate(self.words):
            if position in self.scores or not word.is_first or self._is_of_a_place(position):
                continue
            if self._is_first_name(position):
                self._take_first_name(position)

    def _is_first_name(self, position: int) -> bool:
        """Whether a known first name is one here, without any other clue before it."""
        word = self.words[position]
        if any(
            is_none(position)
            for is_none in (
                self._is_of_a_saint,
                self._is_a_vehicle,
                self._is_a_month,
                self._is_an_acronym,
            )
        ):
            return False
        if word.is_capital and self._is_said_somebody(word):
            return True
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
            is_name = following.is_family or following.is_first or following.is_unknown
            return is_name or (following.is_capital and self._is_first_of_two(word))
        if word.in_capitals or word.is_small or word.is_town:
            return False
        if word.begins:
            return word.bare not in HARDLY_NAMES and self._is_spoken_of(position)
        return self._is_name_not_word(position)

    def _is_of_a_saint(self, position: int) -> bool:
        """« a st brieuc », « Saint Ambroix »."""
        before = self._word(position - 1)
        is_saint = before is not None and before.bare in ("st", "ste", "saint", "sainte")
        return is_saint and is_close(self.words[position])

    def _is_a_vehicle(self, position: int) -> bool:
        """« une Zoe », « la Mégane »."""
        before = self._word(position - 1)
        is_one = before is not None and before.bare in ("une", "la", "renault", "seat", "en")
        return is_one and self.words[position].bare in VEHICLES

    def _is_an_acronym(self, position: int) -> bool:
        """« sous le NUR », « ma demande NINA »: capitals behind an article or before a number."""
        word = self.words[position]
        if not word.is_upper or word.in_capitals or len(word.bare) > 4:
            return False
        return _ARTICLE.search(self.reading.bare, max(0, word.start - 6), word.start) is not None

    def _is_said_somebody(self, word: Word) -> bool:
        """« Milan a 4 mois », « Noël, mon mari, rit », « Clément V. »: an age, a relation or an
        initial behind a first name."""
        if _AGED.match(self.reading.bare, word.end):
            return True
        if word.bare not in HARDLY_NAMES and _INITIAL_BEHIND.match(self.reading.plain, word.end):
            return True
        return word.bare not in TIMES and APPOSED.match(self.reading.bare, word.end) is not None

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

    def initials(self) -> None:
        """« B. Le Goff », « P. GRANGER », « J.-P. Martin »."""
        for match in _INITIALS.finditer(self.reading.plain):
            position = bisect_left(self.starts, match.end())
            if position >= len(self.words) or self.starts[position] != match.end():
                continue
            word = self.words[position]
            opening = bisect_left(self.starts, match.start())
            is_title = match[0] == "M. "
            if (
                not is_title
                and word.bare in ("de", "d'", "du")
                and self._ends_a_signature(position)
            ):
                self._keep(opening, min(position + 2, len(self.words) - 1), 0.7)
                continue
            is_name = word.is_unknown or word.is_family or word.bare in PARTICLES
            is_name = is_name or ("-" in match[0] and word.is_capital and not word.is_small)
            if is_title or not is_name:
                continue
            end = self._taken_end(position, Strength.STRONG, "")
            if end >= position:
                self._keep(opening, end, 0.7)

    def pairs(self) -> None:
        """Two unknown words with capitals, one behind the other, inside a sentence."""
        for position in range(1, len(self.words)):
            first, second = self.words[position - 1], self.words[position]
            if position in self.scores or position - 1 in self.scores or not is_close(second):
                continue
            if not (first.is_capital and second.is_capital):
                continue
            is_long = second.is_unknown and min(len(first.bare), len(second.bare)) > 4
            if first.begins and not (is_long and position > 1):
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
        while last >= first and (
            not self._is_possible(last) or self.words[last].bare.endswith("'")
        ):
            last -= 1
        if first > last or last - first >= LONGEST or self._is_of_a_place(first):
            return
        if self._is_of_a_saint(first):
            return
        words = self.words[first : last + 1]
        if "-".join(word.bare for word in words) in not_names():
            return
        if any(word.text[0].islower() and word.bare not in PARTICLES for word in words):
            return
        if any(word.is_first or word.is_unknown for word in words):
            self._keep(first, last, 0.6)

    def letters(self) -> None:
        """« Sarah B. »: the letter behind a first name goes with it; « B comme Bernard » names
        nobody."""
        for position in sorted(self.scores):
            word, following = self.words[position], self._word(position + 1)
            before = self._word(position - 1)
            if (
                before is not None
                and before.bare == "comme"
                and _SPELLED_AS.search(self.reading.plain, max(0, before.start - 4), before.start)
            ):
                del self.scores[position]
            elif following is not None and position + 1 not in self.scores:
                is_named = word.is_capital and (word.is_first or word.is_unknown)
                if is_named and _INITIAL_BEHIND.match(self.reading.plain, word.end):
                    self._keep(position + 1, position + 1, self.scores[position])

    # --- what is kept

    def _take_family_first(self, position: int, strength: Strength) -> None:
        """« ma femme ngo bassong jeanne »: unknown words in small letters up to a first name."""
        if strength is not Strength.MIDDLE or position in self.scores:
            return
        for last in range(position, min(position + 4, len(self.words))):
            word = self.words[last]
            is_common = word.is_word or word.is_small or word.is_town or word.text[0].isupper()
            if is_common or (last > position and not is_close(word)):
                return
            if word.is_first and last > position:
                self._keep(position, last, 0.6)
                return

    def _take(self, position: int, strength: Strength, title: str = "") -> None:
        end = self._taken_end(position, strength, title)
        if end >= position:
            self._keep(position, end, _SCORES[strength])
