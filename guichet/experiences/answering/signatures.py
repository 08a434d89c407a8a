"""Who a signature names: an answer is signed by a function, never by a person.

Owns the comparison with the names of the agents around a service; refuses to forbid, and to take
the name of a place for that of a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from guichet.accounts.models import User
from guichet.directory.models import Membership, Structure
from guichet.experiences.models import Addressee
from guichet.experiences.responders import PROGRAMME_ROLES
from guichet.moderation.quality.words import Word, bare_words, words_in

SHORTEST_FAMILY_NAME = 3
PARTICLES = frozenset({"de", "du", "des", "le", "la", "les", "van", "von", "ben", "el"})


@dataclass(frozen=True)
class Names:
    """As bare words: `full` names of agents, and `family` names of those nearest to the service."""

    full: frozenset[frozenset[str]]
    family: frozenset[str]


def named_in(signature: str, addressee: Addressee, by: User | None) -> list[tuple[int, int]]:
    """Where `signature` names an agent with a role on the service, around it or on its network, or
    `by`, who signs: whole names anywhere in the network, family names near the service alone."""
    words = words_in(signature)
    if not words:
        return []
    return [*stretches(words, named_words(signature, words, names_around(addressee, by)))]


def named_words(signature: str, words: Sequence[Word], names: Names) -> set[int]:
    """The ranks of the words that belong to a name; a family name alone begins with a capital."""
    written = frozenset(one.bare for one in words)
    whole = frozenset().union(*(one for one in names.full if one <= written))
    return {
        rank
        for rank, one in enumerate(words)
        if one.bare in whole or (one.bare in names.family and signature[one.start].isupper())
    }


def stretches(words: Sequence[Word], ranks: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Words that follow each other make one stretch of characters."""
    first = last = -1
    for rank in sorted(ranks):
        if first >= 0 and rank == last + 1:
            last = rank
            continue
        if first >= 0:
            yield words[first].start, words[last].end
        first = last = rank
    if first >= 0:
        yield words[first].start, words[last].end


def names_around(addressee: Addressee, by: User | None) -> Names:
    """One query, whatever the size of the network."""
    structure = addressee.structure
    near = [by.full_name] if by is not None else []
    everybody = list(near)
    for name, path, network in memberships_around(structure):
        everybody.append(name)
        if structure is None or network is not None or is_along(str(path), str(structure.path)):
            near.append(name)
    family = {word for one in near for word in family_words(one)}
    return Names(
        full=frozenset(words for one in everybody if len(words := frozenset(bare_words(one))) > 1),
        family=frozenset(family - place_words(addressee)),
    )


def memberships_around(structure: Structure | None) -> Iterator[tuple[str, object, int | None]]:
    around = Q(role__in=PROGRAMME_ROLES)
    if structure is not None:
        around = Q(structure__path__ancestors=structure.path)
        around |= Q(structure__path__descendants=structure.path)
        if structure.network_id is not None:
            around |= Q(network=structure.network_id) | Q(structure__network=structure.network_id)
    rows = Membership.objects.current().filter(around).exclude(user__full_name="")
    yield from rows.values_list("user__full_name", "structure__path", "network").distinct()


def is_along(path: str, other: str) -> bool:
    """True for a place, and for those above and under it."""
    short, long = sorted((path, other), key=len)
    return long == short or long.startswith(f"{short}.")


def family_words(full_name: str) -> set[str]:
    """« Lou Garnier » and « GARNIER Lou » give « garnier »; one word alone is taken for it."""
    parts = full_name.split()
    capitals = [one for one in parts if len(one) > 1 and one.isupper()]
    kept = capitals if 0 < len(capitals) < len(parts) else parts[1:] or parts
    return {
        word
        for word in bare_words(" ".join(kept))
        if len(word) >= SHORTEST_FAMILY_NAME and word not in PARTICLES
    }


def place_words(addressee: Addressee) -> set[str]:
    """Those of the service, its town and its network, which a function may well hold."""
    structure = addressee.structure
    said = [str(addressee), str(addressee.network or "")]
    if structure is not None and structure.commune is not None:
        said.append(structure.commune.name)
    return {word for one in said for word in bare_words(one)}
